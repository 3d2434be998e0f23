"""Every case of the example library, and no criterion of it without cases."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from support.cases import words
from support.cases.run import Case, judged
from support.each import Checks, by_file
from support.example_library import all_cases, library

from service.policy.model import Op, Policy

TRUTHS = ("met", "not_met", "unknown")
LIVE = "the criteria are judged only once the order or an active diagnosis names the disease"
PATH = "not approved before is the initial path, on which this criterion does not stand"
REVIEW = "found or not, the answer is the reviewer's: it is never met by itself"
COUNTER = "sold without a prescription: claims never show that there was none"
ELSEWHERE = "a stay in another hospital is in none of our sources, so silence is no no"
IMPOSSIBLE = {
    ("common.renewal.previously_approved", "not_met"): PATH,
    ("asthma.initial.no_other.any.maybe", "met"): REVIEW,
    ("asthma.renewal.no_other.any.maybe", "met"): REVIEW,
    ("copd.initial.exacerbations.severe", "not_met"): ELSEWHERE,
    ("eoe.initial.ppi.tried.supply", "not_met"): COUNTER,
    **{
        (f"{id_}.initial.diagnosis", truth): LIVE
        for id_ in ("ad", "asthma", "copd", "eoe")
        for truth in ("not_met", "unknown")
    },
}
FILES = by_file(all_cases())
OWN = [one for one in library().policies if one.payer == "example-health-plan"]


@pytest.mark.parametrize("file", FILES)
def test_every_case_of_a_file(file: str, all_hold: Callable[[Checks], None]) -> None:
    all_hold((case.says, partial(_check, case)) for case in FILES[file])


def _check(case: Case) -> None:
    lines = judged(case, library())
    assert not lines, "\n".join(lines)


def _folder(policy: Policy) -> str:
    return f"{policy.payer}/{policy.drug}/{policy.effective.isoformat()}/"


def _asked(policy: Policy) -> Iterator[str]:
    asked = (one for one in policy.criteria() if one.op is Op.LEAF or one.statement is not None)
    yield from (one.id for one in asked)


def _seen(folder: str) -> dict[str, set[str]]:
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for case in all_cases():
        if case.file.startswith(folder):
            for id_, expected in case.expect.items():
                seen[id_].add(expected.truth)
    return seen


@pytest.mark.parametrize("policy", OWN, ids=_folder)
def test_every_criterion_is_shown_on_both_sides(policy: Policy) -> None:
    seen = _seen(_folder(policy))
    missing = [
        (id_, truth)
        for id_ in dict.fromkeys(_asked(policy))
        for truth in TRUTHS
        if truth not in seen[id_] and (id_, truth) not in IMPOSSIBLE
    ]
    assert missing == []


@pytest.mark.parametrize("policy", OWN, ids=_folder)
def test_what_is_impossible_is_asked_and_not_shown(policy: Policy) -> None:
    asked, seen = set(_asked(policy)), _seen(_folder(policy))
    assert [key for key in IMPOSSIBLE if key[0] in asked and key[1] in seen[key[0]]] == []


def test_every_impossible_one_is_a_criterion() -> None:
    assert {id_ for id_, _ in IMPOSSIBLE} <= {id_ for policy in OWN for id_ in _asked(policy)}


@pytest.mark.parametrize(("held", "word"), words.EXAMPLE["words"].items())
def test_every_word_stands_in_its_value_set(held: str, word: dict[str, str]) -> None:
    for code in map(words.coding, word):
        found = {
            one.value_set for one in library().terminology.of_code(code["system"], code["code"])
        }
        assert held in found
