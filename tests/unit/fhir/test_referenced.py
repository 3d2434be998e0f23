"""What a resource refers to, or consists of, as entries of value sets."""

from typing import Any

import pytest
from support.cases.run import library

from service.fhir.referenced import MOST_PARTS, Referenced, ReferencedThings
from service.fhir.terminology.unlisted_codes import Certainty

KNOWN = library()
DISPENSE = KNOWN.source_of("MedicationDispense")
RXNORM, NDC = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://hl7.org/fhir/sid/ndc"
Json = dict[str, Any]
DUPILUMAB = {"coding": [{"system": RXNORM, "code": "1876376"}]}
METFORMIN = {"coding": [{"system": NDC, "code": "68382002801"}], "text": "metformin"}
NOBODY_KNOWS = {"coding": [{"system": RXNORM, "code": "9999990"}]}
RESOURCE: Json = {
    "resourceType": "MedicationDispense",
    "id": "d1",
    "medicationReference": {"reference": "Medication/m1"},
}


def things() -> ReferencedThings:
    return ReferencedThings(KNOWN.terminology, {}, {})


def referred(medication: Json | None, display: str | None = None, **others: Json) -> Referenced:
    """What a hand-over refers to; the medication was sent, or is None."""
    sent = {"Medication/m1": medication, **{f"Medication/{id_}": of for id_, of in others.items()}}
    reference = {"reference": "Medication/m1", **({"display": display} if display else {})}

    def resolve(asked: object, _: Json | None) -> Json | None:
        return sent.get(asked["reference"]) if isinstance(asked, dict) else None

    return things().by(DISPENSE, {**RESOURCE, "medicationReference": reference}, resolve)


def made_of(*concepts: Json, **more: Any) -> Json:
    """A Medication of these ingredients."""
    ingredients = [{"itemCodeableConcept": concept} for concept in concepts]
    return {"resourceType": "Medication", "id": "m1", "ingredient": ingredients, **more}


def sets(found: Referenced) -> dict[str, bool]:
    """Value set to whether it is a question."""
    return {entry.value_set: entry.question for entry in (*found.entries, *found.words)}


def test_medication_that_was_sent_is_told_by_its_code() -> None:
    found = referred({"resourceType": "Medication", "id": "m1", "code": DUPILUMAB})
    assert sets(found)["dupilumab"] is False
    assert found.is_known


def test_medication_that_was_not_sent_is_told_by_the_display_of_its_reference() -> None:
    assert "dupilumab" in sets(referred(None, "dupilumab 300 mg"))
    other = referred(None, "metformin")
    assert (sets(other), other.certainty, other.is_known) == ({}, Certainty.SURELY, True)
    nothing = referred(None)
    assert (nothing.entries, nothing.is_known) == ((), False)


def test_medication_without_a_code_that_we_know_is_told_by_its_ingredients() -> None:
    assert sets(referred(made_of(DUPILUMAB)))["dupilumab"] is False
    assert sets(referred(made_of(DUPILUMAB, code=NOBODY_KNOWS)))["dupilumab"] is False
    assert sets(referred({"resourceType": "Medication", "id": "m1", "code": NOBODY_KNOWS})) == {}


def test_each_of_several_ingredients_is_a_question() -> None:
    assert sets(referred(made_of(DUPILUMAB, METFORMIN)))["dupilumab"] is True


def test_inactive_ingredient_does_not_count() -> None:
    medication = made_of(DUPILUMAB)
    medication["ingredient"][0]["isActive"] = False
    assert sets(referred(medication)) == {}


def test_code_of_another_drug_beside_an_ingredient_of_ours_is_a_question() -> None:
    found = referred(made_of(DUPILUMAB, code=METFORMIN))
    assert sets(found)["dupilumab"] is True
    assert sets(referred(made_of(METFORMIN, code=METFORMIN))) == {}


def test_ingredient_may_be_a_medication_that_was_sent() -> None:
    part = {"itemReference": {"reference": "Medication/m2"}}
    medication = {"resourceType": "Medication", "id": "m1", "ingredient": [part]}
    substance = {"resourceType": "Medication", "id": "m2", "code": DUPILUMAB}
    assert "dupilumab" in sets(referred(medication, m2=substance))
    named = {"itemReference": {"reference": "Medication/m3", "display": "dupilumab"}}
    assert "dupilumab" in sets(referred({**medication, "ingredient": [named]}))


def test_order_that_refers_to_an_order_is_told_by_the_drug_of_that() -> None:
    order = {"resourceType": "MedicationRequest", "id": "m1"}
    assert "dupilumab" in sets(referred({**order, "medicationCodeableConcept": DUPILUMAB}))
    inner = {**order, "medicationReference": {"reference": "Medication/m2"}}
    drug = {"resourceType": "Medication", "id": "m2", "code": DUPILUMAB}
    assert "dupilumab" in sets(referred(inner, m2=drug))


def test_things_are_looked_up_once_for_a_resource() -> None:
    asked: list[object] = []
    found = things()

    def resolve(reference: object, _: Json | None) -> Json | None:
        asked.append(reference)
        return {"resourceType": "Medication", "id": "m1", "code": DUPILUMAB}

    assert found.known(DISPENSE, RESOURCE) == Referenced()
    first = found.by(DISPENSE, RESOURCE, resolve)
    count = len(asked)
    assert found.by(DISPENSE, RESOURCE, resolve) is first
    assert found.known(DISPENSE, RESOURCE) is first
    assert len(asked) == count


@pytest.mark.parametrize(
    ("concepts", "certainty"),
    [
        ([METFORMIN], Certainty.SURELY),
        ([METFORMIN, NOBODY_KNOWS], Certainty.NOT),
        ([], Certainty.NOT),
    ],
)
def test_whole_is_as_certainly_another_thing_as_its_least_certain_part(
    concepts: list[Json], certainty: Certainty
) -> None:
    assert things().parts(concepts).certainty is certainty


def test_parts_that_are_looked_at_are_limited() -> None:
    many = [{**NOBODY_KNOWS, "id": str(n)} for n in range(MOST_PARTS + 1)]
    assert len(things().parts(many).seen) == MOST_PARTS
