"""Checks trends: of numbers, by an amount in their unit or by a percentage of the earlier value."""

from collections.abc import Iterator

from service.library.criteria.comparison_reader import of_kinds
from service.library.criteria.scope import CriterionReader
from service.library.documents.yaml import Address
from service.library.shapes import FactShape
from service.policy.amount import Amount
from service.policy.operators import DoseTrend, Trend

WHOLE = 100
Wrong = Iterator[tuple[str, str]]


def check_trend(reader: CriterionReader, asked: Trend, address: Address) -> None:
    """Notes mistakes of a trend: facts that are no numbers, amounts that cannot be reached."""
    if not asked.of:
        reader.note((*address, "of"), "a list of facts is needed here")
    of_kinds(reader, asked.of, ("quantity",), (*address, "of"))
    facts = [fact for name in asked.of if (fact := reader.names.facts.get(name))]
    for key, message in _wrong(asked, [fact for fact in facts if fact.kind == "quantity"]):
        reader.note((*address, key), message)


def check_dose_trend(reader: CriterionReader, asked: DoseTrend, address: Address) -> None:
    """Notes a `by` that is no percentage: a dose changes by a percentage of the earlier dose."""
    if asked.by is None:
        return
    if not asked.by.relative:
        reader.note(
            (*address, "by"), f"a dose moves by a percent, like '50 %', not by '{asked.by}'"
        )
    elif message := _no_margin(asked.by, asked.better):
        reader.note((*address, "by"), message)


def _wrong(asked: Trend, facts: list[FactShape]) -> Wrong:
    if asked.by is None:
        return
    if asked.stable_counts:
        message = (
            f"an unchanged value is not {asked.better} by {asked.by}; leave out 'stable_counts'"
        )
        yield "stable_counts", message
    if wrong := _no_margin(asked.by, asked.better):
        yield "by", wrong
    else:
        amounts = (_no_amount(asked.by, fact) for fact in facts)
        yield from (("by", message) for message in amounts if message)


def _no_margin(by: Amount, better: str) -> str | None:
    if by.value <= 0:
        return "'by' is an amount above nothing"
    beyond = by.relative and better == "lower" and by.value > WHOLE
    return f"nothing is lower by {by}" if beyond else None


def _no_amount(by: Amount, fact: FactShape) -> str | None:
    """Why a value of the fact cannot change by that amount; None if it can. '%' alone is relative."""
    if by.relative:
        unclear = f"'{fact.fact}' is itself in '%': '{by}' may be points or a share of the value"
        return (
            f"{unclear}; give the fact a unit with a name, like '% BSA'"
            if fact.unit == "%"
            else None
        )
    if by.unit != fact.unit:
        share = "; a share of the value before is written with '%' alone"
        return f"the unit is '{by.unit}', '{fact.fact}' is in '{fact.unit}'{share}"
    low, high = sorted(fact.range or (float("-inf"), float("inf")))
    if by.value > high - low:
        return f"'{fact.fact}' goes from {low:g} to {high:g} {fact.unit}; nothing moves by {by}"
    return None
