"""Value sets and code systems as their documents write them."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.fhir.elements import address_spellings
from service.library.shapes.written import Pattern, Shape, Texts, Words


class CodeLine(BaseModel):
    """One code of a value set with what is known of it."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    code: str = Field(strict=True, min_length=1)
    display: str
    ingredient: str | None = None
    form: str | None = None
    route: str | None = None
    potency: str | None = None
    inferred: bool | None = None
    dose_mg: float | None = None
    volume_ml: float | None = None
    device: str | None = None
    ug_per_actuation: float | None = Field(default=None, gt=0)
    actuations: int | None = Field(default=None, gt=0)
    class_: str | None = Field(default=None, alias="class")
    reason: str | None = None
    specialty: str | None = None
    severity: str | None = None
    match: Literal["prefix"] | None = None
    why: str | None = None
    unspecific: bool | None = None


class IntervalShape(Shape):
    """The longest labelled time between two doses of a drug, or for which one unit of it lasts."""

    days: int = Field(gt=0)
    source: Words


class ValueSetShape(Shape):
    """`value_sets/<name>.yaml`."""

    value_set: str
    kind: Literal[
        "therapy_class",
        "drug",
        "condition",
        "observation",
        "encounter",
        "procedure",
        "site",
        "severity",
        "specialty",
        "reason",
        "status",
        "answer_yes",
        "answer_no",
        "answer_nothing",
        "coverage",
    ]
    says: Words
    source: dict[str, Any]
    members: tuple[str, ...] = ()
    intervals: dict[str, IntervalShape] = Field(default_factory=dict)
    unit_lasts: IntervalShape | None = None
    codes: dict[str, tuple[CodeLine, ...]] = Field(default_factory=dict)
    questions: dict[str, tuple[CodeLine, ...]] = Field(default_factory=dict)
    texts: tuple[Words, ...] = ()
    plain: tuple[Words, ...] = ()
    names: Literal["without_code", "always"] = "without_code"
    any_strength: bool = False
    near: Texts = ()
    unlike: Texts = ()
    broader: Texts = ()
    from_words: Texts = ()
    from_codes: dict[str, Texts] = Field(default_factory=dict)
    left_out: tuple[dict[str, str], ...] = ()


class ClosedSystemShape(Shape):
    """Of which kind our sets hold every code, how its codes look, and as of which day."""

    kind: Literal["condition"]
    shape: Pattern
    no_disease: Texts = ()
    as_of: date


class CodeSystemShape(Shape):
    """One code system of `code_systems.yaml`: the other URIs it is sent under.

    Its codes are codes of the system that it is `within` too; under the addresses of `mistaken_for`
    senders write them though they are none there.
    """

    uri: str
    also: tuple[str, ...] = ()
    within: str | None = None
    mistaken_for: Texts = ()
    spelling: Literal["ndc", "leading_zero"] | None = None
    places: bool = False
    closed: ClosedSystemShape | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address of the system in every spelling, its own first."""
        return tuple(
            {way: None for address in (self.uri, *self.also) for way in address_spellings(address)}
        )


class CodeSystemsShape(Shape):
    """`code_systems.yaml`."""

    code_systems: tuple[CodeSystemShape, ...]

    def addresses(self, uri: str) -> tuple[str, ...]:
        """Every address of a system; of one that is not listed the spellings of its own."""
        addresses_of = (system.addresses for system in self.code_systems if system.uri == uri)
        return next(addresses_of, address_spellings(uri))

    def beside(self, uri: str) -> tuple[str, ...]:
        """The addresses of the system whose codes a system's own are too."""
        within_of = (system.within for system in self.code_systems if system.uri == uri)
        within = next(within_of, None)
        return self.addresses(within) if within else ()

    def mistaken(self, uri: str) -> tuple[str, ...]:
        """The addresses of other systems under which the codes of a system come."""
        mistaken_of = (system.mistaken_for for system in self.code_systems if system.uri == uri)
        return tuple(way for uri in next(mistaken_of, ()) for way in self.addresses(uri))
