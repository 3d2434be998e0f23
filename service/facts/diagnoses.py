"""Which diagnoses stand, and which reasons an order gives."""

from collections.abc import Iterable

from service.fhir.elements import codes, objects, text
from service.fhir.record import Record
from service.fhir.reference import literal, parts
from service.json_object import Json

SUFFIX = ".condition"
# A diagnosis of which only its existence is known.
UNSAID: Json = {"coding": [{"code": "not sent"}]}


def reasons_given(record: Record, order: Json) -> Iterable[object]:
    """Every concept that the prescriber gave on the order as its reason."""
    yield from objects(order.get("reasonCode"))
    for reference in objects(order.get("reasonReference")):
        target = record.resolve(reference, order)
        if target is None:
            yield from _not_sent(reference)
        elif target.get("resourceType") == "Condition" and stands(target):
            yield target.get("code") or UNSAID


def _not_sent(reference: Json) -> Iterable[object]:
    """What a reference says by itself of a diagnosis that did not come: its name, or that there is one.

    One to an observation names a finding, as one that came does.
    """
    named = literal(reference)
    types = {parts(named)[0] if named else None, text(reference.get("type"))} - {None}
    if not types <= {"Condition"}:
        return
    if name := text(reference.get("display")):
        yield {"text": name}
    elif named or objects(reference.get("identifier")):
        yield UNSAID


def stands(condition: Json) -> bool:
    """Whether a diagnosis is neither refuted nor entered in error."""
    return not codes(condition.get("verificationStatus")) & {"entered-in-error", "refuted"}
