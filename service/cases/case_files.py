"""Case files: a sentence, a day, what is given and what is expected, read strictly."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from service.cases.case_words import CaseContext, CaseWords
from service.cases.given import GIVEN, request
from service.cases.strict_yaml import only, read_case_file
from service.errors import CaseError
from service.json_object import Json
from service.policy.truth import REASONS as _REASONS
from service.policy.truth import Truth

CASE_KEYS = {"says", "as_of", "given", "expect", "disputed"}
WHOLE = {"path", "outcome", "indication"}
TRUTHS = frozenset(map(str, Truth))
REASONS = frozenset(map(str, _REASONS))


@dataclass(frozen=True)
class Expected:
    """What one criterion should come to; a reason, miss or note of None is left open."""

    truth: str
    reason: str | None = None
    miss: str | None = None
    note: str | None = None
    no_note: str | None = None


@dataclass(frozen=True)
class WrittenCase:
    """A sentence, a day, what is given, what is expected."""

    file: str
    says: str
    as_of: date
    given: Json
    expect: dict[str, Expected]
    whole: dict[str, Any]
    disputed: str | None


def cases_of(path: Path, file: str, words: CaseWords) -> list[WrittenCase]:
    """The cases of one file; a CaseError names what cannot be understood, or a sentence that stands twice."""
    cases, unread = read_cases(path, file, words)
    if unread:
        raise unread[0]
    return cases


def read_cases(
    path: Path, file: str, words: CaseWords
) -> tuple[list[WrittenCase], list[CaseError]]:
    """The cases of one file that can be understood, and an error for each that cannot.

    Raises CaseError if the file itself cannot be read, or if a sentence stands twice.
    """
    raw = only(read_case_file(path), {"as_of", "given", "cases"}, file)
    always = only(raw.get("given") or {}, GIVEN, f"{file}: given")
    written = raw.get("cases")
    if not isinstance(written, list):
        raise CaseError(f"{file}: 'cases' is a list of cases")
    cases: list[WrittenCase] = []
    unread: list[CaseError] = []
    for one in written:
        try:
            cases.append(_case(one, raw.get("as_of"), always, file, words))
        except CaseError as error:
            unread.append(error)
    says = [one.says for one in cases]
    twice = sorted({one for one in says if says.count(one) > 1})
    if twice:
        raise CaseError(f"{file}: two cases say '{twice[0]}'")
    return cases, unread


def _case(raw: Any, as_of: Any, always: Json, file: str, words: CaseWords) -> WrittenCase:
    only(raw, CASE_KEYS, file)
    where = f"{file}: {raw.get('says')}"
    if not raw.get("says") or not raw.get("expect"):
        raise CaseError(f"{where}: a case says something and expects something")
    if not isinstance(raw["expect"], dict):
        raise CaseError(f"{where}: 'expect' names criteria and what they come to")
    whole = {key: value for key, value in raw["expect"].items() if key in WHOLE}
    expect = {
        id_: _expected(value, f"{where}: {id_}")
        for id_, value in raw["expect"].items()
        if id_ not in WHOLE
    }
    given = _given(always, only(raw.get("given") or {}, GIVEN, f"{where}: given"))
    try:
        day = date.fromisoformat(str(raw.get("as_of", as_of)))
        request(given, CaseContext(day, words))
    except KeyError as error:
        raise CaseError(f"{where}: {error} is missing") from error
    except (CaseError, TypeError, ValueError, AttributeError) as error:
        raise CaseError(f"{where}: {error}") from error
    return WrittenCase(file, str(raw["says"]), day, given, expect, whole, raw.get("disputed"))


def _given(always: Json, said: Json) -> Json:
    """What every case of the file is given, and what this one says otherwise; orders part by part."""
    order = {**always.get("order", {}), **said.get("order", {})}
    return {**always, **said, **({"order": order} if order else {})}


def _expected(raw: Any, where: str) -> Expected:
    if isinstance(raw, dict):
        only(raw, {"is", "why", "miss", "note", "no_note"}, where)
        expected = Expected(
            str(raw.get("is")), raw.get("why"), raw.get("miss"), raw.get("note"), raw.get("no_note")
        )
    elif isinstance(raw, list):
        expected = Expected(*map(str, raw[:2])) if raw else Expected("")
    else:
        expected = Expected(str(raw))
    if expected.truth not in TRUTHS:
        raise CaseError(f"{where}: met, not_met or unknown, not '{expected.truth}'")
    if expected.reason is not None and (
        expected.truth != "unknown" or expected.reason not in REASONS
    ):
        raise CaseError(f"{where}: '{expected.reason}' is no reason of an unknown")
    return expected
