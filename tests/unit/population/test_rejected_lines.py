"""Why a line is rejected, and what is left of it."""

import gzip
import json
from hashlib import md5
from pathlib import Path

import pytest

from service.population.rejected_lines import (
    LONGEST_LINE,
    Damage,
    damage_by,
    hash_of,
    lines_of,
    patient_of,
    why_rejected,
)

OF_PATIENTS = frozenset({"Patient", "Observation", "Coverage"})


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b'{"resourceType": "Observation"', "the line is not strict JSON at column 31"),
        (b'{"resourceType": "Observation", "value": NaN}', "the line is not strict JSON at column"),
        (b'{"a": "\xff"}', "the line is not strict JSON at column"),
        (b"[" * 120 + b"]" * 120, "the line is nested deeper than 100 levels"),
        (b"[1]", "no FHIR resource"),
        (b'{"resourceType": "Patient"}', "the Patient has no id"),
        (b'{"resourceType": "Observation"}', "it names no patient by a reference"),
        (
            b'{"resourceType": "Observation", "subject": {"reference": "Group/1"}}',
            "its subject is no patient",
        ),
        (b" " * (LONGEST_LINE + 1), "the line is longer than 8 MB"),
    ],
)
def test_reason_is_given(line: bytes, why: str) -> None:
    assert why in (why_rejected(line, OF_PATIENTS) or "")


@pytest.mark.parametrize("type_", ["Observation", "Group"])
def test_sound_lines_and_types_that_nothing_reads_are_no_rejects(type_: str) -> None:
    line = json.dumps({"resourceType": type_, "subject": {"reference": "Patient/1"}})
    assert why_rejected(line.encode(), OF_PATIENTS) is None


@pytest.mark.parametrize(
    ("element", "reference"),
    [
        ("subject", "Patient/p-1"),
        ("patient", "https://ehr.example.org/fhir/Patient/p-1/_history/2"),
        ("beneficiary", "urn:uuid:p-1"),
    ],
)
def test_patient_is_found_in_each_element_and_form(element: str, reference: str) -> None:
    resource = {"resourceType": "Coverage", element: {"reference": reference}}
    assert patient_of(resource) == "p-1"


def test_broken_line_still_says_whose_it_was() -> None:
    line = b'{"resourceType":"Observation","subject":{"reference":"Patient/p1"},"valueQ'
    assert damage_by(line) == Damage("p1", "Observation")
    assert damage_by(b'{"resourceType":"Observation","valueQ') is None


def test_lines_have_no_ends_and_no_byte_order_mark(tmp_path: Path) -> None:
    plain, zipped = tmp_path / "a.ndjson", tmp_path / "a.ndjson.gz"
    plain.write_bytes(b"\xef\xbb\xbfone\r\ntwo")
    zipped.write_bytes(gzip.compress(b"one\ntwo\n"))
    assert [*lines_of(plain)] == [*lines_of(zipped, zipped=True)] == [b"one", b"two"]


def test_hash_is_the_one_of_duckdb() -> None:
    assert hash_of(b"one") == md5(b"one", usedforsecurity=False).hexdigest()
