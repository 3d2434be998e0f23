"""Why a line is rejected, and what is left of it."""

import gzip
import json
from hashlib import md5
from pathlib import Path

import pytest

from service.population.rejected_lines import (
    LONGEST_LINE,
    damages_by,
    hash_of,
    lines_of,
    patient_of,
    why_rejected,
    why_unassigned,
)


def damaged(line: bytes) -> set[tuple[str, str | None]]:
    """The patients and types that a rejected line leaves open."""
    return {(one.patient, one.type) for one in damages_by(line, OF_PATIENTS)}


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
    assert damaged(line) == {("p1", "Observation")}
    assert damaged(b'{"resourceType":"Observation","valueQ') == set()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        # each patient that a line names may be the one whose data are not whole
        (
            (
                b'{"resourceType":"Observation","subject":{"reference":"Patient/p1"},"focus":'
                b'[{"reference":"https://ehr.example/Patient/p2"}],"val'
            ),
            {("p1", "Observation"), ("p2", "Observation")},
        ),
        (
            b'{"subject":{"reference":"Patient/p1"},"subject":{"reference":"Patient/p2"}',
            {("p1", None), ("p2", None)},
        ),
        # the type of a contained resource is not taken for that of the line
        (
            (
                b'{"contained":[{"resourceType":"Coverage"}],"resourceType":"Observation","subject":'
                b'{"reference":"Patient/p1"}'
            ),
            {("p1", "Coverage"), ("p1", "Observation")},
        ),
        (b'{"id":"p1","resourceType":"Patient","id":"p2"', {("p1", "Patient"), ("p2", "Patient")}),
        (b'{"resourceType":"Patient","id":"p1","name":[', {("p1", "Patient")}),
        (
            b'{"resourceType":"Coverage","beneficiary":{"type":"Patient","reference":"urn:uuid:p1"},',
            {("p1", "Coverage")},
        ),
        (b'{"resourceType":"Coverage","payor":[{"reference":"urn:uuid:o1"}],', set()),
        # of a type that nothing reads nothing is missing
        (b'{"resourceType":"Binary","securityContext":{"reference":"Patient/p1"},', set()),
        (
            (
                b'{"resourceType":"OperationOutcome","issue":[{"severity":"error","diagnostics":'
                b'"Patient/p1 could not be exported"}]}'
            ),
            {("p1", None)},
        ),
        (
            (
                b'{"resourceType":"OperationOutcome","issue":[{"severity":"information","diagnostics":'
                b'"Patient/p1 was exported"}]}'
            ),
            set(),
        ),
    ],
)
def test_every_patient_that_a_line_names_is_found(
    line: bytes, found: set[tuple[str, str | None]]
) -> None:
    assert damaged(line) == found


@pytest.mark.parametrize(
    ("issue", "why"),
    [
        ([{"severity": "error", "code": "exception"}], "the export reports: error (exception)"),
        (
            [{"severity": "information"}, {"severity": "fatal", "code": "Amara Okafor"}],
            "the export reports: fatal",
        ),
        ([{"severity": "Amara"}, 7], "the export reports an issue without a severity"),
        (None, "the export reports an issue without a severity"),
    ],
)
def test_what_an_export_reports_is_said_by_severity_and_code(issue: object, why: str) -> None:
    line = json.dumps({"resourceType": "OperationOutcome", "issue": issue}).encode()
    assert why_rejected(line, OF_PATIENTS) == why


@pytest.mark.parametrize(
    ("line", "twice"),
    [
        (b'{"resourceType":"Observation","subject":{},"subject":{}}', True),
        (b'{"subject":{"reference":"Patient/a","reference":"Patient/b"}}', True),
        (b'{"subject":{"reference":"Group/a"},"note":[{"text":"a"},{"text":"b"}]}', False),
        (b'{"note":[],"note":[]}', False),
    ],
)
def test_why_a_sound_line_is_given_to_nobody(line: bytes, twice: bool) -> None:
    assert ("twice" in why_unassigned(line)) is twice


def test_lines_have_no_ends_and_no_byte_order_mark(tmp_path: Path) -> None:
    plain, zipped = tmp_path / "a.ndjson", tmp_path / "a.ndjson.gz"
    plain.write_bytes(b"\xef\xbb\xbfone\r\ntwo")
    zipped.write_bytes(gzip.compress(b"one\ntwo\n"))
    assert [*lines_of(plain)] == [*lines_of(zipped, zipped=True)] == [b"one", b"two"]


def test_hash_is_the_one_of_duckdb() -> None:
    assert hash_of(b"one") == md5(b"one", usedforsecurity=False).hexdigest()
