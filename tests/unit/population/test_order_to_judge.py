"""The order that is judged: the active one, else the last; or one order for all with its disease."""

import json
from typing import Any

import pytest
from support.membership import documents, resources_of

from service.errors import PopulationError
from service.population.order_to_judge import order_for_all, own_orders
from service.population.patients_of_part import AFTER, BEFORE, PatientResources, SharedResources

Json = dict[str, Any]
NOTHING_SHARED = SharedResources({}, {}, {})
STORY = resources_of("initial-fully-met")
ORDER = next(one for one in STORY if one.get("intent") == "order" and "reasonCode" in one)
PATIENT = next(one["id"] for one in STORY if one["resourceType"] == "Patient")


def entries(*resources: Json) -> str:
    """Resources as the part's reader gives them."""
    return ",".join(f"{BEFORE}{json.dumps(one)}{AFTER}" for one in resources)


def chosen(*orders: Json, shared: SharedResources = NOTHING_SHARED) -> list[str]:
    """The ids of the orders that are judged, of these."""
    _, library = documents()
    named = frozenset(shared.by_name)
    patient = PatientResources(
        PATIENT, {"MedicationRequest": entries(*orders)}, {"MedicationRequest": named}
    )
    found = own_orders(library, library.client("local"), patient, shared)
    return [order.resource["id"] for order in found]


def order(id_: str, status: str, written: str, **others: object) -> Json:
    """The story's order under another id, status and day."""
    return {**ORDER, "id": id_, "status": status, "authoredOn": written, **others}


def test_active_order_is_judged_before_a_later_one_that_is_not() -> None:
    later = order("b", "completed", "2026-11-01")
    assert chosen(order("a", "active", "2026-01-01"), later) == ["a"]


def test_of_several_active_orders_the_last_is_judged() -> None:
    orders = [order("a", "active", "2026-01-01"), order("b", "active", "2026-05-01")]
    assert chosen(*orders) == ["b"]


def test_without_an_active_order_the_last_is_judged() -> None:
    orders = [order("a", "stopped", "2026-05-01"), order("b", "completed", "2026-01-01")]
    assert chosen(*orders) == ["a"]


@pytest.mark.parametrize(
    "others",
    [{"status": "entered-in-error"}, {"intent": "proposal"}, {"doNotPerform": True}],
)
def test_what_orders_nothing_is_not_judged(others: Json) -> None:
    assert chosen({**ORDER, **others}) == []


def test_another_drug_is_not_judged() -> None:
    other = {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "29046"}]}
    assert chosen({**ORDER, "medicationCodeableConcept": other}) == []


def test_drug_may_stand_in_a_shared_medication() -> None:
    concept = ORDER["medicationCodeableConcept"]
    medication = {"resourceType": "Medication", "id": "x", "code": concept}
    by_reference = {
        name: value for name, value in ORDER.items() if not name.startswith("medication")
    }
    by_reference["medicationReference"] = {"reference": "Medication/x"}
    shared = SharedResources({"Medication/x": [json.dumps(medication)]}, {}, {})
    assert chosen(by_reference, shared=shared) == [ORDER["id"]]
    assert chosen(by_reference) == []


def of_patient(*conditions: Json) -> Json | None:
    """The order for all as this patient gets it."""
    _, library = documents()
    client = library.client("local")
    for_all = order_for_all(library, client, json.dumps(ORDER).encode())
    patient = PatientResources("p9", {"Condition": entries(*conditions)})
    return for_all.order_of(library, client, patient)


def test_order_for_all_goes_to_those_with_its_disease() -> None:
    condition = next(one for one in STORY if one["resourceType"] == "Condition")
    own = {**condition, "subject": {"reference": "Patient/p9"}}
    given = of_patient(own)
    assert given is not None
    assert given["subject"] == {"reference": "Patient/p9"}
    assert "insurance" not in given
    assert of_patient() is None
    resolved = {"coding": [{"code": "resolved"}]}
    assert of_patient({**own, "clinicalStatus": resolved}) is None


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "the order is no JSON"),
        (b'{"resourceType":"Patient"}', "no FHIR MedicationRequest"),
        (b'{"resourceType":"MedicationRequest"}', "for no drug that these documents judge"),
        (
            json.dumps({**ORDER, "reasonCode": [{"text": "hay fever"}]}).encode(),
            "names no disease of the drug's label",
        ),
    ],
)
def test_order_that_cannot_be_judged_is_refused(content: bytes, why: str) -> None:
    _, library = documents()
    with pytest.raises(PopulationError, match=why):
        order_for_all(library, library.client("local"), content)


def test_order_without_reason_is_for_everybody() -> None:
    _, library = documents()
    order_ = {name: value for name, value in ORDER.items() if name != "reasonCode"}
    for_all = order_for_all(library, library.client("local"), json.dumps(order_).encode())
    patient = PatientResources("p9")
    assert for_all.order_of(library, library.client("local"), patient) is not None
