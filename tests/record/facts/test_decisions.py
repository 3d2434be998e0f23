"""What a payer's decision says of the drug, wherever the codes of its review actions stand."""

from typing import Any

import pytest
from support.claims import (
    DUPILUMAB,
    METFORMIN,
    PAS,
    X12,
    Json,
    answer,
    claim,
    concept,
    fixture,
    node,
    twin,
)

APPROVED = "common.renewal.previously_approved"
BOTH = "claims_and_authorizations_held"
PAYER = {"display": "Blue Cross & Blue Shield of Mississippi"}
# the number of another insurer
NAIC = {"system": "urn:oid:2.16.840.1.113883.6.300", "value": "99999"}
GIVEN = claim("given", "2026-03-01", 28, DUPILUMAB)
VALUE_SET = "https://valueset.x12.org/x217/005010/response/2000F/HCR/1/01/00/306"


def action(
    code: str | None = None, display: str | None = None, system: str | None = X12
) -> list[Json]:
    """A review action as Da Vinci PAS writes it; without a code in words alone."""
    coding = {"system": system, "code": code, "display": display}
    said = concept({k: v for k, v in coding.items() if v}) if code else {"text": display}
    inner = {"url": f"{PAS}/extension-reviewActionCode", "valueCodeableConcept": said}
    number = {"url": "number", "valueString": "AUTH0001"}
    return [{"url": f"{PAS}/extension-reviewAction", "extension": [number, inner]}]


def judged(*said: Any, **more: Any) -> list[Json]:
    """The adjudication that carries a review action."""
    return [{"category": concept({"code": "submitted"}), "extension": action(*said, **more)}]


def line(drug: Json = DUPILUMAB, number: int = 1, **more: Any) -> Json:
    """An added line for a product."""
    return {"itemSequence": [number], "productOrService": concept(drug), **more}


def decision(**more: Any) -> Json:
    """A payer's answer to a request for prior authorization."""
    return {
        "resourceType": "ClaimResponse",
        "id": "r1",
        "status": "active",
        "use": "preauthorization",
        "patient": {"reference": "Patient/elm"},
        "created": "2025-12-02",
        "insurer": PAYER,
        "outcome": "complete",
        **more,
    }


def request(*drugs: Json) -> Json:
    """The request that was decided on, a line for each product."""
    lines = [{"sequence": n, "productOrService": concept(one)} for n, one in enumerate(drugs, 1)]
    return {
        "resourceType": "Claim",
        "id": "c1",
        "patient": {"reference": "Patient/elm"},
        "item": lines,
    }


def said(*decisions: Json) -> str:
    """Approved (renewal), denied (initial) or unclear (unknown), of a patient who was on the drug."""
    found = twin([GIVEN], client=BOTH, authorizations=decisions)
    truth = node(found, APPROVED).get("truth")
    assert (found["path"] == "renewal") is (truth == "met")
    return {"renewal": "approved", "initial": "denied", "unknown": "unclear"}[found["path"]]


CODES = [
    ("A1", "approved"),
    ("A2", "approved"),
    ("A3", "denied"),
    ("A4", "unclear"),
    ("A6", "unclear"),
    ("CT", "unclear"),
    ("NA", "unclear"),
    ("C", "unclear"),
    ("A9", "unclear"),
]


@pytest.mark.parametrize(("code", "expected"), CODES)
@pytest.mark.parametrize(
    "place",
    [
        lambda code: {"addItem": [line(adjudication=judged(code))]},
        lambda code: {"addItem": [line(extension=action(code))]},
        lambda code: {
            "addItem": [line()],
            "item": [{"itemSequence": 1, "adjudication": judged(code)}],
        },
        lambda code: {"addItem": [line()], "adjudication": judged(code)},
        lambda code: {"addItem": [line()], "extension": action(code)},
        lambda code: {
            "contained": [{**request(DUPILUMAB), "id": "c"}],
            "request": {"reference": "#c"},
            "item": [{"itemSequence": 1, "adjudication": judged(code)}],
        },
        lambda code: {
            "addItem": [line(adjudication=[{"extension": action(code)[0]["extension"]}])]
        },
    ],
)
def test_a_review_action_is_read_by_its_code(place: Any, code: str, expected: str) -> None:
    assert said(decision(**place(code))) == expected


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        (None, "approved"),
        ("http://codesystem.x12.org/005010/306", "approved"),
        (VALUE_SET, "approved"),
        ("urn:oid:2.16.840.1.113883.6.255.306", "approved"),
        ("https://payer.example/actions", "unclear"),
        ("http://snomed.info/sct", "unclear"),
    ],
)
def test_a_code_counts_under_any_address_of_x12(system: str | None, expected: str) -> None:
    assert said(decision(addItem=[line(adjudication=judged("A1", system=system))])) == expected


@pytest.mark.parametrize(
    ("code", "display", "expected"),
    [
        ("A1", "Certified in total", "approved"),
        ("A1", "certified", "approved"),
        ("A1", "Not Certified", "unclear"),
        ("A1", "Pended", "unclear"),
        ("A2", "Certified - partial", "approved"),
        ("A2", "Not Certified", "unclear"),
        ("A3", "Not Certified", "denied"),
        ("A3", "Certified in total", "unclear"),
        (None, "Certified in total", "approved"),
        (None, "Not Certified", "denied"),
        (None, "Modified", "unclear"),
        (None, "see letter", "unclear"),
    ],
)
def test_words_that_contradict_a_code_make_it_a_question(
    code: str | None, display: str, expected: str
) -> None:
    assert said(decision(addItem=[line(adjudication=judged(code, display))])) == expected


@pytest.mark.parametrize(
    ("ours", "other", "whole", "expected"),
    [
        ("A1", "A3", None, "approved"),
        ("A3", "A1", None, "denied"),
        ("A3", "A1", "A2", "denied"),
        ("A1", "A3", "A2", "approved"),
        ("A1", "A1", "A4", "unclear"),
        (None, "A1", None, "unclear"),
        (None, None, "A2", "unclear"),
        (None, None, "A1", "approved"),
        (None, None, "A3", "denied"),
    ],
)
@pytest.mark.parametrize("by_request", [False, True])
def test_of_several_lines_that_of_the_drug_counts(
    ours: str | None, other: str | None, whole: str | None, expected: str, by_request: bool
) -> None:
    codes = {"adjudication": judged(whole)} if whole else {}
    lines = [{"adjudication": judged(code)} if code else {} for code in (other, ours)]
    if by_request:
        of = [{"itemSequence": n, **one} for n, one in enumerate(lines, 1)]
        one = decision(request={"reference": "Claim/c1"}, item=of, **codes)
        assert said(one, request(METFORMIN, DUPILUMAB)) == expected
    else:
        added = [line(METFORMIN, 1, **lines[0]), line(DUPILUMAB, 2, **lines[1])]
        assert said(decision(addItem=added, **codes)) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"disposition": "Denied"}, "unclear"),
        ({"disposition": "Approved"}, "approved"),
        ({"disposition": "Voided by requester"}, "unclear"),
        ({"disposition": "Authorization terminated"}, "unclear"),
        ({"outcome": "partial"}, "approved"),
        ({"outcome": "queued"}, "denied"),
        ({"outcome": "error"}, "denied"),
        ({"use": "predetermination"}, "denied"),
        ({"status": "cancelled"}, "denied"),
        ({"use": "unheard"}, "unclear"),
        ({"use": None}, "unclear"),
        ({"outcome": "unheard"}, "unclear"),
        ({"outcome": None}, "unclear"),
        ({"status": "entered-in-error"}, "denied"),
        ({"status": "draft"}, "denied"),
        ({"insurer": {"display": "Aetna"}}, "denied"),
        ({"insurer": {"display": "Blue Cross"}}, "unclear"),
        ({"insurer": {"display": "BCBS of Alabama"}}, "unclear"),
        ({"insurer": {"display": "Health Insurance"}}, "unclear"),
        ({"insurer": {"display": "BCBS of Alabama", "identifier": NAIC}}, "denied"),
        ({"insurer": None}, "unclear"),
        ({"error": [{"code": concept({"code": "x"})}]}, "unclear"),
        ({"preAuthPeriod": {"start": "2025-01-01", "end": "2025-06-30"}}, "approved"),
        ({"preAuthPeriod": {"start": "2027-01-01"}}, "approved"),
        ({"preAuthPeriod": {"start": "soon"}}, "unclear"),
        ({"created": "2026-12-01"}, "unclear"),
        ({"created": "soon"}, "unclear"),
        ({"created": None}, "approved"),
        ({"patient": {"reference": "Patient/oak"}}, "unclear"),
    ],
)
def test_approval_counts_by_all_that_its_decision_says(more: Json, expected: str) -> None:
    assert said(decision(addItem=[line(adjudication=judged("A1"))], **more)) == expected


def test_a_line_whose_authorization_begins_later_is_approved_ahead() -> None:
    later = [{"url": f"{PAS}/extension-itemPreAuthPeriod", "valuePeriod": {"start": "2027-01-01"}}]
    assert said(decision(addItem=[line(adjudication=judged("A1"), extension=later)])) == "approved"


def test_what_was_authorized_for_a_line_names_the_drug() -> None:
    detail = {"url": "productOrServiceCode", "valueCodeableConcept": concept(DUPILUMAB)}
    authorized = {"url": f"{PAS}/extension-itemAuthorizedDetail", "extension": [detail]}
    item = {"itemSequence": 1, "extension": [authorized], "adjudication": judged("A1")}
    assert said(decision(item=[item])) == "approved"


def test_a_certification_that_was_cancelled_is_a_question() -> None:
    first = decision(preAuthRef="7", addItem=[line(adjudication=judged("A1"))])
    cancelled = {**first, "id": "r2", "addItem": [line(adjudication=judged("C"))]}
    assert said(first, cancelled) == "unclear"
    assert said({**first, "addItem": [line(adjudication=[])]}, cancelled) == "unclear"
    other = {
        **cancelled,
        "preAuthRef": "8",
        "addItem": [line(extension=action("C")[0]["extension"][1:])],
    }
    assert (
        said({**first, "addItem": [line(extension=action("A1")[0]["extension"][1:])]}, other)
        == "approved"
    )


@pytest.mark.parametrize(
    ("system", "code", "expected"),
    [
        (X12, "A1", "approved"),
        (X12, "A3", "denied"),
        (X12, "A4", "unclear"),
        # of the reasons of an adjustment A1 says that the claim was denied
        ("https://x12.org/codes/claim-adjustment-reason-codes", "A1", "unclear"),
    ],
)
def test_a_code_in_the_place_of_the_reason(system: str, code: str, expected: str) -> None:
    reason = concept({"system": system, "code": code})
    assert said(decision(addItem=[line(adjudication=[{"reason": reason}])])) == expected


def detailed(drug: Json, code: str | None = None, **more: Any) -> Json:
    """A detail of a line for a product."""
    return {
        "productOrService": concept(drug),
        **({"adjudication": judged(code)} if code else {}),
        **more,
    }


@pytest.mark.parametrize(
    ("ours", "other", "expected"),
    [
        ("A1", "A3", "approved"),
        ("A3", "A1", "denied"),
        (None, "A1", "unclear"),
        (None, "A3", "unclear"),
    ],
)
def test_of_the_details_of_a_line_those_of_the_drug_count(
    ours: str | None, other: str | None, expected: str
) -> None:
    added = line(METFORMIN, detail=[detailed(METFORMIN, other), detailed(DUPILUMAB, ours)])
    assert said(decision(addItem=[added])) == expected
    below = line(METFORMIN, detail=[{"subDetail": added["detail"]}])
    assert said(decision(addItem=[below])) == expected
    kit = {**request(METFORMIN), "id": "c"}
    kit["item"][0]["detail"] = [
        {"sequence": n, "productOrService": concept(one)}
        for n, one in enumerate((METFORMIN, DUPILUMAB), 1)
    ]
    details = [
        {"detailSequence": n, **({"adjudication": judged(code)} if code else {})}
        for n, code in enumerate((other, ours), 1)
    ]
    item = [{"itemSequence": 1, "detail": details}]
    assert said(decision(contained=[kit], request={"reference": "#c"}, item=item)) == expected


@pytest.mark.parametrize("code", ["A1", "A3"])
def test_details_of_another_line_say_nothing_of_ours(code: str) -> None:
    other = line(METFORMIN, 2, detail=[detailed(METFORMIN, code)])
    assert said(decision(addItem=[line(adjudication=judged("A1")), other])) == "approved"
    assert said(decision(addItem=[line(adjudication=judged("A3")), other])) == "denied"
    assert said(decision(addItem=[line(), other], preAuthRef="7")) == "unclear"


def test_refusal_in_a_detail_of_our_line_counts() -> None:
    detail = [{"adjudication": judged("A3")}]
    assert said(decision(addItem=[line(detail=detail)])) == "denied"
    assert said(decision(addItem=[line(detail=detail, adjudication=judged("A1"))])) == "unclear"
    assert said(decision(addItem=[line(detail=detail)], adjudication=judged("A1"))) == "unclear"


@pytest.mark.parametrize(
    ("whole", "line_code", "more", "expected"),
    [
        ("A1", "A3", {}, "unclear"),
        ("A3", "A1", {}, "unclear"),
        (None, "A3", {"disposition": "Approved"}, "unclear"),
        (None, "A1", {"disposition": "Denied"}, "unclear"),
        (None, "A3", {"processNote": [{"text": "Criteria not met."}]}, "denied"),
    ],
)
def test_refusal_that_is_contradicted_is_neither_approved_nor_denied(
    whole: str | None, line_code: str, more: Json, expected: str
) -> None:
    codes = {"adjudication": judged(whole)} if whole else {}
    assert (
        said(decision(addItem=[line(adjudication=judged(line_code))], **codes, **more)) == expected
    )


@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        ("A3", "2025-12-02", "unclear"),
        ("A3", "2025-12-03", "unclear"),
        ("A3", "2025-12-01", "approved"),
        ("A3", None, "unclear"),
        ("X9", "2025-12-03", "unclear"),
        ("X9", "2025-12-01", "approved"),
        ("A4", "2025-12-03", "approved"),
    ],
)
def test_decision_on_the_same_authorization_must_not_contradict_an_approval(
    code: str, on: str | None, expected: str
) -> None:
    approval = decision(addItem=[line(adjudication=judged("A1"))])
    other = decision(addItem=[line(adjudication=judged(code))], id="r2", created=on)
    assert said(approval, other) == said(other, approval) == expected


def test_a_decision_that_names_nothing_is_a_question() -> None:
    item = [{"itemSequence": 1, "adjudication": judged("A1")}]
    assert said(decision(request={"reference": "Claim/gone"}, item=item)) == "unclear"


@pytest.mark.parametrize(("code", "expected"), [("A1", "renewal"), ("A3", "initial")])
def test_a_decision_may_come_as_an_explanation_of_benefit(code: str, expected: str) -> None:
    more: Any = {
        "use": "preauthorization",
        "insurer": PAYER,
        "item": {"adjudication": judged(code)},
    }
    asked = claim("asked", "2025-12-02", None, DUPILUMAB, **more)
    assert twin([GIVEN, asked], client=BOTH)["path"] == expected


@pytest.mark.parametrize(
    "junk",
    [
        {"item": "x"},
        {
            "item": [
                1,
                None,
                {"itemSequence": "1", "adjudication": [{"extension": [{"extension": 5}]}]},
            ]
        },
        {"addItem": {"productOrService": 5, "adjudication": {"extension": "x"}}},
        {"request": "Claim/1", "preAuthRef": [5], "disposition": 7, "addItem": [[line()]]},
    ],
)
def test_malformed_decision_is_no_error(junk: Json) -> None:
    assert said(decision(**junk)) in ("unclear", "denied")


@pytest.mark.parametrize("name", ["initial", "asthma", "copd", "crswnp", "eoe", "pn"])
def test_a_standard_approval_leads_to_renewal_for_each_indication(name: str) -> None:
    body = fixture(f"{name}-fully-met")
    patient = {"reference": f"Patient/{body['context']['patientId']}"}
    request_ = {**request(DUPILUMAB), "patient": patient}
    answered = [{"itemSequence": 1, "adjudication": judged("A1")}]
    said_ = decision(patient=patient, request={"reference": "Claim/c1"}, item=answered)
    assert answer(body, BOTH, authorizations=[said_, request_])["path"] == "renewal"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Approved for 6 months", "approved"),
        ("Certified as requested", "approved"),
        (None, "approved"),
        ("Retrospective request unapproved", "denied"),
        ("The service is non-certified", "denied"),
        ("Not  medically necessary", "denied"),
        ("Step one refused, step two approved", "unclear"),
        ("Rescission", "unclear"),
        ("Approval lapsed", "unclear"),
        ("Under review", "unclear"),
        ("See the letter", "unclear"),
    ],
)
def test_a_number_without_a_code_approves_beside_plain_words_alone(
    words: str | None, expected: str
) -> None:
    one = decision(preAuthRef="7", addItem=[line(adjudication=[])], disposition=words)
    assert said(one) == expected


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("Criteria not met.", "unclear"),
        ("Valid for 12 months. The authorization was revoked", "unclear"),
        ("Claims may be denied if the member is not eligible.", "approved"),
        ("Approved as requested.", "approved"),
    ],
)
def test_a_note_that_says_the_contrary_makes_a_certification_a_question(
    note: str, expected: str
) -> None:
    notes = [{"number": 1, "text": note}]
    one = decision(addItem=[line(adjudication=judged("A1"))], processNote=notes)
    assert said(one) == expected
    assert said({**one, "created": "2027-03-01"}) == "unclear"
