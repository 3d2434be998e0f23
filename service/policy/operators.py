"""The closed table of operators: the one list of what a criterion may ask of the facts."""

from dataclasses import dataclass
from typing import Literal

from service.memo import Pool
from service.policy.amount import Amount, Span

Pick = Literal["latest", "baseline_if_treated", "any"]
Also = Literal["inside_window", "one_run"]
Better = Literal["lower", "higher"]
Dose = Literal["low", "medium", "high"]
BOUNDS = ("at_least", "more_than", "at_most", "less_than")


@dataclass(frozen=True, kw_only=True, slots=True, weakref_slot=True)
class Operator:
    """What one leaf asks; frozen, so that the same question is asked once."""


_POOL: Pool[Operator] = Pool()


def one_of(operator: Operator) -> Operator:
    """The same object for the same question, so that asking it again is a look-up by identity."""
    return _POOL.one_of(operator)


@dataclass(frozen=True, kw_only=True, slots=True)
class TherapyClasses(Operator):
    """Covered days of classes, or of single drugs in them: of any or of all together; at a daily dose."""

    of: tuple[str, ...]
    ingredients: tuple[str, ...] = ()
    together: bool = False
    at_dose: Dose | None = None
    accepts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Background(TherapyClasses):
    """What must cover a day: with `run` only as a part of so many covered days, gaps of `gap` bridged.

    With `after` so many days after its last covered day count too, as of a test at its end.
    """

    run: Span | None = None
    gap: Span | None = None
    after: Span | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Compare(Operator):
    """`fact: … is / at_least / more_than / at_most / less_than`: one finding against a value."""

    fact: str
    at_least: Amount | None = None
    more_than: Amount | None = None
    at_most: Amount | None = None
    less_than: Amount | None = None
    is_: bool | str | None = None
    pick: Pick = "latest"
    within: Span | None = None
    baseline_within: Span | None = None
    before_first: tuple[str, ...] = ()
    during: tuple[Background, ...] = ()
    contradicted: Literal["review", "shown"] | None = None
    scale: str | None = None
    accepts: tuple[str, ...] = ()
    otherwise: Literal["review"] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded(Operator):
    """`recorded: …`: the record holds such a thing; `before: treatment` asks for the baseline."""

    fact: tuple[str, ...]
    pick: Pick = "any"
    within: Span | None = None
    baseline_within: Span | None = None
    accepts: tuple[str, ...] = ()
    open_set: bool = False
    perhaps: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CoveredDays(Operator):
    """So many covered days among the last so many."""

    at_least: Span
    in_last: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class CurrentFor(Operator):
    """Covered today and without a gap longer than `gap` for so long."""

    at_least: Span | None = None
    more_than: Span | None = None
    gap: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Supply(TherapyClasses):
    """`supply: …`: one test over the coverage timeline of the classes in `of`."""

    now: bool = False
    ever: bool = False
    covered: CoveredDays | None = None
    current_for: CurrentFor | None = None
    longest: Span | None = None
    gap: Span | None = None
    days: Span | None = None
    ended_within: Span | None = None
    look_back: Span | None = None
    disease: tuple[str, ...] = ()
    other_diseases: tuple[str, ...] = ()
    elsewhere: Literal["weak", "review", "doubt"] = "weak"
    always: Literal["review"] | None = None
    otherwise: Literal["review"] | None = None
    open_set: bool = False
    also: tuple[Also, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sessions(Operator):
    """`sessions: …`: treatments given on single days, from the first to the last."""

    of: tuple[str, ...]
    first_to_last: Span
    ended_within: Span
    accepts: tuple[str, ...] = ()
    always: Literal["review"] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TrialOutcome(Operator):
    """Whether a trial failed: only a statement says so; coded stop reasons may support it."""

    of: tuple[str, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Excluded(Operator):
    """`excluded: …`: intolerance, contraindication or hypersensitivity to every class, or to any."""

    every: tuple[str, ...] = ()
    any_: tuple[str, ...] = ()
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement(Operator):
    """`statement: true`: only the prescriber knows; with `review` a yes still leaves it to the reviewer.

    One of the time `before` treatment is no no once the drug was given: it may be about today.
    """

    ids: tuple[str, ...]
    for_review: bool = False
    before: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DoseTrend(Operator):
    """`dose_trend: …`: the daily dose now against the one before; `by` a share of that one."""

    of: tuple[str, ...]
    better: Better
    by: Amount | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Trend(Operator):
    """`trend: …`: better than before treatment, at least `by` so much, or unchanged where that counts."""

    of: tuple[str, ...]
    better: Better
    by: Amount | None = None
    pick: Literal["latest", "any"] = "latest"
    stable_counts: bool = False
    best: float | None = None
    from_: Literal["earliest"] | None = None
    within: Span | None = None
    baseline_within: Span | None = None
    supplied_within: Span | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Episodes(Operator):
    """`episodes: …`: so many courses, visits or stays in a window that ends today."""

    of: tuple[str, ...]
    at_least: int
    in_last: Span
    during: tuple[Background, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Fewer(Operator):
    """`fewer: …`: fewer episodes since the first dose than in the span before it, at equal length.

    With `in_last` only the last span of that length is compared, with `pick: any` some span of
    `at_least_observed`; with `supplied_within` only days on the drug count.
    """

    of: tuple[str, ...]
    per: Span
    at_least_observed: Span
    in_last: Span | None = None
    pick: Literal["whole", "any"] = "whole"
    supplied_within: Span | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Regimen(Operator):
    """`regimen: …`: the order against the labelled dose table of the drug."""

    of: str
    phase: Literal["initial", "renewal"]
    weight: str
    child_below: Span
    weight_within_child: Span
    weight_within_adult: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Specialty(Operator):
    """`specialty: …`: the prescriber's specialty is one of these value sets, or one of the disease's."""

    any_of: tuple[str, ...] = ()
    open_set: bool = False
    of_disease: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def wanted(self, indications: tuple[str, ...]) -> frozenset[str]:
        """The specialties for the diseases that the order may be for."""
        named = (name for id_, names in self.of_disease if id_ in indications for name in names)
        return frozenset([*self.any_of, *named])


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovedBefore(Operator):
    """`approved_before: true`: this payer approved the drug before."""

    approved_before: Literal[True] = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Exposed(Operator):
    """Any trace of the drug in the record other than samples; none at all is `not_met`."""

    of: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ExposedFor(Operator):
    """`exposed_for: …`: so long since the first fill or administration, samples not counted."""

    of: tuple[str, ...]
    at_least: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class AtMostOneOf(Operator):
    """`at_most_one_of: …`: no second one of these classes of drugs is in use today."""

    of: tuple[str, ...]
    accepts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Stopped(Operator):
    """`stopped: …`: an order or a list says that the drug was stopped, with such a coded reason."""

    of: tuple[str, ...]
    reasons: tuple[str, ...]
    ingredients: tuple[str, ...] = ()
    in_words: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkPharmacy(Operator):
    """`network_pharmacy: true`: the pharmacy on the order is in the payer's network list."""

    network_pharmacy: Literal[True] = True


@dataclass(frozen=True, kw_only=True, slots=True)
class NotEncoded(Operator):
    """Criteria that the policy has and these documents do not: for the reviewer."""

    why: str
