"""What else fits a patient: therapies, pathways by situation, and notes, in the same criteria as policies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from service.policy.amount import Amount as Share
from service.policy.amount import Span
from service.policy.criterion import Criterion

Path = Literal["initial", "renewal"]

# In a citation: the policy that judged, whichever it is.
POLICY = "{policy}"

# of Patient.gender, FHIR R4 AdministrativeGender, the two that say something
Gender = Literal["male", "female"]


@dataclass(frozen=True, slots=True)
class Coding:
    """A code for an order, of a system."""

    system: str
    code: str
    display: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit, as UCUM writes it where it can."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Instruction:
    """One line of a dosage: how much how often, or once; `every` is a number and a UCUM unit of time."""

    text: str
    amount: Amount | None = None
    every: tuple[int, str] | None = None
    once: bool = False


@dataclass(frozen=True, slots=True)
class Ordered:
    """What an order holds: product, instructions, quantity for so many days."""

    code: Coding
    instructions: tuple[Instruction, ...] = ()
    quantity: Amount | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Dose:
    """A dose for those whom `when` fits; no order where the product has no verified code.

    One for the few of whom the record shows something (`only_if_shown`) keeps nobody else waiting.
    """

    id: str
    says: str
    cite: str
    when: Criterion | None = None
    order: Ordered | None = None
    only_if_shown: bool = False


@dataclass(frozen=True, slots=True)
class Guideline:
    """What a guideline says of a therapy; what was not seen there itself is for the page only."""

    body: str
    cite: str
    ages: str | None = None
    strength: str | None = None
    strength_seen: bool = False
    certainty: str | None = None
    certainty_seen: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """A therapy for one indication: label, limits of age and weight, doses."""

    label: Literal["approved", "off_label", "not_approved"]
    population: str
    cite: str
    guideline: Guideline | None = None
    limits: tuple[Criterion, ...] = ()
    doses: tuple[Dose, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Caution:
    """What speaks against a therapy: rules it out, or moves it behind the others, ordered or not.

    Where it is unknown it is asked for (`ask`), but not of patients recorded as `not_for`.
    """

    when: Criterion
    effect: Literal["rules_out", "lowers", "not_ordered"]
    ask: bool = False
    not_for: Gender | None = None
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What is checked before the first dose, but not of patients recorded as `not_for`.

    It is ordered where a verified code exists.
    """

    id: str
    says: str
    cite: str
    order: Coding | None = None
    short: str | None = None
    not_for: Gender | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """What is watched during treatment, and how often where a source says it."""

    id: str
    says: str
    cite: str
    short: str | None = None
    often: str | None = None

    @property
    def told(self) -> str:
        """What stands on the card."""
        return " ".join(text for text in (self.short or self.says, self.often) if text)


@dataclass(frozen=True, slots=True)
class Taken:
    """How a therapy is found in a record: a class and its ingredients."""

    value_set: str
    ingredients: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reference:
    """A source that citations name."""

    name: str
    title: str
    url: str | None = None
    date: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Therapy:
    """One alternative with all that is known of it."""

    id: str
    name: str
    class_: str
    kind: Literal["drug", "procedure", "advice"]
    uses: Mapping[str, Use]
    taken: Taken | None = None
    prefer: tuple[Criterion, ...] = ()
    avoid: tuple[Caution, ...] = ()
    checks: tuple[Check, ...] = ()
    monitoring: tuple[Watch, ...] = ()
    boxed_warning: str | None = None
    boxed_cite: str | None = None
    unverified: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    keeps_dose: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A therapy at its place in a pathway, and why it stands there.

    With `when` it is for those who surely meet it, with `unless` not for those, with `missing` for those
    who surely do not: it closes that gap and stands before all others. `once_closed` is no way round it.
    What `waits_for` something that no record tells is named without an order.
    """

    therapy: str
    why: str
    cite: str
    behind: str | None = None
    when: Criterion | None = None
    unless: Criterion | None = None
    missing: Criterion | None = None
    once_closed: bool = False
    waits_for: str | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One side where sources disagree."""

    says: str
    cite: str


class Stage(StrEnum):
    """Where a patient stands in the course of the ordered drug; each patient is in exactly one."""

    INTOLERANT = "intolerant"
    NOT_STARTED = "not_started"
    STARTED = "started"
    CLEARED = "cleared"
    LOSS_OF_RESPONSE = "loss_of_response"
    RESPONDING = "responding"
    INADEQUATE_RESPONSE = "inadequate_response"
    NOT_ASSESSED = "not_assessed"
    INTERRUPTED = "interrupted"
    RELAPSED = "relapsed"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """How the course under the drug is told for one disease; a measure left out is unknown.

    `judged_after` is how long the drug is given before its effect is judged; a break longer than
    `longest_break` days without supply ends the course. `lost` tells that a response is gone where
    an active disease alone does not. Of less than `least_supplied` of the labelled dose nothing is judged.
    """

    judged_after: Span
    longest_break: Span
    harmed: Criterion | None = None
    failed: Criterion | None = None
    clear: Criterion | None = None
    active: Criterion | None = None
    improved: Criterion | None = None
    responded: Criterion | None = None
    lost: Criterion | None = None
    least_supplied: Share | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """Why the drug is being left or kept, and what comes next, in order.

    With `stages` only patients in one of these stages of the course are in it; with `below_label`
    only those whose order asks for less than the labelled dose, with `taken_below_label` those of whom
    the record shows that less was taken. With `holds_dose` it is settled first whether the drug is given
    at all: no click puts its dose right before that.
    """

    id: str
    says: str
    cite: str
    when: Criterion | None
    order: tuple[Step, ...]
    only: tuple[Path, ...] = ("initial", "renewal")
    coverage: Literal["any", "not_met", "unmet"] = "any"
    action: Literal["replace", "keep"] = "replace"
    head: str = ""
    indicator: Literal["info", "warning"] = "info"
    sides: tuple[Side, ...] = ()
    stages: frozenset[Stage] = frozenset()
    below_label: bool = False
    taken_below_label: bool = False
    holds_dose: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Pathway:
    """The situations of one indication, looked at in this order, and how its course is told."""

    id: str
    drug: str
    situations: tuple[Situation, ...]
    course: Course | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Note:
    """A consideration that the record makes matter; the situations of `unless` say it already.

    With `stages` it is for patients in one of these stages of the course; without `when` for all of them.
    It is not for those who surely meet `not_with`; with `samples` for those who had nothing but samples.
    `holds_dose` as in a situation; `indicator` is that of the card that tells it.
    """

    id: str
    says: str
    cite: str
    when: Criterion | None
    weight: int
    only: tuple[Path, ...] = ("initial", "renewal")
    short: str | None = None
    unless: frozenset[str] = frozenset()
    stages: frozenset[Stage] = frozenset()
    not_with: Criterion | None = None
    samples: bool = False
    holds_dose: bool = False
    indicator: Literal["info", "warning"] = "info"


@dataclass(frozen=True, slots=True)
class Gap:
    """How a missing fact is supplied: by an order, or by recording it."""

    fact: str
    says: str
    order: Coding | None = None


@dataclass(frozen=True, eq=False)
class Clinical:
    """Therapies by name, pathways and notes by drug and indication, gaps by fact."""

    therapies: Mapping[str, Therapy] = field(default_factory=dict)
    pathways: Mapping[tuple[str, str], Pathway] = field(default_factory=dict)
    notes: Mapping[tuple[str, str], tuple[Note, ...]] = field(default_factory=dict)
    gaps: Mapping[str, Gap] = field(default_factory=dict)

    def course(self, drug: str, indications: Iterable[str]) -> Course | None:
        """How the course is told for one of these diseases, else for any: a break is one of the drug."""
        own = (self.pathways.get((drug, indication)) for indication in indications)
        others = (pathway for (of, _), pathway in self.pathways.items() if of == drug)
        return next(
            (pathway.course for pathway in (*own, *others) if pathway and pathway.course), None
        )
