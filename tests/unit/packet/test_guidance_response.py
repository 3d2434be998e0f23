"""The assessment as FHIR: a GuidanceResponse an order, a DetectedIssue for what fails or is open."""

from typing import Any

import pytest
from support.card_rules import invalid
from support.packets import NAMES, empty, order_of

from service.packet.guidance_response import guidance_of


def resources(*names: str) -> list[Any]:
    """What is said of some requests."""
    return [one["resource"] for one in guidance_of(map(order_of, names)).get("entry", [])]


@pytest.mark.parametrize("name", [*NAMES[::5], "csu-order", "order-text-only"])
def test_it_is_r4_and_says_what_the_twin_says(name: str) -> None:
    twin, bundle = order_of(name).twin, guidance_of([order_of(name)])
    assert [*invalid(bundle), *empty(bundle)] == []
    guidance, *issues = (one["resource"] for one in bundle["entry"])
    said = {one["name"]: one.get("valueString") for one in guidance["contained"][0]["parameter"]}
    assert (said["outcome"], said.get("path")) == (twin["outcome"], twin["path"])
    ids = {one["code"]["coding"][0]["code"] for one in issues}
    wanted = {id_ for some in twin["open"] for id_ in some}
    if twin["outcome"] in ("met", "not_met", "unknown"):
        assert ids == wanted | {*twin["blocking"]}


def test_open_criteria_are_preliminary_and_failed_ones_final() -> None:
    guidance, *issues = resources("p001-initial")
    assert guidance["status"] == "data-required"
    assert {(one["status"], one["severity"]) for one in issues} == {("preliminary", "moderate")}
    guidance, *issues = resources("renewal-worse")
    assert guidance["status"] == "success"
    failed = [one for one in issues if one["status"] == "final"]
    assert {one["severity"] for one in failed} == {"high"}
    assert len(failed) == len(order_of("renewal-worse").twin["blocking"])
    evidence = [
        one["reference"]
        for issue in failed
        for one in issue.get("evidence", [{}])[0].get("detail", [])
    ]
    assert "https://ehr.example.org/fhir/Observation/worse-observation-1" in evidence
    assert resources("initial-fully-met")[1:] == []


def test_issues_are_those_of_the_output_and_the_same_each_time() -> None:
    bundle = guidance_of([order_of("p001-initial")])
    assert bundle == guidance_of([order_of("p001-initial")])
    guidance = bundle["entry"][0]["resource"]
    named = [
        one["valueReference"]["reference"]
        for one in guidance["contained"][0]["parameter"]
        if one["name"] == "issue"
    ]
    assert named == [one["fullUrl"] for one in bundle["entry"][1:]]
    assert guidance_of([]) == {"resourceType": "Bundle", "type": "collection"}
