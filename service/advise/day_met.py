"""The day on which an order that is not met will be met if nothing else happens."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from service.advise.assessed_order import AssessedOrder, case_with_policy
from service.advise.policy_for import Question, Visit
from service.cards.assessment_json import MetByTime
from service.facts.case import Case
from service.facts.indications import indications_of_order
from service.policy.assessment import Assessment, Outcome, assess
from service.policy.judge import judge
from service.policy.judged_criterion import Judged
from service.policy.model import Op
from service.policy.operators import (
    ApprovedBefore,
    Compare,
    Excluded,
    Exposed,
    NetworkPharmacy,
    NotEncoded,
    Recorded,
    Specialty,
    Statement,
    Stopped,
    Trend,
    TrialOutcome,
)
from service.policy.truth import Truth

MOST_DAYS = 366
# Time alone never makes these met: results and diagnoses only grow old, statements only expire.
TIMELESS = (
    *(ApprovedBefore, Excluded, Exposed, NetworkPharmacy, NotEncoded, TrialOutcome, Recorded),
    *(Specialty, Statement, Stopped, Trend),
)


def met_by_time(visit: Visit, question: Question, assessed: AssessedOrder) -> MetByTime | None:
    """When an order that is `not_met` will be met by itself; None if it is not, or must not be used.

    Each day of the next year, or up to the policy's last one, is judged by itself: supplies run out
    and results grow old on the way.
    """
    found, policy = met_by_time_at_once(question, assessed), question.policy
    if found is None or found.known_until or policy is None:
        return found
    case, assessment = assessed.case, assessed.assessment
    last = _last_day(question)
    days = (question.day + timedelta(days=n) for n in range(1, (last - question.day).days + 1))
    failed = [assessment.judged[id_] for id_ in assessment.blocking]
    met_on = next(
        (day for day in days if _turns(case, day, failed) and _meets(visit, question, day)), None
    )
    return replace(found, on=met_on, known_until=last)


def met_by_time_at_once(question: Question, assessed: AssessedOrder) -> MetByTime | None:
    """The same as far as it is known without judging another day, which an order should not wait for.

    Either no day meets it, or that is not known.
    """
    root = assessed.assessment.root
    if assessed.held or root is None or root.truth is not Truth.NOT_MET:
        return None
    never = not _may_turn(root, assessed.case)
    return MetByTime(
        if_continued=_day_of_the_rest(assessed.assessment),
        known_until=_last_day(question) if never else None,
    )


def _last_day(question: Question) -> date:
    until = question.policy.until if question.policy else None
    return min(question.day + timedelta(days=MOST_DAYS), until or date.max)


def _day_of_the_rest(assessment: Assessment) -> date | None:
    """The first day on which a smallest set of changes is reached if all else stays as it is today.

    Therapies in use then have to go on: a supply that runs out before is taken to be refilled.
    """
    sets = ([_earliest(assessment.judged[id_]) for id_ in some] for some in assessment.changes)
    days = [max(day for day in some if day) for some in sets if some and all(some)]
    return min(days, default=None)


def _earliest(judged: Judged) -> date | None:
    """The day that the nearest miss of a criterion names; None if it names none."""
    miss = judged.finding.miss
    values = dict(miss.values) if miss else {}
    day = values.get("earliest")
    return day if isinstance(day, date) else None


def _may_turn(judged: Judged, case: Case) -> bool:
    """Whether time alone could make a criterion met."""
    op, operator = judged.criterion.op, judged.criterion.operator
    if judged.truth is Truth.MET or op is Op.NOT:
        return True
    if operator is not None:
        timeless = isinstance(operator, TIMELESS) or (
            isinstance(operator, Compare) and case.knowledge.facts[operator.fact].kind != "age"
        )
        return not timeless
    turning = [_may_turn(part, case) for part in judged.parts]
    match op:
        case Op.ALL:
            return all(turning)
        case Op.CHOOSE:
            return any(turning[1:])
        case Op.AT_LEAST:
            return sum(turning) >= (judged.criterion.n or 0)
        case _:
            return any(turning)


def _turns(case: Case, day: date, failed: Iterable[Judged]) -> bool:
    """Whether a criterion that fails today no longer does on a later day."""
    case.record.share.check()
    later = replace(case, day=day, shared={})
    return any(judge(node.criterion, later.ask).truth is not Truth.NOT_MET for node in failed)


def _meets(visit: Visit, question: Question, day: date) -> bool:
    """Whether the whole policy is met on a day."""
    policy, diagnoses = question.policy, visit.library.source_of("Condition")
    if policy is None:
        return False
    resource, pointing = question.draft.resource, visit.library.knowledge.pointing
    asked = indications_of_order(visit.record, resource, policy, diagnoses, pointing)
    later = replace(visit, shared={})
    case = case_with_policy(later, replace(question, day=day), policy, asked)
    return assess(policy, case.indications, case.ask, case.ask_for).outcome is Outcome.MET
