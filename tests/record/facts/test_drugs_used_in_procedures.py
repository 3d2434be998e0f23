"""Billing codes under which any drug may be billed, and drugs that a procedure used, ask about others."""

import pytest
from record.facts.test_drugs_that_services_give import (
    HCPCS,
    INFLIXIMAB,
    NDC,
    VISIT,
    billed,
    code,
    given,
    said,
)
from support.claims import Json, concept


@pytest.mark.parametrize("billing", ["J3490", "J3590", "J9999", "C9399"])
def test_unspecific_drug_code_in_a_procedure_is_a_question(billing: str) -> None:
    coding = code(HCPCS, billing)
    assert said(procedures=given(coding))[0] == "unknown"
    part = {"sequence": 1, "procedureCodeableConcept": concept(coding)}
    assert said(claims=billed(VISIT, procedure=[part]))[0] == "unknown"


USED = [
    {"usedCode": [concept(INFLIXIMAB)]},
    {"usedCode": [{"text": "Humira"}]},
    {"usedCode": [concept(code(HCPCS, "J0717"))]},
    {"usedCode": [concept(code(NDC, "58406-445-04"))]},
    {"usedReference": [{"display": "infliximab 100 mg"}]},
]


@pytest.mark.parametrize("used", USED)
def test_a_drug_that_was_used_is_a_question(used: Json) -> None:
    (one,) = given(code("urn:x:local", "77"))
    assert said(procedures=[one | used])[0] == "unknown"


@pytest.mark.parametrize("used", [{"usedCode": [{"text": "Syringe"}]}, {"usedCode": 3}])
def test_device_used_in_a_procedure_is_no_question(used: Json) -> None:
    (one,) = given(code("urn:x:local", "77"))
    assert said(procedures=[one | used]) == ("met", None)


def test_a_drug_every_six_months_still_acts_after_five() -> None:
    assert said(claims=billed(code(HCPCS, "J2350"), day="2026-06-25"))[0] == "unknown"
    assert said(claims=billed(code(HCPCS, "J2350"), day="2025-06-25"))[0] == "met"
