"""`policy diff`: what got tighter, looser, new, gone, reworded; and which requests flip."""

from dataclasses import dataclass, fields
from pathlib import Path
from shutil import copy, copytree

import pytest
from support.paths import ROOT
from support.shipped import FOLDER, SHIPPED, Changed, Run

from service.policy.model import Criterion, Indication

TITLES = (
    "Tighter",
    "Looser",
    "Changed",
    "New",
    "Gone",
    "Reworded",
    "Requests",
    "The outcome stays",
)


def groups(printed: str) -> dict[str, list[str]]:
    """The lines of each group by the first word of its title."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in printed.splitlines():
        title = next((one for one in TITLES if line.startswith(one)), None)
        if title:
            lines = found.setdefault(title, [])
        elif line.startswith("  ") and not line.startswith("      "):
            lines.append(line.strip())
    return found


def without(folder: Path, file: str, id_: str) -> None:
    """Drops one criterion and all that is indented below it."""
    lines = (folder / file).read_text(encoding="utf-8").splitlines(keepends=True)
    first = next(n for n, line in enumerate(lines) if line.strip() == f"- id: {id_}")
    indent = len(lines[first]) - len(lines[first].lstrip())
    rest = (n for n in range(first + 1, len(lines)) if lines[n].strip())
    last = next(n for n in rest if len(lines[n]) - len(lines[n].lstrip()) <= indent)
    (folder / file).write_text("".join(lines[:first] + lines[last:]), encoding="utf-8")


def test_a_version_does_not_differ_from_itself(run: Run) -> None:
    status, printed = run("diff", SHIPPED, FOLDER)
    assert (status, groups(printed)) == (0, {})
    assert "no difference" in printed


BSA, COMMON = "ad.initial.severity.bsa10", "common.initial.no_concurrent_immunomodulator"
WITHIN = "pick: baseline_if_treated\n          within: "


@dataclass(frozen=True)
class Edit:
    """A text of a file put in place of another, the one group it is told in and how it begins."""

    file: str
    old: str
    new: str
    group: str
    line: str = ""


EDITS = (
    Edit(
        "ad.yaml",
        "10 % BSA\n",
        "15 % BSA\n",
        "Tighter",
        f"{BSA}: at least 10 % BSA → at least 15 % BSA",
    ),
    Edit(
        "ad.yaml",
        "10 % BSA\n",
        "5 % BSA\n",
        "Looser",
        f"{BSA}: at least 10 % BSA → at least 5 % BSA",
    ),
    Edit(
        "ad.yaml",
        "at_least: 10 %",
        "more_than: 10 %",
        "Tighter",
        f"{BSA}: at least 10 % BSA → more than 10 % BSA",
    ),
    Edit(
        "ad.yaml",
        WITHIN + "90 days",
        WITHIN + "6 months",
        "Looser",
        f"{BSA}: if never treated, or for a newer value, not older than 90 days → if never",
    ),
    Edit(
        "ad.yaml",
        WITHIN + "90 days",
        WITHIN + "3 months",
        "Changed",
        f"{BSA}: if never treated, or for a newer value, not older than 90 days",
    ),
    Edit(
        "ad.yaml",
        "at_least: 6 months",
        "at_least: 2 years",
        "Tighter",
        "ad.initial.age: at least 6 months",
    ),
    Edit(
        "ad.yaml",
        "at_least: 6 months",
        "at_least: 26 weeks",
        "Changed",
        "ad.initial.age: at least 6 months",
    ),
    Edit(
        "ad.yaml",
        "for: 42 days",
        "for: 56 days",
        "Tighter",
        "ad.initial.trial.tcs_and_tci.tci.supply: ",
    ),
    Edit(
        "ad.yaml",
        "asks: Will the patient use",
        "asks: Does the patient use",
        "Reworded",
        "ad.initial.will_use",
    ),
    Edit(
        "ad.yaml",
        "says: Palms or soles involved",
        "says: Palms, soles",
        "Reworded",
        "ad.initial.severity.palms",
    ),
    Edit(
        "ad.yaml",
        "reading: [A04, O02, O31]",
        "reading: [A04]",
        "Changed",
        f"{BSA}: readings: A04, O02, O31 → A04",
    ),
    Edit(
        "ad.yaml",
        "stable_counts: true",
        "stable_counts: false",
        "Tighter",
        "ad.renewal.response.bsa: unch",
    ),
    Edit(
        "ad.yaml",
        WITHIN + "90 days\n          baseline_within: 12 months",
        WITHIN + "90 days\n          baseline_within: 11 months",
        "Tighter",
        f"{BSA}: taken at most 12 months before the first dose → taken at most 11 months",
    ),
    Edit(
        "pn.yaml",
        "[pn.worst_itch], better: lower, stable_counts: false",
        "[pn.worst_itch], better: lower, by: 4 score",
        "Tighter",
        "pn.renewal.response.itch",
    ),
    Edit(
        "ad.yaml",
        "ad.grade, pick: baseline_if_treated, within: 90 days",
        "ad.grade, pick: baseline_if_treated",
        "Looser",
        "ad.initial.diagnosis.grade: if never treated, not older than 90",
    ),
    Edit(
        "ad.yaml",
        "days: 28 days, ended",
        "days: 14 days, ended",
        "Reworded",
        "ad.initial.trial: notice, when",
    ),
    Edit(
        "common.yaml",
        "elsewhere: doubt",
        "elsewhere: weak",
        "Changed",
        f"{COMMON}.systemic: other evidence",
    ),
    # below a NOT, what lets more through is tighter
    Edit("common.yaml", "other]\n", "other, ad.tci]\n", "Tighter", f"{COMMON}.systemic: Supply of"),
    Edit(
        "common.yaml",
        "always: review, else",
        "else",
        "Tighter",
        f"{COMMON}.topical_jak: where it would be met",
    ),
    Edit(
        "policy.yaml",
        "approval_months: 12",
        "approval_months: 6",
        "Tighter",
        "policy.yaml: an approval lasts",
    ),
    Edit(
        "policy.yaml",
        "confidence: low",
        "confidence: medium",
        "Reworded",
        "A31: reading, confidence: low",
    ),
    Edit(
        "policy.yaml",
        '  - {cite: "165", why: the payer may ask for records at any time}\n',
        "",
        "Gone",
        "line 165",
    ),
)


@pytest.mark.parametrize(
    "edit", EDITS, ids=lambda edit: f"{edit.old.strip()} to {edit.new.strip()}"
)
def test_one_change_is_told_in_its_group(run: Run, changed: Changed, edit: Edit) -> None:
    status, printed = run("diff", SHIPPED, changed(edit.file, edit.old, edit.new))
    assert status == 1
    found = groups(printed)
    assert list(found) == [edit.group]
    assert len(found[edit.group]) == 1
    assert found[edit.group][0].startswith(edit.line)


def test_reversed_comparison_turns_tighter_into_looser(run: Run, changed: Changed) -> None:
    folder = changed("ad.yaml", "at_least: 10 % BSA", "at_least: 15 % BSA")
    found = groups(run("diff", folder, SHIPPED)[1])
    assert found == {"Looser": ["ad.initial.severity.bsa10: at least 15 % BSA → at least 10 % BSA"]}


STEROID = "asthma.ics, at_dose: medium"
MORE = f"""
    - {{id: ad.initial.eos, says: Eosinophils, cite: "22", fact: lab.blood_eosinophils,
       more_than: 300 cells/uL, pick: any, within: 12 months, during: [{{of: {STEROID}}}]}}
    - {{id: ad.initial.ratio, says: Ratio, cite: "22", fact: lung.fev1_fvc_post, less_than: 0.7 ratio}}
    - id: ad.initial.no_feno
      says: No FeNO
      cite: "22"
      not: {{id: ad.initial.no_feno.feno, says: FeNO, cite: "22", fact: lab.feno, more_than: 50 ppb}}
    - {{id: ad.initial.inhaled, says: Inhaled, cite: "22",
       supply: {{of: asthma.ltra, current_for: {{more_than: 90 days, gap: 30 days}}}}}}
    - {{id: ad.initial.dose, says: Dose, cite: "22", supply: {{of: copd.ics, at_dose: medium, now: true}}}}

"""
BEFORE = "\n    - id: ad.initial.age\n"
INTERVALS = (
    Edit(
        "ad.yaml",
        "more_than: 300",
        "at_least: 300",
        "Looser",
        "eos: more than 300 cells/uL → at least 300 cells/uL",
    ),
    Edit(
        "ad.yaml",
        "more_than: 300 cells/uL",
        "more_than: 300 cells/uL, less_than: 1500 cells/uL",
        "Tighter",
        "eos: more than 300 cells/uL → more than 300 cells/uL; less than 1500 cells/uL",
    ),
    Edit(
        "ad.yaml",
        "more_than: 300",
        "at_most: 300",
        "Changed",
        "eos: more than 300 cells/uL → at most 300 cells/uL",
    ),
    Edit(
        "ad.yaml",
        "more_than: 300 cells/uL",
        "at_least: 150 cells/uL, at_most: 1500 cells/uL",
        "Changed",
        "eos: more than 300 cells/uL → at least 150 cells/uL; at most 1500 cells/uL",
    ),
    Edit(
        "ad.yaml",
        "less_than: 0.7",
        "at_most: 0.7",
        "Looser",
        "ratio: less than 0.7 ratio → at most 0.7 ratio",
    ),
    Edit(
        "ad.yaml",
        "more_than: 50",
        "at_least: 50",
        "Tighter",
        "no_feno.feno: more than 50 ppb → at least 50 ppb",
    ),
    Edit(
        "ad.yaml",
        "more_than: 90 days",
        "at_least: 90 days",
        "Looser",
        "inhaled: covered today and for more than 90 days",
    ),
    Edit(
        "ad.yaml",
        "more_than: 90 days, gap: 30",
        "at_least: 90 days, gap: 15",
        "Changed",
        "inhaled: covered today and for more than 90 days",
    ),
    Edit(
        "ad.yaml",
        "copd.ics, at_dose: medium",
        "copd.ics, at_dose: high",
        "Tighter",
        "dose: only days at a medium daily dose or above → only days at a high daily dose or above",
    ),
    Edit(
        "ad.yaml",
        "copd.ics, at_dose: medium",
        "copd.ics",
        "Looser",
        "dose: only days at a medium daily dose or above → nothing said",
    ),
    Edit(
        "ad.yaml", STEROID, "asthma.ics, at_dose: low", "Looser", "eos: only values taken while on"
    ),
    Edit(
        "ad.yaml", STEROID, f"{STEROID}, run: 30 days", "Tighter", "eos: only values taken while on"
    ),
    Edit(
        "ad.yaml",
        STEROID,
        f"{STEROID}}}, {{of: asthma.laba",
        "Looser",
        "eos: only values taken while on",
    ),
    Edit(
        "ad.yaml",
        STEROID,
        "asthma.laba, run: 30 days",
        "Changed",
        "eos: only values taken while on",
    ),
)


@pytest.mark.parametrize("edit", INTERVALS, ids=lambda edit: f"{edit.old} to {edit.new}")
def test_fewer_values_are_tighter_and_more_are_looser(
    run: Run, changed: Changed, tmp_path: Path, edit: Edit
) -> None:
    folder, other = changed(edit.file, BEFORE, f"{MORE}{BEFORE[1:]}"), tmp_path / "other"
    copytree(folder, other)
    changed(edit.file, edit.old, edit.new)
    found = groups(run("diff", other, folder)[1])
    assert list(found) == [edit.group]
    [line] = found[edit.group]
    assert line.startswith(f"ad.initial.{edit.line}")
    turned = {"Tighter": "Looser", "Looser": "Tighter"}.get(edit.group, edit.group)
    assert list(groups(run("diff", folder, other)[1])) == [turned]


def test_equal_values_in_other_words_are_no_difference(run: Run, changed: Changed) -> None:
    folder = changed("eoe.yaml", "less_than: 18 years", "less_than: 216 months")
    assert run("diff", SHIPPED, folder)[0] == 0


def test_copied_version_is_named_apart_from_its_original(run: Run, changed: Changed) -> None:
    folder = changed("ad.yaml", "at_least: 10 % BSA", "at_least: 15 % BSA")
    first, second, *_ = run("diff", FOLDER, folder)[1].splitlines()
    assert first.startswith(f"A: {SHIPPED} in {FOLDER}, until ")
    assert second.startswith(f"B: {SHIPPED} in {folder}, until ")
    assert run("diff", SHIPPED, folder)[1].startswith(f"A: {SHIPPED}, until ")


ITCH = "trend: {of: [pn.worst_itch], better: lower, stable_counts: false, within: 90 days"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("by: 4 score", "by: 5 score", "Tighter: by at least 4 score → by at least 5 score"),
        ("by: 50 %", "by: 49 %", "Looser: by at least 50 % of the value before → by at least 49"),
        ("by: 4 score", "by: 50 %", "Changed: by at least 4 score → by at least 50 % of the value"),
    ],
)
def test_another_margin_is_told_with_its_way(
    run: Run, changed: Changed, tmp_path: Path, old: str, new: str, line: str
) -> None:
    before = copytree(changed("pn.yaml", ITCH, f"{ITCH}, {old}"), tmp_path / "before")
    found = groups(run("diff", before, changed("pn.yaml", old, new))[1])
    told = [f"{group}: {one.partition(': ')[2]}" for group, lines in found.items() for one in lines]
    assert [one.startswith(line) for one in told] == [True]


def test_an_older_value_before_is_looser(run: Run, changed: Changed) -> None:
    old = f"{ITCH}, baseline_within: 12 months"
    folder = changed("pn.yaml", old, old.replace("12 months", "13 months"))
    (line,) = groups(run("diff", SHIPPED, folder)[1])["Looser"]
    assert "the value before taken at most 12 months before the first dose → the value" in line


def test_an_alternative_dropped_is_tighter_and_one_of_all_dropped_looser(
    run: Run, changed: Changed
) -> None:
    folder = changed("ad.yaml", "", "")
    without(folder, "ad.yaml", "ad.initial.severity.palms_soles")
    without(folder, "ad.yaml", "ad.initial.age")
    without(folder, "common.yaml", "common.initial.specialist")
    assert groups(run("diff", SHIPPED, folder)[1]) == {
        "Tighter": ["ad.initial.severity.palms_soles: gone: an alternative of ANY"],
        "Looser": [
            "common.initial.specialist: gone: one of ALL",
            "ad.initial.age: gone: one of ALL",
        ],
    }
    assert groups(run("diff", folder, SHIPPED)[1]) == {
        "Looser": ["ad.initial.severity.palms_soles: new: an alternative of ANY"],
        "Tighter": [
            "common.initial.specialist: new: one of ALL",
            "ad.initial.age: new: one of ALL",
        ],
    }


def test_any_changed_to_all_is_tighter(run: Run, changed: Changed) -> None:
    old = 'cite: "23"\n      any:'
    folder = changed("ad.yaml", old, old.replace("any:", "all:"))
    line = "ad.initial.severity: ANY of these (one is enough) → ALL of these"
    assert groups(run("diff", SHIPPED, folder)[1]) == {"Tighter": [line]}
    line = "ad.initial.severity: ALL of these → ANY of these (one is enough)"
    assert groups(run("diff", folder, SHIPPED)[1]) == {"Looser": [line]}


def test_any_changed_to_all_below_a_not_is_looser(run: Run, changed: Changed) -> None:
    old = 'cite: "113"\n      any:'
    folder = changed("common.yaml", old, old.replace("any:", "all:"))
    assert list(groups(run("diff", SHIPPED, folder)[1])) == ["Looser"]


def test_a_statement_that_may_decide_is_looser(run: Run, changed: Changed) -> None:
    old = "statement: decides_before\n      asks: "
    folder = changed("ad.yaml", old, old.replace("decides_before", "overrides"))
    line = "ad.initial.diagnosis: statement: decides_before → overrides"
    assert groups(run("diff", SHIPPED, folder)[1])["Looser"] == [line]


def test_replaced_question_is_changed(run: Run, changed: Changed) -> None:
    folder = changed("ad.yaml", "ever: true, disease", "now: true, disease")
    found = groups(run("diff", SHIPPED, folder)[1])
    assert list(found) == ["Changed"]
    assert "any fill at all" in found["Changed"][0]
    assert "covered today" in found["Changed"][0]


def test_an_indication_left_out_is_told_once(run: Run, changed: Changed) -> None:
    folder = changed(
        "policy.yaml", "conditions: ad.condition}", "conditions: ad.condition, not_encoded: later}"
    )
    (folder / "ad.yaml").unlink()
    assert groups(run("diff", SHIPPED, folder)[1]) == {"Changed": ["ad: encoded → later"]}


@pytest.fixture
def requests(tmp_path: Path) -> Path:
    """Two recorded requests: one with 14 % of the body surface, one with 8 %."""
    folder = tmp_path / "requests"
    folder.mkdir()
    for name in ("initial-fully-met", "p001-bsa8-dorsal-hands"):
        copy(ROOT / f"fixtures/{name}.json", folder)
    return folder


def test_changed_answer_is_listed_criterion_by_criterion(
    run: Run, changed: Changed, requests: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDS_CLIENTS", str(ROOT / "fixtures/clients/claims_held.yaml"))
    folder = changed("ad.yaml", "at_least: 10 % BSA", "at_least: 15 % BSA")
    status, printed = run("diff", SHIPPED, folder, "--requests", requests)
    assert status == 1
    assert "Requests: 1 of 2 orders flip" in printed
    assert "  initial-fully-met.json: met → " in printed
    moved = "ad.initial.severity.bsa10: met → not_met (14 % BSA, needs at least 15 % BSA)"
    assert moved in printed
    assert "p001-bsa8-dorsal-hands.json" not in printed


def test_a_version_of_a_later_day_is_judged_as_if_in_force(
    run: Run, changed: Changed, requests: Path
) -> None:
    changed("policy.yaml", "effective: 2025-10-01", "effective: 2027-01-01")
    folder = changed("ad.yaml", "at_least: 10 % BSA", "at_least: 8 % BSA")
    printed = run("diff", SHIPPED, folder, "--requests", requests)[1]
    assert "ad.initial.severity.bsa10: not_met (8 % BSA, needs at least 10 % BSA) → met" in printed


def test_equal_versions_change_no_answer(run: Run, requests: Path) -> None:
    status, printed = run("diff", SHIPPED, FOLDER, "--requests", requests)
    assert status == 0
    assert "Requests: 0 of 2 orders flip" in printed


def test_how_many_requests_were_judged_is_told(run: Run, requests: Path) -> None:
    status, printed = run("diff", SHIPPED, FOLDER, "--requests", requests)
    assert status == 0
    assert "judged under A: 2, under B: 2, under neither: 0" in printed


def test_requests_that_no_version_judged_say_nothing(
    run: Run, changed: Changed, requests: Path
) -> None:
    for path in requests.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        text = text.replace("Blue Cross", "Another").replace("BCBSMS", "Another")
        path.write_text(text.replace("60111", "0").replace("Mississippi", "Nowhere"), "utf-8")
    folder = changed("ad.yaml", "at_least: 10 % BSA", "at_least: 15 % BSA")
    for other in (FOLDER, folder):
        status, printed = run("diff", SHIPPED, other, "--requests", requests)
        assert status == 3
        assert "judged under A: 0, under B: 0, under neither: 2; no order was judged" in printed


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("bcbsms/nothing", SHIPPED), "there is no policy 'bcbsms/nothing'"),
        ((SHIPPED, "./nowhere"), "there is no folder ./nowhere"),
        ((SHIPPED, str(ROOT / "docs")), "holds neither policy.yaml nor mappings/"),
        (
            (SHIPPED, SHIPPED, "--requests", "nowhere"),
            "'nowhere' is no folder of recorded requests",
        ),
        ((SHIPPED, SHIPPED, "--as-of", "soon"), "--as-of: 'soon' is none of"),
    ],
)
def test_wrong_arguments_are_reported_in_one_line(
    run: Run, arguments: tuple[str, ...], told: str
) -> None:
    status, printed = run("diff", *arguments)
    assert status == 2
    assert printed.startswith("error: ")
    assert told in printed
    assert printed.count("\n") == 1


def test_an_unsound_folder_is_misuse_and_names_the_place(run: Run, changed: Changed) -> None:
    folder = changed("ad.yaml", "at_least: 10 % BSA", "at_leest: 10 % BSA")
    status, printed = run("diff", SHIPPED, folder)
    assert status == 2
    assert f"{folder}/ad.yaml:" in printed
    assert "did you mean 'at_least'?" in printed


def test_a_file_that_is_no_request_is_misuse(run: Run, requests: Path) -> None:
    (requests / "odd.json").write_text("[]")
    status, printed = run("diff", SHIPPED, SHIPPED, "--requests", requests)
    assert status == 2
    assert "odd.json" in printed


def test_what_is_asked_of_each_class_is_told_once(run: Run, bound: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    copytree(bound, other)
    text = (other / "ad.yaml").read_text(encoding="utf-8")
    text = text.replace("$class, days: 90 days", "$class, days: 60 days")
    text = text.replace(
        "[ad.tci, ad.tcs_medium_or_higher]", "[ad.tcs_medium_or_higher, ad.tci, ad.oral_jak]", 1
    )
    (other / "ad.yaml").write_text(text, encoding="utf-8")
    assert groups(run("diff", bound, other)[1]) == {
        "Looser": [
            "ad.initial.steady.long: at least 90 days covered in all → at least 60 days covered in all",
            "ad.initial.steady:ad.oral_jak: new: one of the classes",
        ]
    }
    assert groups(run("diff", SHIPPED, bound)[1]) == {
        "Tighter": ["ad.initial.steady: new: one of ALL"]
    }


COMPARED = {
    Criterion: {
        "id",
        "says",
        "cite",
        "op",
        "children",
        "n",
        "operator",
        "statement",
        "asks",
        "short",
        "on_card",
        "usual",
    }
    # the last three follow from the others
    | {"readings", "notices", "repeated", "single", "stated_as"},
    Indication: {
        "id",
        "title",
        "conditions",
        "initial",
        "renewal",
        "not_encoded",
        "approval_months",
    },
}


@pytest.mark.parametrize("type_", COMPARED, ids=lambda one: one.__name__)
def test_nothing_that_a_criterion_or_an_indication_says_is_left_uncompared(type_: type) -> None:
    new = {one.name for one in fields(type_)} - COMPARED[type_]
    assert not new, (
        f"compare it in service/pages/difference/criteria_difference.py or comparison.py: {new}"
    )
