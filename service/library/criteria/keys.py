"""The keys of one criterion: all of them known, one operator among them, none without a meaning."""

from collections.abc import Mapping
from typing import Any

from service.library.criteria.scope import Reader
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Address
from service.policy.operators import COMPARE_KEYS, FLAGS, NESTED, RECORDED_KEYS

GROUPS = ("all", "any", "not", "at_least_of", "choose", "one_class")
LEAVES = ("fact", "recorded", "trial", *NESTED, *FLAGS)
ABOUT = ("id", "says", "cite", "reading", "statement", "asks", "short", "usual", "notice")
USE = "use"
REVIEW = "review"
BESIDE = {"fact": set(COMPARE_KEYS), "recorded": set(RECORDED_KEYS)}
BESIDE_OTHERS = {*COMPARE_KEYS, *RECORDED_KEYS}


def operator_key(reader: Reader, raw: Mapping[str, Any], at: Address) -> str | None:
    """The one operator of a criterion; None when it has none or several."""
    known = {*GROUPS, *LEAVES, *BESIDE_OTHERS, *ABOUT, USE}
    found = [key for key in (*GROUPS, *LEAVES) if key in raw]
    beside = BESIDE.get(found[0], set()) if found else BESIDE_OTHERS
    for key in raw:
        if key not in known:
            reader.note((*at, key), f"unknown key '{key}'{did_you_mean(key, known)}")
        elif key in BESIDE_OTHERS and key not in beside and key not in found:
            reader.note((*at, key), f"'{key}' means nothing beside '{found[0]}'")
    role = raw.get("statement")
    if (role is True or role == REVIEW) and found:
        said = "true" if role is True else role
        what = f"'statement: {said}' stands alone, without '{found[0]}'; did you mean 'decides'?"
        reader.note((*at, "statement"), what)
    elif role is True or role == REVIEW:
        return "statement"
    if len(found) != 1:
        reader.note(at, f"one operator is needed, found {', '.join(found) or 'none'}")
        return None
    return found[0]


def parts_of(
    reader: Reader, written: object, at: Address, names: tuple[str, ...]
) -> Mapping[str, Any]:
    """The parts of a group that names them."""
    if not isinstance(written, dict):
        reader.note(at, f"{', '.join(names)} are needed here")
        return {}
    for key in written:
        if key not in names:
            reader.note((*at, key), f"unknown key '{key}'{did_you_mean(key, names)}")
    return written
