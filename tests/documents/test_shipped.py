"""The shipped documents: sound, cited line by line, every code well formed."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.paths import ROOT, yaml_of

from service.library import load_library

MAPPINGS = ROOT / "mappings"
POLICY = MAPPINGS / "policies/bcbsms/dupilumab/2025-10-01"
LINES_OF_THE_SOURCE = 200
RANGE = re.compile(r"(\d+)(?:-(\d+))?")


def _yaml(path: Path) -> Any:
    return yaml_of(path)


def _members(value: object) -> Iterator[dict[str, Any]]:
    """Every mapping in a document."""
    if isinstance(value, dict):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from _members(one)


def _policy_documents() -> list[tuple[str, Any]]:
    return [(path.name, _yaml(path)) for path in sorted(POLICY.glob("*.yaml"))]


def _cites() -> list[tuple[str, str]]:
    found = [
        (name, one["cite"])
        for name, document in _policy_documents()
        for one in _members(document)
        if "cite" in one
    ]
    groups = _yaml(POLICY / "policy.yaml")["groups"]
    return found + [("policy.yaml", cite) for cite in groups.values()]


def _in_the_source(cite: str) -> bool:
    """Whether a citation is line numbers and rising ranges of the source, parted by commas."""
    parts = [RANGE.fullmatch(part) for part in cite.split(", ")]
    ends = [(int(one[1]), int(one[2] or one[1])) for one in parts if one]
    in_order = all(1 <= first <= last <= LINES_OF_THE_SOURCE for first, last in ends)
    return bool(ends) and len(ends) == len(parts) and in_order


def test_the_shipped_documents_are_sound() -> None:
    counts = load_library(ROOT, None).counts
    assert all(counts.values())


def test_every_citation_of_the_policy_is_a_line_of_the_source() -> None:
    wrong = [(file, cite) for file, cite in _cites() if not _in_the_source(cite)]
    assert wrong == []


@pytest.mark.parametrize("cite", ["0", "201", "30-20", "", "line 3", "3,4", "3-"])
def test_a_citation_outside_the_source_would_be_noticed(cite: str) -> None:
    assert not _in_the_source(cite)


def test_ids_say_where_a_criterion_stands() -> None:
    wrong = []
    for name, document in _policy_documents():
        if name == "policy.yaml":
            continue
        for phase in ("initial", "renewal"):
            prefix = f"{Path(name).stem}.{phase}"
            wrong += [
                one["id"]
                for one in _members(document[phase])
                if "id" in one and not re.fullmatch(rf"{prefix}(\.[a-z0-9_]+)*", one["id"])
            ]
    assert wrong == []


def test_every_reading_that_is_used_beside_another_says_so_in_the_policy() -> None:
    readings = _yaml(POLICY / "policy.yaml")["readings"]
    computed = set(_yaml(POLICY / "policy.yaml")["trial"].get("also", ()))
    named = {name for one in readings.values() for name in one.get("also", {})}
    assert computed <= named


def test_the_policy_is_in_force_from_its_first_day_on() -> None:
    library = load_library(ROOT, None)
    first = date(2025, 10, 1)
    assert library.policy("bcbsms", "dupilumab", first) is not None
    assert library.policy("bcbsms", "dupilumab", date.fromordinal(first.toordinal() - 1)) is None
    assert library.policy("another", "dupilumab", first) is None


def _codes() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path in sorted((MAPPINGS / "value_sets").glob("*.yaml")):
        document = _yaml(path)
        for part in ("codes", "questions"):
            for system, lines in document.get(part, {}).items():
                for line in lines:
                    yield path.stem, system, line


def _loinc(code: str) -> bool:
    """Whether the check digit (mod 10) fits."""
    digits, _, check = code.partition("-")
    if not (digits.isdigit() and check.isdigit()):
        return False
    doubled = [int(d) * (2 if n % 2 == 0 else 1) for n, d in enumerate(reversed(digits))]
    return (10 - sum(d // 10 + d % 10 for d in doubled) % 10) % 10 == int(check)


_answer = re.compile(r"LA\d+-\d").fullmatch  # of an answer list
_TURN = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def _joined(one: int, other: int) -> int:
    """The product of two elements of the dihedral group of order ten."""
    if one < 5:
        return (one + other) % 5 if other < 5 else 5 + (one + other) % 5
    return 5 + (one - other) % 5 if other < 5 else (one - other) % 5


def _snomed(code: str) -> bool:
    """Whether the check digit (Verhoeff) fits."""
    if not code.isdigit():
        return False
    check = 0
    for place, digit in enumerate(reversed(code)):
        turned = int(digit)
        for _ in range(place % 8):
            turned = _TURN[turned]
        check = _joined(check, turned)
    return check == 0


WELL_FORMED: dict[str, Callable[[str], object]] = {
    "http://loinc.org": lambda code: _answer(code) or _loinc(code),
    "http://snomed.info/sct": _snomed,
    "http://www.nlm.nih.gov/research/umls/rxnorm": re.compile(r"[1-9]\d*").fullmatch,
    "http://hl7.org/fhir/sid/ndc": re.compile(r"\d{11}").fullmatch,
    "http://hl7.org/fhir/sid/icd-10-cm": re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?").fullmatch,
    "http://www.ama-assn.org/go/cpt": re.compile(r"\d{4}[0-9FTU]").fullmatch,
    "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets": re.compile(r"[A-Z]\d{4}").fullmatch,
    "http://nucc.org/provider-taxonomy": re.compile(r"[0-9A-Z]{9}X").fullmatch,
}


def test_every_code_is_well_formed() -> None:
    wrong = [
        (name, system, line["code"])
        for name, system, line in _codes()
        if system in WELL_FORMED and not WELL_FORMED[system](line["code"])
    ]
    assert wrong == []


def test_a_mistyped_code_would_be_noticed() -> None:
    assert _loinc("29463-7")
    assert not _loinc("29463-1")
    assert _snomed("24079001")
    assert not _snomed("24097001")


def test_every_code_system_is_one_we_know() -> None:
    known = {one["uri"] for one in _yaml(MAPPINGS / "code_systems.yaml")["code_systems"]}
    ours = re.compile(r"https://dupilumab-cds\.github\.io/fhir/CodeSystem/\w+")
    hl7 = re.compile(r"http://(terminology\.)?hl7\.org/(fhir/(us|uv)/[\w-]+/)?CodeSystem/[\w-]+")
    found = {system for _, system, _ in _codes()} - known
    assert {one for one in found if not ours.fullmatch(one) and not hl7.fullmatch(one)} == set()
