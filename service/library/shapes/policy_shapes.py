"""Policy versions as their documents write them."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from service.library.shapes.written import SaysTemplate, Shape, SpanText, Texts, WebAddress, Words


class ReadingShape(Shape):
    """The reading of one ambiguous line of a policy."""

    used: Words
    also: dict[str, str] = Field(default_factory=dict)
    confidence: Literal["high", "medium", "low"]
    cite: str
    why: str | None = None


class NotEncodedShape(Shape):
    """What a policy says and we do not encode."""

    cite: str
    why: Words


class MonthsShape(Shape):
    """How many months an approval lasts, where the first one and a later one differ."""

    initial: int = Field(gt=0, le=120)
    renewal: int = Field(gt=0, le=120)


def _both_phases(written: object) -> object:
    alone = isinstance(written, int) and not isinstance(written, bool)
    return {"initial": written, "renewal": written} if alone else written


WrittenMonths = Annotated[MonthsShape, BeforeValidator(_both_phases)]


class IndicationShape(Shape):
    """One indication that the policy names."""

    title: Words
    conditions: Texts
    not_encoded: str | None = None
    approval_months: WrittenMonths | None = None


class TrialDefaultsShape(Shape):
    """What a trial means where a criterion says nothing else."""

    for_: SpanText = Field(alias="for")
    accepts: str
    look_back: SpanText
    gap: SpanText
    also: tuple[Literal["inside_window", "one_run"], ...] = ()
    supply_says: SaysTemplate
    sessions_says: SaysTemplate
    outcome_says: SaysTemplate
    outcome_asks: SaysTemplate


class PolicyShape(Shape):
    """`policies/<payer>/<policy>/<effective>/policy.yaml`."""

    policy: str
    payer: str
    title: Words
    drug: str
    effective: date
    until: date | None = None
    state: Literal["draft", "in_review", "active", "evaluation"] = "evaluation"
    author: Words | None = None
    reviewer: Words | None = None
    last_checked: date
    review_by: date | None = None
    document: Words
    url: WebAddress | None = None
    source: dict[str, Any]
    approval_months: WrittenMonths
    renewal_after: SpanText | None = None
    approved_before: str
    statements_valid: SpanText
    window_statements_valid: SpanText | None = None
    accepts: dict[str, Texts]
    trial: TrialDefaultsShape
    readings: dict[str, ReadingShape]
    rests_on: Texts = ()
    indications: dict[str, IndicationShape]
    groups: dict[str, str] = Field(default_factory=dict)
    not_encoded: tuple[NotEncodedShape, ...] = ()
    define: dict[str, Any] = Field(default_factory=dict)


class CriteriaShape(Shape):
    """`common.yaml` and `<indication>.yaml` of a policy; the criteria are read by themselves."""

    indication: str | None = None
    define: dict[str, Any] = Field(default_factory=dict)
    initial: Any
    renewal: Any
