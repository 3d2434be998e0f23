"""Adjusted claims: which of them another claim has taken the place of, surely or perhaps."""

from typing import Any

import pytest
from support.claims import claim, related, to
from support.fact_case import patient_with

from service.facts.case import Case
from service.facts.fills.replaced_claims import is_replaced, own_names, related_names
from service.fhir.hit import Hit

DAY = "2026-09-01"
SET = "ad.tcs_medium_or_higher"
Json = dict[str, Any]


def adjusted(id_: str, *links: Json, day: str = DAY, **more: Any) -> Json:
    """A claim that names others as related."""
    found = claim(id_, day, 30, **more) | {"patient": {"reference": "Patient/p1"}}
    return found | ({"related": [*links]} if links else {})


def prior(id_: str) -> Json:
    return related("prior", claim=to(id_))[0]


def states(*claims: Json) -> dict[str, bool | None]:
    """Claim to whether another has taken its place."""
    case = patient_with("claims", *claims)
    return {hit.resource["id"]: is_replaced(case, hit) for hit in case.record.hits(SET)}


def test_claim_that_a_newer_one_of_that_day_names_as_prior_is_replaced() -> None:
    assert states(adjusted("old"), adjusted("new", prior("old"))) == {"old": True, "new": False}
    assert states(adjusted("old"), adjusted("new")) == {"old": False, "new": False}


@pytest.mark.parametrize(
    ("relationship", "expected"),
    [
        ("prior", {"old": True, "new": False}),
        ("replaces", {"old": True, "new": False}),
        ("replacedby", {"old": False, "new": True}),
        ("associated", {"old": False, "new": False}),
        (None, {"old": None, "new": None}),
        ("unheard", {"old": None, "new": None}),
    ],
)
def test_relationship_tells_which_of_two_is_the_newer(
    relationship: str | None, expected: dict[str, bool | None]
) -> None:
    (link,) = related(relationship, claim=to("old"))
    assert states(adjusted("old"), adjusted("new", link)) == expected


def test_prior_claim_of_another_day_may_be_meant_or_not() -> None:
    old = adjusted("old", day="2026-08-01")
    assert states(old, adjusted("new", prior("old")))["old"] is None


@pytest.mark.parametrize("more", [{"status": "cancelled"}, {"outcome": "error"}])
def test_claim_whose_successor_does_not_count_may_stand(more: Json) -> None:
    assert states(adjusted("old"), adjusted("new", prior("old"), **more))["old"] is None


def test_claim_whose_successor_did_not_come_may_stand() -> None:
    (link,) = related("replacedby", claim=to("gone"))
    assert states(adjusted("old", link)) == {"old": None}


def test_chain_of_claims_leaves_the_last_one() -> None:
    chain = (adjusted("a"), adjusted("b", prior("a")), adjusted("c", prior("b")))
    assert states(*chain) == {"a": True, "b": True, "c": False}


def test_circle_of_claims_proves_nothing() -> None:
    circle = states(adjusted("a", prior("b")), adjusted("b", prior("a")))
    assert circle == {"a": None, "b": None}


def test_claim_that_names_itself_is_not_replaced() -> None:
    assert states(adjusted("a", prior("a"))) == {"a": False}


def hit_of(resource: Json) -> tuple[Case, Hit]:
    case = patient_with("claims", resource)
    return case, case.record.hits(SET)[0]


def test_claim_is_named_by_reference_id_and_identifiers() -> None:
    resource = adjusted("e1", identifier=[{"system": "urn:payer", "value": "77"}])
    _, hit = hit_of(resource)
    names = own_names(hit.source, resource)
    assert {"ExplanationOfBenefit/e1", "/e1", "urn:payer#77", "#77"} <= set(names)
    assert len(names) == len(set(names))


def test_names_of_related_claims_are_those_of_references_and_numbers() -> None:
    number = {"relationship": {"coding": [{"code": "prior"}]}, "reference": {"value": "77"}}
    _, hit = hit_of(adjusted("e1", prior("old"), number))
    assert {"ExplanationOfBenefit/old", "/old", "#77"} <= set(related_names(hit))
    _, alone = hit_of(adjusted("e2"))
    assert related_names(alone) == ()
