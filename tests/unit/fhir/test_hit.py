"""A coded place in the record: whether it counts, and why not."""

from typing import Any

import pytest
from support.cases.run import library
from support.clinical.patient import DAY

from service.fhir.hit import Hit
from service.fhir.terminology.drugs import Entry
from service.fhir.values.days import Calendar

CONDITION = library().source_of("Condition")
OBSERVATION = library().source_of("Observation")
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
ECZEMA = Entry("ad.condition", "L20.9", "Atopic dermatitis")
TODAY = Calendar(today=DAY.toordinal())
CONFIRMED, REFUTED, PROVISIONAL = "confirmed", "refuted", "provisional"
Json = dict[str, Any]


def status(code: str) -> Json:
    return {"coding": [{"code": code}]}


def diagnosis(verified: str = CONFIRMED, clinical: str = "active", **more: Any) -> Hit:
    resource = {
        "resourceType": "Condition",
        "id": "c1",
        "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": ICD, "code": "L20.9"}]},
        "verificationStatus": status(verified),
        "clinicalStatus": status(clinical),
        **more,
    }
    return Hit(CONDITION, resource, resource, (ECZEMA,), calendar=TODAY)


def measured(status_: str) -> Hit:
    """A measurement of this status."""
    resource = {
        "resourceType": "Observation",
        "id": "o1",
        "status": status_,
        "subject": {"reference": "Patient/p1"},
    }
    return Hit(OBSERVATION, resource, resource, (), calendar=TODAY)


@pytest.mark.parametrize(
    ("hit", "standing", "in_history", "if_unsure"),
    [
        (diagnosis(), "counts", "counts", "counts"),
        (diagnosis(clinical="resolved"), "unusable", "counts", "unusable"),
        (diagnosis(PROVISIONAL), "never", "never", "counts"),
        (diagnosis(REFUTED), "never", "never", "never"),
        (diagnosis(abatementDateTime="2026-01-01"), "unusable", "counts", "unusable"),
    ],
    ids=["active", "resolved", "provisional", "refuted", "ended"],
)
def test_diagnosis_counts_today_in_history_or_if_unsure_ones_do(
    hit: Hit, standing: str, in_history: str, if_unsure: str
) -> None:
    assert (hit.standing, hit.standing_in_history, hit.standing_if_unsure) == (
        standing,
        in_history,
        if_unsure,
    )


@pytest.mark.parametrize(
    ("hit", "doubtful"),
    [
        (diagnosis(), False),
        (diagnosis(REFUTED), False),
        (diagnosis(abatementDateTime="2026-01-01"), False),
        (diagnosis(modifierExtension=[{"url": "https://ehr.example/odd"}]), True),
        (measured("final"), False),
        (measured("registered"), False),
        (measured("cancelled"), False),
        (measured("of no list"), True),
    ],
    ids=[
        *("counts", "refuted", "ended", "unknown modifier"),
        *("final", "registered", "cancelled", "unknown status"),
    ],
)
def test_doubt_is_why_an_entry_could_not_be_understood(hit: Hit, doubtful: bool) -> None:
    assert (hit.doubt is not None) is doubtful


def test_diagnosis_whose_text_names_another_disease_cannot_be_used() -> None:
    coding = {"system": ICD, "code": "L20.9"}
    another, same = (
        diagnosis(code={"coding": [coding], "text": text})
        for text in ("Asthma", "Atopic dermatitis")
    )
    assert (another.standing, another.standing_if_unsure) == ("unusable", "unusable")
    assert another.doubt is not None
    assert (same.standing, same.doubt) == ("counts", None)


def test_place_in_the_record_is_named_by_type_and_id() -> None:
    assert diagnosis().reference == "Condition/c1"


def test_standing_that_is_known_already_is_kept() -> None:
    hit = diagnosis()
    hit.known_standing = "never"
    assert hit.standing == "never"
