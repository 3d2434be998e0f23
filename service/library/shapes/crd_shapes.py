"""How assessments are said in Da Vinci CRD, as `mappings/crd.yaml` writes it."""

from typing import Literal

from pydantic import Field

from service.library.shapes.written import Shape, Texts, Words


class CodesShape(Shape):
    """The codes of one line; the keys are the names of the parts of the extension."""

    covered: str
    pa_needed: str | None = Field(default=None, alias="pa-needed")
    doc_needed: Texts = Field(default=(), alias="doc-needed")
    doc_purpose: Texts = Field(default=(), alias="doc-purpose")
    info_needed: Texts = Field(default=(), alias="info-needed")
    reason: str | None = None
    questionnaire: bool = False


class LineShape(CodesShape):
    """One line with its reason; below `in` all codes of a version for which it differs."""

    why: Words
    in_version: dict[str, CodesShape] = Field(default_factory=dict, alias="in")


class CodeListShape(Shape):
    """Codes of one system."""

    system: str
    codes: Texts


class VersionShape(Shape):
    """The codes that a version of CRD knows, and what else is particular to it."""

    release: Words
    covered: Texts
    pa_needed: Texts = Field(alias="pa-needed")
    doc_needed: Texts = Field(alias="doc-needed")
    doc_purpose: Texts = Field(alias="doc-purpose")
    info_needed: Texts = Field(alias="info-needed")
    reasons: CodeListShape
    topics: CodeListShape
    contact: Literal["ContactPoint", "ContactDetail"]
    associated_keys: Texts
    associated_as: Literal["text", "reference"]
    most_doc_needed: int | None = Field(default=None, gt=0, strict=True)
    pa_needed_always: bool = False
    expiry_date: bool = False
    refuses_other_payers: bool = False


class WeakestFirstShape(Shape):
    """Codes in the order in which they win over each other."""

    covered: Texts
    pa_needed: Texts = Field(alias="pa-needed")


class TopicsShape(Shape):
    """The topic of each kind of card."""

    criteria: str
    corrections: str
    tests: str
    policy: str
    alternatives: str
    considerations: str


class OptionShape(Shape):
    """One option of the configuration; `about` is what it has to do with."""

    code: Words
    type: Literal["boolean", "integer"]
    default: bool | int = Field(union_mode="smart")
    about: Literal["coverage_information", "authorization", "cards", "number_of_cards"]
    name: Words
    description: Words


class CrdShape(Shape):
    """`crd.yaml`."""

    source: Words
    url: Words
    default: str
    versions: dict[str, VersionShape]
    weakest_first: WeakestFirstShape
    covered: str
    no_pa_needed_with: str
    info_needed_only_with: str
    satisfied: str
    left_out_at: dict[
        Literal["order-sign", "order-select"],
        tuple[Literal["doc-needed", "doc-purpose", "questionnaire"], ...],
    ] = Field(default_factory=dict)
    lines: dict[str, LineShape]
    cards: TopicsShape
    topic_displays: dict[str, Words]
    options: tuple[OptionShape, ...]
