"""All documents are read, checked against each other, and only then built into a library."""

from pathlib import Path

import pytest
from support.changed_documents import changed, shipped, shipped_names

from service.errors import DocumentsError
from service.library.load import build_library, check_documents

UNITS = "mappings/units.yaml"


def test_shipped_documents_are_built() -> None:
    checked = check_documents(shipped(), None)
    assert checked.mistakes == ()
    library = build_library(checked, "hash")
    assert library.content == "hash"
    assert [policy.drug for policy in library.policies] == ["dupilumab"]
    assert library.knowledge.facts.keys() >= shipped_names().facts.keys()


def test_library_is_not_built_of_documents_with_a_mistake(tmp_path: Path) -> None:
    checked = check_documents(changed(tmp_path, UNITS, "- word: kg", "- word: kilo"), None)
    assert checked.mistakes
    with pytest.raises(DocumentsError) as error:
        build_library(checked, "hash")
    assert error.value.mistakes == tuple(sorted(checked.mistakes))
