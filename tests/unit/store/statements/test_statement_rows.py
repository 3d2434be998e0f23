"""What is kept of a statement, as rows."""

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

from service.store.statements.statement_rows import (
    Delivery,
    DraftKey,
    KeptDraft,
    KeptStatement,
    PatientKey,
    draft_of,
    draft_row,
    statement_of,
    statement_row,
)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ANNA = PatientKey("hospital", "https://ehr.example.org/fhir", "p1")
KEY = DraftKey(ANNA, "Practitioner/7", "policy/initial")


def test_row_of_a_statement_gives_the_statement_back() -> None:
    made = KeptStatement(
        "s1",
        ANNA,
        {"b": 1, "a": "\0"},
        "Practitioner/7",
        "Ada",
        date(2026, 11, 20),
        date(2027, 11, 20),
        "sha256:0",
        ({"linkId": "a"},),
        delivery=Delivery("due", None, "no scope", 1, NOW),
    )
    row = statement_row(made, NOW)
    assert "\0" not in "".join(map(str, row.values()))
    assert statement_of(SimpleNamespace(**row)) == replace(made, stored_at=NOW)


def test_row_of_a_draft_gives_the_draft_back() -> None:
    row = draft_row(KeptDraft(KEY, {"a": 1}), NOW)
    assert draft_of(SimpleNamespace(**row)) == KeptDraft(KEY, {"a": 1}, NOW)


def test_key_of_a_draft_differs_with_each_of_its_parts() -> None:
    others = (
        replace(KEY, user="Practitioner/8"),
        replace(KEY, form="policy/renewal"),
        replace(KEY, of=replace(ANNA, client="clinic")),
        replace(KEY, of=replace(ANNA, patient="p2")),
        replace(KEY, of=replace(ANNA, server="https://other.example.org")),
        # the parts are not simply put one after the other
        replace(KEY, user="Practitioner/7policy", form="/initial"),
    )
    assert len({KEY.id, *(one.id for one in others)}) == 7
