"""A key of hundreds of entries is read like a key of a few, wherever in it the odd entry stands."""

from collections.abc import Callable
from typing import Any

import pytest

from service.fhir.record import Record
from service.fhir.supplied.prefetch import BLOCK

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
COUNT = 2 * BLOCK + 40
PLACES = (0, 1, BLOCK - 1, BLOCK, 2 * BLOCK + 7, COUNT)
Json = dict[str, Any]
Build = Callable[..., Record]


def condition(id_: object, patient: object = "Patient/p1", code: object = "L20.9") -> Json:
    return {
        "resourceType": "Condition",
        "id": id_,
        "subject": {"reference": patient},
        "code": {"coding": [{"system": ICD, "code": code}]},
    }


def without(name: str) -> Json:
    return {key: value for key, value in condition("odd").items() if key != name}


# an odd resource, whether it is kept, whether it is found by its code, how the key came
ODD: dict[str, tuple[object, bool, bool, str]] = {
    "another patient's": (condition("odd", "Patient/p2"), False, False, "foreign"),
    "one of nobody": (without("subject"), True, True, "complete"),
    "a patient that is a list": (condition("odd", ["Patient/p1"]), False, False, "foreign"),
    "a subject that is a text": (
        {**condition("odd"), "subject": "Patient/p1"},
        True,
        True,
        "complete",
    ),
    "the same patient spelled out": (
        condition("odd", "https://ehr.example.org/fhir/Patient/p1"),
        True,
        True,
        "complete",
    ),
    "one that came before": (condition("c3"), False, False, "complete"),
    "one without an id": (without("id"), True, True, "complete"),
    "an id that is a number": (condition(7), True, True, "complete"),
    "an id that is a list": (condition(["c3"]), True, True, "complete"),
    "one without a code": (without("code"), True, False, "complete"),
    "a code that is a number": (condition("odd", code=5), True, False, "complete"),
    "a code that is an object": (condition("odd", code={}), True, False, "complete"),
    "two codes": (
        {
            **condition("odd"),
            "code": {
                "coding": [{"system": "urn:own", "code": "1"}, {"system": ICD, "code": "L20.9"}]
            },
        },
        True,
        True,
        "complete",
    ),
    "another type": ({**condition("odd"), "resourceType": "Flag"}, False, False, "invalid"),
    "no type": (without("resourceType"), False, False, "invalid"),
    "a type that is a list": (
        {**condition("odd"), "resourceType": ["Condition"]},
        False,
        False,
        "invalid",
    ),
    "no resource": (None, False, False, "incomplete"),
    "a text for a resource": ("Condition", False, False, "incomplete"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("odd", "kept", "coded", "state"), ODD.values(), ids=ODD)
def test_malformed_entry_does_not_change_how_the_others_are_read(
    record: Build, odd: object, kept: bool, coded: bool, state: str, place: int
) -> None:
    plain = [condition(f"c{n}") for n in range(COUNT)]
    sent: list[object] = [*plain[:place], odd, *plain[place:]]
    found = record(
        "https://ehr.example.org/fhir",
        conditions={"resourceType": "Bundle", "entry": [{"resource": one} for one in sent]},
    )
    expected = sent if kept else plain
    assert sorted(map(repr, found.resources["Condition"])) == sorted(map(repr, expected))
    hits = [repr(one.resource) for one in found.hits("ad.condition")]
    assert sorted(hits) == sorted(repr(one) for one in expected if one is not odd or coded)
    assert str(found.states["conditions"]) == state


def test_resource_sent_in_two_blocks_counts_once(record: Build) -> None:
    plain = [condition(f"c{n}") for n in range(COUNT)]
    entries = [{"resource": one} for one in [*plain, *plain]]
    found = record(conditions={"resourceType": "Bundle", "entry": entries})
    assert found.resources["Condition"] == plain
    assert len(found.hits("ad.condition")) == COUNT
