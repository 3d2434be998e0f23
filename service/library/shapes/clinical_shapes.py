"""Therapies, pathways, notes and gaps as their documents write them; criteria are read by themselves."""

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from service.clinical.therapies_and_pathways import Gender, Path, Stage
from service.library.shapes.written import AmountText, CodeShape, Shape, SpanText, Texts, Words

PATHS: tuple[Path, ...] = ("initial", "renewal")


def _like(pattern: str, says: str) -> Callable[[str], str]:
    def fits(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(says)
        return text

    return fits


_AMOUNT = _like(r"[0-9]+(\.[0-9]+)? (mg|g|mL|ug)", "a number and mg, g, mL or ug, like '15 mg'")
_EVERY = _like(
    r"[1-9][0-9]* (hour|day|week|month)s?",
    "a whole number of hours, days, weeks or months, like '2 weeks'",
)


class ReferenceShape(Shape):
    """A source that lines of a document cite; `policy` is the payer's, whichever one judged."""

    title: Words
    policy: bool = False
    short: Words | None = None
    url: Words | None = None
    date: Words | None = None
    note: Words | None = None


class CodingShape(CodeShape):
    """A code for an order."""

    display: Words


class QuantityShape(Shape):
    """A quantity to be dispensed."""

    value: float = Field(gt=0)
    unit: Words


class InstructionShape(Shape):
    """One line of a dosage."""

    text: Words
    amount: Annotated[str, AfterValidator(_AMOUNT)] | None = None
    every: Annotated[str, AfterValidator(_EVERY)] | None = None
    once: bool = False

    @field_validator("amount")
    @classmethod
    def _as_in_words(cls, amount: str | None, given: ValidationInfo) -> str | None:
        value, _, unit = (amount or "").partition(" ")
        said = re.findall(rf"(\d+(?:\.\d+)?) ?{re.escape(unit)}\b", given.data.get("text", ""))
        if amount and said and float(value) not in map(float, said):
            raise ValueError(f"{amount}, and the text beside it says {said[0]} {unit}")
        return amount

    @field_validator("once")
    @classmethod
    def _not_every(cls, once: bool, given: ValidationInfo) -> bool:  # noqa: FBT001 - pydantic's way
        if once and given.data.get("every"):
            raise ValueError("'every' stands beside it; an instruction has one of them")
        return once


class OrderedShape(Shape):
    """What an order holds."""

    code: CodingShape
    instructions: tuple[InstructionShape, ...] = ()
    quantity: QuantityShape | None = None
    days: int | None = Field(default=None, gt=0, le=365)


class DoseShape(Shape):
    """One dose of a therapy."""

    id: str
    says: Words
    cite: Words
    when: Any = None
    only_if_shown: bool = False
    order: OrderedShape | None = None


class GuidelineShape(Shape):
    """What a guideline says; what was not seen is shown on the page only."""

    body: Words
    cite: Words
    ages: Words | None = None
    strength: Words | None = None
    strength_seen: bool = False
    certainty: Words | None = None
    certainty_seen: bool = False


class UseShape(Shape):
    """A therapy for one indication."""

    label: Literal["approved", "off_label", "not_approved"]
    population: Words
    cite: Words
    guideline: GuidelineShape | None = None
    limits: tuple[Any, ...] = ()
    doses: tuple[DoseShape, ...] = ()


class TakenShape(Shape):
    """How a therapy is found in a record."""

    value_set: str
    ingredients: Texts


class CheckShape(Shape):
    """What is checked before the first dose; the short words stand on the card."""

    id: str
    says: Words
    short: Words | None = None
    cite: Words
    order: CodingShape | None = None
    not_for: Gender | None = None


class WatchShape(Shape):
    """What is watched during treatment, and how often; the short words stand on the card."""

    id: str
    says: Words
    short: Words | None = None
    often: Words | None = None
    cite: Words


class CitedShape(Shape):
    """A sentence with its source."""

    says: Words
    cite: Words


class TherapyShape(Shape):
    """`therapies/<name>.yaml`."""

    therapy: str
    name: Words
    class_: Words = Field(alias="class")
    kind: Literal["drug", "procedure", "advice"]
    taken: TakenShape | None = None
    references: dict[str, ReferenceShape]
    indications: dict[str, UseShape]
    prefer: tuple[Any, ...] = ()
    avoid: tuple[Any, ...] = ()
    checks: tuple[CheckShape, ...] = ()
    monitoring: tuple[WatchShape, ...] = ()
    boxed_warning: CitedShape | None = None
    keeps_dose: bool = False
    goes_on: bool = False
    unverified: tuple[Words, ...] = ()


class StepShape(Shape):
    """A therapy at its place in a pathway."""

    therapy: str
    why: Words
    cite: Words
    behind: Words | None = None
    when: Any = None
    unless: Any = None
    missing: Any = None
    once_closed: bool = False
    waits_for: Words | None = None

    @field_validator("once_closed")
    @classmethod
    def _not_missing(cls, once_closed: bool, given: ValidationInfo) -> bool:  # noqa: FBT001 - pydantic's way
        if once_closed and given.data.get("missing") is not None:
            raise ValueError("'missing' stands beside it; what closes a gap waits for none")
        return once_closed


class CourseShape(Shape):
    """How the course under the drug is told: when it is judged, what ends it, and its measures."""

    cite: Words
    judged_after: SpanText
    longest_break: SpanText
    least_supplied: AmountText | None = None
    harmed: Any = None
    failed: Any = None
    clear: Any = None
    active: Any = None
    improved: Any = None
    responded: Any = None
    lost: Any = None


class SituationShape(Shape):
    """Why the drug is being left or kept."""

    id: str
    says: Words
    cite: Words
    when: Any = None
    only: tuple[Path, ...] = PATHS
    stages: tuple[Stage, ...] = ()
    coverage: Literal["any", "not_met", "unmet"] = "any"
    below_label: bool = False
    taken_below_label: bool = False
    holds_dose: bool = False
    action: Literal["replace", "keep"] = "replace"
    head: Words | None = None
    indicator: Literal["info", "warning"] = "info"
    order: tuple[StepShape, ...] = ()
    sides: tuple[CitedShape, ...] = ()


class PathwayShape(Shape):
    """`pathways/<indication>.yaml`."""

    pathway: str
    drug: str
    references: dict[str, ReferenceShape]
    course: CourseShape | None = None
    situations: tuple[SituationShape, ...]


class NoteShape(Shape):
    """One consideration."""

    id: str
    says: Words
    short: Words | None = None
    cite: Words
    when: Any = None
    weight: int = Field(strict=True, ge=1, le=100)
    only: tuple[Path, ...] = PATHS
    stages: tuple[Stage, ...] = ()
    unless: tuple[str, ...] = ()
    not_with: Any = None
    samples: bool = False
    holds_dose: bool = False
    indicator: Literal["info", "warning"] = "info"


class NotesShape(Shape):
    """`notes/<indication>.yaml`; the one called `common` is for every indication."""

    notes: str
    drug: str
    references: dict[str, ReferenceShape]
    lines: tuple[NoteShape, ...]


class GapShape(Shape):
    """How a missing fact is supplied."""

    fact: str
    says: Words
    order: CodingShape | None = None
    record: bool = False


class GapsShape(Shape):
    """`gaps.yaml`."""

    gaps: tuple[GapShape, ...] = ()
