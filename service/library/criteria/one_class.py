"""One class bound through several tests: each of them read once for every class."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from service.library.criteria.expansion import BINDING, BOUND, MARK, Filling
from service.library.criteria.scope import CriterionReader
from service.library.criteria.supply import CLASSES, resolve_value_set
from service.library.documents.yaml import Address
from service.policy.criterion import Criterion, Op, repeated, walk
from service.policy.operators import Outcome, Statement

Children = tuple[Criterion, ...] | None
Parse = Callable[[CriterionReader, object, Address, tuple[str, ...]], Children]
UNCLEAR_STATEMENT = "a statement here cannot say which class it is about; let one settle all of 'one_class'"


def parse_one_class(
    reader: CriterionReader,
    raw: Mapping[str, Any],
    written: Mapping[str, Any],
    address: Address,
    parse: Parse,
) -> tuple[Criterion, ...] | None:
    """The tests for each class in turn, each a whole under the same ids."""
    classes = _classes(reader, written.get("of"), (*address, "of"))
    below = (*address, "all")
    if f"{MARK}{BOUND}" not in _texts(written.get("all")):
        reader.note(below, f"'{MARK}{BOUND}' stands nowhere below")
        return None
    tests_by_class = []
    for number, name in enumerate(classes):
        # The ids are taken once, with the first class.
        own = reader if number == 0 else replace(reader, ids={})
        filling = Filling(reader.document, reader.document, str(raw.get("id")))
        given = {BOUND: (name, reader.document.written((*address, "of")))}
        tests = parse(own, filling.fill(written["all"], below, below, given), below, ())
        if tests is None:
            return None
        tests_by_class.append(_test_of_class(reader, raw, name, tests))
    for criterion in (criterion for whole in tests_by_class[:1] for criterion in walk(whole)):
        if criterion.statement or isinstance(criterion.operator, Statement | Outcome):
            reader.note(below, f"'{criterion.id}': {UNCLEAR_STATEMENT}")
    return tuple(tests_by_class) or None


def _classes(reader: CriterionReader, written: object, address: Address) -> list[str]:
    """The value sets that can be bound; one that is unknown is told where it is named."""
    names = written if isinstance(written, list) else [written]
    before = len(reader.mistakes)
    classes = [resolve_value_set(reader, name, CLASSES, address) for name in names]
    if not classes:
        reader.note(address, "a list of value sets is needed here")
    return classes if len(reader.mistakes) == before else []


def _test_of_class(
    reader: CriterionReader, raw: Mapping[str, Any], name: str, tests: tuple[Criterion, ...]
) -> Criterion:
    known = reader.names.value_sets.get(name)
    says = known.says if known else name
    id_, cite = f"{raw.get('id')}:{name}", str(raw.get("cite"))
    return Criterion(id_, says, cite, Op.ALL, tests, repeated=repeated(tests))


def _texts(raw: object) -> Iterator[str]:
    """Every text below that this binding may fill: what another one binds is its own."""
    if isinstance(raw, dict):
        for key, part in raw.items():
            bound = key == BINDING and isinstance(part, dict)
            yield from _texts(part.get("of") if bound else part)
    elif isinstance(raw, list):
        for item in raw:
            yield from _texts(item)
    elif isinstance(raw, str):
        yield raw
