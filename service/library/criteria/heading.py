"""Checks the keys that every criterion may have (id, says, cite, …) and finds its operator."""

import re
from collections.abc import Mapping
from typing import Any

from service.library.criteria.scope import CriterionReader
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Address
from service.library.shapes.operator_shapes import COMPARE_KEYS, FLAGS, NESTED, RECORDED_KEYS

TEXTS = ("id", "says", "cite", "asks", "short", "on_card")
LONGEST_ON_CARD = 72
NEEDED = ("id", "says", "cite")
ROLES = ("decides", "decides_before", "overrides", "outcome", "part")
_LINES = re.compile(r"([0-9]+)(?:-([0-9]+))?")


def cited(written: str) -> list[int] | None:
    """The first and last line of every range of a citation; None if it cannot be read."""
    parts = [_LINES.fullmatch(part) for part in written.split(", ")]
    ends = [int(end) for part in parts if part for end in (part[1], part[2] or part[1])]
    return ends if all(parts) else None


def wrong_cite(written: str, source: Mapping[str, Any]) -> str | None:
    """Why a citation names no lines of the source; None if it does."""
    ends = cited(written)
    if ends is None or ends != sorted(ends) or ends[0] < 1:
        return "cite is lines of the source, rising, like '24' or '37-39, 167'"
    last = source.get("lines")
    if isinstance(last, int) and ends[-1] > last:
        return f"the source has {last} lines, line {ends[-1]} is none of them"
    return None


def check_heading(reader: CriterionReader, raw: Mapping[str, Any], address: Address) -> None:
    """Notes mistakes in the keys that say something about a criterion."""
    for key in NEEDED:
        if key not in raw:
            reader.note(address, f"'{key}' is missing in this criterion")
    for key in TEXTS:
        where = (*address, key)
        already_noted = where in reader.document.broken
        if key in raw and not already_noted and (message := _wrong_text(key, raw[key], reader)):
            reader.note(where, message)
    _check_role(reader, raw, address)
    if raw.get("usual", True) is not True:
        reader.note((*address, "usual"), "usual is true or left out")
    for name in reading_names(raw):
        if name not in reader.policy.readings:
            message = f"no reading '{name}'{did_you_mean(name, reader.policy.readings)}"
            reader.note((*address, "reading"), message)
    if isinstance(raw.get("id"), str):
        reader.claim(raw["id"], (*address, "id"))


def _wrong_text(key: str, written: object, reader: CriterionReader) -> str | None:
    if not isinstance(written, str):
        return f"{key} is text; put it in quotes"
    if not written.strip():
        return f"{key} says nothing"
    if key != "cite":
        return too_long_for_card(written) if key == "on_card" else None
    if reader.references is None:
        return wrong_cite(written, reader.policy.source)
    missing = [name for name in written.split(", ") if name not in reader.references]
    if not missing:
        return None
    return f"no reference '{missing[0]}' here{did_you_mean(missing[0], reader.references)}"


def too_long_for_card(written: str) -> str | None:
    """Why a text does not fit into one line of a card; None if it does."""
    if len(written) <= LONGEST_ON_CARD:
        return None
    return f"on_card has {len(written)} characters; a card has room for {LONGEST_ON_CARD}"


def _check_role(reader: CriterionReader, raw: Mapping[str, Any], address: Address) -> None:
    role = raw.get("statement")
    if role is not None and role is not True and role not in (*ROLES, "review"):
        reader.note(
            (*address, "statement"), f"statement is true, review or one of {', '.join(ROLES)}"
        )


def reading_names(raw: Mapping[str, Any]) -> list[str]:
    """The readings that a criterion rests on."""
    written = raw.get("reading", [])
    return [str(name) for name in (written if isinstance(written, list) else [written])]


GROUPS = ("all", "any", "not", "at_least_of", "choose", "one_class")
LEAVES = ("fact", "recorded", "trial", *NESTED, *FLAGS)
HEADING_KEYS = (*TEXTS, "reading", "statement", "usual", "notice")
USE = "use"
REVIEW = "review"
KEYS_BESIDE = {"fact": set(COMPARE_KEYS), "recorded": set(RECORDED_KEYS)}
KEYS_OF_SOME = {*COMPARE_KEYS, *RECORDED_KEYS}


def operator_key(reader: CriterionReader, raw: Mapping[str, Any], address: Address) -> str | None:
    """The key of a criterion's operator; None if it has none or several."""
    all_keys = {*GROUPS, *LEAVES, *KEYS_OF_SOME, *HEADING_KEYS, USE}
    operators = [key for key in (*GROUPS, *LEAVES) if key in raw]
    beside = KEYS_BESIDE.get(operators[0], set()) if operators else KEYS_OF_SOME
    for key in raw:
        if key not in all_keys:
            reader.note((*address, key), f"unknown key '{key}'{did_you_mean(key, all_keys)}")
        elif key in KEYS_OF_SOME and key not in beside and key not in operators:
            reader.note((*address, key), f"'{key}' means nothing beside '{operators[0]}'")
    role = raw.get("statement")
    if (role is True or role == REVIEW) and operators:
        role_text = "true" if role is True else role
        message = f"'statement: {role_text}' stands alone, without '{operators[0]}'; did you mean 'decides'?"
        reader.note((*address, "statement"), message)
    elif role is True or role == REVIEW:
        return "statement"
    if len(operators) != 1:
        reader.note(address, f"one operator is needed, found {', '.join(operators) or 'none'}")
        return None
    return operators[0]


def parts_of(
    reader: CriterionReader, written: object, address: Address, names: tuple[str, ...]
) -> Mapping[str, Any]:
    """The parts of a group that has a key for each part; empty if it is no mapping."""
    if not isinstance(written, dict):
        reader.note(address, f"{', '.join(names)} are needed here")
        return {}
    for key in written:
        if key not in names:
            reader.note((*address, key), f"unknown key '{key}'{did_you_mean(key, names)}")
    return written
