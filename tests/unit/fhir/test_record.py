"""The record: only this patient's resources, each once, whatever they are pointed at by."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from support.paths import ROOT

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request
from service.fhir.record import Record
from service.fhir.supplied.bundle import State
from service.library import Library, load_library

SERVER = "https://ehr.example.org/fhir"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
NDC = "http://hl7.org/fhir/sid/ndc"
DUPILUMAB = {"coding": [{"system": RXNORM, "code": "1876376"}]}
Json = dict[str, Any]
Build = Callable[..., Record]


def condition(id_: str = "c1", subject: object = "Patient/p1", code: str = "L20.9") -> Json:
    return {
        "resourceType": "Condition",
        "id": id_,
        "subject": {"reference": subject} if isinstance(subject, str) else subject,
        "code": {"coding": [{"system": ICD, "code": code}]},
    }


def ordered(medication: Json, **more: Any) -> Json:
    return {
        "resourceType": "MedicationRequest",
        "id": "rx1",
        "status": "active",
        "subject": {"reference": "Patient/p1"},
        **medication,
        **more,
    }


def bundle(*resources: Json, **urls: Json) -> Json:
    entries: list[Json] = [{"resource": one} for one in resources]
    entries += [{"fullUrl": f"urn:uuid:{name}", "resource": one} for name, one in urls.items()]
    return {"resourceType": "Bundle", "type": "searchset", "entry": entries}


def ids(record: Record, *value_sets: str) -> list[str]:
    return [hit.resource["id"] for hit in record.hits(*value_sets)]


def test_a_coded_resource_is_found_by_its_value_set(record: Build) -> None:
    found = record(conditions=bundle(condition()))
    assert ids(found, "ad.condition") == ["c1"]
    assert ids(found, "asthma.condition") == []
    assert found.hits("ad.condition")[0].reference == "Condition/c1"


FOREIGN = [
    "Patient/p2",
    "https://other.example.org/fhir/Patient/p1",
    "Group/p1",
    {"reference": ["Patient/p1", "Patient/p2"]},
    {"display": "somebody"},
    {},
]


@pytest.mark.conforms("PRE-09")
@pytest.mark.parametrize("subject", FOREIGN, ids=str)
def test_a_resource_of_somebody_else_is_refused_and_told(record: Build, subject: object) -> None:
    found = record(SERVER, conditions=bundle(condition("c1"), condition("c2", subject)))
    assert ids(found, "ad.condition") == ["c1"]
    assert found.states["conditions"] is State.FOREIGN
    assert not found.came_whole("conditions")


@pytest.mark.conforms("PRE-09")
def test_another_patient_in_the_place_of_the_patient_is_refused(record: Build) -> None:
    found = record(patient={"resourceType": "Patient", "id": "p2"})
    assert found.resources["Patient"] == []
    assert found.states["patient"] is State.FOREIGN


def test_resource_without_a_subject_belongs_to_the_searched_patient(record: Build) -> None:
    nobodys = condition()
    del nobodys["subject"]
    found = record(conditions=bundle(nobodys))
    assert ids(found, "ad.condition") == ["c1"]
    assert found.states["conditions"] is State.COMPLETE


def test_somebody_elses_resource_cannot_be_pointed_at(record: Build) -> None:
    found = record(conditions=bundle(condition("c2", "Patient/p2")))
    assert found.resolve({"reference": "Condition/c2"}) is None


@pytest.mark.parametrize(("status", "found"), [("entered-in-error", False), ("inactive", True)])
def test_what_was_entered_in_error_cannot_be_pointed_at(
    record: Build, status: str, found: bool
) -> None:
    known = record()
    known.referable.add([(None, {"resourceType": "Medication", "id": "m1", "status": status})])
    assert bool(known.resolve({"reference": "Medication/m1"})) is found


def test_a_resource_that_came_twice_counts_once(record: Build) -> None:
    found = record(conditions=bundle(condition("c1"), condition("c1"), condition("c2")))
    assert ids(found, "ad.condition") == ["c1", "c2"]


def test_resources_without_ids_are_one_only_if_all_of_them_is_the_same(record: Build) -> None:
    one, same, other = condition(), condition(), condition(code="L20.89")
    del one["id"], same["id"], other["id"]
    assert len(record(conditions=bundle(one, same, other)).hits("ad.condition")) == 2


def test_an_alias_counts_for_a_code_of_a_standard_system_too(library: Library) -> None:
    ours = "https://dupilumab-cds.github.io/fhir/CodeSystem/finding"
    aliases = {("http://loinc.org", "99999-9"): (ours, "BSA_PCT")}
    known = Record("p1", None, library.terminology, aliases)
    observation = {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "99999-9"}]},
    }
    known.load({"observations": bundle(observation)}, library.sources)
    assert ids(known, "score.bsa_pct") == ["o1"]


MEDICATION = {"resourceType": "Medication", "id": "m1", "code": DUPILUMAB}
POINTED = {
    "a code": bundle(ordered({"medicationCodeableConcept": DUPILUMAB})),
    "an included medication": bundle(
        ordered({"medicationReference": {"reference": "Medication/m1"}}), MEDICATION
    ),
    "an absolute reference": bundle(
        ordered({"medicationReference": {"reference": f"{SERVER}/Medication/m1"}}), MEDICATION
    ),
    "a contained medication": bundle(
        ordered({"medicationReference": {"reference": "#m1"}}, contained=[MEDICATION])
    ),
    "an entry by its urn": bundle(
        ordered({"medicationReference": {"reference": "urn:uuid:aa"}}), aa=MEDICATION
    ),
}


@pytest.mark.conforms("HOOK-06")
@pytest.mark.parametrize("orders", POINTED.values(), ids=POINTED)
def test_a_drug_is_found_wherever_its_code_stands(record: Build, orders: Json) -> None:
    assert ids(record(SERVER, medications=orders), "dupilumab") == ["rx1"]


def test_a_medication_that_did_not_come_along_says_nothing(record: Build) -> None:
    orders = bundle(ordered({"medicationReference": {"reference": "Medication/m9"}}))
    assert ids(record(medications=orders), "dupilumab") == []


def test_each_line_of_a_claim_is_a_hit_of_its_own(record: Build) -> None:
    line = {"productOrService": {"coding": [{"system": NDC, "code": "00024-5914-00"}]}}
    claim = {
        "resourceType": "ExplanationOfBenefit",
        "id": "e1",
        "patient": {"reference": "Patient/p1"},
        "item": [line, {"productOrService": {"text": "visit"}}, line],
    }
    assert ids(record(claims=bundle(claim)), "dupilumab") == ["e1", "e1"]


STANDINGS = [
    ({"status": "final"}, "counts"),
    ({"status": "amended"}, "counts"),
    ({"status": "preliminary"}, "unusable"),
    ({"status": "entered-in-error"}, "never"),
    ({"status": "cancelled"}, "never"),
    ({}, "unusable"),
]


@pytest.mark.conforms("HAB-22")
@pytest.mark.parametrize(("status", "standing"), STANDINGS, ids=str)
def test_the_status_of_a_result_says_whether_it_counts(
    record: Build, status: Json, standing: str
) -> None:
    observation = {
        "resourceType": "Observation",
        "id": "o1",
        "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        **status,
    }
    found = record(observations=bundle(observation)).hits("lab.body_weight")
    assert [hit.standing for hit in found] == [standing]


NOT_DONE = [
    ({"status": "entered-in-error"}, "never"),
    ({"status": "cancelled"}, "never"),
    ({"status": "draft"}, "never"),
    ({"doNotPerform": True}, "never"),
    ({"intent": "proposal"}, "never"),
    ({"status": "stopped"}, "counts"),
    ({"intent": "order"}, "counts"),
]


@pytest.mark.conforms("HAB-22")
@pytest.mark.parametrize(("change", "standing"), NOT_DONE, ids=str)
def test_draft_or_unapproved_order_never_counts(record: Build, change: Json, standing: str) -> None:
    orders = bundle(ordered({"medicationCodeableConcept": DUPILUMAB}, **change))
    found = record(medications=orders).hits("dupilumab")
    assert [hit.standing for hit in found] == [standing]


def test_every_key_that_was_not_sent_is_told(record: Build) -> None:
    found = record(conditions=None)
    assert found.states["conditions"] is State.EMPTY
    assert {found.states[key] for key in found.states if key != "conditions"} == {
        State.NOT_SUPPLIED
    }


@pytest.mark.conforms("HAB-05")
def test_an_unknown_key_is_passed_over(record: Build) -> None:
    assert "weather" not in record(weather=bundle(condition())).states


def test_the_order_being_signed_is_not_its_own_history(library: Library) -> None:
    orders = bundle(ordered({"medicationCodeableConcept": DUPILUMAB}))
    aside = Record("p1", None, library.terminology, {}, frozenset({"MedicationRequest/rx1"}))
    aside.load({"medications": orders}, library.sources)
    assert ids(aside, "dupilumab") == []


def test_resource_that_came_with_two_keys_takes_nothing_from_the_others() -> None:
    """An allergy by name was lost where the prescriber came twice: the record was then read again."""
    request = json.loads((ROOT / "fixtures/initial-fully-met.json").read_bytes())
    patient = {"reference": f"Patient/{request['context']['patientId']}"}
    allergy = {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "patient": patient,
        "code": {"text": "arginine"},
    }
    request["prefetch"]["allergies"]["entry"] = [{"resource": allergy}]
    doctor = {"resource": request["prefetch"]["practitioner"], "search": {"mode": "include"}}
    request["prefetch"]["medications"].setdefault("entry", []).append(doctor)
    library = load_library(ROOT, None)
    asked = parse_hook_request(request, frozenset({"order-sign"}))
    as_of = AsOf("day", date(2026, 11, 21))
    (order,) = advise(library, asked, library.client("local"), as_of).orders
    judged = order.judgement.assessment.judged[
        "common.initial.no_contraindication.hypersensitivity"
    ]
    assert str(judged.truth) == "unknown"


INFLIXIMAB = {"text": "Infliximab infusion"}


@pytest.mark.parametrize(
    ("order", "proposed"),
    [
        (ordered({"medicationCodeableConcept": INFLIXIMAB}), True),
        (ordered({"code": INFLIXIMAB}, resourceType="ServiceRequest"), True),
        (ordered({"orderDetail": [INFLIXIMAB]}, resourceType="ServiceRequest"), True),
        (ordered({"code": INFLIXIMAB}, resourceType="ServiceRequest", status="revoked"), False),
        (ordered({"code": INFLIXIMAB}, resourceType="ServiceRequest", doNotPerform=True), False),
        (
            ordered(
                {"code": INFLIXIMAB},
                resourceType="ServiceRequest",
                subject={"reference": "Patient/p2"},
            ),
            False,
        ),
        (ordered({"code": {"text": "Spirometry"}}, resourceType="ServiceRequest"), False),
        (ordered({"code": INFLIXIMAB}, resourceType="CommunicationRequest"), False),
    ],
)
def test_a_draft_of_each_type_that_orders_drugs_proposes_the_drug_that_it_names(
    record: Build, library: Library, order: Json, proposed: bool
) -> None:
    known = record()
    known.propose([order], library.source_of("MedicationRequest"))
    assert ("immunomodulator.tnf" in known.proposed) is proposed


CPT, HCPCS = (
    "http://www.ama-assn.org/go/cpt",
    "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
)


@pytest.mark.parametrize(
    ("system", "code", "asked"),
    [(CPT, "96372", False), (CPT, "93000", False), (HCPCS, "J3590", True)],
    ids=["an injection", "an electrocardiogram", "any biologic"],
)
def test_a_service_that_gives_a_drug_gives_what_another_draft_orders(
    record: Build, library: Library, system: str, code: str, asked: bool
) -> None:
    concept = {"coding": [{"system": system, "code": code}]}
    known = record()
    order = ordered({"code": concept}, resourceType="ServiceRequest")
    known.propose([order], library.source_of("MedicationRequest"))
    assert bool(known.proposed) is asked
