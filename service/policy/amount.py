"""Amounts with the word of their unit, and spans of time: `10 % BSA`, `28 days`, `12 months`."""

from dataclasses import dataclass

DAYS_OF = {"day": 1, "days": 1, "week": 7, "weeks": 7}
MONTHS_OF = {"month": 1, "months": 1, "year": 12, "years": 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number with the plain word of its unit."""

    value: float
    unit: str

    @property
    def relative(self) -> bool:
        """Whether it is a share of another value: a bare per cent sign."""
        return self.unit == "%"

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A length of time in days or in calendar months."""

    days: int = 0
    months: int = 0

    def __str__(self) -> str:
        count, unit = (self.months, "month") if self.months else (self.days, "day")
        return f"{count} {unit}" + ("s" if count != 1 else "")
