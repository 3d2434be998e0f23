"""Case files to cases, and a case to what it says of the engine's answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from support.cases.documents import CaseError, only, read
from support.cases.request import client, request
from support.paths import ROOT

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request
from service.library import Library, load_library

FOLDER = ROOT / "tests/cases/policies"
CASE_KEYS = {"says", "as_of", "given", "expect", "disputed"}
WHOLE = {"path", "outcome", "indication"}
TRUTHS = {"met", "not_met", "unknown"}
REASONS = {
    "not_found",
    "not_held",
    "not_supplied",
    "incomplete",
    "stale",
    "unit",
    "unmapped",
    "conflict",
    "weak_evidence",
    "attestation",
    "review",
    "imprecise",
}
Json = dict[str, Any]


@dataclass(frozen=True)
class Expected:
    """What one criterion should come to; a reason, miss or note of None is left open."""

    truth: str
    reason: str | None = None
    miss: str | None = None
    note: str | None = None
    no_note: str | None = None


@dataclass(frozen=True)
class Case:
    """A sentence, a day, what is given, what is expected."""

    file: str
    says: str
    as_of: date
    given: Json
    expect: dict[str, Expected]
    whole: dict[str, Any]
    disputed: str | None


def cases_of(path: Path, file: str) -> list[Case]:
    """The cases of one file; a sentence stands once."""
    raw = only(read(path), {"as_of", "given", "cases"}, file)
    found = [_case(one, raw["as_of"], raw.get("given") or {}, file) for one in raw["cases"]]
    says = [one.says for one in found]
    twice = sorted({one for one in says if says.count(one) > 1})
    if twice:
        raise CaseError(f"{file}: two cases say '{twice[0]}'")
    return found


def _case(raw: Any, as_of: str, always: Json, file: str) -> Case:
    only(raw, CASE_KEYS, file)
    where = f"{file}: {raw.get('says')}"
    if not raw.get("says") or not raw.get("expect"):
        raise CaseError(f"{where}: a case says something and expects something")
    whole = {key: value for key, value in raw["expect"].items() if key in WHOLE}
    expect = {
        id_: _expected(value, f"{where}: {id_}")
        for id_, value in raw["expect"].items()
        if id_ not in WHOLE
    }
    day = date.fromisoformat(raw.get("as_of", as_of))
    given = _given(always, raw.get("given") or {})
    case = Case(file, raw["says"], day, given, expect, whole, raw.get("disputed"))
    try:
        request(case.given, case.as_of)
    except (CaseError, KeyError) as error:
        raise CaseError(f"{where}: {error}") from error
    return case


def _given(always: Json, said: Json) -> Json:
    """What every case of the file is given, and what this one says otherwise; orders part by part."""
    order = {**always.get("order", {}), **said.get("order", {})}
    return {**always, **said, **({"order": order} if order else {})}


def _expected(raw: Any, where: str) -> Expected:
    if isinstance(raw, dict):
        only(raw, {"is", "why", "miss", "note", "no_note"}, where)
        found = Expected(
            raw["is"], raw.get("why"), raw.get("miss"), raw.get("note"), raw.get("no_note")
        )
    elif isinstance(raw, list):
        found = Expected(*raw[:2])
    else:
        found = Expected(str(raw))
    if found.truth not in TRUTHS:
        raise CaseError(f"{where}: met, not_met or unknown, not '{found.truth}'")
    if found.reason is not None and (found.truth != "unknown" or found.reason not in REASONS):
        raise CaseError(f"{where}: '{found.reason}' is no reason of an unknown")
    return found


@cache
def all_cases() -> list[Case]:
    """Every case of every file below tests/cases/policies."""
    return cases_below(FOLDER, ROOT / "mappings/policies")


def cases_below(folder: Path, policies: Path) -> list[Case]:
    """Every case below a folder; each file lies where the version that it is about lies."""
    found = []
    for path in sorted(folder.rglob("*.yaml")):
        file = path.relative_to(folder)
        # a version may have its cases in folders of its own, one for each disease
        if not any((policies / one / "policy.yaml").is_file() for one in file.parents):
            raise CaseError(f"{file.as_posix()}: there is no version {file.parent.as_posix()}")
        found += cases_of(path, file.as_posix())
    return found


@cache
def library() -> Library:
    """The library of this checkout, loaded once."""
    return load_library(ROOT, None)


def twin(case: Case, known: Library) -> Json:
    """The assessment of the case's order."""
    hook = parse_hook_request(request(case.given, case.as_of), frozenset(["order-sign"]))
    advice = advise(known, hook, client(case.given, case.as_of), AsOf("day", case.as_of))
    if len(advice.twins) != 1:
        raise AssertionError(f"{len(advice.twins)} assessments for one order")
    return advice.twins[0]


def by_id(twin_: Json) -> dict[str, Json]:
    """Every criterion of the tree by its id."""
    return {one["id"]: one for one in _nodes(twin_["criteria"])}


def _nodes(nodes: list[Json]) -> Iterator[Json]:
    for node in nodes:
        yield node
        yield from _nodes(node.get("children", []))


def wrong(case: Case, known: Library) -> list[str]:
    """Where the engine's answer is not what the case expects, one line each."""
    return differences(case, twin(case, known))


def differences(case: Case, said: Json) -> list[str]:
    """Where an assessment is not what the case expects, one line each."""
    found = by_id(said)
    lines = [
        f"{key}: expected {value}, got {said[key]}"
        for key, value in case.whole.items()
        if said[key] != value
    ]
    for id_, expected in case.expect.items():
        if id_ not in found:
            lines.append(f"{id_}: not in the answer (path {said['path']})")
        elif line := _differs(expected, found[id_]):
            lines.append(f"{id_}: {line}")
    return lines


def _differs(expected: Expected, node: Json) -> str | None:
    got = [node["truth"], node["reason"], node["miss"]]
    notes = " ".join(node.get("notes", []))
    if node["truth"] != expected.truth or expected.reason not in (None, node["reason"]):
        return f"expected {expected.truth} {expected.reason or ''}, got {got}"
    if expected.miss and expected.miss not in (node["miss"] or ""):
        return f"expected the miss '{expected.miss}', got {got}"
    if expected.note and expected.note not in notes:
        return f"expected the note '{expected.note}', got '{notes}'"
    if expected.no_note and expected.no_note in notes:
        return f"expected no note '{expected.no_note}', got '{notes}'"
    return None
