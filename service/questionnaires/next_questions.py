"""Which questions are put to the prescriber now: those of the smallest open set, and the path first."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.library.library import Library
from service.policy.assessment import Assessment, criteria_of_path
from service.policy.model import Criterion
from service.policy.truth import Way
from service.questionnaires.asked_questions import asked_questions, questions_of
from service.questionnaires.form import Form

PATHS = ("renewal", "initial")


@dataclass(frozen=True, slots=True)
class NextQuestions:
    """What the smallest open set asks of the prescriber, and what else it needs, both as ids of criteria.

    `path_first`: the only question is the one that tells whether the order is a renewal.
    """

    asked: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    path_first: bool = False


def next_questions(library: Library, assessment: Assessment) -> NextQuestions:
    """The questions that are open now; none for an order that no statement can change."""
    policy, first = assessment.policy, assessment.open[0] if assessment.open else []
    if policy is None or not first or assessment.reason is not None:
        return NextQuestions()
    asked: dict[str, None] = {}
    others = []
    enclosing = _enclosing_questions(library, assessment)
    for id_ in first:
        question = enclosing.get(id_)
        if assessment.judged[id_].finding.way is Way.ATTESTATION and question is not None:
            asked[question] = None
        else:
            others.append(id_)
    if assessment.path == "unknown" and policy.approved_before in asked:
        return NextQuestions((policy.approved_before,), tuple(others), path_first=True)
    return NextQuestions(tuple(asked), tuple(others))


def forms_of(library: Library, assessment: Assessment) -> Iterator[Form]:
    """The questionnaires of an assessed order: of its diseases, on its path or on both."""
    policy = assessment.policy
    if policy is None:
        return
    for path in PATHS if assessment.path == "unknown" else (assessment.path or "initial",):
        for indication in assessment.indications:
            if getattr(policy.indications[indication], path) is not None:
                yield Form(library, policy, indication, path)


def form_with(library: Library, assessment: Assessment, id_: str) -> Form | None:
    """The first questionnaire of an assessed order that has a question of this id; None if none has."""
    return next((form for form in forms_of(library, assessment) if id_ in form.question_ids), None)


def _enclosing_questions(library: Library, assessment: Assessment) -> dict[str, str]:
    """By the id of each criterion that a question of its questionnaires covers, the id of that question.

    A trial is one question, though what is open may be the outcome of each of its parts.
    """
    found: dict[str, str] = {}
    for form in forms_of(library, assessment):
        whole = criteria_of_path(form.policy, form.path, (form.indication,))
        for one in questions_of(asked_questions(whole)):
            for id_ in _ids(one.criterion):
                found.setdefault(id_, one.criterion.id)
    return found


def _ids(criterion: Criterion) -> Iterator[str]:
    yield criterion.id
    for child in criterion.children:
        yield from _ids(child)
