"""What is suggested for one order: a corrected dose, a reason, tests, the authorization that runs."""

import pytest
from support.fact_case import in_words
from support.visits import DRUG, Json, body_of, drafts_in, question_in, visit_of

from service.advise.assessed_order import assess_order
from service.advise.corrections import Corrections, corrections_for
from service.advise.order_advice import judge_order
from service.clinical.suggestions import Suggestions

CLAIMS = {"claims_held": "2015-01-01"}
TOO_HIGH = {"order": {"dose": "301 mg"}}
CORRECTED = "600 mg once, then 300 mg every 14 days"
ESOPHAGITIS: Json = {
    "age": "16 years",
    "weight": "40 kg",
    "diagnoses": [{"is": "eosinophilic esophagitis"}],
    "order": {"reason": "eosinophilic esophagitis", "loading": None, "quantity": "2 syringes"},
}
ALLERGY = {"allergies": [{"to": "dupilumab"}]}


def suggestions(body: Json, *, alone: bool = False) -> Corrections:
    """What is suggested; `alone`: as if nothing were said of therapies and considerations."""
    visit = visit_of(body, **CLAIMS)
    question = question_in(visit)
    assessed = assess_order(visit, question)
    drafts = drafts_in(visit)
    beside = Suggestions() if alone else judge_order(visit, DRUG, drafts[0], drafts).suggestions
    return corrections_for(visit, question, assessed, beside)


def regimen(found: Corrections) -> str | None:
    return in_words(found.repair.regimen) if found.repair else None


def fixes(found: Corrections) -> list[tuple[str, str]]:
    return [(fix.kind, fix.about) for fix in found.fixes]


@pytest.mark.parametrize(
    ("given", "corrected", "remarks"),
    [
        ({}, None, []),
        (TOO_HIGH, CORRECTED, []),
        ({**TOO_HIGH, "coverage": "Aetna"}, CORRECTED, ["above"]),
        ({"coverage": "Aetna"}, None, []),
        (ESOPHAGITIS, "300 mg every 7 days", ["below"]),
        ({**ESOPHAGITIS, "coverage": "Aetna"}, "300 mg every 7 days", ["below"]),
    ],
    ids=["labelled", "too high", "too high, no policy", "labelled, no policy", "low", "low, alone"],
)
def test_dose_off_the_label_is_remarked_and_corrected(
    given: Json, corrected: str | None, remarks: list[str]
) -> None:
    found = suggestions(body_of(given))
    assert regimen(found) == corrected
    assert [remark.kind for remark in found.dose] == remarks


def test_dose_of_a_drug_that_is_to_be_replaced_is_not_corrected() -> None:
    body = body_of({**TOO_HIGH, **ALLERGY})
    assert regimen(suggestions(body)) is None
    assert regimen(suggestions(body, alone=True)) == CORRECTED


def test_order_that_is_held_gets_no_suggestion() -> None:
    held = body_of(TOO_HIGH, modifierExtension=[{"url": "https://ehr.example/odd"}])
    assert suggestions(held) == Corrections()


def test_other_disease_with_another_labelled_dose_is_remarked() -> None:
    with_eczema = {**ESOPHAGITIS, "diagnoses": [{"is": "atopic dermatitis", "severity": "severe"}]}
    assert "other" in [remark.kind for remark in suggestions(body_of(with_eczema)).dose]
    assert "other" not in [remark.kind for remark in suggestions(body_of(ESOPHAGITIS)).dose]


def test_missing_tests_are_suggested_when_the_order_is_signed_only() -> None:
    signed = suggestions(body_of({}))
    assert fixes(signed)[:2] == [("record", "ad.bsa"), ("record", "ad.pruritus_nrs")]
    assert suggestions(body_of({}, "order-select")).fixes == ()
    assert suggestions(body_of({"coverage": "Aetna"})).fixes == ()


def test_reason_from_the_problem_list_comes_before_the_tests_if_the_order_gives_none() -> None:
    found = suggestions(body_of({"order": {"reason": None}}))
    assert fixes(found)[0] == ("add_reason", "ad")
    assert {kind for kind, _ in fixes(found)[1:]} == {"record"}


def test_reason_alone_is_suggested_where_the_disease_is_not_known() -> None:
    named = [{"is": "atopic dermatitis", "verified": "provisional"}]
    found = suggestions(body_of({"order": {"reason": None}, "diagnoses": named}))
    assert {kind for kind, _ in fixes(found)} <= {"add_reason", "test", "record"}
    assert suggestions(body_of({"order": {"reason": None}, "diagnoses": []})).fixes == ()


def authorized(start: str, end: str, number: str | None = "PA-9") -> Json:
    """The request of a patient with an approval for this time."""
    body = body_of({"approvals": [{"by": "BCBSMS", "on": "100 days ago", "number": number}]})
    approval = body["prefetch"]["authorizations"]["entry"][0]["resource"]
    approval["preAuthPeriod"] = {"start": start, "end": end}
    return body


def test_authorization_that_runs_today_is_told_for_a_renewal() -> None:
    found = suggestions(authorized("2026-08-01", "2027-02-01"))
    assert found.running is not None
    assert (found.running.until.isoformat(), found.running.number) == ("2027-02-01", "PA-9")
    assert suggestions(authorized("2026-08-01", "2026-11-19")).running is None
    assert suggestions(body_of({})).running is None
