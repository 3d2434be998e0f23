"""The numbers and periods that a decision gives an authorization, and which of them is a line's own."""

from typing import Any

import pytest
from support.fact_case import patient_with

from service.facts.authorizations.authorization_numbers import (
    number_of_line,
    numbers_in,
    numbers_of,
    periods_of_line,
    references_of,
)
from service.fhir.hit import Hit

PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"
Json = dict[str, Any]
SOURCE = patient_with("authorizations").knowledge.sources["authorizations"]


def reviewed(number: str) -> Json:
    """What carries a review action with this number."""
    action = {"url": f"{PAS}/extension-reviewAction"}
    return {"extension": [{**action, "extension": [{"url": "number", "valueString": number}]}]}


def numbered(number: str, name: str = "authorizationNumber") -> Json:
    """What carries a number in an extension of its own."""
    return {"extension": [{"url": f"{PAS}/extension-{name}", "valueString": number}]}


@pytest.mark.parametrize(
    ("whole", "line", "expected"),
    [
        ({}, {"adjudication": [reviewed("LINE")]}, "LINE"),
        ({"preAuthRef": "WHOLE"}, {"adjudication": [reviewed("LINE")]}, "LINE"),
        ({"preAuthRef": "WHOLE"}, {}, "WHOLE"),
        ({"adjudication": [reviewed("REVIEW")], "preAuthRef": "WHOLE"}, {}, "REVIEW"),
        (numbered("ROOT"), {}, "ROOT"),
        ({"preAuthRef": "WHOLE", **numbered("ROOT")}, {}, "WHOLE"),
        ({"preAuthRef": "WHOLE"}, numbered("EARLIER"), "WHOLE"),
        (numbered("ROOT"), numbered("EARLIER"), "ROOT"),
        ({}, numbered("EARLIER"), "EARLIER"),
        ({}, numbered("PEND", "administrationReferenceNumber"), None),
        (numbered("PEND", "administrationReferenceNumber"), {}, None),
        ({"preAuthRef": 7}, {}, None),
        ({"preAuthRef": "  "}, numbered("EARLIER"), "EARLIER"),
        ({}, {"adjudication": [reviewed("ONE"), reviewed("TWO")]}, None),
    ],
)
def test_number_of_a_line_is_its_own_or_that_of_the_whole(
    whole: Json, line: Json, expected: str | None
) -> None:
    assert number_of_line(whole, SOURCE, [line]) == expected


def test_number_of_a_line_may_stand_in_a_detail() -> None:
    whole, detail = {"preAuthRef": "WHOLE"}, {"adjudication": [reviewed("DETAIL")]}
    assert number_of_line(whole, SOURCE, [{}, detail]) == "DETAIL"
    assert number_of_line(whole, SOURCE, [{"adjudication": [reviewed("LINE")]}, detail]) is None
    assert number_of_line(whole, SOURCE, []) == "WHOLE"
    assert number_of_line({}, SOURCE, [{}, numbered("EARLIER")]) == "EARLIER"


def test_numbers_of_a_decision_leave_out_those_of_earlier_ones() -> None:
    line = {"adjudication": [reviewed("LINE")], **numbered("EARLIER")}
    decision = {"preAuthRef": "WHOLE", "item": [line], **numbered("ROOT")}
    assert numbers_of(decision, SOURCE, [line]) == {"WHOLE", "LINE", "ROOT"}
    assert numbers_of(decision, SOURCE, []) == {"WHOLE", "ROOT"}
    assert numbers_in(SOURCE, line) == {"LINE", "EARLIER"}
    assert references_of({"preAuthRef": ["A", 1, "B"]}) == {"A", "B"}


def test_period_of_a_line_goes_before_that_of_the_whole() -> None:
    whole, own = {"start": "2026-01-01", "end": "2026-12-31"}, {"start": "2026-02-01"}
    line = {"extension": [{"url": f"{PAS}/extension-itemPreAuthPeriod", "valuePeriod": own}]}
    issued = {"extension": [{"url": f"{PAS}/extension-itemPreAuthIssueDate", "valueDate": "2026"}]}
    decision = {"preAuthPeriod": whole, "created": "2026-01-01"}
    hit = Hit(SOURCE, decision, decision, ())
    assert periods_of_line(hit, [line]) == [own]
    assert periods_of_line(hit, [issued]) == [whole]
    assert periods_of_line(hit, [{}]) == periods_of_line(hit, []) == [whole]
    of_detail = {"start": "2026-03-01"}
    extension = {**line["extension"][0], "valuePeriod": of_detail}
    assert periods_of_line(hit, [line, {"extension": [extension]}]) == [of_detail]
    assert periods_of_line(hit, [line, {}]) == [own]
