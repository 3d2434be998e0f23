"""A policy version as a whole: nothing in it contradicts itself, decides nothing or cannot be met."""

from collections.abc import Iterable, Iterator, Mapping

from service.errors import Mistake
from service.library.criteria.scope import Names
from service.library.criteria.windows import wrong_windows
from service.library.documents.yaml import Address, Document
from service.library.policies.contradictions import Contradiction, contradictions, demands
from service.library.shapes import PolicyShape
from service.policy.criterion import Criterion, Op, group, walk

Places = Mapping[str, tuple[Document, Address]]
Trees = tuple[Criterion, ...]


def check_phase(
    common: Trees, trees: Trees, places: Places, shape: PolicyShape, names: Names
) -> Iterator[Mistake]:
    """What is wrong among the criteria of one phase: those of an indication stand beside the common ones."""
    whole = tuple(_parts((*common, *trees)))
    for criterion in whole:
        for keys, message in wrong_windows(criterion.operator, names.facts, shape.trial):
            yield _mistake_at(places, criterion.id, keys, message)
    for contradiction in _contradictions(common, trees):
        yield _contradiction(places, *contradiction)


def _contradictions(common: Trees, trees: Trees) -> Iterator[Contradiction]:
    """Notices explain and demand nothing; each is looked at alone."""
    both = group(Op.ALL, common, id_="", says="", cite="")
    yield from contradictions(both)
    for tree in trees:
        yield from contradictions(tree, tuple(demands(both)))
    for criterion in _parts((*common, *trees)):
        for notice in criterion.notices:
            yield from contradictions(notice.when)


def _parts(trees: Iterable[Criterion]) -> Iterator[Criterion]:
    for tree in trees:
        for criterion in walk(tree):
            yield criterion
            yield from _parts(notice.when for notice in criterion.notices)


def _mistake_at(places: Places, id_: str, keys: tuple[str, ...], message: str) -> Mistake:
    document, address = places.get(id_, (Document("mappings/policies"), ()))
    if address[-1:] == ("trial",):
        keys = tuple("for" if key == "days" else key for key in keys[1:])
    return document.mistake((*address, *keys), message)


def _contradiction(places: Places, id_: str, message: str, other: str) -> Mistake:
    document, address = places.get(id_, (Document("mappings/policies"), ()))
    there, its = places.get(other, (document, ()))
    where = f"line {there.line(its)}"
    if there.file != document.file:
        where = f"{there.file.rpartition('/')[2]}, {where}"
    return document.mistake((*address, "id"), message.format(other=f"'{other}' ({where})"))
