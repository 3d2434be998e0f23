"""What CDS Hooks 2.0 and Da Vinci CRD ask of cards, as sentences about what a card does not keep."""

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any
from uuid import UUID

Json = dict[str, Any]
SUMMARY = 140
LABEL = 60
COVERAGE = "coverage-info"
DETAILS = {COVERAGE: 700, "therapy-alternatives-opt": 900, "guideline": 500}
# File names, ids of criteria and indications, and articles that nobody reviewed.
INTERNAL = re.compile(
    r"sources/|\.yaml|\b(?:ad|asthma|copd|crswnp|eoe|pn|common)\.(?:initial|renewal)"
    r"|\b(?:ad|crswnp|eoe|pn)\b|reviewed|Dr\.Oracle"
)
MARK_UP = re.compile(r"[<>`*\n\\]|\]\(|&#|&amp;")


def faults(cards: Sequence[Json], request: Json) -> list[str]:
    """Each rule that an answer breaks, by its name in the conformance checklist."""
    drafts = {
        f"{one['resource'].get('resourceType')}/{one['resource'].get('id')}"
        for one in request["context"]["draftOrders"]["entry"]
    }
    found = [fault for card in cards for fault in _card(card, drafts, request)]
    ids = [one["uuid"] for card in cards for one in [card, *card.get("suggestions", ())]]
    return [*found, *(["CARD-01 a uuid twice"] if len(set(ids)) < len(ids) else [])]


def _card(card: Json, drafts: set[str], request: Json) -> Iterator[str]:
    yield from _uuid(card, "CARD-01")
    if not 0 < len(card["summary"]) < SUMMARY or MARK_UP.search(card["summary"]):
        yield f"CARD-02/03 summary: {card['summary']}"
    if card["indicator"] not in {"info", "warning", "critical"}:
        yield f"CARD-04 indicator: {card['indicator']}"
    yield from _source(card.get("source", {}))
    yield from _detail(card["detail"], card.get("source", {}).get("topic"))
    yield from _overrides(card)
    if any(value in (None, [], {}, "") for value in card.values()):
        yield "CARD-12 an empty member"
    yield from _suggestions(card, drafts, request)


def _detail(detail: Any, topic: Any) -> Iterator[str]:
    """A detail is short enough to be read at once, and speaks to the clinician alone."""
    if not isinstance(detail, str) or not detail.strip():
        yield "CARD-08 detail"
        return
    longest = DETAILS.get(topic["code"], 0) if isinstance(topic, dict) else len(detail)
    if len(detail) > longest:
        yield f"detail of {len(detail)} characters, at most {longest}"
    if found := INTERNAL.search(detail):
        yield f"detail says '{found[0]}'"


def _source(source: Json) -> Iterator[str]:
    if not source.get("label"):
        yield "CARD-05 source.label"
    if "url" in source and "://" not in source["url"]:
        yield "CARD-06 source.url"
    topic = source.get("topic")
    if not isinstance(topic, dict) or not {"code", "system", "display"} <= topic.keys():
        yield "CARD-07/CRD-10 source.topic"


def _overrides(card: Json) -> Iterator[str]:
    reasons = card.get("overrideReasons", [None])
    if not all(
        one is None or all(one.get(k) for k in ("code", "system", "display")) for one in reasons
    ):
        yield "CARD-11 overrideReasons"


def _suggestions(card: Json, drafts: set[str], request: Json) -> Iterator[str]:
    suggestions = card.get("suggestions", [])
    if bool(suggestions) != ("selectionBehavior" in card):
        yield "CARD-10 selectionBehavior"
    if card.get("selectionBehavior", "any") not in ("any", "at-most-one"):
        yield "CARD-10 selectionBehavior"
    if suggestions and "links" in card and card["source"]["topic"]["code"] != COVERAGE:
        yield "CRD-15/16 links"
    updates = [one for one in suggestions if any(act["type"] == "update" for act in one["actions"])]
    if len(updates) > 1 and card["selectionBehavior"] == "any":
        yield "ACT-06 two updates of one draft undo each other"
    for one in suggestions:
        yield from _uuid(one, "SUG-02")
        if not 0 < len(one["label"].strip()) <= LABEL or MARK_UP.search(one["label"]):
            yield f"SUG-01 label: {one['label']}"
        if "actionSelectionBehavior" in one:
            yield "SUG-05 actionSelectionBehavior"
        yield from _actions(one["actions"], drafts, request)


def _actions(actions: Sequence[Json], drafts: set[str], request: Json) -> Iterator[str]:
    types = [one["type"] for one in actions]
    replaces = types[:1] == ["update"] and set(types[1:]) <= {"delete"}
    whole = replaces or types == ["delete", "create"] or (types and set(types) == {"create"})
    if not whole:
        yield f"CRD-15/16 actions: {types}"
    for one in actions:
        said = one.get("description")
        if not isinstance(said, str) or not said.strip() or MARK_UP.search(said):
            yield f"ACT-02/CARD-09 description: {said}"
        yield from _target(one, drafts, request)


def _target(action: Json, drafts: set[str], request: Json) -> Iterator[str]:
    resource, target = action.get("resource"), action.get("resourceId")
    if action["type"] == "delete":
        if resource is not None or target not in drafts:
            yield f"ACT-04/05 delete of {target}"
        return
    if target is not None or resource is None:
        yield f"ACT-03 {action['type']} has a resource and no resourceId"
        return
    named = f"{resource['resourceType']}/{resource.get('id')}"
    if (action["type"] == "update") is not (named in drafts):
        yield f"ACT-05 {action['type']} of {named}"
    if action["type"] == "create":
        yield from _created(resource, request["context"]["patientId"])
    yield from invalid(resource)


def _created(resource: Json, patient: str) -> Iterator[str]:
    if "id" in resource or resource["status"] != "draft" or not resource.get("intent"):
        yield "ACT-08 id, status or intent"
    if resource["subject"] != {"reference": f"Patient/{patient}"}:
        yield f"ACT-08 subject: {resource['subject']}"
    drug = [name for name in resource if name.startswith("medication")]
    if len(drug) != (resource["resourceType"] == "MedicationRequest"):
        yield f"ACT-08 medication[x]: {drug}"


def invalid(resource: Json) -> Iterator[str]:
    """What R4 says against a resource."""
    kind = resource["resourceType"]
    model = getattr(import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
    try:
        model.model_validate(resource)
    except ValueError as error:
        yield f"ACT-03 R4: {error}"


def _uuid(one: Json, rule: str) -> Iterator[str]:
    try:
        UUID(one["uuid"])
    except (KeyError, ValueError):
        yield f"{rule} uuid"
