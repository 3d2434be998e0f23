"""Names of facts: what is said of one that is not known."""

import pytest
from support.paths import ROOT

from service.library.criteria.scope import UNNAMED, read_facts, unknown_fact

KNOWN = ["ad.bsa", "ad.easi", "ad.iga", "lab.alt", "patient.age"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("ad.esai", "no fact 'ad.esai'; did you mean 'ad.easi'?"),
        ("ad.age", "no fact 'ad.age'; did you mean 'patient.age'?"),
        (
            "ad.zzzzzz",
            "no fact 'ad.zzzzzz'; the facts of 'ad' are 'ad.bsa', 'ad.easi', 'ad.iga'",
        ),
        ("qqq.zzz", "no fact 'qqq.zzz'"),
    ],
)
def test_unknown_fact_is_told_with_the_nearest_or_those_of_its_group(name: str, says: str) -> None:
    assert unknown_fact(name, KNOWN) == says


def test_of_a_large_group_some_facts_are_named() -> None:
    many = [f"ad.{letter * 6}" for letter in "abcdefg"]
    assert unknown_fact("ad.xxxxxx", many).startswith("no fact 'ad.xxxxxx'; some facts of 'ad' are")


def test_facts_that_operators_find_by_themselves_are_not_listed() -> None:
    kinds = {one.kind for one in read_facts(ROOT)}
    assert kinds
    assert kinds.isdisjoint(UNNAMED)
