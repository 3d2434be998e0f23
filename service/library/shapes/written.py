"""What every document is written in: strict shapes, words that say something, lists, amounts and spans."""

import re
from datetime import date
from string import Formatter
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from service.fhir.terminology.code_shapes import wrong_shape
from service.policy.amount import DAYS_OF, MONTHS_OF, Amount, Span

_AMOUNT = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s+(\S.*?)\s*$")


class Shape(BaseModel):
    """Strict: unknown keys are refused, text is text."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _holds_says(text: str) -> str:
    try:
        fields = [(name, *more) for _, name, *more in Formatter().parse(text) if name is not None]
    except ValueError:  # a brace that is not closed
        fields = []
    if not fields or any(field != ("says", "", None) for field in fields):
        raise ValueError("holds {says} and no other braces")
    return text


def _pattern(written: str) -> str:
    try:
        re.compile(written)
    except re.error as error:
        raise ValueError(f"not a pattern that can be read: {error}") from error
    return written


def _day_or_truth(value: object) -> object:
    if isinstance(value, bool | date):
        return value
    raise ValueError("write true, false or a day like 2026-01-31")


def _amount(written: object) -> object:
    if not isinstance(written, str | int | float):
        return written
    match = _AMOUNT.match(str(written))
    if not match:
        raise ValueError("an amount is a number and a unit, like '10 % BSA'")
    return {"value": float(match[1]), "unit": match[2]}


def _span(written: object) -> object:
    if not isinstance(written, str | int | float):
        return written
    match = _AMOUNT.match(str(written))
    if match and match[2] in DAYS_OF:
        return {"days": int(float(match[1]) * DAYS_OF[match[2]])}
    if match and match[2] in MONTHS_OF:
        return {"months": int(float(match[1]) * MONTHS_OF[match[2]])}
    raise ValueError("a span is a number of days, weeks, months or years, like '28 days'")


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Texts = Annotated[tuple[Words, ...], BeforeValidator(_listed)]
SaysTemplate = Annotated[str, AfterValidator(_holds_says)]
HeldSince = Annotated[bool | date, BeforeValidator(_day_or_truth)]
AmountText = Annotated[Amount, BeforeValidator(_amount)]
SpanText = Annotated[Span, BeforeValidator(_span)]


class CodeShape(Shape):
    """A code of a code system, built as codes of that system are."""

    system: Words
    code: str = Field(strict=True, min_length=1)

    @field_validator("code")
    @classmethod
    def _is_built_right(cls, code: str, given: ValidationInfo) -> str:
        if message := wrong_shape(given.data.get("system", ""), code):
            raise ValueError(message)
        return code
