"""Which URLs are asked for what a request did not bring."""

from typing import Any

import pytest

from service.advise.fetch_queries import (
    keys_to_ask,
    medication_id,
    medications_in,
    reads_of,
    tokens_of,
)
from service.cds.request import HookRequest, parse_hook_request
from service.fhir.fetch import Query, Scopes

BASE = "https://ehr.example/r4"
TEMPLATES = {
    "patient": ("Patient/{{context.patientId}}", None),
    "labs": (
        "Observation?patient={{context.patientId}}&code=x",
        "Observation?patient={{context.patientId}}",
    ),
}
OUTCOME = {"resourceType": "OperationOutcome"}


def request(**prefetch: Any) -> HookRequest:
    draft = {
        "resourceType": "MedicationRequest",
        "id": "rx1",
        "subject": {"reference": "Patient/p1"},
    }
    sent = {
        "hook": "order-sign",
        "hookInstance": "6f1f9c1e-2f0b-4b6e-9d3a-0a1b2c3d4e5f",
        "context": {
            "userId": "Practitioner/doc",
            "patientId": "p1",
            "draftOrders": {"resourceType": "Bundle", "entry": [{"resource": draft}]},
        },
        "prefetch": prefetch,
    }
    return parse_hook_request(sent, frozenset({"order-sign"}))


def asked(scopes: Scopes, **prefetch: Any) -> list[Query]:
    return [*keys_to_ask(request(**prefetch), TEMPLATES, BASE, scopes)]


ANY = Scopes(None)
LABS = f"{BASE}/Observation?patient=p1"
PATIENT = Query("patient", f"{BASE}/Patient/p1")


def test_key_that_did_not_come_is_asked_for_with_its_other_way() -> None:
    assert asked(ANY) == [PATIENT, Query("labs", f"{LABS}&code=x", otherwise=LABS)]


def test_key_that_came_is_not_asked_for_even_if_it_is_null() -> None:
    assert asked(ANY, patient=None, labs={"resourceType": "Bundle"}) == []


def test_search_that_the_ehr_was_refused_is_asked_for_in_its_other_way() -> None:
    assert asked(ANY, patient=OUTCOME, labs=OUTCOME) == [Query("labs", LABS)]


def test_first_of_several_pages_is_gone_on_from() -> None:
    link = {"relation": "next", "url": f"{BASE}?page=2"}
    page = {"resourceType": "Bundle", "link": [link]}
    assert asked(ANY, patient=None, labs=page) == [Query("labs", link["url"], page=page)]
    elsewhere = {**page, "link": [{**link, "url": "https://other.example/r4?page=2"}]}
    assert asked(ANY, patient=None, labs=elsewhere) == []


def test_only_what_the_token_allows_is_asked_for() -> None:
    assert asked(Scopes("patient/Patient.read")) == [PATIENT]
    (part,) = asked(Scopes("patient/Observation.rs?category=laboratory"))
    assert (part.key, part.whole) == ("labs", False)
    assert asked(Scopes("")) == []


def test_tokens_are_those_that_the_request_gives_a_value() -> None:
    assert tokens_of(request()) == {
        "context.patientId": "p1",
        "context.userId": "Practitioner/doc",
        "userPractitionerId": "doc",
    }


@pytest.mark.parametrize(
    ("reference", "id_"),
    [
        ("Medication/m1", "m1"),
        (f"{BASE}/Medication/m1", "m1"),
        ("https://other.example/r4/Medication/m1", None),
        ("#m1", None),
        ("Substance/m1", None),
        ("Medication/../x", None),
    ],
)
def test_medication_is_read_from_that_server_only(reference: str, id_: str | None) -> None:
    assert medication_id({"reference": reference}, BASE) == id_


def test_each_medication_is_read_once() -> None:
    references = [{"reference": name} for name in ("Medication/b", "Medication/a", "Medication/b")]
    assert [one.url for one in reads_of([*references, None, 7], BASE)] == [
        f"{BASE}/Medication/b",
        f"{BASE}/Medication/a",
    ]


def test_nothing_came_along_without_a_source_that_is_read() -> None:
    assert (
        medications_in({"x": {"entry": [{"resource": {"resourceType": "Medication"}}]}}, []) == []
    )
