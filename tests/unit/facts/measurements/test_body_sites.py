"""Body sites: a result of yes or no decides, else the sites that findings and diagnoses name."""

from typing import Any

import pytest
from support.fact_case import Answer, patient, patient_with, said, worded, written

from service.facts.measurements.body_sites import sites
from service.policy.amount import Span
from service.policy.operators import Compare

FACT = patient().knowledge.facts["ad.palms_soles"]
ASKED = Compare(fact="ad.palms_soles", within=Span(days=90))
DOSE = {"drug": "dupilumab 300 mg syringe", "days": 28}
Json = dict[str, Any]


def found(asked: Compare = ASKED, **given: Any) -> Answer:
    return worded(sites(patient(**given), FACT, asked))


def result(value: str, on: str = "10 days ago", **more: object) -> Json:
    return {"what": "palms or soles", "value": value, "on": on, **more}


def eczema(site: str | None = None, **more: object) -> Json:
    entry: Json = {"is": "atopic dermatitis (SNOMED)", "severity": "severe", **more}
    return entry | ({"site": site} if site else {})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([result("yes")], "met"),
        ([result("no")], "not_met"),
        ([result("yes", "90 days ago")], "met"),
        ([result("yes", "91 days ago")], "unknown stale"),
        ([result("yes", status="cancelled")], "unknown not_found"),
        ([result("no", "50 days ago"), result("yes")], "met"),
        ([result("yes"), result("no")], "unknown conflict"),
        ([], "unknown not_found"),
    ],
    ids=["yes", "no", "in time", "too old", "cancelled", "no, then yes", "both", "none"],
)
def test_newest_result_of_yes_or_no_decides(given: list[Json], expected: str) -> None:
    assert said(found(findings=given)) == expected


@pytest.mark.parametrize(
    ("diagnosis", "expected"),
    [
        (eczema("palm"), "met"),
        (eczema("palm", verified="refuted"), "unknown not_found"),
        (eczema("trunk"), "not_met"),
        (eczema(), "unknown not_found"),
    ],
    ids=["a site of the fact", "refuted", "another site", "no site"],
)
def test_site_of_a_diagnosis_decides_where_no_result_does(diagnosis: Json, expected: str) -> None:
    assert said(found(diagnoses=[diagnosis])) == expected


def test_diagnosis_at_the_site_contradicts_a_result_of_no() -> None:
    both = found(diagnoses=[eczema("palm")], findings=[result("no")])
    assert said(both) == "unknown conflict"
    assert len(both.evidence) == 2


def test_other_site_beside_the_fact_s_own_does_not_matter() -> None:
    assert said(found(diagnoses=[eczema("palm"), eczema("trunk")])) == "met"


def test_miss_tells_what_was_recorded() -> None:
    assert found(findings=[result("no")]).miss == "recorded as no"
    assert found(diagnoses=[eczema("trunk")]).miss


def before(on: str, value: str, **more: Any) -> Answer:
    """A patient whose first dose was 60 days ago."""
    claims = [{**DOSE, "on": "60 days ago"}]
    return found(findings=[result(value, on)], claims=claims, claims_held="2015-01-01", **more)


@pytest.mark.parametrize(
    ("on", "value", "expected"),
    [
        ("70 days ago", "yes", "met"),
        ("70 days ago", "no", "not_met"),
        ("10 days ago", "yes", "met"),
    ],
)
def test_result_before_the_first_dose_decides_for_a_treated_patient(
    on: str, value: str, expected: str
) -> None:
    assert said(before(on, value)) == expected


def test_no_under_treatment_says_nothing_of_the_time_before() -> None:
    assert before("10 days ago", "no").truth == "unknown"


OURS = "https://dupilumab-cds.github.io/fhir/CodeSystem/finding"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("EASI", "met"), ("EASI: palms", "met"), ("EASI goal", "unknown not_found")],
)
def test_finding_of_one_site_alone_tells_of_that_site(text: str, expected: str) -> None:
    easi = {
        "resourceType": "Observation",
        "id": "easi",
        "status": "final",
        "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": OURS, "code": "EASI"}], "text": text},
        "effectiveDateTime": written(5),
        "valueInteger": 12,
        "bodySite": {"text": "left palm"},
    }
    case = patient_with("observations", easi)
    assert said(worded(sites(case, FACT, ASKED))) == expected
