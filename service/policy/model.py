"""A policy version: its indications, what is common to them, and what it leaves out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from service.policy.amount import Span
from service.policy.criterion import Criterion

QUESTIONNAIRES = "https://dupilumab-cds.github.io/fhir/Questionnaire/"


class Months(NamedTuple):
    """How many months an approval lasts, the first one and each later one."""

    initial: int
    renewal: int


@dataclass(frozen=True, slots=True)
class Indication:
    """One disease that the policy names; `not_encoded` says why its criteria are not here yet."""

    id: str
    title: str
    conditions: tuple[str, ...]
    initial: Criterion | None = None
    renewal: Criterion | None = None
    not_encoded: str | None = None
    approval_months: Months | None = None


@dataclass(frozen=True, eq=False)
class Policy:
    """One version of a payer's policy for one drug, in force from `effective` until `until`."""

    id: str
    payer: str
    title: str
    drug: str
    effective: date
    until: date | None
    url: str | None
    document: str
    approval_months: Months
    indications: Mapping[str, Indication]
    common_initial: tuple[Criterion, ...]
    common_renewal: tuple[Criterion, ...]
    approved_before: str
    statements_valid: Span
    renewal_after: Span | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)
    not_encoded: tuple[tuple[str, str], ...] = ()

    def questionnaire(self, indication: str, path: str) -> str:
        """The canonical of the questionnaire for one indication and path."""
        name = f"{self.id}-{indication}-{path}".replace("/", "-")
        return f"{QUESTIONNAIRES}{name}|{self.effective.isoformat()}"

    def months(self, indication: str, phase: Literal["initial", "renewal"]) -> int:
        """How many months an approval for an indication lasts."""
        own = self.indications[indication].approval_months or self.approval_months
        return own.initial if phase == "initial" else own.renewal

    def in_force(self, day: date) -> bool:
        """Whether this version decides on that day (both ends included)."""
        return self.effective <= day and (self.until is None or day <= self.until)
