"""How gaps are closed: the missing test or score as an order."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from service.facts.case import Case
from service.facts.first_dose import first_dose, first_dose_of, no_list_came
from service.facts.ordering import service_order
from service.fhir.elements import codings
from service.policy.assess import Assessment
from service.policy.clinical import Gap
from service.policy.criterion import Criterion, leaves, walk
from service.policy.judged import Judged
from service.policy.offer import Fix, Json
from service.policy.operators import Compare, Operator, Recorded, Trend
from service.policy.truth import UNKNOWN, Reason

MOST_TESTS = 3
BASELINE = "baseline_if_treated"
TESTED = (Compare, Recorded, Trend)
# What a new test or entry settles; what was not sent may well be there.
SETTLED = {Reason.NOT_FOUND, Reason.STALE, Reason.UNIT}


def tests_missing(
    case: Case, assessment: Assessment, gaps: Mapping[str, Gap], drafts: Iterable[Json]
) -> tuple[Fix, ...]:
    """One order per missing test or score that would bring the answer nearer, if not drafted already."""
    drafted = {one[:2] for draft in drafts for one in codings(draft.get("code"))}
    found: dict[str, Fix] = {}
    for fact in _facts_open(case, assessment):
        gap = gaps.get(fact)
        if not gap or not gap.order or (gap.order.system, gap.order.code) in drafted:
            continue
        if gap.says not in found and len(found) < MOST_TESTS:
            found[gap.says] = Fix("test", gap.says, service_order(case, gap.order), fact)
    return tuple(found.values())


def _facts_open(case: Case, assessment: Assessment) -> Iterator[str]:
    """The facts that open questions ask for and the record does not have."""
    ids = [id_ for ids in assessment.open for id_ in ids]
    if assessment.root is not None:
        ids += _usual(assessment.root)
    for id_ in dict.fromkeys(ids):
        for node in _undecided(assessment.judged[id_]):
            if node.finding.reason in SETTLED:
                yield from _asked(case, node.criterion.operator)


def _usual(judged: Judged) -> Iterator[str]:
    """Undecided parts of the usual ways: they need no sign in the record to be proposed."""
    if judged.finding.truth is not UNKNOWN or not _names_usual(judged.criterion):
        return
    if judged.criterion.usual:
        yield judged.criterion.id
        return
    for child in judged.children:
        yield from _usual(child)


def _undecided(judged: Judged) -> Iterator[Judged]:
    """What is unknown of a tree; below what is decided nothing matters any more."""
    if judged.finding.truth is UNKNOWN and _asks_tests(judged.criterion):
        yield judged
        for child in judged.children:
            yield from _undecided(child)


@lru_cache(maxsize=4096)
def _names_usual(criterion: Criterion) -> bool:
    return any(one.usual for one in walk(criterion))


@lru_cache(maxsize=4096)
def _asks_tests(criterion: Criterion) -> bool:
    return any(isinstance(leaf.operator, TESTED) for leaf in leaves(criterion))


def _asked(case: Case, operator: Operator | None) -> Iterable[str]:
    """The facts of an operator; what had to be known before the first dose no new test tells."""
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
            return operator.of
        case _:
            return ()


def _may_be_treated(case: Case) -> bool:
    return first_dose(case) is not None or no_list_came(case)
