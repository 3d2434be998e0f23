"""Decides under which ids a prescriber's statement answers a criterion or its parts."""

from collections.abc import Iterator
from dataclasses import replace

from service.policy.model import Criterion, Op, leaves, repeated, walk
from service.policy.operators import Statement, TrialOutcome

PART = "part"


def with_statement_ids(whole: Criterion) -> Criterion:
    """The criterion with the ids under which its `statement` lets its parts be answered."""
    match whole.statement:
        case "decides" | "decides_before":
            return _with_answerable_parts(whole)
        case "part":
            return _with_id_below(whole, whole.id)
        case _:
            return whole


def never_asked(whole: Criterion) -> Iterator[tuple[Criterion, str]]:
    """Criteria with `asks` but no statement, each with the statement that is missing."""
    for criterion in walk(whole):
        takes = criterion.statement or isinstance(criterion.operator, Statement | TrialOutcome)
        if criterion.asks and not takes:
            tried = any(isinstance(leaf.operator, TrialOutcome) for leaf in leaves(criterion))
            yield criterion, "outcome" if tried else "decides"


def settles_nothing(whole: Criterion) -> bool:
    """Whether `statement: part` has no effect because no part below takes a statement."""
    return whole.statement == PART and not any(_settled(part) for part in whole.children)


def _settled(part: Criterion) -> bool:
    return _takes_statement(part) or any(_settled(part) for part in part.children)


def _takes_statement(part: Criterion) -> bool:
    return part.statement in ("decides", "decides_before", "overrides") or isinstance(
        part.operator, Statement
    )


def _with_answerable_parts(whole: Criterion) -> Criterion:
    """Parts of an all or any take statements under their own ids too."""
    if whole.op not in (Op.ALL, Op.ANY):
        return whole
    parts = tuple(
        replace(part, statement=whole.statement)
        if part.op is Op.LEAF and part.statement is None
        else part
        for part in whole.children
    )
    return replace(whole, children=parts)


def _with_id_below(whole: Criterion, id_: str) -> Criterion:
    children = tuple(_answered_as(part, id_) for part in whole.children)
    return replace(whole, children=children, repeated=repeated(children))


def _answered_as(part: Criterion, id_: str) -> Criterion:
    """The topmost parts that take statements also take those under the id of the whole, after their own."""
    if isinstance(part.operator, Statement):
        ids = (*part.operator.ids, id_)
        return replace(part, operator=replace(part.operator, ids=ids))
    if _takes_statement(part):
        return replace(part, stated_as=(*part.stated_as, id_))
    return _with_id_below(part, id_) if part.children else part
