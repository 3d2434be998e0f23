"""Medications that fills and orders of the record only refer to are had too, and nothing for nothing."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from requests import PreparedRequest
from support.ehr import BASE, PATIENT, SELECT, Ehr, Json, sent, states, story, twin
from werkzeug.test import TestResponse

Call = Callable[..., TestResponse]
SUPPLY = ("ad.initial.trial.tcs_and_tci.tcs.supply", "ad.initial.trial.tcs_and_tci.tci.supply")
DRUGS = {
    f"m{n}": one["resource"]["item"][0]["productOrService"]
    for n, one in enumerate(story()["prefetch"]["claims"]["entry"])
}
OURS = {"id", "content"}


def bundle(*resources: Json) -> Json:
    entries = [{"resource": one} for one in resources]
    return {"resourceType": "Bundle", "type": "searchset", "entry": entries}


def medication(id_: str) -> Json:
    return {"resourceType": "Medication", "id": id_, "code": DRUGS.get(id_, {"text": "x"})}


def fill(id_: str, reference: str | None = None, **more: Any) -> Json:
    """Six weeks' supply of a Medication that it only refers to."""
    return {
        "resourceType": "MedicationDispense",
        "id": f"fill-{id_}",
        "status": "completed",
        "subject": {"reference": f"Patient/{PATIENT}"},
        "medicationReference": {"reference": reference or f"Medication/{id_}"},
        "whenHandedOver": "2026-08-05",
        "daysSupply": {"value": 45},
        **more,
    }


def order(id_: str, **more: Any) -> Json:
    """An order of the chart that refers to its Medication."""
    return {
        "resourceType": "MedicationRequest",
        "id": f"order-{id_}",
        "status": "active",
        "intent": "order",
        "subject": {"reference": f"Patient/{PATIENT}"},
        "medicationReference": {"reference": f"Medication/{id_}"},
        **more,
    }


def request(*resources: Json, missing: str = "encounters", scope: str = "user/*.read") -> Json:
    """The story without claims and with these fills instead; one key that was not sent."""
    body = sent(missing, scope=scope)
    body["prefetch"]["claims"] = None
    body["prefetch"]["dispenses"] = bundle(*resources)
    return body


def serve(ehr: Ehr, *ids: str) -> None:
    """The story's keys, and these Medications."""
    ehr.serve("dispenses")
    for id_ in ids:
        ehr.mock.get(f"{BASE}/Medication/{id_}", json=medication(id_))


def asked(ehr: Ehr) -> list[str]:
    """The Medications that were asked for, in order of the alphabet."""
    paths = [urlsplit(one).path.removeprefix("/fhir/") for one in ehr.asked()]
    return [one for one in paths if one.startswith("Medication/")]


def unread(answer: TestResponse) -> int:
    """How many dispenses could not be read."""
    return sum(one.get("unread", 0) for one in twin(answer)["data"] if one["key"] == "dispenses")


def supplies(answer: TestResponse) -> list[str]:
    """Whether either supply counts."""
    found: dict[str, str] = {}

    def walk(node: Json) -> None:
        found[node["id"]] = node["truth"]
        for child in node.get("children", ()):
            walk(child)

    for one in twin(answer)["criteria"]:
        walk(one)
    return [found[name] for name in SUPPLY]


FILLS = fill("m0"), fill("m1")


@pytest.mark.conforms("FHA-07")
def test_a_fill_counts_as_if_its_medication_had_been_sent(call: Call, ehr: Ehr) -> None:
    serve(ehr, "m0", "m1")
    supplied = request(*FILLS, medication("m0"), medication("m1"))
    there = call(supplied)
    assert asked(ehr) == []
    fetched = call(request(*FILLS))
    assert asked(ehr) == ["Medication/m0", "Medication/m1"]
    assert supplies(fetched) == ["met", "met"]
    assert {k: v for k, v in twin(fetched).items() if k not in OURS} == {
        k: v for k, v in twin(there).items() if k not in OURS
    }


@pytest.mark.conforms("FHA-07")
def test_referenced_medications_are_fetched_when_every_key_was_sent(call: Call, ehr: Ehr) -> None:
    serve(ehr, "m0", "m1")
    body = request(*FILLS)
    body["prefetch"]["encounters"] = None
    answer = call(body)
    assert (states(answer)["dispenses"], twin(answer)["outcome"]) == ("complete", "met")
    assert len(ehr.asked()) == 2


@pytest.mark.conforms("FHA-07")
@pytest.mark.parametrize("prefetched", [True, False])
def test_medications_of_a_fetched_key_are_fetched_in_a_second_round(
    call: Call, ehr: Ehr, *, prefetched: bool
) -> None:
    serve(ehr, "m0", "m1")
    ehr.mock.get(f"{BASE}/MedicationDispense", json=bundle(*FILLS))
    body = request(missing="dispenses")
    del body["prefetch"]["dispenses"]
    if prefetched:
        # one of them is asked for in the first round already
        body["prefetch"]["medications"] = bundle(order("m0"))
    answer = call(body)
    assert (states(answer)["dispenses"], supplies(answer)) == ("complete", ["met", "met"])
    assert asked(ehr) == ["Medication/m0", "Medication/m1"]


@pytest.mark.conforms("FHA-04", "FHA-07")
@pytest.mark.parametrize(
    "fault", [{"status": 404}, {"status": 500}, {"json": medication("m2")}, {"body": "<html>"}]
)
def test_medication_that_cannot_be_fetched_leaves_its_fill_unknown(
    call: Call, ehr: Ehr, fault: dict[str, Any]
) -> None:
    serve(ehr, "m0")
    ehr.mock.get(f"{BASE}/Medication/m1", **fault)
    answer = call(request(*FILLS))
    assert unread(answer)
    assert supplies(answer) == ["met", "unknown"]


def test_medication_that_failed_is_not_fetched_again_in_the_second_round(
    call: Call, ehr: Ehr
) -> None:
    serve(ehr, "m1")
    ehr.mock.get(f"{BASE}/Medication/m0", status=404)
    ehr.mock.get(f"{BASE}/MedicationDispense", json=bundle(*FILLS))
    body = request(missing="dispenses")
    del body["prefetch"]["dispenses"]
    body["prefetch"]["medications"] = bundle(order("m0"))
    assert unread(call(body))
    assert asked(ehr) == ["Medication/m0", "Medication/m1"]


SCOPES = {
    "user/Medication.r user/Encounter.s": 2,
    "user/Medication.read": 2,
    "user/Medication.s": 0,
    "user/MedicationDispense.rs user/Encounter.rs": 0,
    "user/*.s": 0,
}


@pytest.mark.conforms("FHA-06")
@pytest.mark.parametrize(("scope", "count"), SCOPES.items())
def test_medications_are_not_fetched_without_a_scope(
    call: Call, ehr: Ehr, scope: str, count: int
) -> None:
    serve(ehr, "m0", "m1")
    answer = call(request(*FILLS, scope=scope))
    assert len(asked(ehr)) == count
    assert unread(answer) == (0 if count else len(FILLS))


ELSEWHERE = [
    "https://evil.example/fhir/Medication/m0",
    "https://ehr.example.org/other/Medication/m0",
    "https://ehr.example.org/fhir/../Medication/m0",
    "Medication/..",
    "Medication/a b",
    "Medication?identifier=m0",
    "urn:uuid:m0",
    "Patient/m0",
    "#m0",
    "",
]


@pytest.mark.conforms("FHA-05")
@pytest.mark.parametrize("reference", ELSEWHERE)
def test_medication_on_another_server_is_not_fetched(call: Call, ehr: Ehr, reference: str) -> None:
    ehr.serve()
    body = request(fill("m0", medicationReference={"reference": reference}))
    assert unread(call(body))
    assert asked(ehr) == []


@pytest.mark.conforms("FHA-07")
def test_what_came_from_another_server_names_things_of_that_server(call: Call, ehr: Ehr) -> None:
    elsewhere = "https://elsewhere.example.org/fhir"
    serve(ehr, "m0", "m1")
    body = request(fill("m0"), fill("m1"))
    entries = body["prefetch"]["dispenses"]["entry"]
    entries[0]["fullUrl"] = f"{elsewhere}/MedicationDispense/fill-m0"
    entries[1]["fullUrl"] = f"{BASE}/MedicationDispense/fill-m1"
    theirs = {**medication("m0"), "id": "m1"}
    entries.append({"fullUrl": f"{elsewhere}/Medication/m1", "resource": theirs})
    answer = call(body)
    assert asked(ehr) == ["Medication/m1"]
    # a relative reference to the patient is one to that server's patient
    assert states(answer)["dispenses"] == "foreign"


@pytest.mark.conforms("FHA-07")
@pytest.mark.parametrize("reference", [f"{BASE}/Medication/m0", "Medication/m0/_history/3"])
def test_every_way_to_name_one_below_the_base_is_taken(
    call: Call, ehr: Ehr, reference: str
) -> None:
    serve(ehr, "m0", "m1")
    answer = call(request(fill("m0", reference), fill("m1")))
    assert asked(ehr) == ["Medication/m0", "Medication/m1"]
    assert supplies(answer) == ["met", "met"]


CAME = {
    "contained": [fill("m0", "#m0", contained=[medication("m0")])],
    "included": [fill("m0"), medication("m0")],
    "an entry's address": [fill("m0", "urn:uuid:m0"), medication("m0")],
    "coded": [fill("m0", medicationCodeableConcept=DRUGS["m0"], medicationReference=None)],
}


@pytest.mark.parametrize("resources", CAME.values(), ids=CAME)
def test_medication_that_was_sent_is_not_fetched(
    call: Call, ehr: Ehr, resources: list[Json]
) -> None:
    ehr.serve()
    body = request(*resources)
    for entry in body["prefetch"]["dispenses"]["entry"]:
        if entry["resource"]["resourceType"] == "Medication":
            entry |= {"fullUrl": "urn:uuid:m0", "search": {"mode": "include"}}
    answer = call(body)
    assert (states(answer)["dispenses"], supplies(answer)[0]) == ("complete", "met")
    assert asked(ehr) == []


NOT_ASKED = {
    "of somebody else": fill("m0", subject={"reference": "Patient/somebody-else"}),
    "entered in error": fill("m0", status="entered-in-error"),
    "a draft": order("m0", status="draft"),
    "of another type": {**fill("m0"), "resourceType": "Basic"},
    "of no shape": {"resourceType": "MedicationDispense", "medicationReference": [7, "x", None]},
}


@pytest.mark.conforms("PRE-09")
@pytest.mark.parametrize("resource", NOT_ASKED.values(), ids=NOT_ASKED)
def test_fill_that_cannot_count_fetches_no_medication(call: Call, ehr: Ehr, resource: Json) -> None:
    ehr.serve()
    body = request()
    key = "medications" if resource["resourceType"] == "MedicationRequest" else "dispenses"
    body["prefetch"][key] = bundle(resource)
    call(body)
    assert asked(ehr) == []


@pytest.mark.parametrize("key", ["medicationStatements", "medications", "dispenses"])
@pytest.mark.parametrize("value", [7, [], {"entry": 7}, bundle() | {"entry": [7, {"resource": 7}]}])
def test_malformed_key_fetches_no_medication(call: Call, ehr: Ehr, key: str, value: object) -> None:
    ehr.serve()
    body = request()
    body["prefetch"][key] = value
    twin(call(body))
    assert asked(ehr) == []


def test_nothing_is_asked_for_an_order_of_another_drug_or_one_being_made(
    call: Call, ehr: Ehr
) -> None:
    body = request(*FILLS)
    made = body | {"hook": "order-select"}
    made["context"] = {**body["context"], "selections": ["MedicationRequest/rx1"]}
    assert call(made, SELECT).status_code == 200
    draft = body["context"]["draftOrders"]["entry"][0]["resource"]
    draft["medicationCodeableConcept"] = {"text": "amoxicillin"}
    assert call(body).json == {"cards": []}
    assert ehr.asked() == []


@pytest.mark.conforms("FHA-05")
@pytest.mark.parametrize("prefetched", [True, False])
def test_at_most_forty_medications_are_fetched_those_of_fills_first(
    call: Call, ehr: Ehr, *, prefetched: bool
) -> None:
    serve(ehr, "m0", "m1", *(f"x{n}" for n in range(60)))
    body = request(missing="dispenses")
    body["prefetch"]["medications"] = bundle(*(order(f"x{n}") for n in range(60)))
    if prefetched:
        body["prefetch"]["dispenses"] = bundle(*FILLS)
    else:
        del body["prefetch"]["dispenses"]
        ehr.mock.get(f"{BASE}/MedicationDispense", json=bundle(*FILLS))
    answer = call(body)
    assert asked(ehr) == sorted(
        f"Medication/{one}" for one in ("m0", "m1", *(f"x{n}" for n in range(38)))
    )
    assert supplies(answer) == ["met", "met"]


def test_a_medication_that_was_fetched_is_no_evidence_by_itself(call: Call, ehr: Ehr) -> None:
    serve(ehr, "m0", "m1")
    body, coded = request(), request()
    body["prefetch"]["medications"] = bundle(*map(order, DRUGS))
    coded["prefetch"]["medications"] = bundle(
        *(
            order(id_, medicationReference=None, medicationCodeableConcept=one)
            for id_, one in DRUGS.items()
        )
    )
    answer = call(body)
    assert {k: v for k, v in twin(answer).items() if k not in OURS} == {
        k: v for k, v in twin(call(coded)).items() if k not in OURS
    }
    assert len(asked(ehr)) == 2
    assert "Medication/m" not in answer.get_data(as_text=True)


@pytest.mark.conforms("FHA-07")
def test_the_drug_ordered_and_the_drugs_taken_may_both_be_behind_references(
    call: Call, ehr: Ehr
) -> None:
    body = request(*FILLS)
    draft = body["context"]["draftOrders"]["entry"][0]["resource"]
    ordered = medication("ordered") | {"code": draft.pop("medicationCodeableConcept")}
    draft["medicationReference"] = {"reference": "Medication/ordered"}
    serve(ehr, "m0", "m1")
    ehr.mock.get(f"{BASE}/Medication/ordered", json=ordered)
    answer = call(body)
    assert twin(answer)["outcome"] == "met"
    assert asked(ehr) == [f"Medication/{one}" for one in ("m0", "m1", "ordered")]


@pytest.mark.conforms("FHA-04")
def test_waiting_queries_are_dropped_when_the_server_asks_to_retry_later(
    call: Call, ehr: Ehr
) -> None:
    def busy(_: PreparedRequest) -> tuple[int, dict[str, str], str]:
        return 429, {"Retry-After": "7"}, ""

    for n in range(40):
        ehr.mock.add_callback("GET", f"{BASE}/Medication/x{n}", busy)
    body = request(*(fill(f"x{n}") for n in range(40)))
    body["prefetch"]["encounters"] = None
    assert unread(call(body))
    assert len(ehr.asked()) <= 24
