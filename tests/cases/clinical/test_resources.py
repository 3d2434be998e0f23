"""Whatever is handed out is valid R4, for this patient alone, and holds nothing of anybody else."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from support.card_rules import faults, invalid
from support.cases.request import client, request
from support.cases.run import library
from support.clinical.patient import DAY, case_of

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request
from service.clinical.orders.new_orders import medication_order, service_order
from service.clinical.therapies_and_pathways import Coding, Therapy, TherapyDose

Json = dict[str, Any]
REASONS = {
    "ad": "atopic dermatitis",
    "asthma": "asthma",
    "copd": "COPD",
    "crswnp": "nasal polyps",
    "eoe": "eosinophilic esophagitis",
    "pn": "prurigo nodularis",
}
AD_CODE = {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "L20.9"}
AD_NAME = "Atopic dermatitis, unspecified"
DOSES = [
    (therapy, indication, dose)
    for therapy in library().clinical.therapies.values()
    for indication, use in therapy.uses.items()
    for dose in use.doses
    if dose.order
]


@pytest.mark.conforms("ACT-08")
@pytest.mark.parametrize(
    ("therapy", "indication", "dose"), DOSES, ids=lambda one: getattr(one, "id", one)
)
def test_every_dose_of_every_therapy_is_a_valid_order(
    therapy: Therapy, indication: str, dose: TherapyDose
) -> None:
    assert dose.order is not None
    case = case_of({"order": {"reason": REASONS[indication]}}, indication)
    if therapy.kind == "procedure":
        order = service_order(case, dose.order.code)
    else:
        order = medication_order(case, dose.order, indication)
        assert len(order.get("dosageInstruction", [])) == len(dose.order.instructions)
        assert order["reasonCode"]
    assert list(invalid(order)) == []
    assert order["subject"] == {"reference": "Patient/p1"}


CODES = [
    *(
        pytest.param(check.order, id=f"{one.id}.{check.id}")
        for one in library().clinical.therapies.values()
        for check in one.checks
        if check.order
    ),
    *(
        pytest.param(gap.order, id=gap.fact)
        for gap in library().clinical.gaps.values()
        if gap.order
    ),
]


@pytest.mark.conforms("ACT-08")
@pytest.mark.parametrize("code", CODES)
def test_every_test_is_a_valid_order(code: Coding) -> None:
    order = service_order(case_of({}, "ad"), code)
    assert list(invalid(order)) == []
    assert order["code"]["coding"][0]["code"] == code.code


WORDS = "Jane Neighbour, 555-0100"
FOREIGN = {"resourceType": "Condition", "id": "theirs", "subject": {"reference": "Patient/p2"}}
OWN = {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"}}
CONTAINED = {**OWN, "code": {"coding": [{**AD_CODE, "display": WORDS}]}}
HOSTILE: dict[str, Json] = {
    "subject absolute": {
        "subject": {"reference": "https://ehr.example/r4/Patient/p1", "display": WORDS}
    },
    "subject by urn": {"subject": {"reference": "urn:uuid:p1"}},
    "no requester": {"requester": "absent"},
    "requester null": {"requester": None},
    "requester is a list": {"requester": [{"reference": "Practitioner/d1"}]},
    "requester by name": {"requester": {"display": WORDS}},
    "requester is another patient": {"requester": {"reference": "Patient/p2"}},
    "requester contained": {
        "requester": {"reference": "#d"},
        "contained": [{"resourceType": "Practitioner", "id": "d", "name": [{"text": WORDS}]}],
    },
    "requester elsewhere": {"requester": {"reference": "https://other.example/Practitioner/9"}},
    "encounter null": {"encounter": None},
    "encounter in words": {"encounter": "Encounter/e1"},
    "encounter of no type": {"encounter": {"reference": "e1", "display": WORDS}},
    "encounter with a bad id": {"encounter": {"reference": "Encounter/e 1"}},
    "reason null": {"reasonCode": None},
    "reasons null": {"reasonCode": [None, {}]},
    "reason no list": {"reasonCode": {"coding": [AD_CODE], "text": WORDS}},
    "reason a bare code": {"reasonCode": ["L20.9"]},
    "reason in words": {"reasonCode": [{"text": WORDS}]},
    "reason with odd codings": {
        "reasonCode": [{"coding": [None, {"code": "x"}, {"system": "a b", "code": "y"}, AD_CODE]}]
    },
    "reason with an extension": {
        "reasonCode": [{"coding": [AD_CODE], "extension": [{"url": "x:y", "valueString": WORDS}]}]
    },
    "text in extensions": {
        "extension": [{"url": "x:y", "valueString": WORDS}],
        "note": [{"text": WORDS}],
    },
    "reason contained": {
        "reasonCode": "absent",
        "reasonReference": [{"reference": "#c1"}],
        "contained": [CONTAINED],
    },
    "reason contained, of another": {
        "reasonReference": [{"reference": "#theirs"}],
        "contained": [{**FOREIGN, "code": {"text": WORDS, "coding": [AD_CODE]}}],
    },
    "reason not supplied": {
        "reasonReference": [{"reference": "Condition/theirs", "display": WORDS}]
    },
    "medication contained": {
        "medicationCodeableConcept": "absent",
        "medicationReference": {"reference": "#m"},
        "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": WORDS}}],
    },
    "insurance of another": {
        "insurance": [{"reference": "Coverage/theirs", "display": WORDS}, None]
    },
}


def references(value: Any) -> Iterator[str]:
    """Every literal reference of a resource."""
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        value = list(value.values())
    for one in value if isinstance(value, list) else ():
        yield from references(one)


KNOWN = re.compile(r"Patient/p1|Practitioner/d1|Condition/diagnoses-1|Coverage/\S+")


@pytest.mark.conforms("ACT-08")
@pytest.mark.parametrize("name", HOSTILE)
def test_an_order_beside_a_hostile_draft_is_valid_and_leads_nowhere_else(name: str) -> None:
    case = case_of({}, "ad", HOSTILE[name])
    for dose, kind in ((one[2], one[0].kind) for one in DOSES if one[1] == "ad"):
        assert dose.order is not None
        procedure = kind == "procedure"
        order = (
            service_order(case, dose.order.code)
            if procedure
            else medication_order(case, dose.order, "ad")
        )
        assert list(invalid(order)) == []
        assert order["subject"] == {"reference": "Patient/p1"}
        assert WORDS not in json.dumps(order)
        assert all(KNOWN.fullmatch(one) for one in references(order)), order


@pytest.mark.parametrize("name", HOSTILE)
def test_the_answer_to_a_hostile_draft_keeps_the_rules(name: str) -> None:
    given = {"allergies": [{"to": "dupilumab"}]}
    sent = request(given, DAY)
    entry = sent["context"]["draftOrders"]["entry"][0]
    entry["resource"] = {
        key: value
        for key, value in (entry["resource"] | HOSTILE[name]).items()
        if value != "absent"
    }
    hook = parse_hook_request(deepcopy(sent), frozenset({"order-sign"}))
    cards = advise(library(), hook, client(given, DAY), AsOf("day", DAY)).cards
    # What an update keeps of a draft that is no valid R4 itself is not ours to mend.
    sound = not list(invalid(entry["resource"]))
    assert [one for one in faults(cards, sent) if sound or "R4" not in one] == []


def kept(changes: Json, indication: str = "ad") -> Json:
    """An order for the disease beside a draft with these elements."""
    dose = next(one.order for _, about, one in DOSES if about == "ad" and one.order)
    return medication_order(case_of({}, indication, changes), dose, indication)


def test_a_diagnosis_of_the_record_is_kept_by_reference_and_code() -> None:
    changes = {"reasonCode": "absent", "reasonReference": [{"reference": "Condition/diagnoses-1"}]}
    order = kept(changes)
    assert order["reasonReference"] == [{"reference": "Condition/diagnoses-1"}]
    assert [one["code"] for one in order["reasonCode"][0]["coding"]] == ["24079001"]


def test_of_a_contained_diagnosis_the_code_is_kept() -> None:
    order = kept(HOSTILE["reason contained"])
    assert order["reasonCode"] == [{"coding": [AD_CODE], "text": AD_NAME}]
    assert "reasonReference" not in order


def test_the_reason_for_another_disease_is_not_the_reason_of_this_order() -> None:
    asthma = {"system": AD_CODE["system"], "code": "J45.50"}
    order = kept({"reasonCode": [{"coding": [asthma]}, {"coding": [AD_CODE]}]})
    assert order["reasonCode"] == [{"coding": [AD_CODE], "text": AD_NAME}]


def test_requester_visit_and_coverage_are_kept() -> None:
    order = kept(
        {
            "requester": {"reference": "https://ehr.example/r4/Practitioner/d1/_history/2"},
            "encounter": {"reference": "Encounter/e1"},
            "insurance": [{"reference": "Coverage/c1", "display": WORDS}],
        }
    )
    assert order["requester"] == {"reference": "Practitioner/d1"}
    assert order["encounter"] == {"reference": "Encounter/e1"}
    assert order["insurance"] == [{"reference": "Coverage/c1"}]
