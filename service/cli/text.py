"""An assessment as text for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.advise import Advice, Rendered
from service.facts.payers.coverages import may_be_named, printable
from service.fhir.elements import objects, text
from service.fhir.record import Record
from service.policy.assess import Assessment, Outcome
from service.policy.truth import Way

MARKS = {"met": "+", "not_met": "-", "unknown": "?"}
Twin = Mapping[str, Any]


def readable(twin: Twin, why: Sequence[str] = ()) -> str:
    """One assessment: what it says, the criteria as a tree, what would settle it.

    `why` are sentences on an order that was not judged.
    """
    lines = [
        *_head(twin),
        *(f"  {sentence}" for sentence in why),
        *_tree(twin.get("criteria") or (), 1),
        *_open(twin),
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
    for one in twin.get("coverages") or ():
        yield f"  coverage: {one.get('payer')} ({one.get('use')})"


def _tree(criteria: Sequence[Twin], depth: int) -> Iterator[str]:
    for criterion in criteria:
        mark = MARKS.get(str(criterion.get("truth")), " ")
        why = " ".join(f"[{criterion[name]}]" for name in ("reason", "miss") if criterion.get(name))
        yield f"{'  ' * depth}{mark} {criterion.get('says')} {why}".rstrip()
        yield from _tree(_shown(criterion), depth + 1)


def _shown(criterion: Twin) -> Sequence[Twin]:
    """What stands below a criterion; of branches that a known test picks from only the one picked."""
    below: Sequence[Twin] = criterion.get("children") or []
    if "test" in criterion:  # both paths stand here, the question of the path beside them
        return below
    if criterion.get("op") != "choose" or below[0].get("truth") == "unknown":
        return below
    return [below[0], below[1 if below[0].get("truth") == "met" else 2]]


def _open(twin: Twin) -> Iterator[str]:
    for group in twin.get("open") or ():
        yield f"  would settle it: {' and '.join(group)}"
    for criterion in twin.get("blocking") or ():
        yield f"  blocks: {criterion}"


def _alternatives(twin: Twin) -> Iterator[str]:
    for one in twin.get("alternatives") or ():
        yield f"  alternative: {one.get('therapy')} ({one.get('truth')}) {one.get('why') or ''}".rstrip()


COVERAGE = "Coverage"
NO_DRUG = "the order names no drug of this service by a code: which drug it is, is a question"
WHICH_PAYER = "which of several payers comes first is not stated: the order names no coverage"
NO_DRUG_OR_DISEASE = f"{NO_DRUG}; or it names no disease of the policy"


def unjudged(advice: Advice, order: Rendered) -> Iterator[str]:
    """The card's own summary, else what the order lacks; and the payers that could be read."""
    assessment = order.judgement.assessment
    if assessment.root is not None:
        return
    if words := _summary(advice, order) or _lacking(assessment):
        yield words
    if assessment.outcome is Outcome.NO_POLICY and advice.record is not None:
        names = list(dict.fromkeys(_payers(advice.record)))
        if names:
            yield f"payer named by the coverage: {'; '.join(names)}"


def _summary(advice: Advice, order: Rendered) -> str | None:
    """The summary of the coverage card, where it is shown."""
    coverage = order.cards[0]
    return next((str(one.card["summary"]) for one in advice.told if one is coverage), None)


def _lacking(assessment: Assessment) -> str | None:
    """At order-select an order that only lacks something has no card."""
    if assessment.awaits != [str(Way.ORDER)]:
        return None
    if assessment.reason == "payer_unclear":
        return WHICH_PAYER
    return NO_DRUG_OR_DISEASE if assessment.policy else NO_DRUG


def _payers(record: Record) -> Iterator[str]:
    """Names of organizations; a person who pays is a patient's datum and is not named."""
    for coverage in record.resources.get(COVERAGE, ()):
        for payor in objects(coverage.get("payor")):
            target = record.resolve(payor, coverage) or {}
            name = text(payor.get("display")) or text(target.get("name"))
            if name and may_be_named(payor, target):
                yield printable(name)
