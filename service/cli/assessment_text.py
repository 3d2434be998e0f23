"""An assessment as text for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.advise import Advice, Rendered
from service.facts.payer.coverage_reading import may_be_named
from service.fhir.elements import objects, text
from service.fhir.record import Record
from service.policy.assessment import Assessment, Outcome
from service.policy.truth import Way

MARKS = {"met": "+", "not_met": "-", "unknown": "?"}
AS_BEFORE = " (as for the first order)"
Twin = Mapping[str, Any]


def readable(twin: Twin, why: Sequence[str] = ()) -> str:
    """One assessment: outcome, criteria as a tree, what would settle it.

    `why` are sentences that explain why the order was not judged.
    """
    lines = [
        *_head(twin),
        *(f"  {sentence}" for sentence in why),
        *_tree(twin.get("criteria") or (), 1),
        *_open(twin),
        *_time(twin.get("time") or {}),
        *_alternatives(twin),
    ]
    return "\n".join(lines)


def _head(twin: Twin) -> Iterator[str]:
    policy = twin.get("policy") or {}
    yield f"{twin.get('order')}: {twin.get('outcome')} as of {twin.get('asOf')}"
    yield f"  policy: {policy.get('id', 'none')}, effective {policy.get('effective', '-')}"
    yield f"  path: {twin.get('path') or '-'}, indication: {twin.get('indication') or '-'}"
    if twin.get("reason"):
        yield f"  reason: {twin['reason']}"
    for coverage in twin.get("coverages") or ():
        yield f"  coverage: {coverage.get('payer')} ({coverage.get('use')})"


def _tree(criteria: Sequence[Twin], depth: int) -> Iterator[str]:
    for criterion in criteria:
        mark = MARKS.get(str(criterion.get("truth")), " ")
        why = " ".join(f"[{criterion[name]}]" for name in ("reason", "miss") if criterion.get(name))
        same = AS_BEFORE if "sameAs" in criterion else ""
        yield f"{'  ' * depth}{mark} {criterion.get('says')} {why}".rstrip() + same
        yield from _tree(_children_shown(criterion), depth + 1)


def _children_shown(criterion: Twin) -> Sequence[Twin]:
    """The children of a criterion; of a choice whose test is known only the test and its branch."""
    below: Sequence[Twin] = criterion.get("children") or []
    if "test" in criterion:  # the choice between initial request and renewal: show both
        return below
    if criterion.get("op") != "choose" or below[0].get("truth") == "unknown":
        return below
    return [below[0], below[1 if below[0].get("truth") == "met" else 2]]


def _open(twin: Twin) -> Iterator[str]:
    for group in twin.get("open") or ():
        yield f"  would settle it: {' and '.join(group)}"
    for criterion in twin.get("blocking") or ():
        yield f"  blocks: {criterion}"


def _time(time: Twin) -> Iterator[str]:
    """When an order that is not met will be met by itself."""
    if time.get("metOn"):
        yield f"  time: met on {time['metOn']} if nothing else happens"
    elif time.get("ifContinued"):
        yield f"  time: met on {time['ifContinued']} if therapies in use go on without a gap"
    elif time.get("knownUntil"):
        yield f"  time: not met by itself until {time['knownUntil']}"


def _alternatives(twin: Twin) -> Iterator[str]:
    for alternative in twin.get("alternatives") or ():
        therapy, why = alternative.get("therapy"), alternative.get("why") or ""
        yield f"  alternative: {therapy} ({alternative.get('truth')}) {why}".rstrip()


COVERAGE = "Coverage"
NO_DRUG = "the order names no drug of this service by a code: which drug it is, is a question"
WHICH_PAYER = "which of several payers comes first is not stated: the order names no coverage"
NO_DRUG_OR_DISEASE = f"{NO_DRUG}; or it names no disease of the policy"


def why_not_judged(advice: Advice, order: Rendered) -> Iterator[str]:
    """Why an order was not judged: the card's summary or what the order lacks, and the payers named."""
    assessment = order.judgement.assessment
    if assessment.root is not None:
        return
    if words := _summary(advice, order) or _what_is_missing(assessment):
        yield words
    if assessment.outcome is Outcome.NO_POLICY and advice.record is not None:
        names = list(dict.fromkeys(_payers(advice.record)))
        if names:
            yield f"payer named by the coverage: {'; '.join(names)}"


def _summary(advice: Advice, order: Rendered) -> str | None:
    """The summary of the coverage card; None if it is not shown."""
    coverage = order.cards[0]
    return next(
        (str(card.card["summary"]) for card in advice.shown_cards if card is coverage), None
    )


def _what_is_missing(assessment: Assessment) -> str | None:
    """What the order lacks; needed because such an order has no card at order-select."""
    if assessment.awaits != [str(Way.ORDER)]:
        return None
    if assessment.reason == "payer_unclear":
        return WHICH_PAYER
    return NO_DRUG_OR_DISEASE if assessment.policy else NO_DRUG


def _payers(record: Record) -> Iterator[str]:
    """Names of payers that are organizations; a person who pays is personal data and is not named."""
    for coverage in record.resources.get(COVERAGE, ()):
        for payor in objects(coverage.get("payor")):
            target = record.resolve(payor, coverage) or {}
            name = text(payor.get("display")) or text(target.get("name"))
            if name and may_be_named(payor, target):
                yield name
