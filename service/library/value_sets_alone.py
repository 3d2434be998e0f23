"""Reads the value sets without the rest of the library, for commands that need no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from service.errors import DocumentsError, Mistake
from service.library.documents.folders import read_documents, read_one, read_shapes
from service.library.shapes import CodeSystemsShape, ValueSetShape


@dataclass(frozen=True, slots=True)
class ValueSets:
    """Value sets and their files by name, with the code systems."""

    shapes: Mapping[str, ValueSetShape]
    files: Mapping[str, str]
    systems: CodeSystemsShape


def read_value_sets(content: Path) -> ValueSets:
    """Reads the value sets of a content folder; raises DocumentsError with every mistake."""
    mistakes: list[Mistake] = []
    documents = read_documents(content, "mappings")
    sets = read_shapes(documents, "value_sets", ValueSetShape, "value_set", mistakes)
    systems = read_one(documents, "code_systems.yaml", CodeSystemsShape, mistakes)
    if mistakes or systems is None:
        raise DocumentsError(mistakes)
    files = {name: document.file for name, (document, _) in sets.read.items()}
    return ValueSets(sets.shapes, files, systems)
