"""Operators as the documents write them: typed, their names resolved, each of them sound."""

from collections.abc import Mapping
from typing import Any

from service.library.criteria.backgrounds import backgrounds
from service.library.criteria.compare import check_episodes, compare, known_fact, recorded
from service.library.criteria.scope import Reader
from service.library.criteria.spans import wrong_spans
from service.library.criteria.supply import (
    CLASSES,
    check_therapy,
    resolve_accepts,
    resolve_reason,
    resolve_value_set,
)
from service.library.criteria.trends import check_dose_trend, check_trend
from service.library.documents.folders import unknown
from service.library.documents.validate import validate_part
from service.library.documents.yaml import Address
from service.policy.operators import (
    FLAGS,
    NESTED,
    DoseTrend,
    Episodes,
    Fewer,
    Operator,
    Regimen,
    Statement,
    Trend,
)

WEIGHED_IN = "kg"
SETS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "supply": {"of": CLASSES},
    "sessions": {"of": CLASSES},
    "dose_trend": {"of": CLASSES},
    "excluded": {"every": CLASSES, "any": CLASSES},
    "exposed_for": {"of": CLASSES},
    "stopped": {"of": CLASSES},
    "specialty": {"any_of": ("specialty",)},
}
LISTS = {
    "supply": ("of", "ingredients"),
    "sessions": ("of",),
    "trend": ("of",),
    "dose_trend": ("of",),
    "excluded": ("every", "any", "for"),
    "exposed_for": ("of",),
    "stopped": ("of", "for", "ingredients"),
    "episodes": ("of",),
    "fewer": ("of",),
}


def parse_operator(
    reader: Reader, raw: Mapping[str, Any], at: Address, key: str
) -> Operator | None:
    """The operator of one leaf, with every name in it known."""
    if key == "statement":
        return Statement(ids=(str(raw.get("id")),), for_review=raw["statement"] == "review")
    if key == "fact":
        return compare(reader, raw, at)
    if key == "recorded":
        return recorded(reader, raw, at)
    if key in FLAGS:
        return validate_part(reader.document, at, {key: raw[key]}, FLAGS[key], reader.mistakes)
    return _nested(reader, raw[key], (*at, key), key)


def _nested(reader: Reader, written: object, at: Address, key: str) -> Operator | None:
    given = _resolved(reader, written, at, key) if isinstance(written, dict) else written
    operator = validate_part(reader.document, at, given, NESTED[key], reader.mistakes)
    if operator is not None:
        for where, what in wrong_spans(written, operator):
            reader.note((*at, *where), what)
        _check(reader, operator, at)
    return operator


def _resolved(reader: Reader, written: Mapping[str, Any], at: Address, key: str) -> dict[str, Any]:
    """Lists where one name stands alone; evidence and value sets by name."""
    given = dict(written)
    for name in LISTS.get(key, ("any_of",)):
        if isinstance(given.get(name), str):
            given[name] = [given[name]]
    if "accepts" in given:
        given["accepts"] = resolve_accepts(reader, given["accepts"], (*at, "accepts"))
    if "during" in given:
        given["during"] = backgrounds(reader, given["during"], (*at, "during"))
    for name, kinds in SETS.get(key, {}).items():
        if isinstance(given.get(name), list):
            where = (*at, name)
            given[name] = [resolve_value_set(reader, one, kinds, where) for one in given[name]]
    if key == "stopped" and isinstance(given.get("for"), list):
        given["for"] = [resolve_reason(reader, one, (*at, "for")) for one in given["for"]]
    return _by_disease(reader, given, at) if key == "specialty" else given


def _by_disease(reader: Reader, given: dict[str, Any], at: Address) -> dict[str, Any]:
    """Specialties as one list for all, or one list per indication of the policy."""
    written = given.get("any_of")
    if not isinstance(written, dict):
        return given
    known, found = reader.policy.indications, []
    for id_, said in written.items():
        where = (*at, "any_of", id_)
        names = [said] if isinstance(said, str) else said
        if id_ not in known:
            reader.note(where, unknown("indication", str(id_), dict.fromkeys(known)))
        if not isinstance(names, list) or not names:
            reader.note(where, "a list of value sets is needed here")
            continue
        sets = [resolve_value_set(reader, one, ("specialty",), where) for one in names]
        found.append((id_, sets))
    for id_ in _judged(reader):
        if id_ not in written:
            what = f"no specialty for '{id_}', so that every prescriber for it would be a question"
            reader.note((*at, "any_of"), f"{what}; add '{id_}' with its value sets")
    rest = {key: value for key, value in given.items() if key != "any_of"}
    return {**rest, "of_disease": found}


def _judged(reader: Reader) -> list[str]:
    """The indications whose orders the criteria of this file judge."""
    about = reader.policy.indications
    own = [id_ for id_, one in about.items() if not one.not_encoded]
    return own if reader.name == "common" else [id_ for id_ in own if id_ == reader.name]


def _check(reader: Reader, operator: Operator, at: Address) -> None:
    match operator:
        case Trend():
            check_trend(reader, operator, at)
        case DoseTrend():
            check_therapy(reader, operator, at)
            check_dose_trend(reader, operator, at)
        case Episodes() | Fewer():
            check_episodes(reader, operator, at)
        case Regimen():
            _check_regimen(reader, operator, at)
        case _:
            check_therapy(reader, operator, at)


def _check_regimen(reader: Reader, asked: Regimen, at: Address) -> None:
    known = reader.names.regimens
    if asked.of not in known and asked.of not in reader.names.unsound:
        reader.note((*at, "of"), unknown("regimen", asked.of, known))
    elif asked.of in known and known[asked.of].drug != reader.policy.drug in reader.names.served:
        what = f"'{asked.of}' is a regimen of {known[asked.of].drug}, not of {reader.policy.drug}"
        reader.note((*at, "of"), what)
    if asked.phase != at[0]:
        reader.note((*at, "phase"), f"phase is {asked.phase}, the criterion stands in {at[0]}")
    fact = known_fact(reader, asked.weight, (*at, "weight"))
    if fact is not None and (fact.kind != "quantity" or fact.unit != WEIGHED_IN):
        what = f"'{fact.fact}' is no weight: a quantity in {WEIGHED_IN} is needed here"
        reader.note((*at, "weight"), what)
