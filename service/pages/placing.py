"""Criteria in their tree: which group each stands in, and how the whole sees it."""

from dataclasses import dataclass

from service.policy.criterion import Criterion, Op

TEST = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A criterion in its tree: the group it stands in, its place there, how the whole sees it."""

    criterion: Criterion
    parent: str
    op: Op
    place: int
    above: int


def placed(criteria: tuple[Criterion, ...]) -> dict[str, Placed]:
    """A list of criteria, all of which count, with everything below, by id."""
    found: dict[str, Placed] = {}
    for place, one in enumerate(criteria):
        _place(found, Placed(one, "", Op.ALL, place, 1))
    return found


def _place(found: dict[str, Placed], one: Placed) -> None:
    criterion = one.criterion
    found[criterion.id] = one
    for place, child in enumerate(criterion.children):
        _place(
            found,
            Placed(
                child, criterion.id, criterion.op, place, one.above * _turn(criterion.op, place)
            ),
        )


def _turn(op: Op, place: int) -> int:
    if op is Op.NOT:
        return -1
    return 0 if op is Op.CHOOSE and place == TEST else 1
