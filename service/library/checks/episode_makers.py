"""Checks facts of the kind episodes: what builds one, from value sets of the right kind, with a gap."""

from service.library.criteria.spans import wrong_spans
from service.library.documents.folders import Shelf, unknown
from service.library.documents.yaml import Address, Document, Wrong
from service.library.shapes import FactShape, MakerShape, ValueSetShape
from service.library.shapes.fact_shapes import MADE

SETS_OF = {
    "fills": ("therapy_class", "drug"),
    "events": ("encounter",),
    "procedures": ("procedure",),
    "conditions": ("condition",),
    "reasons": ("condition",),
    "main": ("condition",),
    "explained": ("condition",),
    "unnamed": ("therapy_class", "drug"),
    "other": ("encounter",),
}
NEEDS = {
    "longest": "fills",
    "one_day": "fills",
    "unnamed": "fills",
    "explained": "fills",
    "unplaced": "events",
    "other": "events",
}


def wrong_makers(document: Document, shape: FactShape, sets: Shelf[ValueSetShape]) -> Wrong:
    """Every mistake in `built_from`, with its address."""
    if shape.kind != "episodes":
        if shape.built_from:
            yield ("built_from",), f"'built_from' means nothing for the kind {shape.kind}"
        return
    if not shape.built_from:
        yield ("fact",), "a fact of the kind episodes has built_from"
    for index, maker in enumerate(shape.built_from):
        address: Address = ("built_from", index)
        yield from wrong_spans(document.data["built_from"][index], maker, address)
        yield from _wrong_parts(maker, address)
        yield from _wrong_sets(maker, address, sets)


def _wrong_parts(maker: MakerShape, address: Address) -> Wrong:
    made = [key for key in MADE if getattr(maker, key)]
    if len(made) != 1:
        yield address, f"an episode is made of one of {', '.join(MADE)}; found {len(made)}"
        return
    if maker.gap is None:
        yield address, "say the gap within which two of them are one episode"
    for word, beside in NEEDS.items():
        if getattr(maker, word) and not getattr(maker, beside):
            yield (*address, word), f"'{word}' means nothing without '{beside}'"
    for name in maker.main:
        if name not in maker.reasons:
            yield (*address, "main"), unknown("reason", name, dict.fromkeys(maker.reasons))


def _wrong_sets(maker: MakerShape, address: Address, sets: Shelf[ValueSetShape]) -> Wrong:
    for key, kinds in SETS_OF.items():
        for name in getattr(maker, key):
            if name not in sets.read:
                if name not in sets.unsound:
                    yield (*address, key), unknown("value set", name, sets.read)
            elif (kind := sets.read[name][1].kind) not in kinds:
                needed = " or ".join(kinds)
                yield (*address, key), f"'{name}' is of the kind {kind}; {needed} is needed here"
    if all(name in sets.read and sets.read[name][1].kind == "encounter" for name in maker.events):
        for other, against in maker.other.items():
            for name in against:
                if name not in maker.events:
                    yield (
                        (*address, "other", other),
                        unknown("event", name, dict.fromkeys(maker.events)),
                    )
