"""Checks and builds tables of labelled doses and of daily doses: complete rows, rising bands."""

import re
from collections.abc import Container, Iterable, Iterator

from service.errors import Mistake
from service.facts.fact import Band, Device, Label, LabelledWith
from service.facts.knowledge import DoseLine, DoseRow, DoseTable
from service.library.documents.folders import Folder, unknown
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Address, Wrong
from service.library.shapes import (
    BandShape,
    DeviceShape,
    DoseBandsShape,
    DoseLineShape,
    DoseRowShape,
    FactShape,
    RegimenShape,
    ValueSetShape,
)
from service.policy.amount import MONTHS_OF
from service.policy.model import Indication
from service.policy.operators import Regimen

NEEDED = ("dose_mg", "interval_days", "unit_mg", "units_per_28_days", "units_first_28_days")
_BOUND = re.compile(r"([0-9]+(?:\.[0-9]+)?) ([a-z]+)")
# Kinds of facts that can be a disease beside the one that the drug is for.
DISEASES = ("diagnosis", "grade")
FACTORS = {"age": {**MONTHS_OF}, "weight": {"kg": 1}}


def check_regimens(
    regimens: Folder[RegimenShape],
    sets: Folder[ValueSetShape],
    indications: Container[str] | None,
    facts: Folder[FactShape],
) -> Iterator[Mistake]:
    """Every mistake in the tables of labelled doses."""
    for document, shape in regimens:
        drug = sets.read.get(shape.drug)
        if drug is None and shape.drug not in sets.unsound:
            yield document.mistake(("drug",), unknown("value set", shape.drug, sets.read))
        elif drug is not None and drug[1].kind != "drug":
            yield document.mistake(("drug",), f"'{shape.drug}' is no drug")
        seen: set[str] = set()
        for index, row in enumerate(shape.regimens):
            for message in (*_wrong(row, seen, sets, indications), *_wrong_diseases(row, facts)):
                yield document.mistake(("regimens", index), message)
            seen.add(row.id)
        for address, message in _unknown_references(shape):
            yield document.mistake(address, message)
        for key, message in _wrong_label(shape, sets, facts):
            yield document.mistake(("label", key), message)
        for index, message in _wrong_products(shape.products):
            yield document.mistake(("products", index, "from_age"), message)


def _unknown_references(shape: RegimenShape) -> Iterator[tuple[Address, str]]:
    """Sources that rows and products name and `references` does not have, where it is there."""
    references = shape.source.get("references")
    if not isinstance(references, dict):
        return
    for index, row in enumerate(shape.regimens):
        for name in row.cite:
            if name not in references:
                yield ("regimens", index, "cite"), unknown("reference", name, references)
    for index, product in enumerate(shape.products):
        for name in product.source:
            if name not in references:
                yield ("products", index, "source"), unknown("reference", name, references)


def _wrong_label(
    shape: RegimenShape, sets: Folder[ValueSetShape], facts: Folder[FactShape]
) -> Iterator[tuple[str, str]]:
    """Unknown names under `label`, which is used for orders that no policy judges."""
    if shape.label is None:
        return
    weight = shape.label.weight
    if weight not in facts.read and weight not in facts.unsound:
        yield "weight", unknown("fact", weight, facts.read)
    rows = {row.indication for row in shape.regimens}
    for id_, disease in shape.label.diseases.items():
        if id_ not in rows:
            yield "diseases", unknown("indication", id_, rows)
        for name in disease.conditions:
            if name not in sets.read and name not in sets.unsound:
                yield "diseases", unknown("value set", name, sets.read)


def _wrong_products(products: Iterable[DeviceShape]) -> Iterator[tuple[int, str]]:
    for index, product in enumerate(products):
        months = bound(product.from_age, "age")
        if months is None or months != int(months):
            yield index, f"'{product.from_age}' is no whole age like '2 years'"


def _wrong(
    row: BandShape,
    seen: set[str],
    sets: Folder[ValueSetShape],
    indications: Container[str] | None,
) -> Iterator[str]:
    if row.id in seen:
        yield f"the id '{row.id}' stands twice"
    if indications is not None and row.indication not in indications:
        conditions = {name.removesuffix(".condition") for name in sets.read if "condition" in name}
        if row.indication not in conditions:
            yield unknown("indication", row.indication, dict.fromkeys(conditions))
    if row.table is None:
        for key in NEEDED:
            if not (getattr(row, key) or 0) > 0:
                yield f"a row has {key} above 0, or table: missing"
    for name in FACTORS:
        yield from _wrong_bounds(row, name)


def _wrong_diseases(row: BandShape, facts: Folder[FactShape]) -> Iterator[str]:
    for disease in row.labelled_with:
        entry = facts.read.get(disease.recorded)
        if entry is None and disease.recorded not in facts.unsound:
            yield f"labelled_with: {unknown('fact', disease.recorded, facts.read)}"
        elif entry is not None and entry[1].kind not in DISEASES:
            yield f"labelled_with: '{disease.recorded}' is no disease"
        months = None if disease.from_ is None else bound(disease.from_, "age")
        if disease.from_ is not None and (months is None or months != int(months)):
            yield f"labelled_with: '{disease.from_}' is no whole age like '2 years'"


def _wrong_bounds(row: BandShape, name: str) -> Iterator[str]:
    ends = [row.age.from_, row.age.below] if name == "age" else [row.weight.from_, row.weight.below]
    low, high = (None if end is None else bound(end, name) for end in ends)
    for text, value in zip(ends, (low, high), strict=True):
        if text is not None and value is None:
            yield f"'{text}' is no bound like '6 months' or '30 kg'"
        elif name == "age" and value is not None and value != int(value):
            yield f"'{text}' is no whole number of months"
    if low is not None and high is not None and low >= high:
        yield f"{name}: the band begins at or above its end"


def bound(text: str, name: str) -> float | None:
    """The end of a band in months (`age`) or kg (`weight`); None if it cannot be read."""
    match = _BOUND.fullmatch(text)
    factor = FACTORS[name].get(match[2]) if match else None
    return None if match is None or factor is None else float(match[1]) * factor


def build_bands(shape: RegimenShape) -> tuple[Band, ...]:
    """The rows of a dose table without mistakes; ages in months, weights in kg."""
    return tuple(_band(row) for row in shape.regimens)


def build_devices(shape: RegimenShape) -> tuple[Device, ...]:
    """The products of a dose table without mistakes; those known from general knowledge only are left out."""
    return tuple(
        Device(
            product.dose_mg,
            product.device,
            int(bound(product.from_age, "age") or 0),
            product.single_dose,
        )
        for product in shape.products
        if product.confidence != "general"
    )


def build_label(shape: RegimenShape) -> Label | None:
    """The label of a dose table without mistakes, for orders that no policy judges; None if it has none."""
    label = shape.label
    if label is None:
        return None
    asked = Regimen(
        of=shape.regimen,
        phase="initial",
        weight=label.weight,
        child_below=label.child_below,
        weight_within_child=label.weight_within_child,
        weight_within_adult=label.weight_within_adult,
    )
    diseases = label.diseases.items()
    return Label(
        asked,
        {id_: Indication(id_, disease.title, disease.conditions) for id_, disease in diseases},
    )


def _band(shape: BandShape) -> Band:
    missing = shape.table == "missing"
    age_below, weight_below = _end(shape.age.below, "age"), _end(shape.weight.below, "weight")
    return Band(
        id=shape.id,
        indication=shape.indication,
        cite=", ".join(shape.cite),
        age_from=int(_end(shape.age.from_, "age") or 0),
        age_below=None if age_below is None else int(age_below),
        weight_from=_end(shape.weight.from_, "weight") or 0.0,
        weight_below=weight_below,
        loading_mg=shape.loading_mg,
        dose_mg=None if missing else shape.dose_mg,
        interval_days=shape.interval_days,
        unit_mg=shape.unit_mg,
        units_per_28_days=shape.units_per_28_days,
        units_first_28_days=shape.units_first_28_days,
        only_with=shape.only_with,
        labelled_with=tuple(
            LabelledWith(disease.recorded, disease.says, int(_end(disease.from_, "age") or 0))
            for disease in shape.labelled_with
        ),
        notice=shape.notice,
        general=shape.confidence == "general",
    )


def _end(text: str | None, name: str) -> float | None:
    return None if text is None else bound(text, name)


BANDS = ("low", "medium", "high")


def check_dose_bands(
    tables: Folder[DoseBandsShape], sets: Folder[ValueSetShape]
) -> Iterator[Mistake]:
    """Every mistake in the tables of daily doses."""
    seen: dict[str, str] = {}
    for document, shape in tables:
        for address, message in (*_wrong_sets(shape, sets, seen), *_wrong_rows(shape, sets)):
            yield document.mistake(address, message)
        seen |= dict.fromkeys(shape.value_sets, shape.dose_bands)


def _wrong_sets(shape: DoseBandsShape, sets: Folder[ValueSetShape], seen: dict[str, str]) -> Wrong:
    address: Address = ("value_sets",)
    for name in shape.value_sets:
        if name in seen:
            yield address, f"'{name}' has a table already: {seen[name]}"
        elif name in sets.read and sets.read[name][1].kind != "therapy_class":
            yield address, f"'{name}' is no therapy_class"
        elif name not in sets.read and name not in sets.unsound:
            yield address, unknown("value set", name, sets.read)
    fewest, most = shape.actuations_a_day
    if not 0 < fewest < most:
        yield ("actuations_a_day",), "from above 0 to more than that"


def _wrong_rows(shape: DoseBandsShape, sets: Folder[ValueSetShape]) -> Wrong:
    lines = [
        line
        for name in shape.value_sets
        if name in sets.read
        for of_system in sets.read[name][1].codes.values()
        for line in of_system
    ]
    held = {line.ingredient for line in lines if line.ingredient and line.ug_per_actuation}
    forms = {line.form for line in lines if line.form}
    whole = not sets.unsound & {*shape.value_sets} and not {*shape.value_sets} - sets.read.keys()
    for form in shape.two_strips:
        if whole and form not in forms:
            yield ("two_strips",), f"no code is of the form '{form}'{did_you_mean(form, forms)}"
    for index, row in enumerate(shape.rows):
        address: Address = ("rows", index)
        if whole and row.ingredient not in held:
            near = did_you_mean(row.ingredient, held)
            yield (*address, "ingredient"), f"no code with a dose is of '{row.ingredient}'{near}"
        yield from ((address, message) for message in _wrong_row(row))
        if any(_both_fit(row, other) for other in shape.rows[:index]):
            yield address, f"a second row of {row.ingredient} for the same form and age"


def _wrong_row(row: DoseRowShape) -> Iterator[str]:
    lines = {name: line for name in BANDS if (line := getattr(row, name)) is not None}
    if not lines:
        yield "a row has low, medium or high"
    for name, line in lines.items():
        if (line.at_least is None) is (line.more_than is None):
            yield f"{name} has at_least or more_than, one of them"
        elif line.doubtful_above is not None and line.doubtful_above >= _start(line):
            yield f"{name}: doubtful_above lies below where the band begins"
    starts = [_start(line) for line in lines.values()]
    if starts != sorted(starts):
        yield "low begins below medium, medium below high"
    ages = [None if end is None else bound(end, "age") for end in (row.age.from_, row.age.below)]
    for text, value in zip((row.age.from_, row.age.below), ages, strict=True):
        if text is not None and (value is None or value != int(value)):
            yield f"'{text}' is no bound like '6 months' or '12 years'"
    if None not in ages and (ages[0] or 0) >= (ages[1] or 0):
        yield "age: the band begins at or above its end"


def _start(line: DoseLineShape) -> float:
    return line.at_least or line.more_than or 0.0


def _both_fit(one: DoseRowShape, other: DoseRowShape) -> bool:
    same_form = not one.forms or not other.forms or bool({*one.forms} & {*other.forms})
    if one.ingredient != other.ingredient or not same_form:
        return False
    (low, high), (other_low, other_high) = _ages(one), _ages(other)
    return (high is None or other_low < high) and (other_high is None or low < other_high)


def _ages(row: DoseRowShape) -> tuple[int, int | None]:
    ends = (row.age.from_, row.age.below)
    low, high = (None if end is None else bound(end, "age") for end in ends)
    return int(low or 0), None if high is None else int(high)


def build_dose_tables(tables: Folder[DoseBandsShape]) -> dict[str, DoseTable]:
    """The table of daily doses of each value set that has one."""
    by_set: dict[str, DoseTable] = {}
    for _, shape in tables:
        fewest, most = shape.actuations_a_day
        table = DoseTable(
            tuple(map(_row, shape.rows)), fewest, most, shape.two_strips, shape.said_with
        )
        by_set |= dict.fromkeys(shape.value_sets, table)
    return by_set


def _row(row: DoseRowShape) -> DoseRow:
    lines: dict[str, DoseLineShape] = {
        name: line for name in BANDS if (line := getattr(row, name)) is not None
    }
    built = {
        name: DoseLine(_start(line), line.more_than is not None, line.doubtful_above)
        for name, line in lines.items()
    }
    age_from, age_below = _ages(row)
    return DoseRow(row.ingredient, row.forms, built, age_from, age_below)
