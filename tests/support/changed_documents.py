"""The shipped documents with one text of one file in place of another, without a copy on disk of the rest."""

from functools import cache
from pathlib import Path

from support.paths import ROOT

from service.errors import Mistake
from service.library.criteria.scope import Names
from service.library.documents.folders import Documents, read_documents
from service.library.documents.yaml import document_at
from service.library.mapping_folders import names_of, read_mappings


@cache
def shipped() -> Documents:
    """Every document of the checkout."""
    return read_documents(ROOT)


@cache
def shipped_names() -> Names:
    """The names that criteria may use."""
    mistakes: list[Mistake] = []
    names = names_of(read_mappings(shipped(), mistakes))
    assert mistakes == []
    return names


def changed(folder: Path, file: str, old: str, new: str) -> Documents:
    """The documents after a change; `folder` is one for the changed file, such as `tmp_path`."""
    text = (ROOT / file).read_text(encoding="utf-8")
    assert old in text
    path = folder / "changed.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return shipped().changed({file: document_at(path, file)})
