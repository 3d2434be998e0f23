"""Which criteria of a policy a statement may answer, in the policy's order and groups."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from service.policy.model import Criterion, Op, leaves
from service.policy.operators import TrialOutcome
from service.questionnaires.enable_when import (
    Condition,
    conditions_of_alternative,
    conditions_of_part,
    is_question,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, or a group of them; it is shown when all conditions hold."""

    criterion: Criterion
    parts: tuple["Asked", ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of drugs of the trials whose outcome is asked; empty if it asks no outcome."""
        if self.parts:
            return ()
        operators = (leaf.operator for leaf in leaves(self.criterion))
        tried = (name for one in operators if isinstance(one, TrialOutcome) for name in one.of)
        return tuple(dict.fromkeys(tried))


def asked_questions(whole: Criterion) -> tuple[Asked, ...]:
    """The questions of a policy, each once; groups with a single question are left out."""
    asked = _asked(whole, set(), within_alternative=False)
    if asked is None:
        return ()
    return asked.parts or (asked,)


def questions_of(asked: tuple[Asked, ...]) -> Iterator[Asked]:
    """Every question in these groups, in reading order."""
    for one in asked:
        if one.parts:
            yield from questions_of(one.parts)
        else:
            yield one


def _asked(criterion: Criterion, seen: set[str], *, within_alternative: bool) -> Asked | None:
    if is_question(criterion):
        if criterion.id in seen:
            return None
        seen.add(criterion.id)
        return Asked(criterion)
    alternatives = criterion.op is Op.ANY and len(criterion.children) > 1
    within = alternatives or (within_alternative and criterion.op in (Op.ALL, Op.ANY))
    parts = []
    for number, child in enumerate(criterion.children):
        part = _asked(child, seen, within_alternative=within)
        if part is not None:
            before = criterion.children[:number]
            own: tuple[Condition, ...] = ()
            if alternatives:
                own = conditions_of_alternative(before)
            elif within_alternative and criterion.op is Op.ALL:
                own = conditions_of_part(before)
            parts.append(replace(part, conditions=own + part.conditions))
    if len(parts) <= 1:
        return parts[0] if parts else None
    return Asked(criterion, tuple(parts))
