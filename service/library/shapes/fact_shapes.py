"""Facts as their documents write them."""

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field

from service.facts.fact import Kind, Made
from service.library.shapes.written import Shape, SpanText, Texts, Words
from service.policy.truth import Way

MADE: tuple[Made, ...] = get_args(Made)


class FactSourceShape(Shape):
    """One source of a fact and what its silence may mean."""

    source: str
    nothing_found: Literal["none", "unknown"]
    why: Words


class ScaleShape(Shape):
    """A score's scale whose values name a grade."""

    names: Texts = ()
    low: float
    high: float
    grades: dict[float, Words] = Field(default_factory=dict)


def _by_ends(written: object) -> object:
    """Scales of a score, listed, each called by its ends."""
    if not isinstance(written, list) or not all(isinstance(scale, dict) for scale in written):
        return written
    named = {f"{scale.get('low')}-{scale.get('high')}": scale for scale in written}
    if len(named) < len(written):
        raise ValueError("two scales have the same ends")
    return named


class MakerShape(Shape):
    """What makes one episode: fills, or events, procedures or conditions with a day."""

    fills: Texts = ()
    events: Texts = ()
    procedures: Texts = ()
    conditions: Texts = ()
    reasons: Texts = ()
    main: Texts = ()
    complaints: Texts = ()
    one_day: Texts = ()
    unnamed: Texts = ()
    explained: Texts = ()
    unplaced: bool = False
    other: dict[str, Texts] = Field(default_factory=dict)
    gap: SpanText | None = None
    longest: SpanText | None = None

    @property
    def made(self) -> tuple[Made, tuple[str, ...]]:
        """The one kind of thing that it is made of, and its value sets."""
        return next((made, sets) for made in MADE if (sets := getattr(self, made)))


class ShareShape(Shape):
    """Results in one unit that are a value in percent of others."""

    of: Texts
    in_percent_of: Texts
    unit: str


class DecidedShape(Shape):
    """What the codes of a review action mean: a value set for each meaning."""

    approved: str
    refused: str
    open: str
    withdrawn: str


class HarmWordsShape(Shape):
    """How a free text speaks of harm by a drug: how such words begin, and what denies them."""

    words: Texts
    named: Texts = ()
    denied_by: Texts = ()
    denied_after: Texts = ()
    between: Texts = ()
    harmless: Texts = ()


class AgainstShape(Shape):
    """What says that a procedure found nothing: words of its outcome, or of any text; values of 0."""

    outcome: Texts = ()
    words: Texts = ()
    zero: Texts = ()


class FactShape(Shape):
    """`facts/<group>/<name>.yaml`."""

    fact: str
    kind: Kind
    says: Words
    label: Words
    supply: Words
    way: Way
    value_sets: Texts = ()
    unit: str | None = None
    sources: tuple[FactSourceShape, ...] = ()
    range: tuple[float, float] | None = None
    least: float | None = Field(default=None, gt=0)
    indications: Texts = ()
    history: bool = False
    unsure: bool = False
    lasts: SpanText | None = None
    not_for: Literal["female", "male"] | None = None
    told_elsewhere: bool = False
    harmless: Texts = ()
    harmful: Texts = ()
    harm_words: HarmWordsShape | None = None
    against: AgainstShape | None = None
    sites: Texts = ()
    other_sites: Texts = ()
    site_of: Texts = ()
    grades: dict[str, str] = Field(default_factory=dict)
    enough: Texts = ()
    scales: Annotated[dict[str, ScaleShape], BeforeValidator(_by_ends)] = Field(
        default_factory=dict
    )
    unknown_supply: SpanText | None = None
    longest_break: SpanText | None = None
    one_dose: Texts = ()
    given: Texts = ()
    samples: Texts = ()
    other_roles: Texts = ()
    says_nothing: Texts = ()
    newest_decides: bool = False
    says_so: Texts = ()
    says_otherwise: Texts = ()
    unsaid: Literal["question", "left_out"] = "question"
    denied_words: Texts = ()
    denied_codes: Texts = ()
    pending_words: Texts = ()
    open_words: Texts = ()
    conditional_words: Texts = ()
    approved_words: Texts = ()
    partly_words: Texts = ()
    neutral_words: Texts = ()
    bare_systems: Texts = ()
    decided: DecidedShape | None = None
    built_from: tuple[MakerShape, ...] = ()
    worked_out: tuple[ShareShape, ...] = ()
    cite: str | None = None
