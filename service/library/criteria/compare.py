"""Values against bounds: every fact of a kind that can be asked so, every bound in its unit."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.library.criteria.backgrounds import backgrounds, class_names
from service.library.criteria.fact_names import unknown_fact
from service.library.criteria.scope import Reader
from service.library.criteria.spans import wrong_age, wrong_spans
from service.library.criteria.supply import resolve_accepts
from service.library.documents.validate import validate_part
from service.library.documents.yaml import Address
from service.library.shapes import FactShape
from service.policy.amount import DAYS_OF, MONTHS_OF, Amount
from service.policy.operators import (
    COMPARE_KEYS,
    RECORDED_KEYS,
    Compare,
    Episodes,
    Fewer,
    Operator,
    Recorded,
)

BOUNDS = ("at_least", "more_than", "at_most", "less_than")
COMPARED = ("quantity", "score", "age", "sites")
RECORDED = ("diagnosis", "grade", "allergy", "quantity", "statement", "procedure")
AGING = ("quantity", "statement", "grade")  # what may be recorded of another day than today
SCALED = "use a fact of the kind score with 'scales' (docs/reference/facts.md, Scores)"
Wrong = Iterator[tuple[str, str]]


def compare(reader: Reader, raw: Mapping[str, Any], at: Address) -> Operator | None:
    """`fact: …` with its bound."""
    given = _with_accepts(reader, {key: raw[key] for key in COMPARE_KEYS if key in raw}, at)
    if "during" in given:
        given["during"] = backgrounds(reader, given["during"], (*at, "during"))
    if "before_first" in given:
        given["before_first"] = class_names(reader, given["before_first"], (*at, "before_first"))
    operator = validate_part(reader.document, at, given, Compare, reader.mistakes)
    if operator is None:
        return None
    for where, what in wrong_spans(given, operator):
        reader.note((*at, *where), what)
    for key in ("before_first", "during"):
        if key in raw and operator.pick == "baseline_if_treated":
            reader.note((*at, key), f"'{key}' means nothing beside 'pick: baseline_if_treated'")
    fact = known_fact(reader, operator.fact, (*at, "fact"))
    if fact is not None:
        for key, what in _wrong(operator, fact):
            reader.note((*at, key), what)
    _check_baseline(reader, operator, at)
    return operator


def _check_baseline(reader: Reader, asked: Compare | Recorded, at: Address) -> None:
    """How old a baseline may be is asked only where a baseline is picked."""
    before = asked.before_first if isinstance(asked, Compare) else ()
    if asked.baseline_within is not None and asked.pick != "baseline_if_treated" and not before:
        what = "'baseline_within' means nothing without 'pick: baseline_if_treated'"
        reader.note((*at, "baseline_within"), what)


def _with_accepts(reader: Reader, given: dict[str, Any], at: Address) -> dict[str, Any]:
    """Evidence by the name of its set."""
    if "accepts" in given:
        given["accepts"] = resolve_accepts(reader, given["accepts"], (*at, "accepts"))
    return given


def known_fact(reader: Reader, name: str, at: Address) -> FactShape | None:
    """A fact by name; None when it is unknown or its own document is unsound."""
    if name not in reader.names.facts and name not in reader.names.unsound:
        reader.note(at, unknown_fact(name, reader.names.facts))
    return reader.names.facts.get(name)


def _wrong(asked: Compare, fact: FactShape) -> Wrong:
    yield from _wrong_scale(asked, fact)
    if fact.kind not in COMPARED:
        yield "fact", f"'{fact.fact}' is a {fact.kind}; it cannot be compared"
    elif fact.kind == "sites":
        yield from _wrong_sites(asked, fact)
    elif asked.is_ is not None:
        yield "is", f"'is' is for sites; '{fact.fact}' takes a bound"
    elif not _bounds(asked):
        yield "fact", f"'{fact.fact}' is compared with nothing; say at_least or less_than"
    elif fact.kind == "age":
        yield from _wrong_ages(asked, fact)
    else:
        yield from _wrong_amounts(asked, fact)
    if asked.contradicted and asked.pick != "any":
        yield "contradicted", "'contradicted' means nothing without 'pick: any'"
    if fact.kind != "quantity":
        yield from _wrong_picks(asked, fact)


def _wrong_picks(asked: Compare, fact: FactShape) -> Wrong:
    if asked.contradicted:
        what = f"'contradicted' is for quantities; '{fact.fact}' is of the kind {fact.kind}"
        yield "contradicted", what
    if asked.pick == "any":
        yield "pick", "pick is latest or baseline_if_treated"
    for key in ("before_first", "during"):
        if getattr(asked, key):
            yield key, f"'{key}' is for quantities; '{fact.fact}' is of the kind {fact.kind}"


def _wrong_scale(asked: Compare, fact: FactShape) -> Wrong:
    """A score is compared on one of its scales; nothing else has any."""
    if fact.kind != "score":
        if asked.scale is not None:
            yield "scale", f"'{fact.fact}' is of the kind {fact.kind} and has no scale; {SCALED}"
    elif asked.scale not in fact.scales:
        known = ", ".join(fact.scales)
        yield "scale" if asked.scale else "fact", f"'{fact.fact}' is compared on a scale: {known}"
    else:
        scale = fact.scales[asked.scale]
        for key, bound in _bounds(asked).items():
            if not scale.low <= bound.value <= scale.high:
                yield key, f"{bound} lies outside the scale {asked.scale}"


def _bounds(asked: Compare) -> dict[str, Amount]:
    return {key: bound for key in BOUNDS if (bound := getattr(asked, key)) is not None}


def _wrong_sites(asked: Compare, fact: FactShape) -> Wrong:
    for key in _bounds(asked):
        yield key, f"'{fact.fact}' is a list of sites and takes 'is: true'"
    if asked.is_ is not True and not _bounds(asked):
        yield "fact" if asked.is_ is None else "is", f"'{fact.fact}' takes 'is: true'"


def _wrong_ages(asked: Compare, fact: FactShape) -> Wrong:
    bounds = _bounds(asked)
    for key, bound in bounds.items():
        if key not in ("at_least", "less_than"):
            yield key, "an age takes at_least or less_than"
        elif bound.unit not in {*DAYS_OF, *MONTHS_OF}:
            yield key, f"the unit is '{bound.unit}', '{fact.fact}' is in a span of time"
        elif what := wrong_age(bound):
            yield key, what
    if len(bounds) > 1:
        yield "fact", "an age takes one bound; write two criteria"
    for key in ("within", "baseline_within"):
        if getattr(asked, key) is not None:
            yield key, f"an age is that of the day; it takes no '{key}'"
    if asked.accepts:
        yield "accepts", "an age takes no 'accepts'"


def _wrong_amounts(asked: Compare, fact: FactShape) -> Wrong:
    low, high = sorted(fact.range or (float("-inf"), float("inf")))
    bounds = _bounds(asked)
    for key, bound in bounds.items():
        if bound.unit != fact.unit:
            yield key, f"the unit is '{bound.unit}', '{fact.fact}' is in '{fact.unit}'"
        elif not low <= bound.value <= high:
            yield key, f"{bound} lies outside the range of '{fact.fact}'"
    lower = [one.value for key, one in bounds.items() if key in ("at_least", "more_than")]
    upper = [one.value for key, one in bounds.items() if key in ("at_most", "less_than")]
    open_end = "more_than" in bounds or "less_than" in bounds
    if lower and upper and (max(lower), open_end) > (min(upper), False):
        yield "fact", "no value lies between these bounds"


def recorded(reader: Reader, raw: Mapping[str, Any], at: Address) -> Operator | None:
    """`recorded: …` of one fact or of several."""
    written = raw["recorded"]
    names = written if isinstance(written, list) else [written]
    where = (*at, "recorded")
    if not names or not all(isinstance(one, str) for one in names):
        reader.note(where, "recorded takes the name of a fact or a list of names")
        return None
    given = {"fact": names, **{key: raw[key] for key in RECORDED_KEYS if key in raw}}
    given = _with_accepts(reader, given, at)
    operator = validate_part(reader.document, at, given, Recorded, reader.mistakes)
    of_kinds(reader, names, RECORDED, where)
    known = [reader.names.facts.get(name) for name in names]
    if "pick" in given and any(fact is not None and fact.kind == "procedure" for fact in known):
        reader.note((*at, "pick"), "a procedure takes no 'pick'")
    elif given.get("pick") == "latest" and any(one and one.kind != "grade" for one in known):
        reader.note((*at, "pick"), "'pick: latest' is for grades")
    if operator is not None:
        for place, what in wrong_spans(given, operator):
            reader.note((*at, *place), what)
        _check_baseline(reader, operator, at)
        if operator.baseline_within is not None:
            of_kinds(reader, names, AGING, (*at, "baseline_within"))
    return operator


def of_kinds(reader: Reader, names: Sequence[str], kinds: Sequence[str], at: Address) -> None:
    """Every name is that of a fact of one of these kinds."""
    for name in names:
        fact = known_fact(reader, name, at)
        if fact is not None and fact.kind not in kinds:
            needed = " or ".join(kinds)
            reader.note(at, f"'{name}' is of the kind {fact.kind}; {needed} is needed here")


def check_episodes(reader: Reader, asked: Episodes | Fewer, at: Address) -> None:
    """What is counted are episodes."""
    if not asked.of:
        reader.note((*at, "of"), "a list of facts is needed here")
    of_kinds(reader, asked.of, ("episodes",), (*at, "of"))
