"""Statuses in several codings: a translation adds nothing, a contradiction leaves it open."""

from typing import Any

import pytest
from support.changed import Json, entries, first, order, request, twin

CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFIED = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
SNOMED = "http://snomed.info/sct"
LOCAL = "https://ehr.example.org/status"


def concept(*codings: tuple[str | None, str, str | None], text: str | None = None) -> Json:
    found: list[Json] = []
    for system, code, display in codings:
        one: Json = {"code": code}
        one.update({"system": system} if system else {})
        one.update({"display": display} if display else {})
        found.append(one)
    return {"coding": found, **({"text": text} if text else {})}


def of(name: str, *said: Any, text: str | None = None) -> tuple[str, Json]:
    return name, concept(*((*one, None)[:3] for one in said), text=text)


OPEN = {
    "active and in remission": of("clinicalStatus", (CLINICAL, "active"), (CLINICAL, "remission")),
    "relapse and inactive": of("clinicalStatus", (CLINICAL, "relapse"), (CLINICAL, "inactive")),
    "active, called resolved": of("clinicalStatus", (CLINICAL, "active", "Resolved")),
    "active, and a text": of("clinicalStatus", (CLINICAL, "active"), text="Inactive"),
    "active, and SNOMED CT": of(
        "clinicalStatus", (CLINICAL, "active"), (SNOMED, "73425007", "Inactive")
    ),
    "active and a word of no list": of("clinicalStatus", (CLINICAL, "active"), (CLINICAL, "past")),
    "confirmed and provisional": of(
        "verificationStatus", (VERIFIED, "confirmed"), (VERIFIED, "provisional")
    ),
    "confirmed and refuted": of(
        "verificationStatus", (VERIFIED, "confirmed"), (VERIFIED, "refuted")
    ),
}
SURE = {
    "active and recurrence": of("clinicalStatus", (CLINICAL, "active"), (CLINICAL, "recurrence")),
    "active twice": of("clinicalStatus", (CLINICAL, "active"), (None, "active")),
    "active and its translation": of(
        "clinicalStatus", (CLINICAL, "active", "Active"), (SNOMED, "55561003", "Active")
    ),
    "active and a local code": of("clinicalStatus", (CLINICAL, "active"), (LOCAL, "3", "Open")),
    "active and words": of("clinicalStatus", (CLINICAL, "active"), text="Problem is active"),
    "confirmed in two systems": of(
        "verificationStatus", (VERIFIED, "confirmed"), (SNOMED, "410605003", "Confirmed present")
    ),
}


def with_status(name: str, said: Json) -> Json:
    asked = request()
    del order(asked)["reasonCode"]
    first(asked, "conditions")[name] = said
    return asked


@pytest.mark.parametrize(("name", "said"), OPEN.values(), ids=OPEN)
def test_a_status_that_contradicts_itself_is_open(name: str, said: Json) -> None:
    assert twin(with_status(name, said))["outcome"] == "unknown"


@pytest.mark.parametrize(("name", "said"), SURE.values(), ids=SURE)
def test_a_status_in_two_codes_stands(name: str, said: Json) -> None:
    assert twin(with_status(name, said))["outcome"] == "met"


ONSETS: dict[str, tuple[Json, bool]] = {
    "next spring": ({"onsetDateTime": "2027-04-01"}, False),
    "in two years": ({"onsetDateTime": "2028"}, False),
    "a period to come": ({"onsetPeriod": {"start": "2027-01", "end": "2027-02"}}, False),
    "tomorrow": ({"onsetDateTime": "2026-11-22"}, False),
    "today": ({"onsetDateTime": "2026-11-21"}, True),
    "this year, perhaps later": ({"onsetDateTime": "2026"}, True),
    "words": ({"onsetString": "in 2030 perhaps"}, True),
    "what cannot be read": ({"onsetDateTime": "04/01/2027"}, True),
}


@pytest.mark.parametrize(("onset", "counts"), ONSETS.values(), ids=ONSETS)
def test_a_problem_that_begins_later_is_none_yet(onset: Json, counts: bool) -> None:
    asked = request()
    del order(asked)["reasonCode"]
    assert twin(asked)["outcome"] == "met"
    first(asked, "conditions").update(onset)
    assert twin(asked)["outcome"] == ("met" if counts else "unknown")


@pytest.mark.parametrize(
    ("codes", "truth"),
    [(("active", "resolved"), "unknown"), (("resolved",), "not_met")],
)
def test_an_allergy_that_is_active_and_resolved_is_a_question(
    codes: tuple[str, ...], truth: str
) -> None:
    """Of two codings the worse for the order was once taken for none at all."""
    clinical = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
    asked = request()
    whose = {"reference": f"Patient/{asked['context']['patientId']}"}
    allergy = {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "patient": whose,
        "code": {"text": "Dupixent"},
        "clinicalStatus": concept(*((clinical, one, None) for one in codes)),
    }
    entries(asked, "allergies").append({"resource": allergy})
    found = {one["id"]: one for one in _every(twin(asked)["criteria"])}
    hypersensitivity = found["common.initial.no_contraindication.hypersensitivity"]
    assert hypersensitivity["truth"] == truth


def _every(criteria: list[Json]) -> list[Json]:
    return [one for each in criteria for one in (each, *_every(each.get("children", [])))]
