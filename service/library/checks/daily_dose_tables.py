"""Checks and builds tables of daily doses: known classes, sound rows, no two rows for one inhaler."""

from collections.abc import Iterator

from service.errors import Mistake
from service.facts.dose_table import DoseLine, DoseRow, DoseTable
from service.library.checks.regimens import bound
from service.library.documents.folders import Shelf, unknown
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Address, Wrong
from service.library.shapes import DoseBandsShape, DoseLineShape, DoseRowShape, ValueSetShape

BANDS = ("low", "medium", "high")


def check_dose_bands(
    tables: Shelf[DoseBandsShape], sets: Shelf[ValueSetShape]
) -> Iterator[Mistake]:
    """Every mistake in the tables of daily doses."""
    seen: dict[str, str] = {}
    for document, shape in tables:
        for address, message in (*_wrong_sets(shape, sets, seen), *_wrong_rows(shape, sets)):
            yield document.mistake(address, message)
        seen |= dict.fromkeys(shape.value_sets, shape.dose_bands)


def _wrong_sets(shape: DoseBandsShape, sets: Shelf[ValueSetShape], seen: dict[str, str]) -> Wrong:
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


def _wrong_rows(shape: DoseBandsShape, sets: Shelf[ValueSetShape]) -> Wrong:
    held = {
        line.ingredient
        for name in shape.value_sets
        if name in sets.read
        for lines in sets.read[name][1].codes.values()
        for line in lines
        if line.ingredient and line.ug_per_actuation
    }
    forms = {
        line.form
        for name in shape.value_sets
        if name in sets.read
        for lines in sets.read[name][1].codes.values()
        for line in lines
        if line.form
    }
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


def build_dose_tables(tables: Shelf[DoseBandsShape]) -> dict[str, DoseTable]:
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
