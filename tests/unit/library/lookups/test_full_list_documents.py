"""Directories with their tables, and the words by which they are read."""

from pathlib import Path

from support.changed_documents import changed, shipped, shipped_names

from service.errors import Mistake
from service.library.documents.folders import Documents, read_shapes
from service.library.lookups.full_list_documents import (
    Tables,
    check_tables,
    read_tables,
)
from service.library.shapes import CodeSystemShape, CodeSystemsShape, ValueSetShape


def tables(documents: Documents) -> tuple[Tables, list[Mistake]]:
    mistakes: list[Mistake] = []
    return read_tables(documents, mistakes), mistakes


def test_shipped_directories_agree_with_their_tables() -> None:
    read, mistakes = tables(shipped())
    assert mistakes == []
    assert read.products is not None
    assert read.words is not None
    assert read.names


def test_without_the_words_nothing_of_a_directory_can_be_read() -> None:
    documents = shipped()
    read = {name: one for name, one in documents.read.items() if "drug_words" not in name}
    without = Documents(documents.content, read, documents.files, documents.folders)
    found, mistakes = tables(without)
    assert found.words is None
    assert {mistake.what for mistake in mistakes} == {
        "without mappings/drug_words.yaml nothing of it can be read"
    }


def test_code_system_of_a_directory_must_be_listed() -> None:
    read, _ = tables(shipped())
    mistakes: list[Mistake] = []
    sets = read_shapes(shipped(), "value_sets", ValueSetShape, "value_set", mistakes)
    unlisted = CodeSystemsShape(code_systems=(CodeSystemShape(uri="http://other"),))
    wrong = [mistake.what for mistake in check_tables(read, sets, unlisted)]
    assert wrong
    assert all(message.startswith("no code system '") for message in wrong)


def test_dose_form_must_be_one_of_the_words(tmp_path: Path) -> None:
    name = next(
        name
        for name, shape in sorted(shipped_names().value_sets.items())
        if any(line.form for lines in shape.codes.values() for line in lines)
    )
    file = next(
        file
        for file, document in shipped().read.items()
        if isinstance(document.data, dict) and document.data.get("value_set") == name
    )
    forms = changed(tmp_path, file, "form: ", "form: x")
    mistakes: list[Mistake] = []
    sets = read_shapes(forms, "value_sets", ValueSetShape, "value_set", mistakes)
    assert mistakes == []
    wrong = [mistake.what for mistake in check_tables(tables(shipped())[0], sets, None)]
    assert [message.startswith("no dose form 'x") for message in wrong] == [True]
