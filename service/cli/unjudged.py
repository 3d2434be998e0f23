"""An order without criteria to show: in words why nothing was judged, and what is missing."""

from collections.abc import Iterator, Mapping
from typing import Any

from service.advise import Advice
from service.cards.twin import EXTENSION
from service.facts.payers.coverages import may_be_named, printable
from service.fhir.elements import objects, text
from service.fhir.record import Record

Twin = Mapping[str, Any]
COVERAGE = "Coverage"
NO_DRUG = "the order names no drug of this service by a code: which drug it is, is a question"
WHICH_PAYER = "which of several payers comes first is not stated: the order names no coverage"
NO_DRUG_OR_DISEASE = f"{NO_DRUG}; or it names no disease of the policy"


def unjudged(advice: Advice, twin: Twin) -> Iterator[str]:
    """The card's own summary, else what the order lacks; and the payers that could be read."""
    if twin["criteria"]:
        return
    if words := _summary(advice, twin) or _lacking(twin):
        yield words
    if twin["outcome"] == "no_policy" and advice.record is not None:
        names = list(dict.fromkeys(_payers(advice.record)))
        if names:
            yield f"payer named by the coverage: {'; '.join(names)}"


def _summary(advice: Advice, twin: Twin) -> str | None:
    shown = (one["summary"] for one in advice.cards if one["extension"][EXTENSION] is twin)
    return next(shown, None)


def _lacking(twin: Twin) -> str | None:
    """At order-select an order that only lacks something has no card."""
    if twin["awaits"] != ["order"]:
        return None
    if twin["reason"] == "payer_unclear":
        return WHICH_PAYER
    return NO_DRUG_OR_DISEASE if twin["policy"] else NO_DRUG


def _payers(record: Record) -> Iterator[str]:
    """Names of organizations; a person who pays is a patient's datum and is not named."""
    for coverage in record.resources.get(COVERAGE, ()):
        for payor in objects(coverage.get("payor")):
            target = record.resolve(payor, coverage) or {}
            name = text(payor.get("display")) or text(target.get("name"))
            if name and may_be_named(payor, target):
                yield printable(name)
