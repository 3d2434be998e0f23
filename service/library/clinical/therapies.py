"""Therapies from their documents."""

from service.library.clinical.part import Part, coding
from service.library.reader import Address
from service.library.shapes.clinical import (
    DoseShape,
    GuidelineShape,
    InstructionShape,
    OrderedShape,
    TakenShape,
    TherapyShape,
    UseShape,
)
from service.library.shelves import unknown
from service.policy.clinical import (
    Amount,
    Caution,
    Check,
    Dose,
    Guideline,
    Instruction,
    Ordered,
    Taken,
    Therapy,
    Use,
)

EFFECTS = ("rules_out", "lowers")
OF_UCUM = {"hour": "h", "day": "d", "week": "wk", "month": "mo"}


def build_therapy(part: Part, shape: TherapyShape) -> Therapy:
    """One therapy; every mistake in it is noted."""
    warning = shape.boxed_warning
    if warning:
        part.cited(warning.cite, ("boxed_warning",))
    return Therapy(
        shape.therapy,
        shape.name,
        shape.class_,
        shape.kind,
        {id_: _use(part, one, ("indications", id_)) for id_, one in shape.indications.items()},
        _taken(part, shape.taken),
        part.criteria(shape.prefer, ("prefer",)),
        tuple(_cautions(part, shape)),
        tuple(
            Check(
                one.id,
                one.says,
                part.cited(one.cite, ("checks", index)),
                coding(one.order),
                one.short,
            )
            for index, one in enumerate(shape.checks)
        ),
        shape.monitoring,
        warning.says if warning else None,
        shape.unverified,
    )


def _cautions(part: Part, shape: TherapyShape) -> list[Caution]:
    found = []
    for index, raw in enumerate(shape.avoid):
        at: Address = ("avoid", index)
        when = part.criterion(raw, at)
        effect, ask = raw.get("effect"), raw.get("ask", False)
        if effect not in EFFECTS:
            part.reader.note((*at, "effect"), f"effect is one of {', '.join(EFFECTS)}")
        elif not isinstance(ask, bool):
            part.reader.note((*at, "ask"), "ask is true or left out")
        elif when is not None:
            found.append(Caution(when, effect, ask))
    return found


def _taken(part: Part, shape: TakenShape | None) -> Taken | None:
    if shape is None:
        return None
    known = part.names.value_sets.get(shape.value_set)
    if known is None and shape.value_set not in part.names.unsound:
        what = unknown("value set", shape.value_set, part.names.value_sets)
        part.reader.note(("taken", "value_set"), what)
    if known is not None:
        lines = [
            line for by in (known.codes, known.questions) for one in by.values() for line in one
        ]
        there = {line.ingredient for line in lines}
        for name in set(shape.ingredients) - there:
            what = f"no code of '{shape.value_set}' has the ingredient '{name}'"
            part.reader.note(("taken", "ingredients"), what)
    return Taken(shape.value_set, frozenset(shape.ingredients))


def _use(part: Part, shape: UseShape, at: Address) -> Use:
    return Use(
        shape.label,
        shape.population,
        part.cited(shape.cite, at),
        _guideline(part, shape.guideline, (*at, "guideline")),
        part.criteria(shape.limits, (*at, "limits")),
        tuple(_dose(part, one, (*at, "doses", index)) for index, one in enumerate(shape.doses)),
    )


def _guideline(part: Part, shape: GuidelineShape | None, at: Address) -> Guideline | None:
    """Strength and certainty only where they were seen: what is not verified stays on the page."""
    if shape is None:
        return None
    return Guideline(
        shape.body,
        part.cited(shape.cite, at),
        shape.ages,
        shape.strength if shape.strength_seen else None,
        shape.certainty if shape.certainty_seen else None,
    )


def _dose(part: Part, shape: DoseShape, at: Address) -> Dose:
    when = None if shape.when is None else part.criterion(shape.when, (*at, "when"))
    return Dose(
        part.claim(shape.id, at),
        shape.says,
        part.cited(shape.cite, at),
        when,
        _ordered(shape.order) if shape.order else None,
    )


def _ordered(shape: OrderedShape) -> Ordered:
    code, quantity = coding(shape.code), shape.quantity
    if code is None:
        raise TypeError("an order has a code")
    return Ordered(
        code,
        tuple(map(_instruction, shape.instructions)),
        Amount(quantity.value, quantity.unit) if quantity else None,
        shape.days,
    )


def _instruction(shape: InstructionShape) -> Instruction:
    every = None
    if shape.every:
        number, unit = shape.every.split(" ")
        every = int(number), OF_UCUM[unit.rstrip("s")]
    amount = None
    if shape.amount:
        value, unit = shape.amount.split(" ")
        amount = Amount(float(value), unit)
    return Instruction(shape.text, amount, every, shape.once)
