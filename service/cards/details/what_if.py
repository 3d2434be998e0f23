"""What the truth of a policy would be if some of its questions were met."""

from collections.abc import Collection

from service.policy.judged_criterion import Judged
from service.policy.model import Op
from service.policy.open_questions import is_asked
from service.policy.truth import Truth, at_least, choose, negate


def truth_with(judged: Judged, met: Collection[str]) -> Truth:
    """The truth of a tree if the questions with these ids were met and nothing else changed."""
    if is_asked(judged) or not judged.children or judged.criterion.id in met:
        return Truth.MET if judged.criterion.id in met else judged.truth
    truths = [truth_with(child, met) for child in judged.children]
    match judged.criterion.op:
        case Op.NOT:
            return negate(truths[0])
        case Op.CHOOSE:
            return choose(*truths)
        case Op.ANY | Op.AT_LEAST:
            return at_least(judged.criterion.n or 1, truths)
        case _:
            return at_least(len(truths), truths)


def is_choice(judged: Judged, ids: Collection[str]) -> bool:
    """Whether these questions are ways of one choice, so that one of them is enough."""
    if len(ids) < 2:  # noqa: PLR2004 - one question is no choice
        return False
    each = [_held(child, ids) for child in judged.children]
    inside = [child for child, count in zip(judged.children, each, strict=True) if count]
    if len(inside) == 1 and not is_asked(judged):
        return is_choice(inside[0], ids)
    return judged.criterion.op is Op.ANY and max(each, default=0) == 1


def _held(judged: Judged, ids: Collection[str]) -> int:
    own = judged.criterion.id in ids
    return own + sum(_held(child, ids) for child in judged.children)
