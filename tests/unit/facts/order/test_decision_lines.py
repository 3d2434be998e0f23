"""Which lines of a decision are of the drug."""

from typing import Any

import pytest
from support.fact_case import patient_with

from service.facts.order.decision_lines import (
    all_lines,
    lines_of,
    products_of_lines,
    values_in,
    with_details,
)
from service.fhir.hit import Hit

DRUG = {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "1876401"}]}
OTHER = {"coding": [{"system": "http://hl7.org/fhir/sid/ndc", "code": "68382002801"}]}
CASE = patient_with("authorizations")
SOURCE = CASE.knowledge.sources["authorizations"]
Json = dict[str, Any]


def own_lines(resource: Json) -> tuple[int, int]:
    """How many lines are of the drug, and how many of something else."""
    lines, others = lines_of(CASE, Hit(SOURCE, resource, resource, ()))
    return len(lines), len(others)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([{"productOrService": DRUG}], (1, 0)),
        ([{"productOrService": DRUG}, {"productOrService": OTHER}], (1, 1)),
        ([{}], (1, 0)),
        ([{}, {"productOrService": OTHER}], (0, 2)),
        ([{"detail": [{"productOrService": DRUG}]}], (1, 0)),
        ([], (0, 0)),
    ],
)
def test_line_that_names_nothing_is_the_drug_s_where_nothing_else_is_named(
    lines: list[Json], expected: tuple[int, int]
) -> None:
    assert own_lines({"addItem": lines}) == expected


def test_lines_are_known_by_the_request_or_the_line_that_answers_them() -> None:
    asked = [{"sequence": 1, "productOrService": OTHER}, {"sequence": 2, "productOrService": DRUG}]
    request = {"resourceType": "Claim", "id": "c", "item": asked}
    answered = [{"itemSequence": 1}, {"itemSequence": 2}]
    by_request = {"contained": [request], "request": {"reference": "#c"}, "item": answered}
    lines, is_drugs, alone = products_of_lines(CASE, by_request)
    assert ([is_drugs[line] for line in lines], alone) == ([False, True], False)
    added = {"item": [{"itemSequence": 1}], "addItem": [{"itemSequence": [1], **asked[0]}]}
    assert own_lines(added) == (0, 2)


def test_details_and_coded_values_are_read_of_lines_alone() -> None:
    inner = {"subDetail": [{"a": 1}]}
    line = {"detail": [inner]}
    assert [*with_details(line)] == [line, inner, {"a": 1}]
    whole = {"resourceType": "ClaimResponse", "item": [line], "addItem": [{}]}
    assert [*with_details(whole)] == [whole]
    assert all_lines(whole) == [line, {}]
    assert [*values_in(SOURCE.review_numbers, whole)] == []
