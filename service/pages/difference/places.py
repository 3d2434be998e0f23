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
    """A list of criteria, all of which count, with everything below, by id.

    Below `one_class` the same ids stand once for each class, so the class stands before them.
    """
    found: dict[str, Placed] = {}
    for place, one in enumerate(criteria):
        _place(found, Placed(one, "", Op.ALL, place, 1), "")
    return found


def _place(found: dict[str, Placed], one: Placed, of_class: str) -> None:
    criterion = one.criterion
    key = of_class + criterion.id
    found[key] = one
    inside = f"{key} " if one.op is Op.ONE_CLASS else of_class
    for place, child in enumerate(criterion.children):
        above = one.above * _turn(criterion.op, place)
        _place(found, Placed(child, key, criterion.op, place, above), inside)


def _turn(op: Op, place: int) -> int:
    if op is Op.NOT:
        return -1
    return 0 if op is Op.CHOOSE and place == TEST else 1
