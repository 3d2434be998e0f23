"""Reads `fact` and `recorded`: facts of the right kind, bounds in the fact's unit and range."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.library.criteria.scope import CriterionReader, unknown_fact
from service.library.criteria.spans import wrong_age
from service.library.criteria.supply_reader import backgrounds, class_names, resolve_accepts
from service.library.documents.yaml import Address
from service.library.shapes import FactShape
from service.library.shapes.operator_shapes import COMPARE_KEYS, RECORDED_KEYS
from service.policy.amount import DAYS_OF, MONTHS_OF, Amount
from service.policy.operators import BOUNDS, Compare, Episodes, Fewer, Operator, Recorded

COMPARED = ("quantity", "score", "age", "sites")
RECORDED = ("diagnosis", "grade", "allergy", "quantity", "statement", "procedure")
AGING = ("quantity", "statement", "grade")  # kinds whose values have a day of their own
SCALED = "use a fact of the kind score with 'scales' (docs/reference/facts.md, Scores)"
Wrong = Iterator[tuple[str, str]]


def compare(reader: CriterionReader, raw: Mapping[str, Any], address: Address) -> Operator | None:
    """Reads `fact: …` with its bounds; None if it has mistakes in its shape."""
    given = _with_accepts(reader, {key: raw[key] for key in COMPARE_KEYS if key in raw}, address)
    if "during" in given:
        given["during"] = backgrounds(reader, given["during"], (*address, "during"))
    if "before_first" in given:
        given["before_first"] = class_names(
            reader, given["before_first"], (*address, "before_first")
        )
    operator = reader.operator(Compare, given, given, address)
    if operator is None:
        return None
    for key in ("before_first", "during"):
        if key in raw and operator.pick == "baseline_if_treated":
            reader.note(
                (*address, key), f"'{key}' means nothing beside 'pick: baseline_if_treated'"
            )
    fact = known_fact(reader, operator.fact, (*address, "fact"))
    if fact is not None:
        for key, mistake in _wrong(operator, fact):
            reader.note((*address, key), mistake)
    _check_baseline(reader, operator, address)
    return operator


def _check_baseline(reader: CriterionReader, asked: Compare | Recorded, address: Address) -> None:
    """`baseline_within` is allowed only where a baseline is picked."""
    before = asked.before_first if isinstance(asked, Compare) else ()
    if asked.baseline_within is not None and asked.pick != "baseline_if_treated" and not before:
        message = "'baseline_within' means nothing without 'pick: baseline_if_treated'"
        reader.note((*address, "baseline_within"), message)


def _with_accepts(
    reader: CriterionReader, given: dict[str, Any], address: Address
) -> dict[str, Any]:
    """The written keys with the name under `accepts` replaced by its kinds of evidence."""
    if "accepts" in given:
        given["accepts"] = resolve_accepts(reader, given["accepts"], (*address, "accepts"))
    return given


def known_fact(reader: CriterionReader, name: str, address: Address) -> FactShape | None:
    """A fact by name; None if it is unknown (a mistake) or its own document has mistakes."""
    if name not in reader.names.facts and name not in reader.names.unsound:
        reader.note(address, unknown_fact(name, reader.names.facts))
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
        message = f"'contradicted' is for quantities; '{fact.fact}' is of the kind {fact.kind}"
        yield "contradicted", message
    if asked.pick == "any":
        yield "pick", "pick is latest or baseline_if_treated"
    for key in ("before_first", "during"):
        if getattr(asked, key):
            yield key, f"'{key}' is for quantities; '{fact.fact}' is of the kind {fact.kind}"


def _wrong_scale(asked: Compare, fact: FactShape) -> Wrong:
    """A score needs one of its scales; other kinds have none."""
    if fact.kind != "score":
        if asked.scale is not None:
            yield "scale", f"'{fact.fact}' is of the kind {fact.kind} and has no scale; {SCALED}"
    elif asked.scale not in fact.scales:
        scales = ", ".join(fact.scales)
        yield "scale" if asked.scale else "fact", f"'{fact.fact}' is compared on a scale: {scales}"
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
        elif message := wrong_age(bound):
            yield key, message
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
    lower = [bound.value for key, bound in bounds.items() if key in ("at_least", "more_than")]
    upper = [bound.value for key, bound in bounds.items() if key in ("at_most", "less_than")]
    open_end = "more_than" in bounds or "less_than" in bounds
    if lower and upper and (max(lower), open_end) > (min(upper), False):
        yield "fact", "no value lies between these bounds"


def recorded(reader: CriterionReader, raw: Mapping[str, Any], address: Address) -> Operator | None:
    """Reads `recorded: …` with one fact or several; None if it has mistakes in its shape."""
    written = raw["recorded"]
    names = written if isinstance(written, list) else [written]
    where = (*address, "recorded")
    if not names or not all(isinstance(name, str) for name in names):
        reader.note(where, "recorded takes the name of a fact or a list of names")
        return None
    given = {"fact": names, **{key: raw[key] for key in RECORDED_KEYS if key in raw}}
    given = _with_accepts(reader, given, address)
    operator = reader.operator(Recorded, given, given, address)
    of_kinds(reader, names, RECORDED, where)
    named_facts = [reader.names.facts.get(name) for name in names]
    if "pick" in given and any(
        fact is not None and fact.kind == "procedure" for fact in named_facts
    ):
        reader.note((*address, "pick"), "a procedure takes no 'pick'")
    elif given.get("pick") == "latest" and any(
        fact and fact.kind != "grade" for fact in named_facts
    ):
        reader.note((*address, "pick"), "'pick: latest' is for grades")
    if operator is not None:
        _check_baseline(reader, operator, address)
        if operator.baseline_within is not None:
            of_kinds(reader, names, AGING, (*address, "baseline_within"))
    return operator


def of_kinds(
    reader: CriterionReader, names: Sequence[str], kinds: Sequence[str], address: Address
) -> None:
    """Notes every name that is not a fact of one of these kinds."""
    for name in names:
        fact = known_fact(reader, name, address)
        if fact is not None and fact.kind not in kinds:
            needed = " or ".join(kinds)
            reader.note(address, f"'{name}' is of the kind {fact.kind}; {needed} is needed here")


def check_episodes(reader: CriterionReader, asked: Episodes | Fewer, address: Address) -> None:
    """Notes facts that are not of the kind episodes: only episodes are counted."""
    if not asked.of:
        reader.note((*address, "of"), "a list of facts is needed here")
    of_kinds(reader, asked.of, ("episodes",), (*address, "of"))
