"""Which situation a patient is in, and which considerations the record makes matter."""

from collections.abc import Iterable

from service.facts.case import Case
from service.policy.assess import Assessment, Outcome
from service.policy.clinical import Clinical, Note, Pathway, Situation
from service.policy.judge import judge
from service.policy.judged import Judged, nodes
from service.policy.truth import Reason, Truth

MOST_NOTES = 4
COMMON = "common"
PATHS = ("initial", "renewal")


def situation_of(case: Case, pathway: Pathway, assessment: Assessment) -> Situation | None:
    """The first situation that this patient is surely in."""
    return next((one for one in pathway.situations if _is_in(case, one, assessment)), None)


def _is_in(case: Case, one: Situation, assessment: Assessment) -> bool:
    if assessment.path in PATHS and assessment.path not in one.only:
        return False
    if one.coverage == "not_met" and assessment.outcome is not Outcome.NOT_MET:
        return False
    return one.when is None or judge(one.when, case.ask).truth is Truth.MET


def notes_for(
    case: Case, clinical: Clinical, indications: Iterable[str], path: str
) -> tuple[Note, ...]:
    """The considerations that this record makes matter, the weightiest first."""
    found = {
        one.id: one
        for name in (*indications, COMMON)
        for one in clinical.notes.get((case.drug, name), ())
        if (path in one.only or one.only == PATHS) and _matters(judge(one.when, case.ask))
    }
    return tuple(sorted(found.values(), key=lambda one: -one.weight)[:MOST_NOTES])


def _matters(judged: Judged) -> bool:
    """Met, or left open by what a list or a name in words shows: a caution waits for no pharmacy record."""
    if judged.truth is not Truth.UNKNOWN:
        return judged.truth is Truth.MET
    return judged.finding.reason is Reason.REVIEW and any(
        one.finding.evidence for one in nodes(judged)
    )
