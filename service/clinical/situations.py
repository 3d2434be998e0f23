"""Which situation a patient is in, and which considerations apply to this record."""

from collections.abc import Iterable, Iterator

from service.clinical.dose_remarks import dose_remarks
from service.clinical.dose_taken import taken_below
from service.clinical.model import Clinical, Note, Pathway, Situation, Stage
from service.clinical.stages import Beginning, Begins, beginning, course_stage
from service.clinical.steps import needed_steps
from service.facts.case import Case
from service.facts.needed_entries import surely_met
from service.facts.supply.on_drug import had_samples_alone
from service.memo import per_document
from service.policy.assess import Assessment, Outcome
from service.policy.finding import Remark
from service.policy.judge import judge
from service.policy.judged import nodes
from service.policy.model import Criterion, leaves
from service.policy.operators import Regimen, Supply
from service.policy.truth import Reason, Truth

COMMON = "common"
PATHS = ("initial", "renewal")


def situations_of(
    case: Case, pathway: Pathway, assessment: Assessment, stated: frozenset[str]
) -> Iterator[Situation]:
    """The situations that surely apply to this patient and still have a step to take, in order.

    Classes that are `stated` as tried or as ruled out are not missing.
    """
    return (
        situation
        for situation in pathway.situations
        if _is_in(case, pathway, situation, assessment)
        and (not situation.order or needed_steps(case, situation, stated))
    )


def _is_in(case: Case, pathway: Pathway, situation: Situation, assessment: Assessment) -> bool:
    if assessment.path in PATHS and assessment.path not in situation.only:
        return False
    if not _fits_coverage(situation, assessment):
        return False
    if not is_in_stage(case, pathway, situation.stages):
        return False
    if not _fits_dose(case, pathway, situation, assessment):
        return False
    return situation.when is None or surely_met(case, situation.when)


def _fits_coverage(situation: Situation, assessment: Assessment) -> bool:
    if situation.coverage == "any" or _not_eligible(assessment):
        return True
    # A wrong dose is corrected on the order and is no gap of the disease. If one of several diseases
    # meets its criteria, no gap of another one has to be closed.
    open_ = assessment.outcome in (Outcome.UNKNOWN, Outcome.NOT_MET)
    return (
        situation.coverage == "unmet"
        and open_
        and str(Truth.MET) not in assessment.indications.values()
    )


def _fits_dose(case: Case, pathway: Pathway, situation: Situation, assessment: Assessment) -> bool:
    if situation.below_label and not _is_below_label(case, assessment):
        return False
    return not situation.taken_below_label or taken_less(case, pathway, assessment) is not None


def _is_below_label(case: Case, assessment: Assessment) -> bool:
    """Whether the order asks for less than the dose with which the label goes on."""
    regimen = _dose_asked(case, assessment)
    if regimen is None:
        return False
    remarks = dose_remarks(case, regimen, Beginning(Begins.CONTINUES), {})
    return any(dose_remark.kind == "below" for dose_remark in remarks)


def _dose_asked(case: Case, assessment: Assessment) -> Regimen | None:
    """The policy's question on the labelled dose; without a policy the label's own. None if neither asks."""
    root = assessment.root
    if root is None:
        label = case.knowledge.labels.get(case.drug)
        return label.asked if label else None
    leaf_ops = (leaf.operator for leaf in leaves(root.criterion))
    return next((operator for operator in leaf_ops if isinstance(operator, Regimen)), None)


def taken_less(case: Case, pathway: Pathway, assessment: Assessment) -> Remark | None:
    """A remark with the dose taken and the labelled one; None unless it was surely less."""
    regimen, course = _dose_asked(case, assessment), pathway.course
    return taken_below(case, regimen, course) if regimen and course else None


def is_in_stage(case: Case, pathway: Pathway | None, stages: frozenset[Stage]) -> bool:
    """Whether the patient is in one of the stages; true if none is required."""
    if not stages:
        return True
    course = pathway.course if pathway else None
    return course is not None and course_stage(case, course) in stages


def is_intolerant(clinical: Clinical, case: Case) -> bool:
    """Whether the drug was stopped for a side effect in the course of one of the order's diseases."""
    harmed = frozenset([Stage.INTOLERANT])
    live = (clinical.pathways.get((case.drug, indication)) for indication in case.indications)
    return any(is_in_stage(case, pathway, harmed) for pathway in live)


def _not_eligible(assessment: Assessment) -> bool:
    """Whether some criterion other than the dose keeps the order from being met."""
    policy = assessment.policy
    if assessment.outcome is not Outcome.NOT_MET or policy is None:
        return False
    about = (policy.indications[id_] for id_ in assessment.indications)
    trees = (
        tree
        for indication in about
        for tree in (indication.initial, indication.renewal)
        if tree is not None
    )
    judged = (assessment.judged[tree.id] for tree in trees if tree.id in assessment.judged)
    below = (node.criterion for tree in judged for node in nodes(tree))
    ids = {criterion.id for criterion in below if not isinstance(criterion.operator, Regimen)}
    return not ids.isdisjoint(assessment.blocking)


def is_shown(case: Case, when: Criterion) -> bool:
    """Whether a criterion is met, or would be if entries of lists counted like pharmacy records."""
    return _matters(case, when)


def asks_lists(when: Criterion) -> bool:
    """Whether a supply test in it leaves evidence from lists alone to the reviewer."""
    return _may_be_shown(when)


def notes_for(
    case: Case, clinical: Clinical, indications: Iterable[str], path: str, situation: str | None
) -> tuple[Note, ...]:
    """The considerations that apply to this record and that the situation does not say, by weight."""
    live = tuple(indications)

    def matters(note: Note, about: str) -> bool:
        if note.samples and not had_samples_alone(case):
            return False
        courses = live if about == COMMON else (about,)
        pathways = [clinical.pathways.get((case.drug, indication)) for indication in courses]
        staged = any(_is_told(case, pathway, note.stages) for pathway in pathways or (None,))
        if not staged or not _matters(case, note.when):
            return False
        return note.not_with is None or not surely_met(case, note.not_with)

    notes = _notes(clinical, case.drug, live, path, situation)
    return tuple(note for note, about in notes if matters(note, about))


def _is_told(case: Case, pathway: Pathway | None, stages: frozenset[Stage]) -> bool:
    """Whether the stage fits; a note on starting is left out if the order surely continues the drug."""
    if not is_in_stage(case, pathway, stages):
        return False
    if pathway is None or Stage.NOT_STARTED not in stages:
        return True
    return beginning(case, pathway.course).begins is not Begins.CONTINUES


@per_document
def _notes(
    clinical: Clinical, drug: str, indications: tuple[str, ...], path: str, situation: str | None
) -> tuple[tuple[Note, str], ...]:
    """The notes for these indications, by weight, each with the name of its document."""
    notes = {
        note.id: (note, name)
        for name in (*indications, COMMON)
        for note in clinical.notes.get((drug, name), ())
        if (path in note.only or note.only == PATHS) and situation not in note.unless
    }
    return tuple(sorted(notes.values(), key=lambda entry: -entry[0].weight))


def _matters(case: Case, when: Criterion | None) -> bool:
    """Whether it is met, or open only because lists or names in words are its evidence."""
    if when is None:
        return True
    if surely_met(case, when):
        return True
    if not _may_be_shown(when):
        return False
    judged = judge(when, case.ask)
    open_ = judged.truth is Truth.UNKNOWN and judged.finding.reason is Reason.REVIEW
    return open_ and any(node.finding.evidence for node in nodes(judged))


@per_document
def _may_be_shown(when: Criterion) -> bool:
    """Whether a supply test in it leaves evidence from lists to the reviewer."""
    supplies = (leaf.operator for leaf in leaves(when) if isinstance(leaf.operator, Supply))
    return any(supply.elsewhere == "review" for supply in supplies)
