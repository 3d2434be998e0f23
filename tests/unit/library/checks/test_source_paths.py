"""Paths of sources lead to elements that R4 has."""

from pathlib import Path

import pytest
from support.changed_documents import changed, shipped

from service.errors import Mistake
from service.library.checks.source_paths import check_paths
from service.library.documents.folders import Documents, read_shapes
from service.library.shapes import SourceShape

CLAIMS = "mappings/sources/claims.yaml"


def messages(documents: Documents) -> list[str]:
    mistakes: list[Mistake] = []
    sources = read_shapes(documents, "sources", SourceShape, "source", mistakes)
    assert mistakes == []
    return [mistake.what for mistake in check_paths(sources)]


def test_shipped_paths_are_in_r4() -> None:
    assert messages(shipped()) == []


def test_paths_of_a_draft_of_another_type_start_at_that_type(tmp_path: Path) -> None:
    old, new = "subject: $.subject, concepts: [$.code,", "subject: $.subject, concepts: [$.cod,"
    (message,) = messages(changed(tmp_path, "mappings/sources/medications.yaml", old, new))
    assert message.startswith("R4 knows no 'cod' in ServiceRequest")


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("references: $.prescription\n", "references: $.prescripton\n", "prescripton"),
        ("subject: $.patient", "subject: $.patien", "patien"),
        ("type: ExplanationOfBenefit", "type: Appointment", "Appointment"),
    ],
)
def test_path_that_r4_does_not_have_is_a_mistake(
    tmp_path: Path, old: str, new: str, word: str
) -> None:
    assert any(word in message for message in messages(changed(tmp_path, CLAIMS, old, new)))
