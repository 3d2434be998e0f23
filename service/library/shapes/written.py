"""What every document is written in: strict shapes, words that say something, lists."""

import re
from datetime import date
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints


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


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Texts = Annotated[tuple[Words, ...], BeforeValidator(_listed)]
Worded = Annotated[str, AfterValidator(_holds_says)]
Held = Annotated[bool | date, BeforeValidator(_day_or_truth)]
