"""Over a real server: it is left alone when it asks, and Medications share the time of the keys."""

from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest
from flask import Flask
from support.ehr import PATIENT, SIGN, Json, sent, states, story, twin
from support.live_ehr import SOON, Server

CREAM, OINTMENT = (
    one["resource"]["item"][0]["productOrService"] for one in story()["prefetch"]["claims"]["entry"]
)
FILLS = {
    "resourceType": "Bundle",
    "entry": [
        {
            "resource": {
                "resourceType": "MedicationDispense",
                "id": f"fill-{name}",
                "status": "completed",
                "subject": {"reference": f"Patient/{PATIENT}"},
                "medicationReference": {"reference": f"Medication/{name}"},
                "whenHandedOver": "2026-08-05",
            }
        }
        for name in ("cream", "ointment")
    ],
}
MEDICATIONS: dict[str, Json | str] = {
    f"Medication/{name}": {"resourceType": "Medication", "id": name, "code": code}
    for name, code in (("cream", CREAM), ("ointment", OINTMENT))
}


def ask(app: Flask, body: Json) -> Any:
    return app.test_client().post(f"/cds-services/{SIGN}", json=body)


@pytest.mark.conforms("FHA-04")
def test_server_that_asks_to_retry_later_is_not_called_before(
    house: Callable[..., Flask], server: Server
) -> None:
    server.claims = "busy"
    app, body = house(server.base), sent("claims", base=server.base)
    assert [states(ask(app, body))["claims"] for _ in range(3)] == ["failed"] * 3
    assert server.asked == ["ExplanationOfBenefit"]


@pytest.mark.conforms("FHA-04")
def test_a_medication_that_does_not_come_costs_the_deadline_at_most(
    house: Callable[..., Flask], server: Server
) -> None:
    body = sent("encounters", base=server.base)
    body["prefetch"]["dispenses"] = FILLS
    server.also = MEDICATIONS | {"Medication/cream": "hang"}
    began = monotonic()
    answer = ask(house(server.base, 1.0), body)
    assert monotonic() - began < SOON
    assert [one["key"] for one in twin(answer)["data"] if one.get("unread")] == ["dispenses"]
    assert "MedicationDispense/fill-ointment" in answer.get_data(as_text=True)


@pytest.mark.conforms("FHA-04", "FHA-07")
def test_a_key_that_hangs_leaves_time_for_the_medications_behind_another(
    house: Callable[..., Flask], server: Server
) -> None:
    server.also = MEDICATIONS | {"MedicationDispense": FILLS}
    answer = ask(house(server.base, 2.0), sent("claims", "dispenses", base=server.base))
    found = states(answer)
    assert (found["claims"], found["dispenses"]) == ("failed", "complete")
