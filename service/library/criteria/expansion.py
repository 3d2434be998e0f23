"""Replaces `use` by the definition that it names, and repeats the tests of `one_class` for each class."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.library.criteria.heading import HEADING_KEYS, USE, reading_names
from service.library.criteria.scope import CriterionReader, Definition
from service.library.criteria.supply_reader import resolve_value_set
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Address, Document
from service.library.shapes.operator_shapes import CLASSES
from service.policy.model import Criterion, Op, repeated, walk
from service.policy.operators import Statement, TrialOutcome

MARK, PART, READING = "$", ".", "reading"
BINDING, BOUND = "one_class", "class"
Given = Mapping[str, tuple[Any, tuple[Document, Address]]]


def expand(
    reader: CriterionReader, raw: Mapping[str, Any], address: Address
) -> dict[str, Any] | None:
    """A criterion with the definition that it uses filled in; None if that is not possible."""
    name = raw[USE]
    definition = reader.definitions.get(name) if isinstance(name, str) else None
    if definition is None and isinstance(name, str) and name in reader.definitions:
        return None  # policy.yaml could not be read, so its definitions are not known
    if definition is None:
        message = f"no definition '{name}'{did_you_mean(str(name), reader.definitions)}"
        reader.note((*address, USE), message)
        return None
    definition.used = True
    if not definition.sound:
        return None
    wrong = list(_wrong_parameters_of_use(raw, definition))
    for where, message in wrong:
        reader.note((*address, *where), message)
    return None if wrong else _written_out(reader.document, raw, address, definition)


def _wrong_parameters_of_use(
    raw: Mapping[str, Any], definition: Definition
) -> Iterator[tuple[Address, str]]:
    """Mistakes of a use: missing parameters and unknown keys."""
    for key in raw:
        if key not in (*HEADING_KEYS, USE, *definition.takes):
            message = f"'{key}' means nothing beside 'use: {definition.name}'"
            yield (key,), message + did_you_mean(key, definition.takes)
    for key in definition.takes:
        if key not in raw:
            yield (), f"'{key}' is missing; '{definition.name}' takes it"


def _written_out(
    document: Document, raw: Mapping[str, Any], address: Address, definition: Definition
) -> dict[str, Any]:
    given = {key: (raw[key], document.written((*address, key))) for key in definition.takes}
    filling = Filling(document, definition.document, str(raw.get("id")))
    filled = filling.fill(definition.body, address, definition.at, given)
    own = {key: value for key, value in raw.items() if key in HEADING_KEYS}
    if READING in own:
        document.moved.pop((*address, READING), None)
    readings = [*reading_names(own), *reading_names(filled)]
    return {**filled, **own, **({READING: readings} if readings else {})}


@dataclass(frozen=True)
class Filling:
    """Puts values in the place of marks, and remembers where each part was written, for messages."""

    into: Document
    out_of: Document
    id: str = ""

    def fill(self, raw: Any, address: Address, written: Address, given: Given) -> Any:
        """A part with every mark replaced; an id that begins with a dot is appended to the criterion's id."""
        if isinstance(raw, dict):
            return {
                key: self._part(key, value, (*address, key), (*written, key), given)
                for key, value in raw.items()
            }
        if isinstance(raw, list):
            return [
                self._part(index, item, (*address, index), (*written, index), given)
                for index, item in enumerate(raw)
            ]
        return raw

    def _part(
        self, key: str | int, raw: Any, address: Address, written: Address, given: Given
    ) -> Any:
        self.into.moved[address] = self.out_of.written(written)
        if isinstance(raw, str) and raw.startswith(MARK) and raw[1:] in given:
            value, self.into.moved[address] = given[raw[1:]]
            return value
        if key == "id" and isinstance(raw, str) and raw.startswith(PART):
            return f"{self.id}{raw}"
        if key == BINDING and isinstance(raw, dict):
            # `$class` inside `one_class` is not a parameter of the definition.
            inner = {
                name: value_and_place for name, value_and_place in given.items() if name != BOUND
            }
            return {
                name: self._part(
                    name,
                    part,
                    (*address, name),
                    (*written, name),
                    inner if name == "all" else given,
                )
                for name, part in raw.items()
            }
        return self.fill(raw, address, written, given)


Children = tuple[Criterion, ...] | None
Parse = Callable[[CriterionReader, object, Address, tuple[str, ...]], Children]
UNCLEAR_STATEMENT = (
    "a statement here cannot say which class it is about; let one settle all of 'one_class'"
)


def parse_one_class(
    reader: CriterionReader,
    raw: Mapping[str, Any],
    written: Mapping[str, Any],
    address: Address,
    parse: Parse,
) -> tuple[Criterion, ...] | None:
    """The tests of `one_class` once for each class, under the same ids; None if they could not be read."""
    classes = _classes(reader, written.get("of"), (*address, "of"))
    below = (*address, "all")
    if f"{MARK}{BOUND}" not in _texts(written.get("all")):
        reader.note(below, f"'{MARK}{BOUND}' stands nowhere below")
        return None
    tests_by_class = []
    for number, name in enumerate(classes):
        # Ids are registered once, with the first class.
        own = reader if number == 0 else replace(reader, ids={})
        filling = Filling(reader.document, reader.document, str(raw.get("id")))
        given = {BOUND: (name, reader.document.written((*address, "of")))}
        tests = parse(own, filling.fill(written["all"], below, below, given), below, ())
        if tests is None:
            return None
        tests_by_class.append(_test_of_class(reader, raw, name, tests))
    for criterion in (criterion for whole in tests_by_class[:1] for criterion in walk(whole)):
        if criterion.statement or isinstance(criterion.operator, Statement | TrialOutcome):
            reader.note(below, f"'{criterion.id}': {UNCLEAR_STATEMENT}")
    return tuple(tests_by_class) or None


def _classes(reader: CriterionReader, written: object, address: Address) -> list[str]:
    """The value sets to repeat the tests for; empty if one of them is a mistake."""
    names = written if isinstance(written, list) else [written]
    before = len(reader.mistakes)
    classes = [resolve_value_set(reader, name, CLASSES, address) for name in names]
    if not classes:
        reader.note(address, "a list of value sets is needed here")
    return classes if len(reader.mistakes) == before else []


def _test_of_class(
    reader: CriterionReader, raw: Mapping[str, Any], name: str, tests: tuple[Criterion, ...]
) -> Criterion:
    value_set = reader.names.value_sets.get(name)
    says = value_set.says if value_set else name
    id_, cite = f"{raw.get('id')}:{name}", str(raw.get("cite"))
    return Criterion(id_, says, cite, Op.ALL, tests, repeated=repeated(tests))


def _texts(raw: object) -> Iterator[str]:
    """Every text in which `$class` belongs to this `one_class`, not to one inside it."""
    if isinstance(raw, dict):
        for key, part in raw.items():
            bound = key == BINDING and isinstance(part, dict)
            yield from _texts(part.get("of") if bound else part)
    elif isinstance(raw, list):
        for item in raw:
            yield from _texts(item)
    elif isinstance(raw, str):
        yield raw
