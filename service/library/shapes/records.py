"""Sources and facts as their documents write them."""

from typing import Literal

from pydantic import Field

from service.facts.model import Kind
from service.library.shapes.written import Shape, Texts, Words
from service.policy.amount import WrittenSpan
from service.policy.truth import Way


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
    says: Words
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
    quantity: Texts = ()
    dosage: Texts = ()
    not_in_r4: dict[str, Words] = Field(default_factory=dict)
    cite: str | None = None


class LookedShape(Shape):
    """One source of a fact and what its silence may mean."""

    source: str
    nothing_found: Literal["none", "unknown"]
    why: Words


class ScaleShape(Shape):
    """A score's scale whose values name a grade."""

    names: Texts = ()
    low: float
    high: float
    grades: dict[float, Words]


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
