"""Therapies, pathways by situation, and notes; their conditions are criteria as in policies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from service.policy.amount import Amount as Share
from service.policy.amount import Span
from service.policy.model import Criterion

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
class OrderedAmount:
    """A number with its unit, as UCUM writes it where it can."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Instruction:
    """One line of a dosage: an amount at intervals or once; `every` is a number and a UCUM unit of time."""

    text: str
    amount: OrderedAmount | None = None
    every: tuple[int, str] | None = None
    once: bool = False


@dataclass(frozen=True, slots=True)
class Ordered:
    """What an order contains: product, instructions, and the quantity for `days` days."""

    code: Coding
    instructions: tuple[Instruction, ...] = ()
    quantity: OrderedAmount | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TherapyDose:
    """A dose for patients who meet `when`; `order` is None if the product has no verified code.

    With `only_if_shown` the dose is skipped if the record shows nothing of `when`.
    """

    id: str
    says: str
    cite: str
    when: Criterion | None = None
    order: Ordered | None = None
    only_if_shown: bool = False


@dataclass(frozen=True, slots=True)
class Guideline:
    """What a guideline says of a therapy; a grade not seen in the guideline itself is on the page only."""

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
    doses: tuple[TherapyDose, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Caution:
    """A risk of a therapy: it rules the therapy out, moves it behind others, or keeps it from being ordered.

    If it is unknown it is asked for (`ask`), except for patients recorded as `not_for`.
    """

    when: Criterion
    effect: Literal["rules_out", "lowers", "not_ordered"]
    ask: bool = False
    not_for: Gender | None = None
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A check before the first dose, except for patients recorded as `not_for`.

    `order` is None if no verified code exists.
    """

    id: str
    says: str
    cite: str
    order: Coding | None = None
    short: str | None = None
    not_for: Gender | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """What is monitored during treatment; `often` is None if no source says how often."""

    id: str
    says: str
    cite: str
    short: str | None = None
    often: str | None = None

    @property
    def card_text(self) -> str:
        """The text on the card."""
        return " ".join(text for text in (self.short or self.says, self.often) if text)


@dataclass(frozen=True, slots=True)
class TherapyCodes:
    """How a therapy is recognized in a record: the value set of its class and its ingredients."""

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
    taken: TherapyCodes | None = None
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
    """A therapy at its place in a pathway, and why it is at this place.

    `when`: only for patients who surely meet it; `unless`: not for those. `missing`: only for patients who
    surely do not meet it; such a step closes that gap and comes first. `once_closed`: only after all gaps
    are closed. `waits_for`: what no record shows and must come first, so no order is proposed.
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
    """The stages in the course of the ordered drug; each patient is in exactly one."""

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
    """The criteria that decide the stage for one disease; a criterion that is None counts as unknown.

    `judged_after` is how long the drug is given before its effect is judged; a break longer than
    `longest_break` without supply ends the course. `lost` shows that a response is gone if an active
    disease alone does not. With less than `least_supplied` of the labelled dose no effect is judged.
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

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Those that are stated, in the order of the fields."""
        stated = (
            self.harmed,
            self.failed,
            self.clear,
            self.active,
            self.improved,
            self.responded,
            self.lost,
        )
        return tuple(criterion for criterion in stated if criterion is not None)


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """Why the drug is replaced or kept, and the next steps in order.

    `stages`: only patients in one of them are in this situation. `below_label`: only if the order is below
    the labelled dose. `taken_below_label`: only if the record shows that less was taken. `holds_dose`: no
    corrected dose is proposed, since it must be decided first whether the drug is given at all.
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
    """The situations of one indication, tried in this order, and the criteria of its course."""

    id: str
    drug: str
    situations: tuple[Situation, ...]
    course: Course | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Note:
    """A consideration for the card, unless a situation of `unless` is shown, which says the same.

    `stages`: only patients in one of them. `when`: only if met; None means all of them. `not_with`: not
    for patients who surely meet it. `samples`: only for patients who had samples alone. `holds_dose` as
    in a situation. `indicator` is the card's.
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
class ProposedTest:
    """How a missing fact is obtained: by an order, or by recording it (`order` is None)."""

    fact: str
    says: str
    order: Coding | None = None


@dataclass(frozen=True, eq=False)
class Clinical:
    """Therapies by name, pathways and notes by drug and indication, gaps by fact."""

    therapies: Mapping[str, Therapy] = field(default_factory=dict)
    pathways: Mapping[tuple[str, str], Pathway] = field(default_factory=dict)
    notes: Mapping[tuple[str, str], tuple[Note, ...]] = field(default_factory=dict)
    gaps: Mapping[str, ProposedTest] = field(default_factory=dict)

    def course(self, drug: str, indications: Iterable[str]) -> Course | None:
        """The course for the first of these diseases that has one, else for any disease of the drug."""
        own = (self.pathways.get((drug, indication)) for indication in indications)
        others = (pathway for (of, _), pathway in self.pathways.items() if of == drug)
        return next(
            (pathway.course for pathway in (*own, *others) if pathway and pathway.course), None
        )
