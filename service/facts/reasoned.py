"""The reason of an order: added where the draft names none, corrected where the policy has none such."""

from typing import Literal

import orjson

from service.facts.kept import coded, is_id
from service.facts.orders import Draft, active_diagnoses, indications_asked
from service.fhir.elements import Json, objects
from service.fhir.near import Nearness
from service.fhir.record import Record
from service.fhir.reference import literal
from service.fhir.source import Source
from service.policy.model import Policy
from service.policy.offer import Fix

MOST_REASONS = 3
REASON = ("reasonCode", "reasonReference")


def reasons_missing(
    record: Record, draft: Draft, policy: Policy, diagnoses: Source, nearness: Nearness
) -> tuple[Fix, ...]:
    """The draft with a diagnosis of the problem list as its reason, where it names none of the policy's."""
    order = draft.resource
    if not is_id(order.get("id")):
        return ()
    outside = indications_asked(record, order, policy, diagnoses, nearness).outside
    kind: Literal["add_reason", "correct_reason"] = "correct_reason" if outside else "add_reason"
    change = _corrected if outside else _added
    found = active_diagnoses(record, policy, diagnoses)
    return tuple(
        Fix(kind, policy.indications[id_].title, change(order, code, condition), id_)
        for id_, condition in list(found.items())[:MOST_REASONS]
        if (code := coded(condition.get("code"), policy.indications[id_].title))
    )


def _added(order: Json, code: Json, condition: Json) -> Json:
    """The diagnosis before what the draft says already."""
    given = {name: objects(order.get(name)) for name in REASON}
    said = {"reasonCode": [code, *given["reasonCode"]]}
    references = [*_reference(condition), *given["reasonReference"]]
    return {**order, **said, **({"reasonReference": references} if references else {})}


def _corrected(order: Json, code: Json, condition: Json) -> Json:
    """The diagnosis in place of the reasons that the policy does not address."""
    changed = {name: value for name, value in order.items() if name not in REASON}
    changed["reasonCode"] = [code]
    if references := _reference(condition):
        changed["reasonReference"] = references
    return _without_orphans(changed, order)


def _reference(condition: Json) -> list[Json]:
    id_ = condition.get("id")
    return [{"reference": f"Condition/{id_}"}] if is_id(id_) else []


def _without_orphans(changed: Json, order: Json) -> Json:
    """Contained resources that only a dropped reason referred to go with it (R4 dom-3)."""
    dropped = {literal(one) for one in objects(order.get("reasonReference"))}
    rest = {name: value for name, value in changed.items() if name != "contained"}
    left = orjson.dumps(rest).decode()
    contained = [
        one
        for one in objects(changed.get("contained"))
        if (local := f"#{one.get('id')}") not in dropped or f'"{local}"' in left
    ]
    return {**rest, **({"contained": contained} if contained else {})}
