"""What real EHRs do between calls: orders of arrival, one instance for all, edits, empty forms."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from support.sent import Json, decided, order, recorded, twins, with_order

Ask = Callable[[Json], Any]


@pytest.fixture
def signing() -> Json:
    return recorded("wrong-dose-weekly")


@pytest.fixture
def selecting(signing: Json) -> Json:
    body = deepcopy(signing)
    body["hook"] = "order-select"
    body["context"]["selections"] = [f"MedicationRequest/{order(body)['id']}"]
    return body


@pytest.mark.conforms("HAB-01", "HAB-02")
def test_the_two_hooks_may_come_in_either_order_under_one_instance(
    ask: Ask, signing: Json, selecting: Json
) -> None:
    assert signing["hookInstance"] == selecting["hookInstance"]
    select_first = [decided(ask(one)) for one in (selecting, signing)]
    sign_first = [decided(ask(one)) for one in (signing, selecting)]
    assert select_first == sign_first[::-1]
    assert all(select_first)


@pytest.mark.conforms("HAB-02", "RESP-08")
def test_one_hook_instance_for_several_patients_mixes_no_answers(ask: Ask, signing: Json) -> None:
    other = recorded("p001-initial")
    alone = decided(ask(other))
    other["hookInstance"] = signing["hookInstance"]
    ask(signing)
    assert decided(ask(other)) == alone


@pytest.mark.conforms("HAB-03")
def test_the_patient_may_come_with_a_type(ask: Ask, signing: Json) -> None:
    bare = decided(ask(signing))
    signing["context"]["patientId"] = f"Patient/{signing['context']['patientId']}"
    assert decided(ask(signing)) == bare


@pytest.mark.conforms("HAB-07", "HOOK-09")
@pytest.mark.parametrize("entries", [None, []], ids=str)
def test_an_empty_form_gets_nothing(ask: Ask, selecting: Json, entries: Any) -> None:
    selecting["context"]["draftOrders"]["entry"] = entries
    for selections in ([], ["MedicationRequest/rx1"]):
        selecting["context"]["selections"] = selections
        assert ask(selecting) == {"cards": []}


@pytest.mark.conforms("HAB-07", "HOOK-09")
def test_a_form_with_nothing_but_the_drug_is_not_asked_for_its_dose(
    ask: Ask, selecting: Json
) -> None:
    bare = with_order(
        selecting, dosageInstruction=None, dispenseRequest=None, reasonCode=None, authoredOn=None
    )
    assert ask(bare) == {"cards": []}


@pytest.mark.conforms("HAB-08")
def test_an_order_signed_again_after_an_edit_is_judged_as_it_is_now(
    ask: Ask, signing: Json
) -> None:
    first = ask(signing)
    assert twins(first)[0]["outcome"] == "not_met"
    edited = deepcopy(signing)
    proposed = first["cards"][0]["suggestions"][0]["actions"][0]["resource"]
    order(edited).update(proposed)
    again = ask(edited)
    assert "blocking" not in twins(again)[0]
    assert "suggestions" not in again["cards"][0]
    assert decided(ask(signing)) == decided(first)


FORMS = ["Patient/{}", "https://ehr.example.org/fhir/Patient/{}", "urn:uuid:{}", "{}"]


@pytest.mark.conforms("HAB-14", "HAB-23")
@pytest.mark.parametrize("form", FORMS)
def test_the_subject_may_be_written_in_any_form(ask: Ask, signing: Json, form: str) -> None:
    assert "fhirServer" not in signing
    same = {"reference": form.format(signing["context"]["patientId"])}
    assert decided(ask(with_order(signing, subject=same))) == decided(ask(signing))


@pytest.mark.conforms("HAB-14")
def test_an_order_that_names_no_subject_belongs_to_the_patient_of_the_call(
    ask: Ask, signing: Json
) -> None:
    assert decided(ask(with_order(signing, subject=None))) == decided(ask(signing))


@pytest.mark.conforms("HAB-24", "HOOK-12")
@pytest.mark.parametrize("subject", [{"identifier": {"value": "1"}}, {"display": "A"}, {}], ids=str)
def test_a_subject_without_a_reference_is_not_taken_as_the_patient(
    ask: Ask, signing: Json, subject: Json
) -> None:
    assert ask(with_order(signing, subject=subject)) == {"cards": []}


STU3: Json = {
    "resourceType": "MedicationRequest",
    "id": "stu3",
    "status": "active",
    "intent": "order",
    "category": {"coding": [{"code": "community"}]},
    "requester": {"agent": {"reference": "Practitioner/1"}},
    "dosageInstruction": [{"doseQuantity": {"value": 1, "unit": "mg"}}],
}


@pytest.mark.conforms("HAB-09", "HAB-20")
def test_order_in_the_form_of_stu3_is_no_error(ask: Ask, signing: Json) -> None:
    known = decided(ask(signing))[0]["criteria"]
    drug = {"medicationCodeableConcept": {"text": "metformin 500 MG"}}
    entry = {"resource": STU3 | drug | {"subject": order(signing)["subject"]}}
    signing["prefetch"]["medications"] = {"resourceType": "Bundle", "entry": [entry]}
    assert decided(ask(signing))[0]["criteria"] == known
