"""Boundary cases as files: a hook request each, and the cases with what must come out, as YAML."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from shutil import rmtree
from typing import Any

import orjson

from service.boundary.boundary_cases import BoundaryCase
from service.cases.case_words import CaseContext, CaseWords
from service.cases.given import request
from service.errors import CaseError
from service.json_object import Json

REQUESTS, CASES, WORDS = "requests", "cases.yaml", "words.yaml"


def chosen(cases: Sequence[BoundaryCase], count: int | None, seed: int) -> list[BoundaryCase]:
    """So many of the cases, drawn by the seed, in their order; all of them without a count."""
    if count is None or count >= len(cases):
        return list(cases)
    places = Random(seed).sample(range(len(cases)), count)  # noqa: S311 - test data, no secret
    return [cases[place] for place in sorted(places)]


def write_cases(out: Path, cases: Sequence[BoundaryCase], words: CaseWords) -> None:
    """Writes requests/*.json, cases.yaml and words.yaml into a folder that is empty or not there.

    If that is broken off, as on a full disk, nothing of it stays.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CaseError(f"'{out}' is there and not empty; name another folder")
    (out / REQUESTS).mkdir(parents=True)
    try:
        _write(out, cases, words)
    except BaseException:
        rmtree(out, ignore_errors=True)
        raise


def _write(out: Path, cases: Sequence[BoundaryCase], words: CaseWords) -> None:
    for case in cases:
        sent = request(case.case.given, CaseContext(case.case.as_of, words))
        raw = orjson.dumps(sent, option=orjson.OPT_INDENT_2)
        (out / REQUESTS / f"{case.name}.json").write_bytes(raw)
    (out / CASES).write_text("\n".join(case_lines(cases)) + "\n", encoding="utf-8")
    (out / WORDS).write_text(_words(words), encoding="utf-8")


def case_lines(cases: Sequence[BoundaryCase]) -> Iterable[str]:
    """The cases as YAML; each value is written as JSON, which YAML contains."""
    yield "# Made by `generate`: run it with `dupilumab-cds cases run` on this folder."
    yield f'as_of: "{cases[0].case.as_of}"' if cases else 'as_of: "2000-01-01"'
    yield "cases:"
    for case in cases:
        expect: Json = dict(case.case.whole)
        for id_, one in case.case.expect.items():
            expect[id_] = [one.truth, one.reason] if one.reason else one.truth
        yield f"  - says: {_json(case.case.says)}"
        yield f"    given: {_json(case.case.given)}"
        yield f"    expect: {_json(expect)}"


def _words(words: CaseWords) -> str:
    table = {
        "systems": dict(words.systems),
        "words": {"generated": dict(words.codes)},
        "units": dict(words.units),
    }
    return "".join(f"{key}: {_json(value)}\n" for key, value in table.items())


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
