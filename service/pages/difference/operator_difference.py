"""Compares two operators field by field, and says of each difference whether it is tighter or looser."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from service.pages.difference.tighter_or_looser import Kind, bounds_direction, bounds_of, stricter
from service.pages.glossary import Glossary, plain
from service.pages.words.field_words import NO_WORDS, FieldWords, Sense
from service.pages.words.operator_words import operator_words, words_of_fields
from service.policy.amount import DAYS_OF, MONTHS_OF, Amount, Span
from service.policy.operators import Dose, Operator

# A month has at least 28 days; a year has at least 365 and at most 366.
SHORTEST_MONTH, LONGEST_MONTH = 28, 31
YEAR, SHORTEST_YEAR, LONGEST_YEAR = 12, 365, 366
NOTHING = "nothing said"
DOSES = get_args(Dose)
MEASURED = ("fact", "scale")  # bounds can be compared only if these are the same
Differences = Iterator[tuple[Kind, str]]


def compare(old: Operator, new: Operator, glossary: tuple[Glossary, Glossary]) -> Differences:
    """Every difference between two operators, with its words before and after."""
    if type(old) is not type(new):
        yield Kind.CHANGED, _sentences(old, new, glossary)
        return
    names = [name for name in _fields(old, new) if getattr(old, name) != getattr(new, name)]
    bounds = [name for name in names if name in bounds_of(new)]
    rest = [name for name in names if name not in bounds]
    if _is_other_test(old, new, rest):
        yield Kind.CHANGED, _sentences(old, new, glossary)
        return
    if bounds and (kind := _bounds(old, new)):
        both = zip((old, new), glossary, strict=True)
        yield kind, _arrow(*(_bounds_words(operator, words) for operator, words in both))
    for name in rest:
        field_words, values = _fields(old, new)[name], (getattr(old, name), getattr(new, name))
        kind = _field(_sense(field_words, name, new), *values, field_words)
        if kind is not None and field_words is not NO_WORDS:
            yield kind, _phrases(name, field_words, values, glossary)


def _sentences(old: Operator, new: Operator, glossary: tuple[Glossary, Glossary]) -> str:
    """Both operators in words, where one takes the place of the other."""
    return _arrow(
        operator_words(old, glossary[0]).sentence, operator_words(new, glossary[1]).sentence
    )


def _fields(old: Operator, new: Operator) -> Mapping[str, FieldWords]:
    return {**words_of_fields(new), **words_of_fields(old)}


def _bounds(old: Operator, new: Operator) -> Kind | None:
    """The direction of all bounds together; bounds of different facts or scales cannot be compared."""
    same = all(getattr(old, name, None) == getattr(new, name, None) for name in MEASURED)
    return bounds_direction(old, new) if same else Kind.CHANGED


def _bounds_words(operator: Operator, glossary: Glossary) -> str:
    fields = words_of_fields(operator)
    words = (fields[name].words(getattr(operator, name), glossary) for name in bounds_of(operator))
    return "; ".join(filter(None, words)) or NOTHING


def _phrases(
    name: str, field_words: FieldWords, values: tuple[Any, Any], glossary: tuple[Glossary, Glossary]
) -> str:
    """The words before and after; if they are the same, the values themselves."""
    before, after = (
        field_words.words(value, words) or NOTHING
        for value, words in zip(values, glossary, strict=True)
    )
    if before == after:
        return _arrow(*(f"{name.strip('_')} {_plain(value)}" for value in values))
    return _arrow(before, after)


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else plain(value)


def _is_other_test(old: Operator, new: Operator, names: list[str]) -> bool:
    """Whether one test replaces another, so that no single field can be compared."""
    gone = [name for name in names if getattr(old, name) and not getattr(new, name)]
    come = [name for name in names if getattr(new, name) and not getattr(old, name)]
    return bool(gone and come)


def _sense(field_words: FieldWords, name: str, operator: Operator) -> Sense:
    """The sense of a field; with `together` every class of `of` counts, otherwise one is enough."""
    if name == "of" and field_words.sense is Sense.ONE_OF and getattr(operator, "together", False):
        return Sense.EACH_OF
    return field_words.sense


def _field(sense: Sense, old: Any, new: Any, field_words: FieldWords) -> Kind | None:
    match sense:
        case Sense.ONE_OF | Sense.EACH_OF:
            return _lists(sense, old or field_words.empty, new or field_words.empty)
        case Sense.WAYS if old and new:
            return _ways(old, new)
        case Sense.STRICTER | Sense.MILDER | Sense.WAYS:
            return _switch(sense, old, new)
        case _ if isinstance(old, Operator) and isinstance(new, Operator):
            return _parts(old, new)
        case _:
            return stricter(_tighter(sense, old, new))


def _lists(sense: Sense, old: Any, new: Any) -> Kind | None:
    before, after = ({names} if isinstance(names, str) else {*names} for names in (old, new))
    if before == after:
        return None
    if not before < after and not after < before:
        return Kind.CHANGED
    return stricter((before < after) is (sense is Sense.EACH_OF))


def _switch(sense: Sense, old: Any, new: Any) -> Kind:
    """The direction of a field that was added or removed; 0 is a value, False is none."""
    before, after = (
        value is not None and value is not False and value != () for value in (old, new)
    )
    return Kind.CHANGED if before is after else stricter(after is (sense is not Sense.MILDER))


def _parts(old: Operator, new: Operator) -> Kind | None:
    """The direction of a test with fields of its own; changed if its fields go different ways."""
    bounds = bounds_of(new)
    kinds = {
        _field(_sense(field_words, name, new), before, after, field_words)
        for name, field_words in _fields(old, new).items()
        if name not in bounds and (before := getattr(old, name)) != (after := getattr(new, name))
    }
    if any(getattr(old, name) != getattr(new, name) for name in bounds):
        kinds.add(_bounds(old, new))
    kinds -= {None}
    return Kind.CHANGED if len(kinds) > 1 else next(iter(kinds), None)


def _ways(old: tuple[Operator, ...], new: tuple[Operator, ...]) -> Kind | None:
    """The direction of a list of alternatives: longer is looser; a replaced one is compared by its fields."""
    gone, come = [way for way in old if way not in new], [way for way in new if way not in old]
    if len(gone) == len(come) == 1:
        return _parts(gone[0], come[0])
    if gone and come:
        return Kind.CHANGED
    return stricter(bool(gone)) if gone or come else None


def _tighter(sense: Sense, old: Any, new: Any) -> bool | None:
    """Whether fewer values pass the new bound; None if that cannot be decided."""
    if sense is Sense.OTHER:
        return None
    if old is None or new is None:
        return None if sense is Sense.TOLERANCE else old is None
    more = _more(old, new)
    if more is None:
        return None
    return more if sense is Sense.LEAST else not more


def _more(old: object, new: object) -> bool | None:
    """Whether the new amount is certainly more; None if that depends on how long months are."""
    match _as_span(old), _as_span(new):
        case Amount() as old, Amount() as new:
            return new.value > old.value if new.unit == old.unit else None
        case Span() as old, Span() as new:
            return _longer(old, new)
        case ((int() | float() as old), (int() | float() as new)):
            return new > old
        case (str() as old, str() as new) if old in DOSES and new in DOSES:
            return DOSES.index(new) > DOSES.index(old)
        case _:
            return None


def _as_span(value: object) -> object:
    """An amount of time as a span; any other value unchanged."""
    if not isinstance(value, Amount):
        return value
    if value.unit in MONTHS_OF:
        return Span(months=int(value.value * MONTHS_OF[value.unit]))
    return Span(days=int(value.value * DAYS_OF[value.unit])) if value.unit in DAYS_OF else value


def _longer(old: Span, new: Span) -> bool | None:
    if (new.months > 0) is (old.months > 0):
        return (new.months, new.days) > (old.months, old.days)
    (low, high), (least, most) = _days(old), _days(new)
    return True if least > high else False if most < low else None


def _days(span: Span) -> tuple[int, int]:
    years, months = divmod(span.months, YEAR)
    return (
        years * SHORTEST_YEAR + months * SHORTEST_MONTH + span.days,
        years * LONGEST_YEAR + months * LONGEST_MONTH + span.days,
    )


def _arrow(before: str, after: str) -> str:
    return f"{before} → {after}"
