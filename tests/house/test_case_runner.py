"""The runner itself: a wrong expectation is reported, and a case that is not understood is refused."""

import re
from datetime import date
from pathlib import Path

import pytest
from support.cases import words
from support.cases.run import Case, cases_below, cases_of, judged, library, wrong

from service.errors import CaseError

HEAD = "as_of: 2026-11-20\ncases:\n"
GOOD = "  - says: six months today\n    given: {age: 6 months}\n    expect: {ad.initial.age: met}\n"


def _read(tmp_path: Path, written: str) -> list[Case]:
    path = tmp_path / "ad.yaml"
    path.write_text(HEAD + written, encoding="utf-8")
    return cases_of(path, "ad.yaml")


def test_a_right_expectation_has_nothing_wrong(tmp_path: Path) -> None:
    assert wrong(_read(tmp_path, GOOD)[0], library()) == []


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ("{ad.initial.age: not_met}", "ad.initial.age: expected not_met"),
        ("{ad.initial.age: [unknown, imprecise]}", "ad.initial.age: expected unknown imprecise"),
        ("{ad.initial.trial.tcs_and_tci.tcs.supply: [unknown, stale]}", "expected unknown stale"),
        ("{ad.initial.age: {is: met, note: no such note}}", "expected the note 'no such note'"),
        ("{ad.initial.age: {is: met, miss: no such miss}}", "expected the miss 'no such miss'"),
        ("{ad.initial.years: met}", "ad.initial.years: not in the answer (path initial)"),
        ("{outcome: met}", "outcome: expected met, got"),
        ("{path: renewal}", "path: expected renewal, got initial"),
    ],
)
def test_a_wrong_expectation_is_reported(tmp_path: Path, expect: str, said: str) -> None:
    case = GOOD.replace("{ad.initial.age: met}", expect)
    assert any(said in line for line in wrong(_read(tmp_path, case)[0], library()))


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("given:", "gives:", "unknown 'gives'"),
        ("{age: 6 months}", "{aeg: 6 months}", "given: unknown 'aeg'"),
        ("{age: 6 months}", "{age: six months}", "'six months' is no age"),
        ("{age: 6 months}", "{order: {dosis: 300 mg}}", "order: unknown 'dosis'"),
        ("{age: 6 months}", "{findings: [{wat: EASI}]}", "findings: unknown 'wat'"),
        (
            "{age: 6 months}",
            "{claims: [{drug: aspirin, on: today}]}",
            "'aspirin' is not in words.yaml",
        ),
        ("{age: 6 months}", "{claims: [{drug: methotrexate}]}", "'on'"),
        (
            "{age: 6 months}",
            "{claims: [{drug: methotrexate, on: last week}]}",
            "'last week' is no day",
        ),
        ("{age: 6 months}", "{paged: claim}", "no prefetch key 'claim'"),
        ("{age: 6 months}", "{age: 6 months, age: 7 months}", "the key 'age' stands twice"),
        ("ad.initial.age: met", "ad.initial.age: maybe", "met, not_met or unknown, not 'maybe'"),
        ("ad.initial.age: met", "ad.initial.age: [unknown, lost]", "'lost' is no reason"),
        ("ad.initial.age: met", "ad.initial.age: [met, stale]", "'stale' is no reason"),
        ("{ad.initial.age: met}", "{}", "expects something"),
    ],
)
def test_a_case_that_is_not_understood_is_refused(
    tmp_path: Path, was: str, now: str, said: str
) -> None:
    with pytest.raises(CaseError, match=re.escape(said)):
        _read(tmp_path, GOOD.replace(was, now))


@pytest.mark.parametrize("word", ["yes", "no"])
def test_a_statement_about_no_criterion_is_refused(tmp_path: Path, word: str) -> None:
    given = f"{{statements: {{{word}: [ad.initial.age, ad.initial.aeg]}}}}"
    case = _read(tmp_path, GOOD.replace("{age: 6 months}", given))[0]
    said = "six months today: 'ad.initial.aeg' is no criterion of bcbsms/L.5.01.513@2025-10-01"
    with pytest.raises(CaseError, match=re.escape(said)):
        judged(case, library())


def test_a_statement_about_an_unknown_version_is_refused(tmp_path: Path) -> None:
    given = "{policy: bcbsms/L.5.01.513@2025-10-02, statements: {yes: ad.initial.age}}"
    case = _read(tmp_path, GOOD.replace("{age: 6 months}", given))[0]
    with pytest.raises(CaseError, match=r"no policy 'bcbsms/L\.5\.01\.513@2025-10-02'"):
        judged(case, library())


def test_a_case_of_a_version_that_is_not_there_is_refused(tmp_path: Path) -> None:
    policies, cases = tmp_path / "policies", tmp_path / "cases"
    for day, folder, file in (
        ("2025-10-01", policies, "policy.yaml"),
        ("2025-10-01", cases, "ad.yaml"),
    ):
        (folder / "x/y" / day).mkdir(parents=True)
        (folder / "x/y" / day / file).write_text("as_of: 2026-11-20\ncases: []\n", "utf-8")
    assert cases_below(cases, policies) == []
    (cases / "x/y/2025-10-01").rename(cases / "x/y/2025-10-02")
    with pytest.raises(CaseError, match="there is no version x/y/2025-10-02"):
        cases_below(cases, policies)


def test_one_sentence_stands_once(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="two cases say"):
        _read(tmp_path, GOOD + GOOD)


def test_on_and_yes_are_words_here(tmp_path: Path) -> None:
    case = GOOD.replace(
        "{age: 6 months}", "{claims: [{drug: methotrexate, on: today, denied: yes}]}"
    )
    assert _read(tmp_path, case)[0].given["claims"][0] == {
        "drug": "methotrexate",
        "on": "today",
        "denied": "yes",
    }


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("today", "2026-11-20"),
        ("180 days ago", "2026-05-24"),
        ("6 months ago", "2026-05-20"),
        ("3 years ago", "2023-11-20"),
        ("1 day ahead", "2026-11-21"),
        ("2026-05", "2026-05"),
        ("2008", "2008"),
    ],
)
def test_days_are_counted_from_the_day_asked_about(written: str, day: str) -> None:
    assert words.day(written, date(2026, 11, 20)) == day


def test_a_birthday_is_today_or_tomorrow() -> None:
    assert words.born("6 years", date(2026, 11, 20)) == "2020-11-20"
    assert words.born("6 years less a day", date(2026, 11, 20)) == "2020-11-21"


@pytest.mark.parametrize(("held", "word"), [(h, w) for h, w in words.TABLE["words"].items()])
def test_every_word_stands_in_its_value_set(held: str, word: dict[str, str]) -> None:
    for one in word:
        code = words.coding(one)
        found = {
            entry.value_set for entry in library().terminology.of_code(code["system"], code["code"])
        }
        assert found == set() if held == "none" else held in found, f"{one}: {sorted(found)}"
