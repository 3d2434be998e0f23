"""The value that a prescriber adds to the statement that a bound is passed, and the day it was taken on."""

from collections.abc import Mapping

from service.facts.knowledge import Knowledge
from service.facts.measurements.threshold import passes_bounds
from service.facts.statements.trial_details import Contradict, answers_below
from service.fhir.values.days import parse_day
from service.fhir.values.quantity import Unit, measure
from service.json_object import Json
from service.memo import per_document
from service.policy.model import Criterion, Op, Policy
from service.policy.operators import BOUNDS, Compare
from service.policy.truth import Truth

# The ends of the ids under which a questionnaire asks them, behind the id of the criterion.
VALUE, MEASURED = ":value", ":measured"


def bound_of(criterion: Criterion) -> Compare | None:
    """The bound that a value must pass, where a statement decides on one value; else None."""
    operator = criterion.operator
    if criterion.op is not Op.LEAF or not isinstance(operator, Compare):
        return None
    return operator if any(getattr(operator, name) is not None for name in BOUNDS) else None


def unit_of(knowledge: Knowledge, bound: Compare) -> Unit | None:
    """The unit in which a bound is written; None where the fact has none."""
    fact = knowledge.facts.get(bound.fact)
    return knowledge.units.get(fact.unit) if fact else None


def values_reader(policy: Policy, knowledge: Knowledge) -> Contradict:
    """A value contradicts a yes where it does not pass the bound, and a day where it is still to come.

    A value, a unit or a day that was given and cannot be read makes it a question too.
    """
    bounds = _bounds(policy)

    def fails(answer: Json, bound: Compare, unit: Unit) -> bool:
        value = measure(answer.get("valueQuantity"), unit, knowledge.units)
        return value is None or passes_bounds(bound, value) is Truth.NOT_MET

    def contradict(item: Json, link_id: str, authored: int) -> bool:
        bound = bounds.get(link_id)
        unit = None if bound is None else unit_of(knowledge, bound)
        if bound is None or unit is None:
            return False
        days = [parse_day(one.get("valueDate")) for one in answers_below(item, link_id + MEASURED)]
        if any(day is None or day.first > authored for day in days):
            return True
        return any(fails(one, bound, unit) for one in answers_below(item, link_id + VALUE))

    return contradict


@per_document
def _bounds(policy: Policy) -> Mapping[str, Compare]:
    """The bounds of the criteria that are about one value, by the criterion's id."""
    return {one.id: bound for one in policy.criteria() if (bound := bound_of(one)) is not None}
