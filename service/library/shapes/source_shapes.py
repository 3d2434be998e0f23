"""Sources as their documents write them."""

from typing import Literal, Self

from pydantic import Field, model_validator

from service.library.shapes.written import Shape, Texts, Words


class ListedShape(Shape):
    """A value inside a list of coded entries."""

    entries: str
    category: str
    code: Texts
    value: str


class ListedForPartsShape(ListedShape):
    """The same where a part of the resource may name its own entries, by their `order`."""

    order: str | None = None
    named_by: str | None = None


class UnlessShape(Shape):
    """Codes `at` a field beside a value that make it say nothing, perhaps behind letters of `groups`."""

    at: str
    codes: Texts
    groups: Texts = ()


class RuleShape(Shape):
    """Which values of a coded element never count, and which alone do; `among` in a coded entry."""

    path: str | None = None
    among: ListedShape | None = None
    never: Texts = ()
    only: Texts = ()
    past: Texts = ()
    unsure: Texts = ()
    aside: Texts = ()
    others: Literal["count_not", "question"] = "count_not"
    missing: Literal["counts", "unusable"] = "counts"
    in_words: bool = False
    unless: UnlessShape | None = None

    @model_validator(mode="after")
    def _stands_in_one_place(self) -> Self:
        if (self.path is None) is (self.among is None):
            raise ValueError("a rule has a path or stands among entries, one of them")
        return self


class DenialsShape(Shape):
    """Words that say that it does not count, those of the contrary, and those that leave it open."""

    words: Texts
    contrary: Texts = ()
    beside: Texts = ()
    open: Texts = ()
    cleared: Texts = ()
    unless: Texts = ()
    signs: Texts = ()
    over: Texts = ()
    unsure: Texts = ()


class OtherDiseaseShape(Shape):
    """How words begin, and end, that name another disease beside the code of one."""

    begins: Texts
    ends: Texts = ()


class MoneyShape(Shape):
    """Amounts of money by what they are: charged, or paid; `plain` ones are what was paid in all."""

    charged: tuple[ListedShape, ...] = ()
    paid: tuple[ListedShape, ...] = ()
    plain: Texts = ()


class PaymentShape(Shape):
    """Where a claim says that it was paid as a whole: amounts, and the type of the payment."""

    amounts: Texts
    type: RuleShape


class VoidShape(Shape):
    """A code, or the last character of one, that says that a resource takes another one back."""

    among: ListedShape
    codes: Texts = ()
    ends: Texts = ()


class MarkingWordsShape(Shape):
    """Words `at` some places: that it takes another one back, or that it was perhaps not handed over."""

    at: Texts
    words: Texts


class RetractionsShape(Shape):
    """Words of notes that take an entry back."""

    entry: Texts
    content: Texts = ()
    others: Texts = ()
    beside: Texts = ()
    instead: Texts = ()
    before_name: Texts = ()
    unless: Texts = ()


class RelatedShape(Shape):
    """Where a resource names the one that it replaces, or the one that replaces it."""

    each: str
    relationship: str
    to: Texts
    names: Texts = ()
    older: Texts
    newer: Texts
    beside: Texts = ()


class RoleShape(Shape):
    """Where an entry of a list of reasons says its role: codes of the main one, and of those beside it."""

    path: str
    main: Texts
    beside: Texts


class ReasonsShape(Shape):
    """Where a resource says why it is there: its diagnoses, or what it refers to."""

    at: Texts
    each: str | None = None
    order: str | None = None
    named_by: str | None = None
    role: RoleShape | None = None


class ReasonOfShape(Shape):
    """Where a resource names the visit that it is the reason of, if its category says so."""

    path: str
    category: str
    only: Texts


class PlanShape(Shape):
    """Where a coverage says what it pays for, and which kinds of plan pay for no drug."""

    type: Texts
    named: ListedShape | None = None
    no_drugs: Texts = ()
    self_pay: Texts = ()
    active: Texts = ("active",)
    over: Texts = ("cancelled", "draft", "entered-in-error")


class TargetTypeShape(Shape):
    """What is said of the elements of a type that references lead to and no source reads."""

    read: dict[str, Words] = Field(default_factory=dict)
    ignored: dict[str, Words] = Field(default_factory=dict)


class OtherPartShape(Shape):
    """Other parts of a resource, of which a drug is a question; else they are read as the lines are."""

    each: str | None = None
    concepts: Texts = ()
    references: Texts = ()
    dates: Texts = ()
    services: bool = False


class DraftTypeShape(Shape):
    """Draft orders of another type: where they name the patient, and a drug."""

    type: str
    subject: Texts
    concepts: Texts


class SourceShape(Shape):
    """`sources/<key>.yaml`: how one prefetch key is read."""

    source: str
    says: Words
    type: str
    kind: Literal["claim", "dispense", "record", "chart", "attestation"]
    holds: Literal["record", "claims", "dispenses", "authorizations"]
    search: str
    search_otherwise: str | None = None
    subject: Texts = ()
    concepts: Texts = ()
    bare_codes_of: str | None = None
    visits: bool = False
    backbone: Texts = ()
    about: Texts = ()
    absent: Texts = ()
    taken_from: Texts = ()
    another_value: Texts = ()
    ended: Texts = ()
    begun: Texts = ()
    modifiers: dict[str, Words] = Field(default_factory=dict)
    read: dict[str, Words] = Field(default_factory=dict)
    ignored: dict[str, Words] = Field(default_factory=dict)
    leads_to: dict[str, TargetTypeShape] = Field(default_factory=dict)
    references: Texts = ()
    each: str | None = None
    parts: str | None = None
    dates: Texts = ()
    rules: tuple[RuleShape, ...] = ()
    denials: DenialsShape | None = None
    another: OtherDiseaseShape | None = None
    sample: str | None = None
    days: Texts = ()
    days_listed: ListedForPartsShape | None = None
    amounts: Texts = ()
    active: Texts = ()
    over: Texts = ()
    drugs: bool = False
    pharmacy: RuleShape | None = None
    places: Texts = ()
    departments: Texts = ()
    medical: RuleShape | None = None
    quantity: Texts = ()
    dosage: Texts = ()
    method: Texts = ()
    against: Texts = ()
    forbids: str | None = None
    notes: Texts = ()
    inside: Texts = ()
    asked: tuple[OtherPartShape, ...] = ()
    drafts: tuple[DraftTypeShape, ...] = ()
    names_tell: bool = False
    implies_disease: bool = False
    not_in_r4: dict[str, Words] = Field(default_factory=dict)
    reasons: tuple[ReasonsShape, ...] = ()
    reason_of: ReasonOfShape | None = None
    money: MoneyShape | None = None
    payment: PaymentShape | None = None
    voids: tuple[VoidShape, ...] = ()
    back_words: MarkingWordsShape | None = None
    unsure_words: MarkingWordsShape | None = None
    outcome: Texts = ()
    retractions: RetractionsShape | None = None
    related: RelatedShape | None = None
    partly: RuleShape | None = None
    decision: RuleShape | None = None
    reviews: tuple[ListedShape, ...] = ()
    review_numbers: tuple[ListedShape, ...] = ()
    authorization_numbers: tuple[ListedShape, ...] = ()
    line_dates: tuple[ListedShape, ...] = ()
    plan: PlanShape | None = None
    cite: str | None = None
