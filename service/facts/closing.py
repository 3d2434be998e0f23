"""How gaps are closed: the missing test as an order, the reason that the draft lacks."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from service.facts.case import Case
from service.facts.first_dose import first_dose
from service.facts.ordering import service_order
from service.facts.orders import Draft, active_diagnoses, reasons_given
from service.fhir.elements import text
from service.fhir.record import Record
from service.fhir.source import Source
from service.policy.assess import Assessment
from service.policy.clinical import Gap
from service.policy.judged import nodes
from service.policy.model import Policy
from service.policy.offer import Fix, Json
from service.policy.operators import Compare, Operator, Recorded, Trend
from service.policy.truth import Reason, Truth

MOST_TESTS = 3
BASELINE = "baseline_if_treated"
MOST_REASONS = 3
# What a new test or entry settles; what was not sent may well be there.
SETTLED = {Reason.NOT_FOUND, Reason.STALE, Reason.UNIT}


def tests_missing(case: Case, assessment: Assessment, gaps: Mapping[str, Gap]) -> tuple[Fix, ...]:
    """One order per missing test or score that would bring the answer nearer."""
    found: dict[str, Fix] = {}
    for fact in _facts_open(case, assessment):
        gap = gaps.get(fact)
        if gap and gap.order and gap.says not in found:
            found[gap.says] = Fix("test", gap.says, service_order(case, gap.order), fact)
    return tuple(found.values())[:MOST_TESTS]


def _facts_open(case: Case, assessment: Assessment) -> Iterator[str]:
    """The facts that open questions ask for and the record does not have."""
    for id_ in dict.fromkeys(id_ for ids in assessment.open for id_ in ids):
        for node in nodes(assessment.judged[id_]):
            finding = node.finding
            if finding.truth is Truth.UNKNOWN and finding.reason in SETTLED:
                yield from _asked(case, node.criterion.operator)


def _asked(case: Case, operator: Operator | None) -> Iterable[str]:
    """The facts of an operator; what had to be known before the first dose no new test tells."""
    match operator:
        case Compare() | Recorded() if operator.pick == BASELINE and first_dose(case) is not None:
            return ()
        case Compare() if operator.before_first:
            return ()
        case Compare():
            return (operator.fact,)
        case Recorded():
            return operator.fact
        case Trend():
            return operator.of
        case _:
            return ()


def reasons_missing(
    record: Record, draft: Draft, policy: Policy, diagnoses: Source
) -> tuple[Fix, ...]:
    """The draft with a diagnosis of the problem list as its reason, where it names none of the policy's."""
    order = draft.resource
    if not text(order.get("id")):
        return ()
    given = any(True for _ in reasons_given(record, order))
    kind: Literal["add_reason", "correct_reason"] = "correct_reason" if given else "add_reason"
    found = active_diagnoses(record, policy, diagnoses)
    return tuple(
        Fix(kind, policy.indications[id_].title, _with_reason(order, condition), id_)
        for id_, condition in list(found.items())[:MOST_REASONS]
    )


def _with_reason(order: Json, condition: Json) -> Json:
    changed = {key: value for key, value in order.items() if key != "reasonReference"}
    changed["reasonCode"] = [condition["code"]]
    if id_ := text(condition.get("id")):
        changed["reasonReference"] = [{"reference": f"Condition/{id_}"}]
    return changed
