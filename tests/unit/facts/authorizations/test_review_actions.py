"""What review actions, and the words beside them, mean."""

from typing import Any

import pytest
from support.fact_case import patient_with
from support.payer_decisions import X12, Json, action, judged, line

from service.facts.authorizations.review_actions import in_words, is_strange, of_words, verdicts_of

CASE = patient_with("authorizations")
FACT = CASE.knowledge.of_kind("approval")
SOURCE = CASE.knowledge.sources["authorizations"]


def verdicts(*parts: Json) -> set[Any]:
    return {*verdicts_of(CASE, FACT, SOURCE, parts)}


@pytest.mark.parametrize(
    ("code", "display", "expected"),
    [
        ("A1", None, "approved"),
        ("A2", None, "in_part"),
        ("A3", None, "refused"),
        ("A4", None, "open"),
        ("C", None, "withdrawn"),
        ("X9", None, "open"),
        ("A1", "Not certified", "open"),
        ("A3", "Certified", "open"),
        ("A1", "zebra", "open"),
        ("C", "Cancelled", "withdrawn"),
        ("C", "Certified", "open"),
    ],
)
def test_review_action_means_its_code_where_its_words_fit(
    code: str, display: str | None, expected: str
) -> None:
    assert verdicts({"extension": [action(code, display)]}) == {expected}


def test_each_part_and_each_review_action_has_its_verdict() -> None:
    assert verdicts(line("A1"), line("A3"), line()) == {"approved", "refused"}
    both = judged("A1")["adjudication"] + judged("A4")["adjudication"]
    assert verdicts({"adjudication": both}) == {"approved", "open"}
    assert verdicts(line()) == set()
    # the details of a part are parts of their own
    assert verdicts(line(detail=[line("A1")])) == set()


def test_code_in_the_place_of_a_reason_counts_in_its_own_list_alone() -> None:
    for system, expected in ((X12, {"approved"}), ("https://x12.org/codes/reasons", set())):
        reason = {"coding": [{"system": system, "code": "A1"}]}
        assert verdicts({"adjudication": [{"reason": reason}]}) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Approved", {"approved"}),
        ("Not approved", {"refused"}),
        ("Step one refused, step two approved", {"open"}),
        ("Under review", {"pending"}),
        ("Terminated", {"open"}),
        ("zebra", set()),
        ("", set()),
    ],
)
def test_words_refuse_before_they_approve(words: str, expected: set[str]) -> None:
    assert of_words(FACT, words) == expected
    assert in_words(FACT, [{"text": words}]) == expected


@pytest.mark.parametrize(
    ("words", "strange"),
    [("Approved for six months", False), ("dupilumab 300 mg", False), ("for metformin", True)],
)
def test_word_that_is_neither_harmless_nor_the_drug_is_strange(words: str, strange: bool) -> None:
    assert is_strange(CASE, FACT, [words]) is strange
