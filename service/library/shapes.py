"""The shape of each kind of document; anything else in it is a mistake."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from service.facts.model import Kind
from service.policy.amount import WrittenSpan
from service.policy.truth import Way


class Shape(BaseModel):
    """Strict: unknown keys are refused, text is text."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class CodeLine(BaseModel):
    """One code of a value set with what is known of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
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
    class_: str | None = Field(default=None, alias="class")
    reason: str | None = None
    specialty: str | None = None
    severity: str | None = None
    match: Literal["prefix"] | None = None
    why: str | None = None
    unspecific: bool | None = None


class ValueSetShape(Shape):
    """`value_sets/<name>.yaml`."""

    value_set: str
    kind: Literal[
        "therapy_class",
        "drug",
        "condition",
        "observation",
        "site",
        "severity",
        "specialty",
        "reason",
        "status",
    ]
    says: str
    source: dict[str, Any]
    members: tuple[str, ...] = ()
    codes: dict[str, tuple[CodeLine, ...]] = Field(default_factory=dict)
    questions: dict[str, tuple[CodeLine, ...]] = Field(default_factory=dict)
    texts: tuple[str, ...] = ()
    names: Literal["without_code", "always"] = "without_code"
    left_out: tuple[dict[str, str], ...] = ()


class CodeSystemShape(Shape):
    """One code system of `code_systems.yaml`: the other URIs it is sent under."""

    uri: str
    also: tuple[str, ...] = ()
    spelling: Literal["ndc"] | None = None
    whole: bool = False


class CodeSystemsShape(Shape):
    """`code_systems.yaml`."""

    code_systems: tuple[CodeSystemShape, ...]


class UnitShape(Shape):
    """One unit word of `units.yaml` with factors from UCUM codes and other names."""

    word: str
    codes: dict[str, float] = Field(default_factory=dict)
    texts: dict[str, float] = Field(default_factory=dict)
    plain: bool = False


class UnitsShape(Shape):
    """`units.yaml`."""

    source: str
    units: tuple[UnitShape, ...]


class RuleShape(Shape):
    """Which values of a coded element never count, and which alone do."""

    path: str
    never: Texts = ()
    only: Texts = ()
    missing: Literal["counts", "unusable"] = "counts"


class ListedShape(Shape):
    """A value inside a list of coded entries."""

    entries: str
    category: str
    code: str
    value: str


class SourceShape(Shape):
    """`sources/<key>.yaml`: how one prefetch key is read."""

    source: str
    says: str
    type: str
    kind: Literal["claim", "dispense", "record", "chart", "attestation"]
    holds: Literal["record", "claims", "dispenses", "authorizations"]
    search: str
    subject: Texts = ()
    concepts: Texts = ()
    references: Texts = ()
    each: str | None = None
    dates: Texts = ()
    rules: tuple[RuleShape, ...] = ()
    sample: str | None = None
    days: Texts = ()
    days_listed: ListedShape | None = None
    amounts: Texts = ()
    active: Texts = ()
    drugs: bool = False
    pharmacy: Texts = ()
    cite: str | None = None


class LookedShape(Shape):
    """One source of a fact and what its silence may mean."""

    source: str
    nothing_found: Literal["none", "unknown"]
    why: str


class ScaleShape(Shape):
    """A score's scale whose values name a grade."""

    names: Texts = ()
    low: float
    high: float
    grades: dict[str, str]


class FactShape(Shape):
    """`facts/<group>/<name>.yaml`."""

    fact: str
    kind: Kind
    says: str
    label: str
    supply: str
    way: Way
    value_sets: Texts = ()
    unit: str | None = None
    sources: tuple[LookedShape, ...] = ()
    range: tuple[float, float] | None = None
    indications: Texts = ()
    sites: Texts = ()
    other_sites: Texts = ()
    site_of: Texts = ()
    grades: dict[str, str] = Field(default_factory=dict)
    enough: Texts = ()
    scales: dict[str, ScaleShape] = Field(default_factory=dict)
    unknown_supply: WrittenSpan | None = None
    samples: Texts = ()
    says_nothing: Texts = ()
    denied_words: Texts = ()
    denied_codes: Texts = ()
    cite: str | None = None


class BoundShape(Shape):
    """A half-open band of ages or weights."""

    from_: str | None = Field(default=None, alias="from")
    below: str | None = None


class BandShape(Shape):
    """One row of a labelled dose table."""

    id: str
    indication: str
    age: BoundShape = BoundShape()
    weight: BoundShape = BoundShape()
    loading_mg: float | None = None
    dose_mg: float | None = None
    interval_days: float | None = None
    unit_mg: float | None = None
    units_per_28_days: float = 0.0
    units_first_28_days: float = 0.0
    confidence: str | None = None
    cite: Texts = ()
    note: str | None = None
    table: Literal["missing"] | None = None


class RegimenShape(Shape):
    """`regimens/<drug>.yaml`."""

    regimen: str
    drug: str
    source: dict[str, Any]
    notes: tuple[str, ...] = ()
    products: tuple[dict[str, Any], ...] = ()
    regimens: tuple[BandShape, ...]


class IdentifierShape(Shape):
    """A FHIR identifier to match exactly."""

    system: str | None = None
    value: str = Field(strict=True)


class ElsewhereShape(Shape):
    """Members whom another program decides on."""

    says: str
    cite: str
    names: Texts = ()
    identifiers: tuple[IdentifierShape, ...] = ()


class PayerShape(Shape):
    """`payers/<payer>.yaml`."""

    payer: str
    name: str
    short: str
    source: str
    identifiers: tuple[IdentifierShape, ...] = ()
    names: Texts = ()
    elsewhere: tuple[ElsewhereShape, ...] = ()
    network_pharmacies: tuple[IdentifierShape, ...] = ()


class ServiceShape(Shape):
    """`services/<id>.yaml`."""

    service: str
    hook: Literal["order-sign", "order-select"]
    title: str
    description: str
    drugs: Texts
    prefetch: Texts


class ReadingShape(Shape):
    """The reading of one ambiguous line of a policy."""

    used: str
    also: dict[str, str] = Field(default_factory=dict)
    confidence: Literal["high", "medium", "low"]
    cite: str
    why: str | None = None


class LeftOutShape(Shape):
    """What a policy says and we do not encode."""

    cite: str
    why: str


class AddressedShape(Shape):
    """One indication that the policy names."""

    title: str
    conditions: Texts
    not_encoded: str | None = None


class TrialDefaultsShape(Shape):
    """What a trial means where a criterion says nothing else."""

    for_: WrittenSpan = Field(alias="for")
    accepts: str
    look_back: WrittenSpan
    gap: WrittenSpan
    also: tuple[Literal["inside_window", "one_run"], ...] = ()
    supply_says: str
    sessions_says: str
    outcome_says: str
    outcome_asks: str


class PolicyShape(Shape):
    """`policies/<payer>/<policy>/<effective>/policy.yaml`."""

    policy: str
    payer: str
    title: str
    drug: str
    effective: date
    until: date | None = None
    last_checked: date
    review_by: date | None = None
    document: str
    url: str | None = None
    source: dict[str, Any]
    approval_months: int
    approved_before: str
    statements_valid: WrittenSpan
    accepts: dict[str, Texts]
    trial: TrialDefaultsShape
    readings: dict[str, ReadingShape]
    indications: dict[str, AddressedShape]
    groups: dict[str, str] = Field(default_factory=dict)
    not_encoded: tuple[LeftOutShape, ...] = ()


class CriteriaShape(Shape):
    """`common.yaml` and `<indication>.yaml` of a policy; the criteria are read by themselves."""

    indication: str | None = None
    initial: Any
    renewal: Any


class AliasShape(Shape):
    """A code of the client's own and the code it stands for."""

    system: str
    code: str = Field(strict=True)
    means: str
    means_system: str | None = None


class ClientShape(Shape):
    """One client of `clients.yaml` (DESIGN.md section 6)."""

    id: str
    issuer: str | None = None
    keys: dict[str, str] | str | None = None
    audiences: Texts = ()
    replay: Literal["refuse", "retry", "off"] = "retry"
    fhir: Texts = ()
    deadline: float | str | None = None
    holds: dict[
        Literal["record", "claims", "dispenses", "authorizations", "pharmacies"], bool | date
    ] = Field(default_factory=dict)
    aliases: tuple[AliasShape, ...] = ()
    default_payer: str | None = None
    system_actions: bool = False


class ClientsShape(Shape):
    """`clients.yaml`."""

    clients: tuple[ClientShape, ...]
