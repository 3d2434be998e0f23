"""Which lines of a decision, and which of their details, are of the drug."""

from typing import Any

import pytest
from support.fact_case import patient_with
from support.payer_decisions import DRUG, OTHER, Json, answered, decision

from service.facts.authorizations.decision_lines import (
    DecisionLines,
    lines_of,
    lines_of_decision,
    requests_of,
    values_in,
)
from service.fhir.hit import Hit

CASE = patient_with("authorizations")
SOURCE = CASE.knowledge.sources["authorizations"]
CLAIMS = CASE.knowledge.sources["claims"]


def part(name: str, product: Json | None = None, *details: Json, below: str = "detail") -> Json:
    """A line called by a name, with its details."""
    named = {"productOrService": product} if product else {}
    return {"id": name, **named, **({below: [*details]} if details else {})}


def detail(name: str, product: Json | None = None, *details: Json) -> Json:
    """A detail called by a name, with the details below it."""
    return part(name, product, *details, below="subDetail")


def called(lines: DecisionLines) -> tuple[list[str], str, str]:
    """The names of the parts: by line of the drug, of what may be, of others."""
    own = ["".join(one["id"] for one in parts) for parts in lines.own]
    unsaid, others = ("".join(one["id"] for one in parts) for parts in (lines.unsaid, lines.others))
    return own, unsaid, others


def sorted_lines(resource: Json) -> tuple[list[str], str, str]:
    return called(lines_of(CASE, Hit(SOURCE, resource, resource, ())))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([part("a", DRUG)], (["a"], "", "")),
        ([part("a", DRUG), part("b", DRUG)], (["a", "b"], "", "")),
        ([part("a", DRUG), part("b", OTHER)], (["a"], "", "b")),
        ([part("a")], (["a"], "", "")),
        ([part("a"), part("b", OTHER)], ([], "a", "b")),
        ([part("a", DRUG), part("b"), part("c", OTHER)], (["a"], "b", "c")),
        ([], ([], "", "")),
    ],
)
def test_line_that_names_nothing_is_the_drug_s_where_nothing_else_is_named(
    lines: list[Json], expected: tuple[list[str], str, str]
) -> None:
    assert sorted_lines({"addItem": lines}) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (part("a", DRUG, detail("b"), detail("c", DRUG)), (["abc"], "", "")),
        (part("a", DRUG, detail("b", None, detail("c"))), (["abc"], "", "")),
        (part("a", DRUG, detail("b", OTHER), detail("c")), (["ac"], "b", "")),
        (part("a", OTHER, detail("b", DRUG), detail("c", OTHER)), (["ab"], "", "c")),
        (part("a", None, detail("b", DRUG), detail("c", OTHER)), (["ab"], "", "c")),
        (part("a", OTHER, detail("b", DRUG), detail("c")), (["ab"], "c", "")),
        (
            part("a", OTHER, detail("b", None, detail("c", DRUG), detail("d", OTHER))),
            (["abc"], "", "d"),
        ),
        (part("a", OTHER, detail("b", OTHER, detail("c"))), ([], "", "abc")),
        (part("a", None, detail("b", None, detail("c"))), (["abc"], "", "")),
    ],
)
def test_details_are_of_what_they_name_else_of_their_line(
    line: Json, expected: tuple[list[str], str, str]
) -> None:
    assert sorted_lines({"addItem": [line]}) == expected


def test_details_of_another_line_are_never_the_drug_s() -> None:
    lines = [part("a", DRUG), part("b", OTHER, detail("c"), detail("d", OTHER, detail("e")))]
    assert sorted_lines({"addItem": lines}) == (["a"], "", "bcde")


def asked(sequence: int | None, product: Json | None = None, **more: Any) -> Json:
    """A line or detail of a request."""
    named = {"productOrService": product} if product else {}
    return {**({"sequence": sequence} if sequence else {}), **named, **more}


def item(name: str, sequence: int | None = None, **more: Any) -> Json:
    return {"id": name, **({"itemSequence": sequence} if sequence else {}), **more}


@pytest.mark.parametrize(
    ("request_", "items", "expected"),
    [
        ([asked(1, OTHER), asked(2, DRUG)], [item("a", 1), item("b", 2)], (["b"], "", "a")),
        ([asked(1, OTHER), asked(2, DRUG)], [item("a", 3)], ([], "a", "")),
        ([asked(1, DRUG)], [item("a", 3)], (["a"], "", "")),
        ([asked(1, OTHER), asked(1, DRUG)], [item("a", 1)], ([], "a", "")),
        ([asked(None, OTHER), asked(None, DRUG)], [item("a"), item("b")], ([], "ab", "")),
        ([asked(None, DRUG)], [item("a")], (["a"], "", "")),
        ([asked(1), asked(2, OTHER)], [item("a", 1)], ([], "a", "")),
    ],
)
def test_lines_are_known_by_the_line_of_the_request_with_their_number(
    request_: list[Json], items: list[Json], expected: tuple[list[str], str, str]
) -> None:
    assert sorted_lines(answered(*items, asked=request_)) == expected


KIT = asked(
    1,
    OTHER,
    detail=[
        asked(1, DRUG),
        asked(2, OTHER, subDetail=[asked(1, OTHER)]),
        asked(3, subDetail=[asked(1, DRUG)]),
    ],
)


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ([], (["a"], "", "")),
        ([{"id": "b", "detailSequence": 1}], (["ab"], "", "")),
        ([{"id": "b", "detailSequence": 2}], (["a"], "", "b")),
        ([{"id": "b", "detailSequence": 4}], (["a"], "b", "")),
        ([{"id": "b"}], (["a"], "b", "")),
        (
            [
                {
                    "id": "b",
                    "detailSequence": 2,
                    "subDetail": [{"id": "c", "subDetailSequence": 1}],
                },
                {
                    "id": "d",
                    "detailSequence": 3,
                    "subDetail": [{"id": "e", "subDetailSequence": 1}],
                },
            ],
            (["ade"], "", "bc"),
        ),
    ],
)
def test_details_are_known_by_the_detail_of_the_request_with_their_numbers(
    details: list[Json], expected: tuple[list[str], str, str]
) -> None:
    assert sorted_lines(answered(item("a", 1, detail=details), asked=[KIT])) == expected


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ({"itemSequence": [1], "productOrService": OTHER}, ([], "", "abx")),
        ({"itemSequence": [1], "productOrService": DRUG}, (["ab", "x"], "", "")),
        ({"itemSequence": [2], "productOrService": OTHER}, ([], "ab", "x")),
        ({"itemSequence": 1, "productOrService": OTHER}, ([], "", "abx")),
        ({"itemSequence": [1], "detailSequence": [1], "productOrService": OTHER}, ([], "", "abx")),
        (
            {"itemSequence": [1], "detailSequence": [1], "productOrService": DRUG},
            (["ab", "x"], "", ""),
        ),
    ],
)
def test_line_that_the_payer_added_says_what_it_answers(
    added: Json, expected: tuple[list[str], str, str]
) -> None:
    answer = item("a", 1, detail=[{"id": "b", "detailSequence": 1}])
    whole = {"item": [answer], "addItem": [{"id": "x", **added}]}
    assert sorted_lines(whole) == expected


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ({"itemSequence": [1]}, (["x"], "", "")),
        ({"itemSequence": [2]}, ([], "", "x")),
        ({"itemSequence": [1, 2]}, ([], "x", "")),
        ({"itemSequence": [1, 3]}, (["x"], "", "")),
        ({"itemSequence": [9]}, ([], "x", "")),
        ({"itemSequence": [4]}, (["x"], "", "")),
        ({"itemSequence": [4], "detailSequence": [1]}, (["x"], "", "")),
        ({"itemSequence": [4], "detailSequence": [2]}, ([], "x", "")),
        ({"itemSequence": [1, 4], "detailSequence": [1]}, ([], "x", "")),
        ({"itemSequence": [4], "detailSequence": [1], "subdetailSequence": [1]}, ([], "", "x")),
        ({}, ([], "x", "")),
    ],
)
def test_added_line_without_a_product_is_of_what_it_answers(
    added: Json, expected: tuple[list[str], str, str]
) -> None:
    inner = [asked(1, DRUG, subDetail=[asked(1, OTHER)]), asked(2)]
    request = [asked(1, DRUG), asked(2, OTHER), asked(3, DRUG), asked(4, OTHER, detail=inner)]
    whole = answered(asked=request) | {"addItem": [{"id": "x", **added}]}
    assert sorted_lines(whole) == expected


def test_what_was_authorized_goes_before_what_was_asked_for() -> None:
    detail_ = {"url": "productOrServiceCode", "valueCodeableConcept": OTHER}
    extension = [{"url": "x", "extension": [detail_]}]
    whole = answered(item("a", 1, extension=extension), asked=[asked(1, DRUG)])
    assert sorted_lines(whole) == ([], "", "a")


def test_line_of_a_claim_stands_for_itself_and_one_of_a_decision_does_not() -> None:
    lines = [part("a", DRUG, detail("b", OTHER)), part("c", DRUG), part("d", OTHER, detail("e"))]
    claim = {"resourceType": "ExplanationOfBenefit", "status": "active", "use": "claim"}
    paid = {**claim, "outcome": "complete", "item": lines}
    one = Hit(CLAIMS, paid, lines[0], ())
    assert called(lines_of(CASE, one)) == (["a"], "b", "cde")
    decided = {**paid, "use": "preauthorization"}
    assert called(lines_of(CASE, Hit(CLAIMS, decided, lines[0], ()))) == (["a", "c"], "b", "de")


def test_lines_of_others_alone_are_told_apart_from_none() -> None:
    others = lines_of_decision(CASE, {"addItem": [part("a", OTHER)]})
    assert others.name_others_only
    assert others.own_parts == []
    assert not lines_of_decision(CASE, {"addItem": []}).name_others_only
    both = lines_of_decision(CASE, {"addItem": [part("a", OTHER), part("b")]})
    assert not both.name_others_only


def test_requests_and_coded_values_are_read() -> None:
    whole = answered(asked=[asked(1, DRUG)])
    assert [one["id"] for one in requests_of(CASE, whole)] == ["c"]
    assert requests_of(CASE, decision(request={"reference": "Claim/gone"})) == []
    assert [*values_in(SOURCE.review_numbers, whole)] == []
