"""Scores by their scale: a number means nothing until the record says which scale it is on."""

from collections.abc import Sequence
from functools import partial

from service.facts.measurements.results import Result
from service.facts.model import Fact, Scale
from service.fhir.elements import names, objects, same_name
from service.fhir.values.quantity import Measure, number


def on_asked_scale(fact: Fact, asked: str | None, found: Sequence[Result]) -> list[Result]:
    """The results with a value only where the record says that it is on the scale asked for."""
    if asked is None or fact.kind != "score":
        return list(found)
    scale = fact.scales[asked]
    return [Result(one.hit, one.day, partial(_value, one, scale), one.note) for one in found]


def _value(one: Result, scale: Scale) -> Measure | None:
    fits = one.value is not None and scale.low <= one.value.low and one.value.high <= scale.high
    return one.value if fits and on_scale(one, scale) else None


def on_scale(result: Result, scale: Scale) -> bool:
    """Whether the record names the scale, or gives its ends as the reference range."""
    element, resource = result.hit.element, result.hit.resource
    said = (*names(element.get("code")), *names(resource.get("method")))
    if {*map(same_name, said)} & set(scale.names):
        return True
    ranges = objects(element.get("referenceRange"))
    return any(
        number(_end(one, "low")) == scale.low and number(_end(one, "high")) == scale.high
        for one in ranges
    )


def _end(range_: dict[str, object], end: str) -> object:
    quantity = range_.get(end)
    return quantity.get("value") if isinstance(quantity, dict) else None
