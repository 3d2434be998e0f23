"""The questions of a policy that are open, what is left of its formula, and what blocks it."""

from collections.abc import Iterator

from service.policy.judged_criterion import Judged
from service.policy.model import WHOLES, Op
from service.policy.truth import Truth, negate

Formula = str | dict[str, "object"]


def is_asked(judged: Judged) -> bool:
    """Whether this node is one question to the outside, not a group of questions."""
    return judged.stated or judged.criterion.single


def needs(judged: Judged) -> Formula | None:
    """The residual formula without known parts; None if nothing is unknown."""
    if judged.truth is not Truth.UNKNOWN:
        return None
    if is_asked(judged):
        return judged.criterion.id
    return _needs_of_group(judged)


def _needs_of_group(judged: Judged) -> Formula:
    parts = [part for child in judged.children if (part := needs(child)) is not None]
    match judged.criterion.op:
        case Op.CHOOSE:
            names = ("test", "met", "not_met")
            branches = [needs(child) or str(child.truth) for child in judged.children]
            return {"choose": dict(zip(names, branches, strict=True))}
        case Op.AT_LEAST:
            met = sum(child.truth is Truth.MET for child in judged.children)
            return {"at_least": (judged.criterion.n or 0) - met, "of": parts}
    op = Op.ALL if judged.criterion.op in WHOLES else judged.criterion.op
    return parts[0] if len(parts) == 1 else {str(op): parts}


def questions(judged: Judged) -> list[Judged]:
    """Every question to the outside in the tree, in reading order."""
    questions: list[Judged] = []
    _collect(judged, questions)
    return questions


def _collect(judged: Judged, questions: list[Judged]) -> None:
    if is_asked(judged):
        questions.append(judged)
        return
    for child in judged.children:
        _collect(child, questions)


def blocking(judged: Judged) -> list[str]:
    """The questions whose answer keeps the policy from being met, in reading order."""
    return list(_blocking(judged, Truth.MET))


def _blocking(judged: Judged, want: Truth) -> Iterator[str]:
    if judged.truth is not negate(want):
        return
    if is_asked(judged):
        yield judged.criterion.id
        return
    for child in judged.children:
        yield from _blocking(child, want)
