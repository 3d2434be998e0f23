"""The discovery document."""

import pytest

from service.cds.discovery import ServiceDescription, discovery


@pytest.mark.conforms("DISC-11", "DISC-12")
def test_members_without_a_value_are_left_out() -> None:
    bare = ServiceDescription("a", "order-sign", "", "What it does.")
    assert discovery([bare]) == {
        "services": [
            {"hook": "order-sign", "description": "What it does.", "id": "a", "version": "2.0.1"}
        ]
    }


def test_a_service_says_what_it_wants_to_know() -> None:
    full = ServiceDescription(
        "a", "order-sign", "A", "Does.", {"patient": "Patient/{{context.patientId}}"}
    )
    entry = {
        "hook": "order-sign",
        "title": "A",
        "description": "Does.",
        "id": "a",
        "prefetch": {"patient": "Patient/{{context.patientId}}"},
        "version": "2.0.1",
    }
    assert discovery([full]) == {"services": [entry]}


@pytest.mark.conforms("DISC-02")
def test_no_services_are_an_empty_array() -> None:
    assert discovery([]) == {"services": []}
