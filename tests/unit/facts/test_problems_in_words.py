"""Problems whose words may be a risk, or harm by a drug."""

import pytest
from support.fact_case import patient, patient_with, said, worded, written

from service.facts.recorded import recorded
from service.policy.operators import Recorded

Json = dict[str, object]
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"


def found(fact: str, **problem: object) -> str:
    """A problem in words, active since a month ago unless it says otherwise."""
    entry: Json = {"coded": "no", "on": "30 days ago", **problem}
    return said(worded(recorded(patient(diagnoses=[entry]), Recorded(fact=(fact,)))))


@pytest.mark.parametrize(
    ("fact", "name", "expected"),
    [
        ("safety.mace", "h/o stroke", "unknown review"),
        ("safety.mace", "MI", "unknown review"),
        ("safety.mace", "stroke, no residual deficit", "unknown review"),
        ("safety.mace", "no history of stroke", "unknown not_found"),
        ("safety.mace", "heat stroke", "unknown not_found"),
        ("safety.vte", "History of DVT", "unknown review"),
        ("safety.vte", "CRP (C-reactive protein) high", "unknown not_found"),
        ("safety.malignancy", "Breast cancer 2020", "unknown review"),
        ("safety.malignancy", "Family history of breast cancer", "unknown not_found"),
        ("safety.malignancy", "Benign tumor of the breast", "unknown not_found"),
        ("safety.smoking", "Former smoker, quit 2015", "unknown review"),
        ("safety.malignancy", "IUD in situ", "unknown not_found"),
        ("safety.pregnancy", "Gravida 2 para 2", "unknown not_found"),
        ("safety.smoking", "Never smoker", "unknown not_found"),
        ("safety.hepatitis_b", "chronic hepatitis B carrier", "unknown review"),
        ("safety.hepatitis_b", "Hepatitis B vaccination", "unknown not_found"),
        ("safety.immunodeficiency", "Bilateral hearing aids", "unknown not_found"),
    ],
)
def test_words_that_point_at_a_risk_are_a_question(fact: str, name: str, expected: str) -> None:
    assert found(fact, **{"is": name}) == expected


@pytest.mark.parametrize(
    ("fact", "status", "expected"),
    [
        ("safety.mace", "resolved", "unknown review"),
        ("safety.infection", "resolved", "unknown not_found"),
    ],
)
def test_what_is_over_is_a_question_only_where_the_history_counts(
    fact: str, status: str, expected: str
) -> None:
    name = "left sided stroke with pneumonia"
    assert found(fact, **{"is": name, "status": status}) == expected


def test_words_point_at_no_disease_that_a_policy_asks_for() -> None:
    assert found("asthma.diagnosis", **{"is": "wheezing all winter"}) == "unknown not_found"


@pytest.mark.parametrize(
    ("on", "expected"), [("10 months ago", "met"), ("306 days ago", "unknown review")]
)
def test_a_pregnancy_lasts_no_longer_than_ten_months(on: str, expected: str) -> None:
    given = patient(gender="female", diagnoses=[{"is": "pregnancy", "on": on}])
    assert said(worded(recorded(given, Recorded(fact=("safety.pregnancy",))))) == expected


def test_a_pregnancy_of_a_male_patient_is_a_question() -> None:
    given = patient(gender="male", diagnoses=[{"is": "pregnancy", "on": "30 days ago"}])
    finding = worded(recorded(given, Recorded(fact=("safety.pregnancy",))))
    assert said(finding) == "unknown review"
    assert "recorded gender" in finding.evidence[0].value


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Allergy to dupilumab (anaphylaxis 2024)", "unknown review"),
        ("Dupixent intolerance", "unknown review"),
        ("Long-term use of dupilumab", "not_met"),
        ("Allergy to penicillin", "not_met"),
    ],
)
def test_a_problem_that_names_the_drug_beside_harm_is_a_question(name: str, expected: str) -> None:
    assert found("safety.hypersensitivity", **{"is": name}) == expected


def test_a_question_alone_is_asked_for_with_perhaps() -> None:
    asked = Recorded(fact=("safety.hypersensitivity",), perhaps=True)
    doubtful: Json = {"is": "Allergy to dupilumab", "coded": "no"}
    assert said(worded(recorded(patient(diagnoses=[doubtful]), asked))) == "met"
    sure = patient(allergies=[{"to": "dupilumab 300 mg syringe"}])
    assert said(worded(recorded(sure, asked))).startswith("unknown")
    assert said(worded(recorded(patient(), asked))).startswith("unknown")


def test_harm_is_told_by_any_entry_that_names_the_drug() -> None:
    asked = Recorded(fact=("safety.hypersensitivity",))

    def told(key: str, type_: str, **more: object) -> list[str]:
        subject = {"reference": "Patient/p1"}
        case = patient_with(key, {"resourceType": type_, "id": "e1", "subject": subject, **more})
        return [shown.value for shown in worded(recorded(case, asked)).evidence]

    reason = [{"text": "Anaphylaxis after Dupixent"}]
    expected = ["Anaphylaxis after Dupixent"]
    assert told("encounters", "Encounter", status="finished", reasonCode=reason) == expected
    assert told("procedures", "Procedure", status="completed", reasonCode=reason) == expected
    assert told("medications", "MedicationRequest", status="active", reasonCode=reason) == expected
    denied = [{"text": "No reaction to Dupixent"}]
    assert told("encounters", "Encounter", status="finished", reasonCode=denied) == []
    note = [{"text": "Dry skin. Angioedema after Dupixent. On creams."}]
    assert told("conditions", "Condition", code={"text": "Eczema"}, note=note) == [
        "Angioedema after Dupixent"
    ]
    assert told("procedures", "Procedure", status="completed", note=note) == [
        "Angioedema after Dupixent"
    ]
    assert told("procedures", "Procedure", status="entered-in-error", note=note) == []


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ({"text": "Pulmonary embolism"}, ["Pulmonary embolism"]),
        ({"text": "r/o pulmonary embolism"}, ["r/o pulmonary embolism"]),
        ({"text": "family history of pulmonary embolism"}, []),
        ({"text": "knee pain; no DVT"}, []),
        ({"coding": [{"system": ICD10, "code": "I26.99"}], "text": "no embolism"}, ["no embolism"]),
        ({"coding": [{"system": ICD10, "code": "M25.561"}], "text": "DVT leg"}, []),
    ],
)
def test_a_reason_of_a_visit_may_be_a_risk(reason: Json, expected: list[str]) -> None:
    visit = {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "subject": {"reference": "Patient/p1"},
        "reasonCode": [reason],
    }
    finding = worded(recorded(patient_with("encounters", visit), Recorded(fact=("safety.vte",))))
    assert [shown.value for shown in finding.evidence] == expected
    assert said(finding) == ("unknown review" if expected else "unknown not_supplied")


@pytest.mark.parametrize(
    ("status", "expected"), [("completed", ["Coronary artery bypass graft x3"]), ("not-done", [])]
)
def test_the_name_of_a_procedure_may_point_at_a_risk(status: str, expected: list[str]) -> None:
    bypass = {
        "resourceType": "Procedure",
        "id": "p1",
        "status": status,
        "subject": {"reference": "Patient/p1"},
        "code": {"text": "Coronary artery bypass graft x3"},
    }
    case = patient_with("procedures", bypass)
    finding = worded(recorded(case, Recorded(fact=("safety.mace",))))
    assert [shown.value for shown in finding.evidence] == expected


@pytest.mark.parametrize(
    ("day", "expected"), [(30, "unknown review"), (400, "unknown not_supplied")]
)
def test_a_risk_that_does_not_last_is_not_asked_about_for_ever(day: int, expected: str) -> None:
    claim = {
        "resourceType": "ExplanationOfBenefit",
        "id": "x1",
        "status": "active",
        "patient": {"reference": "Patient/p1"},
        "billablePeriod": {"start": written(day), "end": written(day)},
        "diagnosis": [
            {"diagnosisCodeableConcept": {"coding": [{"system": ICD10, "code": "Z34.92"}]}}
        ],
    }
    finding = worded(recorded(patient_with("claims", claim), Recorded(fact=("safety.pregnancy",))))
    assert said(finding) == expected
