"""Drugs in procedures, in lines that a payer added, and behind services that give one without its name."""

import pytest
from support.claims import NO_OTHER, Json, claim, concept, fixture, node
from support.claims import answer as answered

DAY = "2026-10-28"
CPT = "http://www.ama-assn.org/go/cpt"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
PCS = "http://www.cms.gov/Medicare/Coding/ICD10"
NDC = "http://hl7.org/fhir/sid/ndc"
SNOMED = "http://snomed.info/sct"


def code(system: str, code: str, **more: str) -> Json:
    """A coding."""
    return {"system": system, "code": code, **more}


VISIT = code(CPT, "99213")
INFLIXIMAB = code(HCPCS, "J1745")
TOCILIZUMAB = code(PCS, "XW033H5")
CEFTRIAXONE = code(HCPCS, "J0696")
INFUSION = code(CPT, "96413")


def said(**keys: list[Json]) -> tuple[str, str | None]:
    """What is answered on other immunomodulators where these resources are added to the request."""
    body = fixture("initial-fully-met")
    for one in body["prefetch"]["answers"]["entry"]:
        items = one["resource"]["item"]
        one["resource"]["item"] = [item for item in items if item["linkId"] != NO_OTHER]
    patient = {"reference": f"Patient/{body['context']['patientId']}"}
    added = {
        key: [
            *(one["resource"] for one in body["prefetch"][key].get("entry", [])),
            *({**one, "patient" if key == "claims" else "subject": patient} for one in resources),
        ]
        for key, resources in keys.items()
    }
    found = node(answered(body, "claims_held", **added), NO_OTHER)
    return found["truth"], found.get("reason")


def given(*codings: Json, day: str = DAY, status: str = "completed", **more: object) -> list[Json]:
    """A procedure."""
    return [
        {
            "resourceType": "Procedure",
            "id": "given",
            "status": status,
            "code": concept(*codings) | more,
            "performedDateTime": day,
        }
    ]


def billed(*lines: Json, day: str = DAY, kind: str = "professional", **more: object) -> list[Json]:
    """A claim of a doctor with these lines."""
    whole = claim("line", day, None, lines[0], type=concept({"code": kind}))
    whole["item"] += [
        {"sequence": n, "productOrService": concept(one)} for n, one in enumerate(lines[1:], 2)
    ]
    return [whole | more]


@pytest.mark.parametrize("more", [{}, {"status": "in-progress"}, {"status": "done"}])
@pytest.mark.parametrize(
    "coding",
    [
        INFLIXIMAB,
        code(HCPCS, "J2357"),
        code(SNOMED, "1", display="Infusion of infliximab"),
        {"display": "Xolair injection"},
    ],
)
def test_a_procedure_that_names_a_drug_is_a_question(coding: Json, more: dict[str, str]) -> None:
    assert said(procedures=given(coding, **more)) == ("unknown", "weak_evidence")


@pytest.mark.parametrize(
    "coding", [TOCILIZUMAB, code(PCS, "3E0330M"), INFUSION, code(HCPCS, "S9338")]
)
def test_a_procedure_that_gives_a_drug_without_its_name_is_a_question(coding: Json) -> None:
    assert said(procedures=given(coding)) == ("unknown", "unmapped")


@pytest.mark.parametrize(
    "procedure",
    [
        given(code(SNOMED, "80146002")),
        given(code(SNOMED, "80146002", display="Appendectomy")),
        given(code(PCS, "0DTJ4ZZ")),
        given(code(PCS, "3E0234Z")),  # a vaccine
        given(code(CPT, "70551")),
        given(code("urn:x:local", "77")),
        given(text="MRI brain"),
        given(code(CPT, "96372"), text="Vitamin B12 injection"),
        given(INFLIXIMAB, day="2025-01-02"),
        given(INFLIXIMAB, status="not-done"),
        given(INFUSION, day="2025-01-02"),
    ],
)
def test_procedure_without_a_drug_is_no_question(procedure: list[Json]) -> None:
    """The first one asked leaves no answer for the next."""
    assert said(procedures=given(INFLIXIMAB))[0] == "unknown"
    assert said(procedures=given(TOCILIZUMAB))[0] == "unknown"
    assert said(procedures=procedure) == ("met", None)


@pytest.mark.parametrize(
    ("coding", "reason"),
    [
        (code(HCPCS, "J0135"), "review"),
        (code(NDC, "58406-445-04"), "review"),
        (code("urn:x:local", "77"), "unmapped"),
    ],
)
def test_a_line_that_the_payer_added_is_a_question(coding: Json, reason: str) -> None:
    line = {"itemSequence": [1], "productOrService": concept(coding), "adjudication": []}
    assert said(claims=billed(VISIT, addItem=[line])) == ("unknown", reason)
    inner = {"productOrService": concept(VISIT), "detail": [{"productOrService": concept(coding)}]}
    assert said(claims=billed(VISIT, addItem=[inner]))[0] == "unknown"


@pytest.mark.parametrize(
    "part",
    [
        {"procedureCodeableConcept": concept(INFLIXIMAB)},
        {"procedureCodeableConcept": concept(TOCILIZUMAB)},
        {"procedureReference": {"reference": "#it"}},
    ],
)
def test_the_procedure_of_a_claim_is_read(part: Json) -> None:
    inner = {"resourceType": "Procedure", "id": "it", "code": concept(INFLIXIMAB)}
    claims = billed(VISIT, procedure=[{"sequence": 1, **part}], contained=[inner])
    assert said(claims=claims)[0] == "unknown"


@pytest.mark.parametrize(
    "more",
    [
        {"addItem": [{"productOrService": concept(code(NDC, "00093-1048-01"))}]},
        {"addItem": [{"productOrService": concept(VISIT)}, None, 3]},
        {"addItem": 3},
        {"procedure": [{"procedureCodeableConcept": concept(code(PCS, "0DTJ4ZZ"))}]},
        {"procedure": [{"procedureReference": {"reference": "Procedure/not-there"}}]},
        {"procedure": [None, "x", {"procedureCodeableConcept": [3]}]},
    ],
)
def test_other_codes_in_a_procedure_are_no_question(more: Json) -> None:
    assert said(claims=billed(VISIT, **more)) == ("met", None)


@pytest.mark.parametrize(
    ("lines", "truth"),
    [
        ([INFUSION], "unknown"),
        ([code(HCPCS, "S9338")], "unknown"),
        ([code(HCPCS, "Q0081")], "unknown"),
        ([INFUSION, code(HCPCS, "J7050")], "unknown"),  # saline is what a drug is given in
        ([INFUSION, code(HCPCS, "A4222")], "unknown"),
        ([INFUSION, CEFTRIAXONE], "met"),
        ([CEFTRIAXONE, INFUSION], "met"),
        ([code(HCPCS, "S9364")], "met"),  # parenteral nutrition
        ([code(CPT, "96360")], "met"),
        ([code(CPT, "58406-0445-04")], "unknown"),  # an NDC is no code of CPT
        ([code(HCPCS, "58406044504")], "unknown"),
    ],
)
def test_a_service_that_gives_a_drug_asks_unless_a_line_names_the_drug(
    lines: list[Json], truth: str
) -> None:
    assert said(claims=billed(*lines))[0] == truth


def test_old_service_and_denied_line_are_no_question() -> None:
    assert said(claims=billed(INFUSION, day="2025-03-02")) == ("met", None)
    denied: Json = {"payment": {"type": concept({"code": "denied"})}}
    assert said(claims=billed(INFUSION, **denied)) == ("met", None)
