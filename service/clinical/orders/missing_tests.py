"""Missing tests and scores as new orders."""

from collections.abc import Iterable, Mapping
from itertools import chain

from service.clinical.orders.new_orders import service_order
from service.clinical.suggestions import Fix
from service.clinical.therapies_and_pathways import ProposedTest
from service.facts.case import Case
from service.facts.supply.first_dose import first_dose_of, no_list_came
from service.facts.supply.on_drug import surely_off
from service.facts.supply.treatment_readings import treatments
from service.fhir.elements import codings
from service.json_object import Json
from service.memo import per_document
from service.policy.assessment import Assessment
from service.policy.judged_criterion import Judged
from service.policy.model import Criterion, leaves, walk
from service.policy.operators import Compare, Operator, Recorded, Trend
from service.policy.truth import Reason, Truth

MOST_TESTS = 3
BASELINE = "baseline_if_treated"
TESTED = (Compare, Recorded, Trend)
# Reasons that a new test can settle; data that was not sent may contain the result already.
SETTLED = {Reason.NOT_FOUND, Reason.STALE, Reason.UNIT}


def tests_missing(
    case: Case, assessment: Assessment, gaps: Mapping[str, ProposedTest], drafts: Iterable[Json]
) -> tuple[Fix, ...]:
    """What supplies each missing value that an open question needs: an order, or an entry in the chart.

    A test that is drafted already is left out; a score or symptom has no order.
    """
    drafted = {coding[:2] for draft in drafts for coding in codings(draft.get("code"))}
    fixes: dict[str, Fix] = {}
    for fact in _facts_open(case, assessment):
        gap = gaps.get(fact)
        if not gap or gap.says in fixes:
            continue
        if gap.order is None:
            fixes[gap.says] = Fix("record", gap.says, {}, fact)
        elif (gap.order.system, gap.order.code) not in drafted:
            fixes[gap.says] = Fix("test", gap.says, service_order(case, gap.order), fact)
    tests = [fix for fix in fixes.values() if fix.kind == "test"]
    return (*tests[:MOST_TESTS], *(fix for fix in fixes.values() if fix.kind == "record"))


def _facts_open(case: Case, assessment: Assessment) -> list[str]:
    """The ids of facts that open questions need and the record does not contain."""
    ids = dict.fromkeys(chain.from_iterable(assessment.open))
    if assessment.root is not None:
        ids |= dict.fromkeys(_usual(assessment.root))
    nodes = [node for id_ in ids for node in _undecided(assessment.judged[id_])]
    settled = [node for node in nodes if node.finding.reason in SETTLED]
    return [fact for node in settled for fact in _asked(case, node.criterion.operator)]


def _usual(judged: Judged) -> list[str]:
    """Ids of open criteria marked `usual`: their tests are proposed even without evidence for them."""
    if judged.finding.truth is not Truth.UNKNOWN or not _names_usual(judged.criterion):
        return []
    if judged.criterion.usual:
        return [judged.criterion.id]
    return [id_ for child in judged.children for id_ in _usual(child)]


def _undecided(judged: Judged) -> list[Judged]:
    """The unknown nodes of a tree; nothing below a decided node is looked at."""
    if judged.finding.truth is not Truth.UNKNOWN or not _asks_tests(judged.criterion):
        return []
    if not judged.children:
        return [judged]
    return [judged, *chain.from_iterable(map(_undecided, judged.children))]


@per_document
def _names_usual(criterion: Criterion) -> bool:
    return any(part.usual for part in walk(criterion))


@per_document
def _asks_tests(criterion: Criterion) -> bool:
    return any(isinstance(leaf.operator, TESTED) for leaf in leaves(criterion))


def _asked(case: Case, operator: Operator | None) -> Iterable[str]:
    """The facts of an operator; empty if they had to be measured before the first dose."""
    match operator:
        case Compare() | Recorded() if operator.pick == BASELINE and _may_be_treated(case):
            return ()
        case Compare() if operator.before_first and first_dose_of(case, operator.before_first):
            return ()
        case Compare():
            return (operator.fact,)
        case Recorded():
            return operator.fact
        case Trend():
            return () if _tells_nothing_now(case, operator) else operator.of
        case _:
            return ()


def _tells_nothing_now(case: Case, trend: Trend) -> bool:
    """Whether the drug is surely not taken, so that a measurement today does not show its effect."""
    gap = trend.supplied_within
    return gap is not None and surely_off(case, case.today, gap.days)


def _may_be_treated(case: Case) -> bool:
    """Whether a value of today may be one under the drug; off it, it is that of an untreated patient."""
    readings = treatments(case)
    begun = any(reading.start is not None for reading in readings) or no_list_came(case)
    return begun and not any(reading.off for reading in readings)
