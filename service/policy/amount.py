"""Amounts and spans of time as the documents write them: `10 % BSA`, `28 days`, `12 months`."""

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

_AMOUNT = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s+(\S.*?)\s*$")
DAYS_OF = {"day": 1, "days": 1, "week": 7, "weeks": 7}
MONTHS_OF = {"month": 1, "months": 1, "year": 12, "years": 12}


class Amount(BaseModel):
    """A number with the plain word of its unit."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    value: float
    unit: str

    @property
    def relative(self) -> bool:
        """Whether it is a share of another value: a bare per cent sign."""
        return self.unit == "%"

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit}"


class Span(BaseModel):
    """A length of time in days or in calendar months."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    days: int = 0
    months: int = 0

    def __str__(self) -> str:
        count, unit = (self.months, "month") if self.months else (self.days, "day")
        return f"{count} {unit}" + ("s" if count != 1 else "")


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


WrittenAmount = Annotated[Amount, BeforeValidator(_amount)]
WrittenSpan = Annotated[Span, BeforeValidator(_span)]
