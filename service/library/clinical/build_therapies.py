"""Builds therapies from their documents and checks the codes that they order."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import get_args

from service.clinical.therapies_and_pathways import (
    Caution,
    Check,
    Gender,
    Guideline,
    Instruction,
    Ordered,
    OrderedAmount,
    Reference,
    Therapy,
    TherapyCodes,
    TherapyDose,
    Use,
    Watch,
)
from service.library.clinical.clinical_reader import ClinicalReader, coding
from service.library.documents.folders import unknown
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Address
from service.library.shapes import ValueSetShape
from service.library.shapes.clinical_shapes import (
    CodingShape,
    DoseShape,
    GuidelineShape,
    InstructionShape,
    OrderedShape,
    TakenShape,
    TherapyShape,
    UseShape,
)
from service.memo import per_value


def check_orders(reader: ClinicalReader, shape: TherapyShape) -> None:
    """Checks what a therapy orders: the code of a drug must stand in the value set that finds the drug.

    Codes of tests and procedures are not checked.
    """
    if shape.kind == "drug" and shape.taken is None:
        message = (
            "'taken' is missing: the value set and ingredients by which a record tells this drug"
        )
        reader.note(("kind",), message)
    for name, use in shape.indications.items():
        for index, dose in enumerate(use.doses):
            address: Address = ("indications", name, "doses", index, "order")
            if dose.order and shape.kind == "advice":
                reader.note(address, "an advice orders nothing; 'kind' is drug or procedure")
            elif dose.order and shape.kind == "drug":
                _check_code(reader, shape, dose.order.code, (*address, "code"))
    seen: set[str] = set()
    for index, check in enumerate(shape.checks):
        if check.id in seen:
            reader.note(("checks", index, "id"), f"the check '{check.id}' stands twice")
        seen.add(check.id)


def _check_code(
    reader: ClinicalReader, shape: TherapyShape, code: CodingShape, address: Address
) -> None:
    """No similar code is suggested: a code with similar digits is another product."""
    taken = shape.taken
    value_set = reader.names.value_sets.get(taken.value_set) if taken else None
    if taken is None or value_set is None:
        return
    ingredients = _ingredients(value_set, code)
    if not ingredients:
        message = f"the code '{code.code}' of {code.system} does not stand in '{taken.value_set}'"
        reader.note((*address, "code"), message)
    elif taken.ingredients and not ingredients & set(taken.ingredients):
        there, own = ", ".join(sorted(ingredients)), ", ".join(taken.ingredients)
        message = f"the code '{code.code}' is {there} in '{taken.value_set}'; this therapy is {own}"
        reader.note((*address, "code"), message)


def _ingredients(value_set: ValueSetShape, code: CodingShape) -> set[str]:
    lines = value_set.codes.get(code.system, ())
    return {line.ingredient or "without ingredient" for line in lines if line.code == code.code}


EFFECTS = ("rules_out", "lowers", "not_ordered")
CAUTION_KEYS = ("effect", "ask", "not_for")
GENDERS = get_args(Gender)
WrongKey = tuple[str, str] | None
UCUM_UNIT = {"hour": "h", "day": "d", "week": "wk", "month": "mo"}


def build_therapy(reader: ClinicalReader, shape: TherapyShape) -> Therapy:
    """One therapy from its document; mistakes are noted at the reader."""
    warning = shape.boxed_warning
    check_orders(reader, shape)
    return Therapy(
        shape.therapy,
        shape.name,
        shape.class_,
        shape.kind,
        {id_: _use(reader, use, ("indications", id_)) for id_, use in shape.indications.items()},
        _taken(reader, shape.taken),
        reader.criteria(shape.prefer, ("prefer",)),
        tuple(_cautions(reader, shape)),
        tuple(
            Check(
                check.id,
                check.says,
                reader.cited(check.cite, ("checks", index)),
                coding(check.order),
                check.short,
                check.not_for,
            )
            for index, check in enumerate(shape.checks)
        ),
        tuple(_watches(reader, shape)),
        warning.says if warning else None,
        reader.cited(warning.cite, ("boxed_warning",)) if warning else None,
        shape.unverified,
        tuple(
            Reference(name, reference.title, reference.url, reference.date, reference.note)
            for name, reference in shape.references.items()
        ),
        shape.keeps_dose,
        shape.goes_on,
    )


def _watches(reader: ClinicalReader, shape: TherapyShape) -> Iterator[Watch]:
    """What is monitored during treatment; no id may stand twice."""
    seen: set[str] = set()
    for index, check in enumerate(shape.monitoring):
        address: Address = ("monitoring", index)
        if check.id in seen:
            reader.note((*address, "id"), f"'{check.id}' stands twice")
        seen.add(check.id)
        yield Watch(
            check.id, check.says, reader.cited(check.cite, address), check.short, check.often
        )


def _cautions(reader: ClinicalReader, shape: TherapyShape) -> list[Caution]:
    cautions = []
    for index, raw in enumerate(shape.avoid):
        address: Address = ("avoid", index)
        given = raw if isinstance(raw, dict) else {}
        beside = {meant: value for key, value in given.items() if (meant := _caution_key(key))}
        bare = {key: value for key, value in given.items() if not _caution_key(key)} or raw
        when = reader.criterion(bare, address)
        if wrong := _wrong_caution(given, beside):
            reader.note((*address, wrong[0]), wrong[1])
        elif when is not None:
            ask, not_for = beside.get("ask", False), beside.get("not_for")
            cautions.append(Caution(when, beside["effect"], ask, not_for, reader.named(when.cite)))
    return cautions


@per_value
def _caution_key(key: str) -> str | None:
    """The caution key that a written key is, or is probably meant to be; None if it is near none."""
    close = get_close_matches(key, CAUTION_KEYS, n=1, cutoff=0.8)
    return close[0] if close else None


def _wrong_caution(given: Mapping[str, object], beside: Mapping[str, object]) -> WrongKey:
    """The first mistake in the keys of a caution that are not part of its criterion, with its key."""
    for key in given:
        if (meant := _caution_key(key)) and meant != key:
            return key, f"unknown key '{key}'; did you mean '{meant}'?"
    effect = beside.get("effect")
    if given and effect is None:
        return "id", "'effect' is missing in this caution"
    if given and effect not in EFFECTS:
        hint = did_you_mean(str(effect), EFFECTS)
        return "effect", f"effect is one of {', '.join(EFFECTS)}{hint}"
    if not isinstance(beside.get("ask", False), bool):
        return "ask", "ask is true or left out"
    if beside.get("not_for", GENDERS[0]) not in GENDERS:
        return "not_for", f"not_for is one of {', '.join(GENDERS)}, or left out"
    return None


def _taken(reader: ClinicalReader, shape: TakenShape | None) -> TherapyCodes | None:
    if shape is None:
        return None
    value_set = reader.names.value_sets.get(shape.value_set)
    if value_set is None and shape.value_set not in reader.names.unsound:
        message = unknown("value set", shape.value_set, reader.names.value_sets)
        reader.note(("taken", "value_set"), message)
    if value_set is not None:
        lines = [
            line
            for by in (value_set.codes, value_set.questions)
            for by_system in by.values()
            for line in by_system
        ]
        there = {line.ingredient for line in lines}
        for name in sorted(set(shape.ingredients) - there):
            near = did_you_mean(name, [ingredient for ingredient in there if ingredient])
            message = f"no code of '{shape.value_set}' has the ingredient '{name}'{near}"
            reader.note(("taken", "ingredients"), message)
    return TherapyCodes(shape.value_set, frozenset(shape.ingredients))


def _use(reader: ClinicalReader, shape: UseShape, address: Address) -> Use:
    return Use(
        shape.label,
        shape.population,
        reader.cited(shape.cite, address),
        _guideline(reader, shape.guideline, (*address, "guideline")),
        reader.criteria(shape.limits, (*address, "limits")),
        tuple(
            _dose(reader, dose, (*address, "doses", index))
            for index, dose in enumerate(shape.doses)
        ),
    )


def _guideline(
    reader: ClinicalReader, shape: GuidelineShape | None, address: Address
) -> Guideline | None:
    if shape is None:
        return None
    return Guideline(
        shape.body,
        reader.cited(shape.cite, address),
        shape.ages,
        shape.strength,
        shape.strength_seen,
        shape.certainty,
        shape.certainty_seen,
    )


def _dose(reader: ClinicalReader, shape: DoseShape, address: Address) -> TherapyDose:
    when = None if shape.when is None else reader.criterion(shape.when, (*address, "when"))
    return TherapyDose(
        reader.claim(shape.id, address),
        shape.says,
        reader.cited(shape.cite, address),
        when,
        _ordered(shape.order) if shape.order else None,
        only_if_shown=shape.only_if_shown,
    )


def _ordered(shape: OrderedShape) -> Ordered:
    code, quantity = coding(shape.code), shape.quantity
    if code is None:
        raise TypeError("an order has a code")
    return Ordered(
        code,
        tuple(map(_instruction, shape.instructions)),
        OrderedAmount(quantity.value, quantity.unit) if quantity else None,
        shape.days,
    )


def _instruction(shape: InstructionShape) -> Instruction:
    every = None
    if shape.every:
        number, unit = shape.every.split(" ")
        every = int(number), UCUM_UNIT[unit.rstrip("s")]
    amount = None
    if shape.amount:
        value, unit = shape.amount.split(" ")
        amount = OrderedAmount(float(value), unit)
    return Instruction(shape.text, amount, every, shape.once)
