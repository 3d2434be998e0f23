"""Reads one file of a policy version: the criteria of both phases, their ids and their mistakes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.errors import Mistake
from service.library.criteria.definitions import read_definitions
from service.library.criteria.scope import CriterionReader, Definition, Names
from service.library.criteria.statement_ids import never_asked
from service.library.criteria.tree import parse_criterion
from service.library.documents.validate import validate
from service.library.documents.yaml import Address, Document
from service.library.policies.policy_head import AnyName
from service.library.shapes import CriteriaShape, PolicyShape
from service.memo import per_arguments
from service.policy.model import Criterion

COMMON = "common"
PHASES = ("initial", "renewal")


@dataclass(frozen=True)
class Head:
    """`policy.yaml` in its shape; keys in `unsound` have default values instead."""

    document: Document
    shape: PolicyShape
    unsound: frozenset[str] = frozenset()

    def definitions(self, mistakes: list[Mistake]) -> dict[str, Definition]:
        """The definitions that every file of the version may use; none is used yet."""
        return read_definitions(self.document, self.shape.define, {}, mistakes)


@per_arguments(most=64)
def read_head(document: Document) -> tuple[Head | None, tuple[Mistake, ...]]:
    """The head of a version, the same object for the same document; None if it has mistakes."""
    mistakes = list(document.mistakes)
    shape = validate(document, PolicyShape, mistakes)
    return None if shape is None else Head(document, shape), tuple(mistakes)


@dataclass(frozen=True)
class CriteriaFile:
    """What one file says; `phases` is empty if the file has mistakes in its shape.

    `ids` are those of its criteria and where each is written, `used` the definitions of the head
    that it uses, `definitions` its own.
    """

    phases: Mapping[str, tuple[Criterion, ...]]
    ids: Mapping[str, str]
    places: Mapping[str, tuple[Document, Address]]
    used: frozenset[str]
    definitions: tuple[Definition, ...]
    mistakes: tuple[Mistake, ...]


@per_arguments(most=256)
def read_criteria_alone(document: Document, name: str, head: Head, names: Names) -> CriteriaFile:
    """As `read_criteria`, where no other file has taken an id; once for the same documents."""
    return read_criteria(document, name, head, names, {})


def read_criteria(
    document: Document, name: str, head: Head, names: Names, taken: Mapping[str, str]
) -> CriteriaFile:
    """The criteria of the file `<name>.yaml`; `taken` are the ids of the other files so far."""
    mistakes = list(document.mistakes)
    shape = validate(document, CriteriaShape, mistakes)
    if shape is None:
        return CriteriaFile({}, {}, {}, frozenset(), (), tuple(mistakes))
    # definitions are written into the document, which other versions may share
    own_copy = document.copy()
    of_head = head.definitions([])
    own = read_definitions(own_copy, shape.define, of_head, mistakes)
    known = {**of_head, **own}
    reader = CriterionReader(
        own_copy,
        name,
        head.shape,
        names,
        mistakes,
        ids=dict(taken),
        definitions=AnyName(known) if "define" in head.unsound else known,
    )
    _check_indication(reader, shape)
    phases = {phase: _criteria(reader, getattr(shape, phase), phase) for phase in PHASES}
    return CriteriaFile(
        phases,
        {id_: place for id_, place in reader.ids.items() if id_ not in taken},
        reader.places,
        frozenset(name for name, definition in of_head.items() if definition.used),
        tuple(own.values()),
        tuple(mistakes),
    )


def _check_indication(reader: CriterionReader, shape: CriteriaShape) -> None:
    common = reader.name == COMMON
    if shape.indication != (None if common else reader.name):
        problem = f"'{shape.indication}' is not" if shape.indication else "'indication' is missing:"
        reader.note(("indication",), f"{problem} the file's name")


def _criteria(reader: CriterionReader, raw: Any, phase: str) -> tuple[Criterion, ...]:
    """The criteria of one phase: a list in common.yaml, one criterion in the file of an indication."""
    if reader.name != COMMON:
        criteria = [parse_criterion(reader, raw, (phase,))]
    elif isinstance(raw, list) and raw:
        criteria = [parse_criterion(reader, item, (phase, index)) for index, item in enumerate(raw)]
    else:
        reader.note((phase,), f"{phase} is a list of criteria here")
        criteria = []
    whole = tuple(criterion for criterion in criteria if criterion is not None)
    for criterion, role in (pair for tree in whole for pair in never_asked(tree)):
        document, address = reader.places.get(criterion.id, (reader.document, (phase,)))
        message = f"'asks' is never asked without a statement; add 'statement: {role}'"
        reader.mistakes.append(document.mistake((*address, "asks"), message))
    return whole
