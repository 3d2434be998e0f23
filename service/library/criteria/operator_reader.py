"""Reads operators from documents: typed, with all names resolved and checked."""

from collections.abc import Mapping
from typing import Any

from service.library.criteria.comparison_reader import check_episodes, compare, known_fact, recorded
from service.library.criteria.scope import CriterionReader
from service.library.criteria.supply_reader import (
    MORE_THAN_ONE,
    backgrounds,
    check_therapy,
    resolve_accepts,
    resolve_reason,
    resolve_value_set,
)
from service.library.criteria.trends import check_dose_trend, check_trend
from service.library.documents.folders import unknown
from service.library.documents.yaml import Address
from service.library.shapes.operator_shapes import FLAGS, LISTS, NESTED, SETS
from service.policy.operators import (
    AtMostOneOf,
    DoseTrend,
    Episodes,
    Fewer,
    Operator,
    Regimen,
    Statement,
    Trend,
)

WEIGHED_IN = "kg"


def parse_operator(
    reader: CriterionReader, raw: Mapping[str, Any], address: Address, key: str
) -> Operator | None:
    """The operator of one leaf; None if it has mistakes in its shape."""
    if key == "statement":
        return Statement(ids=(str(raw.get("id")),), for_review=raw["statement"] == "review")
    if key == "fact":
        return compare(reader, raw, address)
    if key == "recorded":
        return recorded(reader, raw, address)
    if key in FLAGS:
        return reader.operator(FLAGS[key], raw, {key: raw[key]}, address)
    return _nested(reader, raw[key], (*address, key), key)


def _nested(
    reader: CriterionReader, written: object, address: Address, key: str
) -> Operator | None:
    given = _resolved(reader, written, address, key) if isinstance(written, dict) else written
    operator = reader.operator(NESTED[key], written, given, address)
    if operator is not None:
        _check(reader, operator, address)
    return operator


def _resolved(
    reader: CriterionReader, written: Mapping[str, Any], address: Address, key: str
) -> dict[str, Any]:
    """The written keys with single names as lists, and names of evidence and value sets resolved."""
    given = dict(written)
    for name in LISTS.get(key, ()):
        if isinstance(given.get(name), str):
            given[name] = [given[name]]
    if "accepts" in given:
        given["accepts"] = resolve_accepts(reader, given["accepts"], (*address, "accepts"))
    if "during" in given:
        given["during"] = backgrounds(reader, given["during"], (*address, "during"))
    for name, kinds in SETS.get(key, {}).items():
        if isinstance(given.get(name), list):
            where = (*address, name)
            given[name] = [
                resolve_value_set(reader, set_name, kinds, where) for set_name in given[name]
            ]
    if key == "stopped" and isinstance(given.get("for"), list):
        given["for"] = [
            resolve_reason(reader, reason, (*address, "for")) for reason in given["for"]
        ]
    return _by_disease(reader, given, address) if key == "specialty" else given


def _by_disease(reader: CriterionReader, given: dict[str, Any], address: Address) -> dict[str, Any]:
    """Specialties as one list for all, or one list per indication of the policy."""
    written = given.get("any_of")
    if not isinstance(written, dict):
        return given
    indications, by_disease = reader.policy.indications, []
    for id_, entry in written.items():
        where = (*address, "any_of", id_)
        names = [entry] if isinstance(entry, str) else entry
        if id_ not in indications:
            reader.note(where, unknown("indication", str(id_), dict.fromkeys(indications)))
        if not isinstance(names, list) or not names:
            reader.note(where, "a list of value sets is needed here")
            continue
        sets = [resolve_value_set(reader, name, ("specialty",), where) for name in names]
        by_disease.append((id_, sets))
    for id_ in _judged(reader):
        if id_ not in written:
            message = (
                f"no specialty for '{id_}', so that every prescriber for it would be a question"
            )
            reader.note((*address, "any_of"), f"{message}; add '{id_}' with its value sets")
    rest = {key: value for key, value in given.items() if key != "any_of"}
    return {**rest, "of_disease": by_disease}


def _judged(reader: CriterionReader) -> list[str]:
    """The indications whose orders the criteria of this file judge."""
    about = reader.policy.indications
    own = [id_ for id_, indication in about.items() if not indication.not_encoded]
    return own if reader.name == "common" else [id_ for id_ in own if id_ == reader.name]


def _check(reader: CriterionReader, operator: Operator, address: Address) -> None:
    match operator:
        case Trend():
            check_trend(reader, operator, address)
        case DoseTrend():
            check_therapy(reader, operator, address)
            check_dose_trend(reader, operator, address)
        case Episodes() | Fewer():
            check_episodes(reader, operator, address)
        case Regimen():
            _check_regimen(reader, operator, address)
        case AtMostOneOf() if len(operator.of) < MORE_THAN_ONE:
            reader.note((*address, "of"), "at most one of them: two value sets or more are needed")
        case _:
            check_therapy(reader, operator, address)


def _check_regimen(reader: CriterionReader, asked: Regimen, address: Address) -> None:
    regimens = reader.names.regimens
    if asked.of not in regimens and asked.of not in reader.names.unsound:
        reader.note((*address, "of"), unknown("regimen", asked.of, regimens))
    elif (
        asked.of in regimens
        and regimens[asked.of].drug != reader.policy.drug in reader.names.served
    ):
        message = (
            f"'{asked.of}' is a regimen of {regimens[asked.of].drug}, not of {reader.policy.drug}"
        )
        reader.note((*address, "of"), message)
    if asked.phase != address[0]:
        reader.note(
            (*address, "phase"), f"phase is {asked.phase}, the criterion stands in {address[0]}"
        )
    fact = known_fact(reader, asked.weight, (*address, "weight"))
    if fact is not None and (fact.kind != "quantity" or fact.unit != WEIGHED_IN):
        message = f"'{fact.fact}' is no weight: a quantity in {WEIGHED_IN} is needed here"
        reader.note((*address, "weight"), message)
