"""The closed table of operators: the one list of what a criterion may ask of the facts."""

from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.memo import Pool
from service.policy.amount import WrittenAmount, WrittenSpan

Pick = Literal["latest", "baseline_if_treated", "any"]
Also = Literal["inside_window", "one_run"]
Better = Literal["lower", "higher"]
Dose = Literal["low", "medium", "high"]
# What a writer may call the margin of a trend.
MARGIN = dict.fromkeys(("at_least", "more_than", "at_most", "less_than", "margin"), "by")


class Operator(BaseModel):
    """What one leaf asks; frozen, so that the same question is asked once."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    @cached_property
    def _hash(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in type(self).model_fields)))

    def __hash__(self) -> int:
        """The hash of all its fields."""
        # speed: remembered it takes 0.1 µs, computed 7
        return self._hash


_POOL: Pool[Operator] = Pool()


def one_of(operator: Operator) -> Operator:
    """The same object for the same question, so that asking it again is a look-up by identity."""
    return _POOL.one_of(operator)


class Therapy(Operator):
    """Covered days of classes, or of single drugs in them: of any or of all together; at a daily dose."""

    of: tuple[str, ...]
    ingredients: tuple[str, ...] = ()
    together: bool = False
    at_dose: Dose | None = None
    accepts: tuple[str, ...] = ()


class Background(Therapy):
    """What must cover a day: with `run` only as a part of so many covered days, gaps of `gap` bridged.

    With `after` so many days after its last covered day count too, as of a test at its end.
    """

    run: WrittenSpan | None = None
    gap: WrittenSpan | None = None
    after: WrittenSpan | None = None


class Compare(Operator):
    """`fact: … is / at_least / more_than / at_most / less_than`: one finding against a value."""

    fact: str
    at_least: WrittenAmount | None = None
    more_than: WrittenAmount | None = None
    at_most: WrittenAmount | None = None
    less_than: WrittenAmount | None = None
    is_: bool | str | None = Field(default=None, alias="is")
    pick: Pick = "latest"
    within: WrittenSpan | None = None
    baseline_within: WrittenSpan | None = None
    before_first: tuple[str, ...] = ()
    during: tuple[Background, ...] = ()
    contradicted: Literal["review", "shown"] | None = None
    scale: str | None = None
    accepts: tuple[str, ...] = ()
    otherwise: Literal["review"] | None = None


class Recorded(Operator):
    """`recorded: …`: the record holds such a thing; `before: treatment` asks for the baseline."""

    fact: tuple[str, ...]
    pick: Pick = "any"
    within: WrittenSpan | None = None
    baseline_within: WrittenSpan | None = None
    accepts: tuple[str, ...] = ()
    open_set: bool = False


class CoveredDays(Operator):
    """So many covered days among the last so many."""

    at_least: WrittenSpan
    in_last: WrittenSpan


class CurrentFor(Operator):
    """Covered today and without a gap longer than `gap` for so long."""

    at_least: WrittenSpan | None = None
    more_than: WrittenSpan | None = None
    gap: WrittenSpan


class Supply(Therapy):
    """`supply: …`: one test over the coverage timeline of the classes in `of`."""

    now: bool = False
    ever: bool = False
    covered: CoveredDays | None = None
    current_for: CurrentFor | None = None
    longest: WrittenSpan | None = None
    gap: WrittenSpan | None = None
    days: WrittenSpan | None = None
    ended_within: WrittenSpan | None = None
    look_back: WrittenSpan | None = None
    elsewhere: Literal["weak", "review", "doubt"] = "weak"
    always: Literal["review"] | None = None
    otherwise: Literal["review"] | None = None
    open_set: bool = False
    also: tuple[Also, ...] = ()


class Sessions(Operator):
    """`sessions: …`: treatments given on single days, from the first to the last."""

    of: tuple[str, ...]
    first_to_last: WrittenSpan
    ended_within: WrittenSpan
    accepts: tuple[str, ...] = ()
    always: Literal["review"] | None = None


class Outcome(Operator):
    """Whether a trial failed: only a statement says so; coded stop reasons may support it."""

    of: tuple[str, ...]
    ids: tuple[str, ...]


class Excluded(Operator):
    """`excluded: …`: intolerance, contraindication or hypersensitivity to every class, or to any."""

    every: tuple[str, ...] = ()
    any_: tuple[str, ...] = Field(default=(), alias="any")
    reasons: tuple[str, ...] = Field(alias="for")


class Statement(Operator):
    """`statement: true`: only the prescriber knows; with `review` a yes still leaves it to the reviewer.

    One of the time `before` treatment is no no once the drug was given: it may be about today.
    """

    ids: tuple[str, ...]
    for_review: bool = False
    before: bool = False


class DoseTrend(Operator):
    """`dose_trend: …`: the daily dose now against the one before; `by` a share of that one."""

    of: tuple[str, ...]
    better: Better
    by: WrittenAmount | None = None
    meant: ClassVar[Mapping[str, str]] = MARGIN


class Trend(Operator):
    """`trend: …`: better than before treatment, at least `by` so much, or unchanged where that counts."""

    of: tuple[str, ...]
    better: Better
    by: WrittenAmount | None = None
    pick: Literal["latest", "any"] = "latest"
    stable_counts: bool = False
    best: float | None = None
    from_: Literal["earliest"] | None = Field(default=None, alias="from")
    within: WrittenSpan | None = None
    baseline_within: WrittenSpan | None = None
    supplied_within: WrittenSpan | None = None
    meant: ClassVar[Mapping[str, str]] = MARGIN


class Episodes(Operator):
    """`episodes: …`: so many courses, visits or stays in a window that ends today."""

    of: tuple[str, ...]
    at_least: int = Field(strict=True, ge=1)
    in_last: WrittenSpan
    during: tuple[Background, ...] = ()
    calendar: ClassVar[frozenset[str]] = frozenset({"in_last"})


class Fewer(Operator):
    """`fewer: …`: fewer episodes since the first dose than in the span before it, at equal length.

    With `in_last` only the last span of that length is compared, with `pick: any` some span of
    `at_least_observed`; with `supplied_within` only days on the drug count.
    """

    of: tuple[str, ...]
    per: WrittenSpan
    at_least_observed: WrittenSpan
    in_last: WrittenSpan | None = None
    pick: Literal["whole", "any"] = "whole"
    supplied_within: WrittenSpan | None = None
    calendar: ClassVar[frozenset[str]] = frozenset({"in_last"})


class Regimen(Operator):
    """`regimen: …`: the order against the labelled dose table of the drug."""

    of: str
    phase: Literal["initial", "renewal"]
    weight: str
    child_below: WrittenSpan
    weight_within_child: WrittenSpan
    weight_within_adult: WrittenSpan


class Specialty(Operator):
    """`specialty: …`: the prescriber's specialty is one of these value sets, or one of the disease's."""

    any_of: tuple[str, ...] = ()
    open_set: bool = False
    of_disease: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def wanted(self, indications: tuple[str, ...]) -> frozenset[str]:
        """The specialties for the diseases that the order may be for."""
        named = (name for id_, names in self.of_disease if id_ in indications for name in names)
        return frozenset([*self.any_of, *named])


class ApprovedBefore(Operator):
    """`approved_before: true`: this payer approved the drug before."""

    approved_before: Literal[True] = True


class Exposed(Operator):
    """Any trace of the drug in the record other than samples; none at all is `not_met`."""

    of: tuple[str, ...]


class ExposedFor(Operator):
    """`exposed_for: …`: so long since the first fill or administration, samples not counted."""

    of: tuple[str, ...]
    at_least: WrittenSpan
    calendar: ClassVar[frozenset[str]] = frozenset({"at_least"})


class AtMostOneOf(Operator):
    """`at_most_one_of: …`: no second one of these classes of drugs is in use today."""

    of: tuple[str, ...]
    accepts: tuple[str, ...] = ()


class Stopped(Operator):
    """`stopped: …`: an order or a list says that the drug was stopped, with such a coded reason."""

    of: tuple[str, ...]
    reasons: tuple[str, ...] = Field(alias="for")
    ingredients: tuple[str, ...] = ()
    in_words: bool = False


class NetworkPharmacy(Operator):
    """`network_pharmacy: true`: the pharmacy on the order is in the payer's network list."""

    network_pharmacy: Literal[True] = True


class NotEncoded(Operator):
    """Criteria that the policy has and these documents do not: for the reviewer."""

    why: str


NESTED: dict[str, type[Operator]] = {
    "supply": Supply,
    "sessions": Sessions,
    "excluded": Excluded,
    "trend": Trend,
    "dose_trend": DoseTrend,
    "episodes": Episodes,
    "fewer": Fewer,
    "regimen": Regimen,
    "specialty": Specialty,
    "exposed_for": ExposedFor,
    "stopped": Stopped,
    "at_most_one_of": AtMostOneOf,
}
FLAGS: dict[str, type[Operator]] = {
    "approved_before": ApprovedBefore,
    "network_pharmacy": NetworkPharmacy,
}
BOUNDS = ("at_least", "more_than", "at_most", "less_than")
COMPARE_KEYS = (
    "fact",
    "is",
    *BOUNDS,
    "pick",
    "within",
    "baseline_within",
    "before_first",
    "during",
    "contradicted",
    "accepts",
    "scale",
    "otherwise",
)
RECORDED_KEYS = ("pick", "within", "baseline_within", "accepts", "open_set")
