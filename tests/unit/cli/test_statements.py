"""`statements list`, `delete` and `purge` through their own face."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main
from service.store import Delivery, KeptStatement, PatientKey, Store

EHR = "https://ehr.example.org/fhir"
ANNA, BOB = PatientKey("hospital", EHR, "anna"), PatientKey("hospital", EHR, "bob")


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with one statement about Anna and one about Bob, which no longer counts."""
    address = f"sqlite:///{tmp_path}/cds.db"
    monkeypatch.setenv("CDS_DATABASE_URL", address)
    store = Store.open(address, 30)
    assert store.statements is not None
    for number, (patient, year) in enumerate(((ANNA, 2199), (BOB, 2021)), 1):
        made = KeptStatement(
            f"s{number}",
            patient,
            {"questionnaire": "https://example.org/form|1"},
            "Practitioner/7",
            "Dr. Ada",
            date(year - 1, 1, 1),
            date(year, 1, 1),
            "sha256:0",
            delivery=Delivery("due", None, "the server did not answer", 1),
        )
        # another process would have written it before it was too old
        store.statements.keep(made)
    store.close()
    return address


def run(*arguments: str, given: str | None = None) -> tuple[int, list[str]]:
    """The exit status and the lines."""
    result = CliRunner().invoke(main, ("statements", *arguments), input=given)
    return result.exit_code, result.output.splitlines()


WHOSE = ("--client", "hospital", "--server", f"{EHR}/", "--patient")


def test_what_is_kept_of_a_patient_is_listed_and_deleted(url: str) -> None:
    assert url
    status, (line,) = run("list", *WHOSE, "Patient/anna")
    assert status == 0
    assert line == (
        "s1, https://example.org/form|1, by Dr. Ada (Practitioner/7) on 2198-01-01, counts until"
        " 2199-01-01, in the EHR: due, the server did not answer"
    )
    assert run("delete", *WHOSE[:-1], given="anna\n") == (0, ["Patient id: anna", "deleted: 1"])
    assert run("list", *WHOSE, "anna") == (0, ["no statement of this patient is kept"])


def test_withdrawn_statement_is_listed_as_one_and_not_forgotten_by_the_way(url: str) -> None:
    store = Store.open(url, 30)
    assert store.statements is not None
    assert store.statements.withdraw(ANNA, "Practitioner/7", "s1")
    store.statements.note_delivery("s1", Delivery("done", "QuestionnaireResponse/q3"))
    store.close()
    (line,) = run("list", *WHOSE, "anna")[1]
    assert "withdrawn: does not count" in line
    assert "counts until" not in line
    status, (refused,) = run("delete", *WHOSE, "anna")
    assert status == 2
    assert "nothing is deleted: QuestionnaireResponse/q3 was withdrawn" in refused
    assert run("list", *WHOSE, "anna")[1] == [line]
    assert run("delete", *WHOSE, "anna", "--withdrawn") == (0, ["deleted: 1"])


def test_what_no_longer_counts_is_purged_or_all_of_it(url: str) -> None:
    assert url
    run("purge")
    assert run("list", *WHOSE, "bob")[1] == ["no statement of this patient is kept"]
    assert len(run("list", *WHOSE, "anna")[1]) == 1
    assert run("purge", "--all") == (0, ["deleted: 1"])


def test_database_that_keeps_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDS_DATABASE_URL", "sqlite://")
    status, (line,) = run("purge")
    assert status == 2
    assert "a database in memory keeps no statements" in line
