"""What the hooks send: orders of every kind, forms and shape."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
import responses
from support.sent import Json, decided, order, recorded, twins, with_order
from werkzeug.test import TestResponse

Ask = Callable[[Json], Any]
Send = Callable[[Json], TestResponse]
SERVER = "https://ehr.example.org/fhir"


@pytest.fixture
def body() -> Json:
    return recorded("p001-initial")


@pytest.mark.conforms("REQ-09", "EXT-02", "HAB-05")
def test_unknown_members_of_a_request_change_nothing(ask: Ask, body: Json) -> None:
    more = deepcopy(body)
    more |= {"unknown": 1, "extension": ["any", {"thing": None}]}
    more["context"]["unknown"] = {"a": 1}
    more["prefetch"] |= {"item1": {"resourceType": "Bundle"}, "item2": None, "item3": "x"}
    assert decided(ask(more)) == decided(ask(body))


@pytest.mark.conforms("HOOK-04", "HAB-12")
def test_other_orders_are_passed_over(ask: Ask, body: Json) -> None:
    subject = order(body)["subject"]
    other = {
        **order(body),
        "id": "other",
        "medicationCodeableConcept": {"text": "metformin 500 MG"},
    }
    nutrition = {"resourceType": "NutritionOrder", "id": "n1", "patient": subject}
    more = deepcopy(body)
    more["context"]["draftOrders"]["entry"][:0] = [{"resource": nutrition}, {"resource": other}]
    assert decided(ask(more)) == decided(ask(body))
    more["context"]["draftOrders"]["entry"] = [{"resource": nutrition}, {"resource": other}]
    assert ask(more) == {"cards": []}


@pytest.mark.conforms("HOOK-05", "HAB-11")
@pytest.mark.parametrize(
    "change", [{"status": "active"}, {"status": None}, {"intent": None}], ids=str
)
def test_an_order_of_another_status_or_none_is_judged_the_same(
    ask: Ask, body: Json, change: Json
) -> None:
    assert decided(ask(with_order(body, **change))) == decided(ask(body))


MEDICATION = "5f0b0d6e-9b5e-4c0e-8f0a-0d8d3b1f9a11"
FORMS = {
    "contained": "#m1",
    "an entry by its id": "Medication/m1",
    "an entry by its fullUrl": f"urn:uuid:{MEDICATION}",
    "an entry by its address": f"{SERVER}/Medication/m1",
}


@pytest.mark.conforms("HOOK-06")
@pytest.mark.parametrize(("form", "reference"), FORMS.items(), ids=list(FORMS))
def test_the_drug_is_recognised_in_every_form(
    ask: Ask, body: Json, form: str, reference: str
) -> None:
    product = {
        "resourceType": "Medication",
        "id": "m1",
        "code": order(body)["medicationCodeableConcept"],
    }
    inside = {"contained": [product]} if form == "contained" else {}
    other = with_order(
        body, medicationCodeableConcept=None, medicationReference={"reference": reference}, **inside
    )
    if not inside:
        url = f"urn:uuid:{MEDICATION}" if "urn" in reference else f"{SERVER}/Medication/m1"
        other["context"]["draftOrders"]["entry"].append({"fullUrl": url, "resource": product})
    assert decided(ask(other)) == decided(ask(body))


@pytest.mark.conforms("HOOK-07")
def test_the_order_is_never_read_from_the_ehr(ask: Ask, body: Json) -> None:
    token = {"access_token": "t", "token_type": "Bearer", "expires_in": 300, "scope": "user/*.read"}
    server = body | {"fhirServer": SERVER, "fhirAuthorization": token | {"subject": "ehr"}}
    with responses.RequestsMock(assert_all_requests_are_fired=False) as ehr:
        assert len(twins(ask(server))) == 1
        assert not [
            one
            for one in ehr.calls
            if f"MedicationRequest/{order(body)['id']}" in str(one.request.url)
        ]


@pytest.mark.conforms("HOOK-08")
def test_only_what_is_selected_is_spoken_about(ask: Ask) -> None:
    body = recorded("select-wrong-dose")
    assert len(twins(ask(body))) == 1
    body["context"]["selections"] = ["MedicationRequest/another"]
    assert ask(body) == {"cards": []}


SELECTED = {
    "MedicationRequest/rx1": 1,
    "https://ehr.example.org/fhir/MedicationRequest/rx1": 1,
    "rx1": 1,
    "urn:uuid:aa": 1,
    "ServiceRequest/rx1": 0,
    "MedicationRequest/rx": 0,
}


@pytest.mark.conforms("HOOK-08")
@pytest.mark.parametrize(("selection", "cards"), SELECTED.items(), ids=list(SELECTED))
def test_a_selection_names_an_order_by_type_and_id_or_by_its_entry(
    ask: Ask, selection: str, cards: int
) -> None:
    body = recorded("select-wrong-dose")
    if selection.startswith("urn:"):
        del order(body)["id"]
        body["context"]["draftOrders"]["entry"][0]["fullUrl"] = selection
    body["context"]["selections"] = [selection]
    assert len(twins(ask(body))) == cards


@pytest.mark.conforms("HOOK-12")
def test_an_order_for_somebody_else_gets_no_card(ask: Ask, body: Json) -> None:
    assert ask(with_order(body, subject={"reference": "Patient/somebody-else"})) == {"cards": []}


AMOUNT = {"value": 300, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}
SHAPES: dict[str, Json] = {
    "an amount in the instruction itself": {"dosageInstruction": [{"doseQuantity": AMOUNT}]},
    "an amount that is no list": {"dosageInstruction": [{"doseAndRate": {"doseQuantity": AMOUNT}}]},
    "one instruction that is no list": {"dosageInstruction": {"text": "300 mg"}},
    "a requester on another host": {"requester": {"reference": "https://x.example/Practitioner/1"}},
    "a conditional requester": {"requester": {"reference": "Practitioner?identifier=urn:s|9"}},
    "a category that is an object": {"category": {"text": "outpatient"}},
    "reasons that are an object": {"reasonReference": {"reference": "Condition/none"}},
}


@pytest.mark.conforms("HOOK-13", "HAB-09", "HAB-13")
@pytest.mark.parametrize("change", SHAPES.values(), ids=SHAPES)
def test_malformed_order_is_no_error(ask: Ask, body: Json, change: Json) -> None:
    assert len(twins(ask(with_order(body, **change)))) == 1


@pytest.mark.conforms("HOOK-13", "HAB-10")
def test_a_bundle_may_lack_its_type_and_full_urls(ask: Ask, body: Json) -> None:
    bare = deepcopy(body)
    drafts = bare["context"]["draftOrders"]
    drafts.pop("type", None)
    for entry in drafts["entry"]:
        entry.pop("fullUrl", None)
    assert decided(ask(bare)) == decided(ask(body))


@pytest.mark.conforms("REQ-07", "CRD-19", "HTTP-15")
def test_a_token_without_a_server_is_refused(send: Send, body: Json) -> None:
    answer = send(body | {"fhirAuthorization": {"access_token": "t"}})
    assert answer.status_code == 400
    assert answer.get_json()["resourceType"] == "OperationOutcome"


@pytest.mark.conforms("HOOK-02")
@pytest.mark.parametrize("name", ["p001-initial", "select-wrong-dose"])
def test_request_without_an_encounter_gets_cards(ask: Ask, name: str) -> None:
    body = recorded(name)
    body["context"].pop("encounterId", None)
    assert [one["outcome"] for one in twins(ask(body))] != []
