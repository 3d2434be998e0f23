"""Plain resources under their keys: what there is, with what it names, and nothing for what there is not."""

from support.cases.run import library

from service.advise.plain_resources import prefetch_of
from service.json_object import Json

ORDER = {
    "resourceType": "MedicationRequest",
    "id": "o1",
    "medicationReference": {"reference": "Medication/m1"},
}
SHARED = [{"resourceType": "Medication", "id": id_} for id_ in ("m1", "m11")]


def keys_of(*resources: Json) -> Json:
    """The prefetch of resources, of each Bundle the ids with the mode by which each came."""
    prefetch = prefetch_of(resources, library().sources)
    return {
        key: [
            (one["resource"].get("id"), one.get("search", {}).get("mode"))
            for one in value.get("entry", ())
        ]
        for key, value in prefetch.items()
    }


def test_only_keys_for_which_there_is_something_are_sent() -> None:
    assert keys_of() == {}
    assert keys_of({"resourceType": "Condition", "id": "c"}) == {"conditions": [("c", None)]}


def test_what_is_named_comes_with_what_names_it() -> None:
    assert keys_of(ORDER, *SHARED) == {"medications": [("o1", None), ("m1", "include")]}
    decision = {"resourceType": "ClaimResponse", "id": "d"}
    claim = {"resourceType": "Claim", "id": "k"}
    assert keys_of(decision, claim) == {"authorizations": [("d", None), ("k", "include")]}
    assert keys_of(claim) == {}


def test_an_error_of_the_server_makes_every_key_incomplete() -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": "fatal"}]}
    assert keys_of(ORDER, outcome) == {"medications": [("o1", None), (None, "outcome")]}


def test_a_patient_stands_alone() -> None:
    patients = [{"resourceType": "Patient", "id": id_} for id_ in ("a", "b")]
    assert prefetch_of(patients, library().sources) == {"patient": patients[0]}
