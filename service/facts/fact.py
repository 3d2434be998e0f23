"""A fact as its document states it: where to look, in which unit, and what silence may mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from service.fhir.terminology.names_in_text import Phrases
from service.fhir.terminology.undenied_words import UndeniedWords
from service.policy.amount import Span
from service.policy.model import Indication
from service.policy.operators import Regimen
from service.policy.truth import Way

Kind = Literal[
    "age",
    "quantity",
    "sites",
    "diagnosis",
    "grade",
    "allergy",
    "supply",
    "sessions",
    "outcome",
    "exclusion",
    "specialty",
    "approval",
    "pharmacy",
    "statement",
    "procedure",
    "score",
    "episodes",
]
Made = Literal["fills", "events", "procedures", "conditions"]


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """One source a fact looks in, and whether finding nothing there may mean none."""

    source: str
    silence_means_none: bool
    why: str


@dataclass(frozen=True, slots=True)
class EpisodeKind:
    """What makes one episode; `gap` and `longest` in days, `main` the reasons that must come first.

    `complaints` are what patients with these diseases come with; as a reason they name no other disease.
    What is given by a route of `one_day` and states no days' supply is given on a single day.
    A part of a claim that names no drug (`unnamed`), or no place (`unplaced`), may be one. What stands in
    one of the `other` sets is none of them, and speaks against the sets that are named beside it.
    A hand-over without a reason is a question where a disease of `explained` may be its reason.
    """

    made: Made
    of: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    main: tuple[str, ...] = ()
    one_day: tuple[str, ...] = ()
    gap: int = 0
    longest: int | None = None
    unnamed: tuple[str, ...] = ()
    unplaced: bool = False
    other: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    explained: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a policy may ask, payer-neutral."""

    name: str
    kind: Kind
    says: str
    label: str
    supply: str
    way: Way
    value_sets: tuple[str, ...] = ()
    unit: str = ""
    sources: tuple[Looked, ...] = ()
    low: float | None = None
    high: float | None = None
    least: float | None = None
    sites: tuple[str, ...] = ()
    other_sites: tuple[str, ...] = ()
    site_of: tuple[str, ...] = ()
    indications: tuple[str, ...] = ()
    history: bool = False
    unsure: bool = False
    lasts: Span | None = None
    not_for: str | None = None
    told_elsewhere: bool = False
    harmless: tuple[str, ...] = ()
    harmful: tuple[str, ...] = ()
    harm_words: UndeniedWords | None = None
    grades: Mapping[str, str] = field(default_factory=dict)
    enough: tuple[str, ...] = ()
    scales: Mapping[str, "Scale"] = field(default_factory=dict)
    unknown_supply_days: int = 0
    longest_break_days: int = 0
    one_dose: tuple[str, ...] = ()
    given: tuple[Looked, ...] = ()
    samples: tuple[str, ...] = ()
    other_roles: tuple[str, ...] = ()
    says_nothing: tuple[str, ...] = ()
    newest_decides: bool = False
    says_so: tuple[str, ...] = ()
    says_otherwise: tuple[str, ...] = ()
    unsaid: Literal["question", "left_out"] = "question"
    denied_words: tuple[str, ...] = ()
    denied_codes: tuple[str, ...] = ()
    pending_words: tuple[str, ...] = ()
    open_words: tuple[str, ...] = ()
    conditional_words: tuple[str, ...] = ()
    approved_words: tuple[str, ...] = ()
    partly_words: tuple[str, ...] = ()
    neutral_words: tuple[str, ...] = ()
    bare_systems: tuple[str, ...] = ()
    decided: Mapping[str, str] = field(default_factory=dict)
    built_from: tuple[EpisodeKind, ...] = ()
    shares: tuple["Share", ...] = ()
    against: "Against | None" = None


@dataclass(frozen=True, eq=False)
class Against:
    """What speaks against a procedure's having shown what it is asked for.

    Words of its `outcome`, `words` of its outcome or its notes, a value of 0 of the facts `zero`.
    """

    outcome: Phrases
    words: Phrases
    zero: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """Results that are a value in percent of others, both in this unit, of one panel or one day."""

    of: tuple[str, ...]
    by: tuple[str, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A score whose own scale names a grade: only when the record says which scale it is."""

    names: tuple[str, ...]
    low: float
    high: float
    grades: Mapping[float, str]


@dataclass(frozen=True, slots=True)
class LabelledWith:
    """A disease beside the indication with which a row is the labelled one, from so many months on."""

    fact: str
    says: str
    from_age: int = 0


@dataclass(frozen=True, slots=True)
class Label:
    """The label of a drug, for orders that no policy judges: its diseases, and what is asked of the dose."""

    asked: Regimen
    indications: Mapping[str, Indication]


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """One row of a labelled dose table; ages in months, weights in kg, bands half-open."""

    id: str
    indication: str
    cite: str
    age_from: int = 0
    age_below: int | None = None
    weight_from: float = 0.0
    weight_below: float | None = None
    loading_mg: float | None = None
    dose_mg: float | None = None
    interval_days: float | None = None
    unit_mg: float | None = None
    units_per_28_days: float = 0.0
    units_first_28_days: float = 0.0
    only_with: str | None = None
    labelled_with: tuple[LabelledWith, ...] = ()
    notice: str | None = None
    general: bool = False

    @property
    def needs_weight(self) -> bool:
        """Whether the row is bound to a weight at all."""
        return self.weight_from > 0 or self.weight_below is not None


@dataclass(frozen=True, slots=True)
class Device:
    """A product as the label has it: its strength, its device, and from how many months of age.

    `single_dose`: it is for one dose, so a part of it is not given.
    """

    dose_mg: float
    device: str
    from_age: int
    single_dose: bool = False
