"""Adds a reason from the problem list to a draft that names none."""

from service.clinical.orders.kept_parts import without_made_narrative
from service.clinical.orders.new_orders import coded_concept, is_id
from service.clinical.suggestions import Fix
from service.facts.indications import active_diagnoses, indications_of_order, reasons_given
from service.facts.order.drafts import Draft
from service.fhir.elements import is_absent, objects
from service.fhir.record import Record
from service.fhir.sources.source import Source
from service.fhir.terminology.names_in_text import Pointing
from service.json_object import Json
from service.policy.model import Policy

MOST_REASONS = 3
REASON = ("reasonCode", "reasonReference")


def reasons_missing(
    record: Record, draft: Draft, policy: Policy, diagnoses: Source, pointing: Pointing
) -> tuple[Fix, ...]:
    """The draft once for each matching diagnosis of the problem list, with it added as the reason.

    A reason that the prescriber gave is kept, whatever its words or codes: then only a disease that
    it points at is offered.
    """
    order = draft.resource
    if not is_id(order.get("id")):
        return ()
    indications = indications_of_order(record, order, policy, diagnoses, pointing)
    problems = active_diagnoses(record, policy, diagnoses)
    if _gives_reason(record, order):
        problems = {id_: problem for id_, problem in problems.items() if id_ in indications.perhaps}
    return tuple(
        Fix("add_reason", policy.indications[id_].title, _added(order, code, condition), id_)
        for id_, condition in list(problems.items())[:MOST_REASONS]
        if (code := coded_concept(condition.get("code"), policy.indications[id_].title))
    )


def _gives_reason(record: Record, order: Json) -> bool:
    """Whether the order says why it is written, whether or not that can be read."""
    reasons = [reason for reason in reasons_given(record, order) if not is_absent(reason)]
    return bool(reasons or objects(order.get("reasonReference")))


def _added(order: Json, code: Json, condition: Json) -> Json:
    """The draft with the diagnosis in front of the reasons that it has already."""
    stated = {name: objects(order.get(name)) for name in REASON}
    codes = {"reasonCode": [code, *stated["reasonCode"]]}
    references = [*_reference(condition), *stated["reasonReference"]]
    named = {**codes, **({"reasonReference": references} if references else {})}
    return {**without_made_narrative(order), **named}


def _reference(condition: Json) -> list[Json]:
    id_ = condition.get("id")
    return [{"reference": f"Condition/{id_}"}] if is_id(id_) else []
