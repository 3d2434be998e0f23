"""What Inferno's CRD server suites ask of an answer, rewritten from their code.

Source: inferno-framework/davinci-crd-test-kit, lib/davinci_crd_test_kit: server_tests/, cards_validation.rb,
cards_identification.rb, suggestion_actions_validation.rb (main, for 2.0.1); on the branch
id74-initial-v220-suites the tests of server/v2.2.0 have the same code. Required fields of the profile:
HL7/davinci-crd, input/fsh/profiles/MedicationRequest.fsh.
"""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from support.crd.coverage_information_rules import extensions_of, faults, values_of

Json = dict[str, Any]
SHORTER_THAN = 140
ORDERS = (
    *("DeviceRequest", "MedicationRequest", "NutritionOrder", "ServiceRequest"),
    *("VisionPrescription", "CommunicationRequest", "Device", "Medication"),
)


def wrong_discovery(discovery: Json) -> Iterator[str]:
    """discovery_services_validation_test.rb."""
    if not discovery["services"]:
        yield "no service"
    for service in discovery["services"]:
        for name in ("hook", "description", "id"):
            if not service.get(name) or not isinstance(service[name], str):
                yield f"service: {name}"


def wrong_answer(answer: Json, hook: str, drafts: set[str]) -> Iterator[str]:
    """service_response_validation_test.rb, card_optional_fields_validation_test.rb, and the cards' types."""
    if not isinstance(answer.get("cards"), list):
        yield "cards"
        return
    for card in answer["cards"]:
        yield from _card(card)
        yield from _suggestions(card, drafts)
    if hook == "order-sign" and not isinstance(answer.get("systemActions"), list):
        yield "systemActions must be there"
    for action in answer.get("systemActions", []):
        yield from _action(action)


def wrong_actions(answer: Json, version: str) -> Iterator[str]:
    """coverage_information_system_action_received_test.rb and …_validation_test.rb."""
    actions = [
        action for action in answer["systemActions"] if extensions_of(action.get("resource", {}))
    ]
    if not actions:
        yield "no coverage information"
    for action in actions:
        if action["type"] != "update" or "resourceId" in action:
            yield "no update"
        yield from profile(action["resource"])
        ids: dict[str, set[str]] = {}
        numbers: dict[str, set[str]] = {}
        for extension in extensions_of(action["resource"]):
            yield from faults(extension, version)
            values = values_of(extension)
            coverage = values["coverage"][0]["reference"]
            ids.setdefault(coverage, set()).update(values["coverage-assertion-id"])
            numbers.setdefault(coverage, set()).update(values.get("satisfied-pa-id", []))
        yield from _ids(ids, numbers)


def _ids(ids: dict[str, set[str]], numbers: dict[str, set[str]]) -> Iterator[str]:
    if any(len(of) != 1 for of in ids.values()) or any(len(of) > 1 for of in numbers.values()):
        yield "ids of one coverage differ"
    for each in (ids, numbers):
        all_of_them = [one for of in each.values() for one in of]
        if len(all_of_them) != len(set(all_of_them)):
            yield "ids of two coverages are the same"


def profile(order: Json) -> Iterator[str]:
    """What the profile of CRD requires of a MedicationRequest, and R4 itself."""
    for name in ("id", "status", "intent", "subject", "authoredOn", "requester"):
        if not order.get(name):
            yield f"profile: {name}"
    if ("medicationCodeableConcept" in order) == ("medicationReference" in order):
        yield "profile: medication"
    if "doNotPerform" in order:
        yield "profile: doNotPerform"
    model = import_module("fhir.resources.R4B.medicationrequest").MedicationRequest
    model.model_validate(order)


def kinds_of(card: Json) -> set[str]:
    """cards_identification.rb: the response types that a card counts for."""
    links, suggestions = card.get("links"), card.get("suggestions")
    kinds = set()
    if links and all(link["type"] == "absolute" for link in links):
        kinds.add("external_reference")
    if links and all(link["type"] == "smart" for link in links):
        kinds.add("launch_smart_app")
    if not links and not suggestions:
        kinds.add("instructions")
    actions = [one["actions"] for one in suggestions or ()]
    if actions and all(action["type"] == "create" for one in actions for action in one):
        kinds.add("additional_orders")
    if any({"update"} & {action["type"] for action in one} for one in actions) or any(
        {"delete", "create"} <= {action["type"] for action in one} for one in actions
    ):
        kinds.add("propose_alternate_request")
    return kinds


def _card(card: Json) -> Iterator[str]:
    for name, type_ in (("summary", str), ("indicator", str), ("source", dict)):
        if not isinstance(card.get(name), type_) or not card[name]:
            yield f"card: {name}"
    if len(card["summary"]) >= SHORTER_THAN:
        yield "card: summary"
    if card["indicator"] not in ("info", "warning", "critical"):
        yield "card: indicator"
    source = card["source"]
    if not isinstance(source.get("label"), str) or not isinstance(source.get("topic"), dict):
        yield "source: label and topic"
    elif not all(isinstance(source["topic"].get(name), str) for name in ("code", "system")):
        yield "topic: code and system"
    for name, kind in (("uuid", str), ("detail", str), ("links", list), ("suggestions", list)):
        if name in card and (not isinstance(card[name], kind) or not card[name]):
            yield f"card: {name} is there and empty"
    yield from _optional(card)


def _optional(card: Json) -> Iterator[str]:
    for reason in card.get("overrideReasons", []):
        if not all(isinstance(reason.get(name), str) for name in ("code", "system", "display")):
            yield "override reason"
    for link in card.get("links", []):
        if link.get("type") not in ("absolute", "smart") or not link.get("label"):
            yield "link"
        if not re.match(r"https?://\S+$", link.get("url", "")) or (
            link["type"] == "absolute" and "appContext" in link
        ):
            yield "link: url or appContext"


def _suggestions(card: Json, drafts: set[str]) -> Iterator[str]:
    """propose_alternate_request_card_validation_test.rb and additional_orders_validation_test.rb."""
    suggestions = card.get("suggestions", [])
    if suggestions and card.get("selectionBehavior") not in ("at-most-one", "any"):
        yield "selectionBehavior"
    if suggestions and "links" in card:
        yield "links beside suggestions"
    for suggestion in suggestions:
        if not suggestion.get("label") or not suggestion.get("uuid") or not suggestion["actions"]:
            yield "suggestion"
        created = {
            one["resource"]["resourceType"]
            for one in suggestion["actions"]
            if one["type"] == "create"
        }
        for action in suggestion["actions"]:
            yield from _action(action)
            if action["type"] == "update":
                resource = action["resource"]
                if f"{resource['resourceType']}/{resource['id']}" not in drafts:
                    yield "an update of something else"
            if action["type"] == "delete" and (
                action["resourceId"] not in drafts
                or action["resourceId"].split("/")[0] not in created
            ):
                yield "a delete without a create of its type"


def _action(action: Json) -> Iterator[str]:
    if action.get("type") not in ("create", "update", "delete") or not action.get("description"):
        yield "action: type and description"
    if action.get("type") == "delete":
        if not re.fullmatch(r"[A-Z]\w+/[A-Za-z0-9.-]{1,64}", action.get("resourceId", "")):
            yield "action: resourceId"
    elif action.get("resource", {}).get("resourceType") not in ORDERS:
        yield "action: resource"
