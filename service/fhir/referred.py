"""What a resource refers to, as the concepts that say what it is."""

from collections.abc import Callable, Iterator

from service.fhir.elements import Json
from service.fhir.paths import read
from service.fhir.source import Source

Resolve = Callable[[object, Json | None], Json | None]


def referred(source: Source, resource: Json, resolve: Resolve) -> Iterator[object]:
    """The codes of what a resource refers to: a Medication, an order, a claim's items."""
    for steps in source.references:
        if steps[0] in resource:
            for reference in read(steps, resource):
                target = resolve(reference, resource)
                if target is not None:
                    yield from _concepts_of(target, resolve)


def _concepts_of(target: Json, resolve: Resolve) -> Iterator[object]:
    inner = resolve(target.get("medicationReference"), target)
    found = [
        target.get("code"),
        target.get("medicationCodeableConcept"),
        *read(("item", "productOrService"), target),
        inner.get("code") if inner is not None else None,
    ]
    yield from (one for one in found if one is not None)
