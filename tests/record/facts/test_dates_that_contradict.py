"""Dates of one entry that contradict each other: the entry proves nothing, and hides nothing."""

from typing import Any

import pytest
from record.facts.test_decisions import decision, judged, line, said
from support.claims import (
    NO_OTHER,
    PAS,
    TRIAL,
    Json,
    answer,
    claim,
    concept,
    fixture,
    node,
    truth,
    twin,
)

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
LOINC = "http://loinc.org"
COUNT = "asthma.initial.phenotype.eosinophilic.marker.blood_eos150"
DISEASE = "asthma.initial.diagnosis.disease"
VISIT = "copd.initial.uncontrolled.severe"
BACK = {"start": "2026-06-20", "end": "2026-01-21"}
UCUM = "http://unitsofmeasure.org"


def _resources(body: Json, key: str) -> list[Json]:
    return [one["resource"] for one in body["prefetch"][key]["entry"]]


def counted(*results: Json) -> Json:
    """The criterion of the count where these are the only counts of eosinophils."""
    body = fixture("asthma-fully-met")
    others = [one for one in _resources(body, "observations") if "711-2" not in str(one)]
    found = [
        {
            "resourceType": "Observation",
            "id": f"eos{n}",
            "status": "final",
            "code": concept({"system": LOINC, "code": "711-2"}),
            "subject": {"reference": f"Patient/{body['context']['patientId']}"},
            "valueQuantity": {"value": 420, "unit": "/uL", "code": "/uL", "system": UCUM},
            **one,
        }
        for n, one in enumerate(results)
    ]
    return node(answer(body, "claims_held", observations=[*others, *found]), COUNT)


@pytest.mark.parametrize(
    "dates",
    [
        {"effectivePeriod": {"start": "2026-11-10", "end": "2026-11-01"}},
        {"effectiveDateTime": "2026-11-10", "effectivePeriod": {"end": "2019-05-01"}},
        {"effectiveDateTime": "2026-11-10", "effectiveInstant": "2016-01-01T00:00:00Z"},
    ],
)
def test_a_result_of_two_times_is_a_question_and_may_be_the_newest(dates: Json) -> None:
    assert counted(dates)["truth"] == "unknown"
    older = {"effectiveDateTime": "2026-03-01"}
    assert (counted(dates, older)["truth"], counted(dates, older)["reason"]) == (
        "unknown",
        "review",
    )
    assert counted(dates, {"effectiveDateTime": "2026-11-15"})["truth"] == "met"


@pytest.mark.parametrize(
    "dates",
    [
        {"effectiveDateTime": "2026-11-10", "effectivePeriod": {"start": "2026-11-09"}},
        {"effectiveDateTime": "2026-11-10", "effectiveInstant": "2026-11-10T23:30:00-08:00"},
        {"effectivePeriod": {"start": "2026-11", "end": "2026-11-01"}},
        {"effectivePeriod": [], "effectiveDateTime": "2026-11-10"},
    ],
)
def test_dates_that_may_be_one_time_decide(dates: Json) -> None:
    assert counted(dates)["truth"] == "met"


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"onsetDateTime": "2020-03-01", "abatementDateTime": "2019-01-01"}, None),
        ({"onsetPeriod": {"start": "2020-03-01", "end": "2019-01-01"}}, None),
        ({"onsetDateTime": "2020-03-01", "abatementDateTime": "2027-01-01"}, "met"),
        ({"onsetPeriod": {"start": "2019-01-01", "end": "2020-03-01"}}, "met"),
    ],
)
def test_a_diagnosis_that_ends_before_it_begins_is_none_for_sure(
    dates: Json, expected: Any
) -> None:
    body = fixture("asthma-fully-met")
    order = body["context"]["draftOrders"]["entry"][0]["resource"]
    order.pop("reasonCode", None)
    order.pop("reasonReference", None)
    one = {
        "resourceType": "Condition",
        "id": "one",
        "subject": {"reference": f"Patient/{body['context']['patientId']}"},
        "clinicalStatus": concept({"code": "active"}),
        "verificationStatus": concept({"code": "confirmed"}),
        "code": concept({"system": ICD, "code": "J45.50"}),
        **dates,
    }
    assert truth(answer(body, "claims_held", conditions=[one]), DISEASE) == expected


def test_a_visit_that_ends_before_it_starts_is_a_question() -> None:
    body = fixture("copd-fully-met")
    visits = _resources(body, "encounters")
    fills = [one for one in _resources(body, "claims") if "dayssupply" in str(one)]
    told = {"encounters": visits, "claims": fills}
    assert truth(answer(fixture("copd-fully-met"), "claims_held", **told), VISIT) == "met"
    told["encounters"] = [{**one, "period": BACK} for one in visits]
    assert truth(answer(body, "claims_held", **told), VISIT) == "unknown"


def test_a_claim_that_ends_before_it_starts_is_a_question() -> None:
    fills = [claim(f"c{n}", f"2026-0{n}-01", 30) for n in range(4, 10)]
    assert truth(twin(fills), TRIAL) == "met"
    back = [{**one, "billablePeriod": BACK} for one in fills]
    assert truth(twin(back), TRIAL) == "unknown"
    line = {"servicedDate": None, "servicedPeriod": BACK}
    lines = [claim(f"c{n}", f"2026-0{n}-01", 30, item=line) for n in range(4, 10)]
    assert truth(twin(lines), TRIAL) == "unknown"


def test_a_therapy_on_a_list_that_ends_before_it_starts_is_a_question() -> None:
    listed = {
        "resourceType": "MedicationStatement",
        "id": "s",
        "status": "completed",
        "subject": {"reference": "Patient/elm"},
        "medicationCodeableConcept": {"text": "Humira"},
        "effectivePeriod": BACK,
    }
    assert truth(twin(medicationStatements=[listed]), NO_OTHER) == "unknown"


def test_a_decision_that_ends_before_it_starts_is_a_question() -> None:
    back, on = (
        {"start": "2026-02-01", "end": "2025-02-01"},
        {"start": "2025-02-01", "end": "2026-12-01"},
    )
    for period, expected in ((back, "unclear"), (on, "approved")):
        approved = line(adjudication=judged("A1"))
        assert said(decision(addItem=[approved], preAuthPeriod=period)) == expected
        own = [{"url": f"{PAS}/extension-itemPreAuthPeriod", "valuePeriod": period}]
        assert said(decision(addItem=[{**approved, "extension": own}])) == expected


def test_a_coverage_that_ends_before_it_starts_decides_nothing_for_sure() -> None:
    body = fixture("initial-fully-met")
    plans = [{**one, "period": BACK} for one in _resources(body, "coverage")]
    assert answer(body, "claims_held", coverage=plans)["outcome"] == "no_policy"
