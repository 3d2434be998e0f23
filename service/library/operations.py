"""Operators as the documents write them: typed, their names resolved, units of the right kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from service.library.reader import Address
from service.library.shapes import FactShape
from service.library.validate import did_you_mean, validate_part
from service.policy.amount import DAYS_OF, MONTHS_OF
from service.policy.operators import (
    COMPARE_KEYS,
    FLAGS,
    NESTED,
    Compare,
    Operator,
    Recorded,
    Statement,
)

if TYPE_CHECKING:
    from service.library.criteria import Reader

REQUESTED = "requested_drug"
VALUE_SET_KEYS = ("of", "every", "any_of")
COMPARED = {"quantity", "age", "sites"}


@dataclass(frozen=True)
class Names:
    """Every name that a criterion may use."""

    facts: Mapping[str, FactShape]
    value_sets: frozenset[str]
    units: frozenset[str]
    regimens: frozenset[str]


def parse_operator(
    reader: "Reader", raw: Mapping[str, Any], at: Address, key: str
) -> Operator | None:
    """The operator of one leaf, with every name in it known."""
    if key == "statement":
        return Statement(ids=(str(raw.get("id")),))
    if key == "fact":
        return _compare(reader, raw, at)
    if key == "recorded":
        return _recorded(reader, raw, at)
    if key in FLAGS:
        return validate_part(reader.document, at, {key: raw[key]}, FLAGS[key], reader.mistakes)
    return _nested(reader, raw[key], (*at, key), NESTED[key])


def _nested(
    reader: "Reader", written: object, at: Address, shape: type[Operator]
) -> Operator | None:
    given = _listed(dict(written)) if isinstance(written, dict) else written
    if isinstance(given, dict):
        _resolve(reader, given, at)
    return validate_part(reader.document, at, given, shape, reader.mistakes)


def _listed(given: dict[str, Any]) -> dict[str, Any]:
    """One name where a list of names may stand is a list of one."""
    single = [key for key in ("every", "any_of", "for") if isinstance(given.get(key), str)]
    if isinstance(given.get("of"), str) and "phase" not in given:
        single.append("of")
    return {**given, **{key: [given[key]] for key in single}}


def _resolve(reader: "Reader", given: dict[str, Any], at: Address) -> None:
    """Value sets and evidence sets by name; `requested_drug` is the drug of the policy."""
    if isinstance(given.get("accepts"), str):
        given["accepts"] = resolve_accepts(reader, given["accepts"], (*at, "accepts"))
    if "better" in given:
        check_facts(reader, given.get("of", []), (*at, "of"))
        return
    if "phase" in given:
        _check_regimen(reader, given, at)
        return
    for key in VALUE_SET_KEYS:
        if isinstance(given.get(key), list):
            given[key] = [resolve_value_set(reader, name, (*at, key)) for name in given[key]]


def resolve_accepts(reader: "Reader", name: str, at: Address) -> tuple[str, ...]:
    """The kinds of evidence that a named set accepts."""
    if name not in reader.policy.accepts:
        known = reader.policy.accepts
        reader.note(at, f"no evidence set '{name}' in policy.yaml{did_you_mean(name, known)}")
        return ()
    return tuple(reader.policy.accepts[name])


def resolve_value_set(reader: "Reader", name: object, at: Address) -> str:
    """A value set's name, checked."""
    found = reader.policy.drug if name == REQUESTED else str(name)
    if found not in reader.names.value_sets:
        reader.note(at, f"no value set '{found}'{did_you_mean(found, reader.names.value_sets)}")
    return found


def check_facts(reader: "Reader", names: object, at: Address) -> None:
    """Facts by name."""
    for name in names if isinstance(names, list | tuple) else [names]:
        if name not in reader.names.facts:
            reader.note(at, f"no fact '{name}'{did_you_mean(str(name), reader.names.facts)}")


def _check_regimen(reader: "Reader", given: Mapping[str, Any], at: Address) -> None:
    if given.get("of") not in reader.names.regimens:
        reader.note((*at, "of"), f"no regimen '{given.get('of')}'")
    check_facts(reader, given.get("weight"), (*at, "weight"))


def _compare(reader: "Reader", raw: Mapping[str, Any], at: Address) -> Operator | None:
    given = {key: raw[key] for key in COMPARE_KEYS if key in raw}
    check_facts(reader, given["fact"], (*at, "fact"))
    operator = validate_part(reader.document, at, given, Compare, reader.mistakes)
    fact = reader.names.facts.get(str(given["fact"]))
    if isinstance(operator, Compare) and fact is not None:
        _check_units(reader, operator, fact, at)
    return operator


def _check_units(reader: "Reader", operator: Compare, fact: FactShape, at: Address) -> None:
    if fact.kind not in COMPARED:
        reader.note((*at, "fact"), f"'{fact.fact}' is a {fact.kind}; it cannot be compared")
    for key in ("at_least", "more_than", "at_most", "less_than"):
        amount = getattr(operator, key)
        if amount is None:
            continue
        ages = {*DAYS_OF, *MONTHS_OF}
        fits = amount.unit in ages if fact.kind == "age" else amount.unit == fact.unit
        if not fits:
            wanted = "a span of time" if fact.kind == "age" else f"'{fact.unit}'"
            reader.note((*at, key), f"the unit is '{amount.unit}', '{fact.fact}' is in {wanted}")


def _recorded(reader: "Reader", raw: Mapping[str, Any], at: Address) -> Operator | None:
    names = raw["recorded"] if isinstance(raw["recorded"], list) else [raw["recorded"]]
    check_facts(reader, names, (*at, "recorded"))
    given = {"fact": names, **{key: raw[key] for key in ("pick", "within") if key in raw}}
    return validate_part(reader.document, at, given, Recorded, reader.mistakes)
