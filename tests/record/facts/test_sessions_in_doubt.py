"""Sessions of which nobody knows whether they were given leave the course open, where they could make it."""

from datetime import date, timedelta

import pytest
from support.changed import Json, entries, request, twin

SUPPLY = "ad.initial.trial.systemic_or_phototherapy.phototherapy.supply"
CPT = "http://www.ama-assn.org/go/cpt"


def every(criteria: list[Json]) -> list[Json]:
    return [one for each in criteria for one in (each, *every(each.get("children", [])))]


def judged(status: object, number: int, each: int = 3) -> Json:
    """The criterion for so many sessions of light, one each so many days up to this month."""
    asked = request()
    whose = {"reference": f"Patient/{asked['context']['patientId']}"}
    for index in range(number):
        day = date(2026, 11, 10) - timedelta(days=each * index)
        session = {
            "resourceType": "Procedure",
            "id": f"light-{index}",
            "status": status,
            "subject": whose,
            "code": {"coding": [{"system": CPT, "code": "96910"}]},
            "performedDateTime": day.isoformat(),
        }
        entries(asked, "procedures").append({"resource": session})
    found = every(twin(asked)["criteria"])
    return next(one for one in found if one["id"] == SUPPLY)


@pytest.mark.parametrize("status", ["unknown", "on-hold", "finished", 7, ["completed"]])
def test_a_course_of_unclear_sessions_is_a_question(status: object) -> None:
    found = judged(status, 40)
    assert found["truth"] == "unknown", found


@pytest.mark.parametrize(
    ("status", "number"), [("not-done", 40), ("entered-in-error", 40), ("unknown", 5)]
)
def test_what_was_not_done_or_is_too_short_stays_not_met(status: str, number: int) -> None:
    assert judged(status, number)["truth"] == "not_met"
