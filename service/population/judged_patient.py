"""Judges one patient as the service judges a request, and writes the answer as a row of a table."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson

from service.advise import Rendered, advise
from service.cards.assessment_json import walk_twin
from service.cds.request import AsOf, HookRequest, parse_hook_request
from service.cds.strict_json import parse_body
from service.errors import RequestError
from service.facts.client import Client
from service.fhir.elements import objects, read
from service.json_object import Json, without_empty
from service.library.library import Library
from service.population.order_to_judge import HOOK

# Why there is no assessment of a patient.
NO_ORDER, NO_DIAGNOSIS, TOO_LARGE = "no_order", "no_diagnosis", "too_large"
# A line that was rejected may have been the order or the diagnosis; a mistake of ours, which the log names.
ORDER_NOT_READ, DIAGNOSIS_NOT_READ, FAILED = "order_not_read", "diagnosis_not_read", "failed"
# By type and path the concepts, each as JSON, with how often they stand in records.
Concepts = defaultdict[str, Counter[bytes]]


@dataclass(frozen=True, slots=True)
class JudgingBy:
    """What patients are judged by: documents, the client whose settings count, and the day."""

    library: Library
    client: Client
    as_of: AsOf


@dataclass(frozen=True, slots=True)
class JudgedRequest:
    """What one request came to: its only order, or why it was refused; and the request for counts."""

    order: Rendered | None
    refused: str | None
    request: HookRequest | None = None
    is_unsound: bool = False  # whether its bytes are no strict JSON


def judged(by: JudgingBy, body: bytes) -> JudgedRequest:
    """The answer to a request with one order, by the same steps as over HTTP."""
    try:
        content = parse_body(body)
    except RequestError as error:
        return JudgedRequest(None, error.diagnostics, is_unsound=True)
    try:
        request = parse_hook_request(content, frozenset({HOOK}))
        advice = advise(by.library, request, by.client, by.as_of)
    except RequestError as error:
        return JudgedRequest(None, error.diagnostics)
    order = advice.orders[0] if advice.orders else None
    return JudgedRequest(
        order, None if order else "it is no order for a drug of these documents", request
    )


def row(patient: str, drug: str, answer: JudgedRequest) -> Json:
    """One row: the outcome and what rests on it, and the whole assessment as JSON."""
    order = answer.order
    head: Json = {"patient": patient, "drug": drug}
    if order is None:
        return {**head, "not_judged": answer.refused}
    twin, assessment = order.twin, order.judgement.assessment
    # the service gives each answer a new id; here the same question has the same one
    asked = "|".join((patient, twin["order"], twin["asOf"], twin["content"]))
    twin["id"] = str(uuid5(NAMESPACE_URL, asked))
    payer = order.judgement.question.payer.payer
    running = twin.get("running")
    return {
        **head,
        "order": twin["order"],
        "as_of": twin["asOf"],
        "payer": payer.id if payer else None,
        "policy": assessment.policy.id if assessment.policy else None,
        "effective": twin["policy"]["effective"] if twin["policy"] else None,
        "path": assessment.path,
        "indication": assessment.indication,
        "outcome": str(assessment.outcome),
        "reason": assessment.reason,
        "awaits": assessment.awaits,
        "open": sorted({id_ for ids in assessment.open for id_ in ids}),
        "blocking": assessment.blocking,
        "approved_until": running["until"] if running else None,
        "criteria": [
            {"id": each["id"], "truth": each["truth"], "reason": each.get("reason")}
            for each in walk_twin(twin["criteria"])
        ],
        "assessment": orjson.dumps(without_empty(twin)).decode(),  # as an answer carries it
    }


def compared(before: Json, after: Json) -> Json:
    """A row with what differs under other documents: the outcome, and each criterion whose truth changes."""
    was, now = (
        {each["id"]: each["truth"] for each in side.get("criteria") or ()}
        for side in (before, after)
    )
    ids = list({**was, **now})
    changed = [
        f"{id_}: {was.get(id_, ABSENT)} → {now.get(id_, ABSENT)}"
        for id_ in ids
        if was.get(id_) != now.get(id_)
    ]
    names = ("policy", "effective", "outcome", "not_judged", "assessment")
    other: dict[str, Any] = {f"against_{name}": after.get(name) for name in names}
    flips = (before.get("outcome"), bool(before.get("not_judged"))) != (
        after.get("outcome"),
        bool(after.get("not_judged")),
    )
    return {**before, **other, "flips": flips, "changed": changed}


ABSENT = "not asked"


def count_concepts(library: Library, request: HookRequest, counted: Concepts) -> None:
    """Counts the concepts of a record that say what an entry is, for the list of unmapped codes."""
    for source in library.sources:
        value = request.prefetch.get(source.key)
        entries = objects(value.get("entry")) if source.concepts and isinstance(value, dict) else ()
        parts = [
            part
            for resource in (entry.get("resource") for entry in entries)
            if isinstance(resource, dict) and resource.get("resourceType") == source.type
            for part in (read(source.each, resource) if source.each else (resource,))
        ]
        for steps in source.concepts:
            path = ".".join((source.type, *(source.each or ()), *steps))
            # 200 concepts in 0.1 ms; counted one by one in 0.5
            counted[path].update(map(orjson.dumps, read(steps, parts)))
