"""The request of a packet: whole, of cited entries only, by the rules of Da Vinci PAS."""

import pytest
from support.packets import (
    JUDGED,
    PARTIES,
    Json,
    body_of,
    bundle_of,
    case_of,
    empty,
    entries,
    key,
    packet,
    recorded_packet,
    references,
)
from support.pas_rules import against_pas

from service.packet.pas_claim import Version


@pytest.mark.parametrize("version", ["2.1", "2.2"])
@pytest.mark.parametrize("name", JUDGED[::3])
def test_request_keeps_the_rules_of_the_guide(name: str, version: Version) -> None:
    bundle = bundle_of(recorded_packet(name, version))
    assert [*against_pas(bundle, version)] == []
    assert [*empty(bundle)] == []


@pytest.mark.parametrize("name", JUDGED[1::3])
def test_request_has_the_cited_entries_and_no_others(name: str) -> None:
    bundle, case = bundle_of(recorded_packet(name)), case_of(name)
    cited = {proof.reference for proof in case.cited()}
    sent = {key(entry["fullUrl"]) for entry in entries(bundle)}
    own = {one for one in sent if one.split("/")[0] not in PARTIES and "/" in one}
    assert own - {"MedicationRequest/rx1"} <= cited
    assert {one for one in cited if one} <= sent


def test_statements_are_sent_as_the_prescriber_gave_them() -> None:
    body = body_of("initial-fully-met")
    answered = body["prefetch"]["answers"]["entry"][0]["resource"]
    sent = [
        entry["resource"]
        for entry in entries(bundle_of(recorded_packet("initial-fully-met")))
        if entry["resource"]["resourceType"] == "QuestionnaireResponse"
    ]
    assert [one["item"] for one in sent] == [answered["item"]]
    assert sent[0]["author"]["reference"] == answered["author"]["reference"]


def test_nested_bundle_of_2_2_holds_what_may_not_be_referred_to() -> None:
    bundle = bundle_of(recorded_packet("initial-fully-met", "2.2"))
    (nested,) = (
        entry["resource"]
        for entry in bundle["entry"]
        if entry["resource"]["resourceType"] == "Bundle"
    )
    assert {one["resource"]["resourceType"] for one in nested["entry"]} == {"ExplanationOfBenefit"}


def test_same_case_gives_the_same_request_and_another_one_other_ids() -> None:
    first = bundle_of(packet("p001-initial"))
    assert bundle_of(packet("p001-initial")) == first
    other = bundle_of(packet("p001-bsa8-palms"))
    assert other["identifier"] != first["identifier"]
    assert other["entry"][0]["fullUrl"] != first["entry"][0]["fullUrl"]


def test_without_a_known_server_every_address_is_a_uuid() -> None:
    body = body_of("initial-fully-met")
    for value in body["prefetch"].values():
        for entry in (value or {}).get("entry", []) if isinstance(value, dict) else []:
            entry.pop("fullUrl", None)
    body["context"]["draftOrders"]["entry"][0].pop("fullUrl", None)
    bundle = bundle_of(packet(body))
    assert all(entry["fullUrl"].startswith("urn:uuid:") for entry in bundle["entry"])
    assert [*against_pas(bundle, "2.1")] == []


def test_what_is_referred_to_and_was_not_sent_is_named_by_identifier() -> None:
    body = body_of("initial-fully-met")
    for entry in body["prefetch"]["observations"]["entry"]:
        entry["resource"]["encounter"] = {"reference": "Encounter/e5", "display": "Visit"}
    bundle = bundle_of(packet(body))
    assert "Encounter/e5" not in {*references(bundle)}
    visits = [
        entry["resource"]["encounter"]
        for entry in bundle["entry"]
        if entry["resource"]["resourceType"] == "Observation"
    ]
    assert visits[0]["identifier"]["value"] == "Encounter/e5"
    assert (visits[0]["type"], visits[0]["display"]) == ("Encounter", "Visit")


def test_hostile_ids_and_texts_stay_data() -> None:
    body = body_of("initial-fully-met")
    patient: Json = body["prefetch"]["patient"]
    patient["name"] = [{"text": '<script>alert(1)</script> #panic("x")'}]
    bundle = bundle_of(packet(body))
    sent = next(
        one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Patient"
    )
    assert sent["name"] == patient["name"]
