"""Reads therapies in criteria: classes of drugs, tests of supply, backgrounds, sets of evidence."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.library.criteria.scope import CriterionReader
from service.library.documents.folders import unknown
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Address
from service.library.shapes.operator_shapes import CLASSES, OperatorShape
from service.policy.operators import (
    Background,
    DoseTrend,
    Excluded,
    ExposedFor,
    Operator,
    Sessions,
    Specialty,
    Stopped,
    Supply,
    TherapyClasses,
)

MORE_THAN_ONE = 2
REASONS = "reason."
REQUESTED = "requested_drug"
NO_CODES = (
    "has no codes under 'codes', and the name of a drug is a question: nothing could meet this"
)
TESTS = ("now", "ever", "covered", "current_for", "longest", "days")
# Keys of a supply that are allowed with certain tests only.
ALLOWED_WITH = {"gap": ("longest", "days"), "also": ("days",), "ended_within": ("days",)}


def resolve_accepts(reader: CriterionReader, name: object, address: Address) -> tuple[str, ...]:
    """The kinds of evidence in a named set of policy.yaml; empty if there is no such set."""
    evidence_sets = reader.policy.accepts
    if not isinstance(name, str):
        reader.note(address, "accepts is the name of one set of evidence of policy.yaml")
        return ()
    if name not in evidence_sets:
        reader.note(
            address, f"no evidence set '{name}' in policy.yaml{did_you_mean(name, evidence_sets)}"
        )
        return ()
    return tuple(evidence_sets[name])


def resolve_value_set(
    reader: CriterionReader, name: object, kinds: Sequence[str], address: Address
) -> str:
    """A value set's name; a wrong kind is noted. `requested_drug` stands for the policy's drug."""
    if name == REQUESTED:
        return reader.policy.drug
    set_name, value_sets = str(name), reader.names.value_sets
    if set_name in value_sets:
        kind = value_sets[set_name].kind
        if kind not in kinds:
            needed = " or ".join(kinds)
            reader.note(address, f"'{set_name}' is of the kind {kind}; {needed} is needed here")
        elif kind in CLASSES and not any(value_sets[set_name].codes.values()):
            reader.note(address, f"'{set_name}' {NO_CODES}")
    elif set_name not in reader.names.unsound:
        reader.note(address, unknown("value set", set_name, value_sets))
    return set_name


def resolve_reason(reader: CriterionReader, name: object, address: Address) -> str:
    """The value set of a reason, which documents write without the prefix `reason.`."""
    reasons = {
        set_.removeprefix(REASONS): set_
        for set_, shape in reader.names.value_sets.items()
        if shape.kind == "reason"
    }
    set_name = f"{REASONS}{name}"
    if str(name) not in reasons and set_name not in reader.names.unsound:
        reader.note(address, unknown("reason", str(name), reasons))
    return set_name


def check_therapy(reader: CriterionReader, asked: Operator, address: Address) -> None:
    """Notes mistakes of a therapy operator that its shape alone cannot find."""
    for where, message in _wrong(reader, asked):
        reader.note((*address, where) if where else address, message)


def _wrong(reader: CriterionReader, asked: Operator) -> Iterator[tuple[str, str]]:
    match asked:
        case Supply():
            yield from wrong_therapy(reader, asked)
            yield from _wrong_supply(asked)
        case Excluded() if bool(asked.every) is bool(asked.any_) or not asked.reasons:
            yield "", "every or any, one of them, and for are lists with something in them"
        case Sessions(of=()) | Specialty(any_of=(), of_disease=()) | ExposedFor(of=()):
            yield "", "a list of value sets is needed here"
        case Stopped():
            yield from _wrong_stop(reader, asked)
        case DoseTrend():
            yield from wrong_therapy(reader, TherapyClasses(of=asked.of, at_dose="low"))
        case _:
            return


def _wrong_stop(reader: CriterionReader, asked: Stopped) -> Iterator[tuple[str, str]]:
    if not asked.of or not asked.reasons:
        yield "", "of and for are lists with something in them"
    yield from wrong_ingredients(reader, asked.of, asked.ingredients)


def wrong_ingredients(
    reader: CriterionReader, of: Sequence[str], ingredients: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Ingredients that no code of the value sets has."""
    if not ingredients:
        return
    sets = reader.names.value_sets
    ingredients_of_sets = {
        line.ingredient: None
        for name in of
        if name in sets
        for part in (sets[name].codes, sets[name].questions)
        for lines in part.values()
        for line in lines
        if line.ingredient
    }
    for name in ingredients:
        if name not in ingredients_of_sets and all(set_name in sets for set_name in of):
            yield "ingredients", unknown("ingredient", name, ingredients_of_sets)


def wrong_therapy(reader: CriterionReader, asked: TherapyClasses) -> Iterator[tuple[str, str]]:
    """Mistakes in the classes, in `together` and in `at_dose`, with their keys."""
    if not asked.of:
        yield "of", "a list of value sets is needed here"
    yield from wrong_ingredients(reader, asked.of, asked.ingredients)
    if asked.together and len(asked.of) < MORE_THAN_ONE:
        yield "together", "'together' needs two value sets or more"
    if asked.at_dose and asked.of:
        yield from _wrong_doses(reader, asked)


def _wrong_doses(reader: CriterionReader, asked: TherapyClasses) -> Iterator[tuple[str, str]]:
    """`at_dose` needs a dose table: for one class of those used together, else for every class."""
    with_table = [name in reader.names.dosed for name in asked.of]
    if not (any(with_table) if asked.together else all(with_table)):
        name = asked.of[with_table.index(False)]
        yield "of", f"no table of dose_bands/ is for '{name}'"


def _wrong_supply(asked: Supply) -> Iterator[tuple[str, str]]:
    tests = [name for name in TESTS if getattr(asked, name)]
    if len(tests) != 1:
        listed = ", ".join(tests) or "none"
        yield "", f"a supply has one test of {', '.join(TESTS)}, found {listed}"
        return
    for word, beside in ALLOWED_WITH.items():
        if getattr(asked, word) and tests[0] not in beside:
            yield word, f"'{word}' means nothing beside '{tests[0]}'"
    rule = asked.current_for
    if rule is not None and (rule.at_least is None) is (rule.more_than is None):
        yield "current_for", "current_for has at_least or more_than, one of them"


def backgrounds(
    reader: CriterionReader, written: object, address: Address
) -> tuple[OperatorShape[Background], ...]:
    """The therapies of `during`, written as a list or as one mapping; mistakes are noted."""
    if isinstance(written, Mapping):
        return tuple(_backgrounds(reader, {address: written}))
    if not isinstance(written, list) or not written:
        reader.note(address, "a list of backgrounds is needed here, like [{of: a value set}]")
        return ()
    return tuple(_backgrounds(reader, {(*address, n): entry for n, entry in enumerate(written)}))


def _backgrounds(
    reader: CriterionReader, parts: Mapping[Address, object]
) -> Iterator[OperatorShape[Background]]:
    for where, raw in parts.items():
        given = _resolved_background(reader, raw, where) if isinstance(raw, Mapping) else raw
        shape = reader.shape(Background, raw, given, where)
        if shape is None:
            continue
        for place, message in _wrong_background(reader, shape.operator()):
            reader.note((*where, *place), message)
        yield shape


def _resolved_background(
    reader: CriterionReader, raw: Mapping[str, Any], address: Address
) -> dict[str, Any]:
    given = dict(raw)
    if "of" in given:
        given["of"] = class_names(reader, given["of"], (*address, "of"))
    if "accepts" in given:
        given["accepts"] = resolve_accepts(reader, given["accepts"], (*address, "accepts"))
    return given


def class_names(reader: CriterionReader, written: object, address: Address) -> object:
    """The names of one class of drugs or of several; unknown ones are noted."""
    named = [written] if isinstance(written, str) else written
    if not isinstance(named, list):
        return named
    if not named:
        reader.note(address, "a list of value sets is needed here")
    return [resolve_value_set(reader, name, CLASSES, address) for name in named]


def _wrong_background(reader: CriterionReader, asked: Background) -> Iterator[tuple[Address, str]]:
    for where, message in wrong_therapy(reader, asked):
        yield (where,) if where else (), message
    if asked.gap and not asked.run:
        yield ("gap",), "'gap' means nothing without 'run'"
