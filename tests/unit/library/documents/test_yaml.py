"""YAML as it is read: values, the line of each of them, and every mistake with its line."""

from pathlib import Path

import pytest

from service.errors import Mistake
from service.library.documents.yaml import Document, document_at, read_document


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "one.yaml"


def told(file: Path, text: str) -> list[str]:
    file.write_text(text, encoding="utf-8")
    return [f"{one.line}: {one.what}" for one in document_at(file, "one.yaml").mistakes]


def test_values_are_plain_python_and_each_has_its_line(file: Path) -> None:
    file.write_text("name: x\nlist:\n  - 1\n  - deep: true\n", encoding="utf-8")
    document = document_at(file, "one.yaml")
    assert document.data == {"name": "x", "list": [1, {"deep": True}]}
    assert document.mistakes == ()
    assert [document.line(at) for at in (("name",), ("list", 0), ("list", 1, "deep"))] == [1, 3, 4]


def test_address_that_is_not_written_has_the_line_of_what_is_above_it(file: Path) -> None:
    file.write_text("a: 1\nlist:\n  - x\n", encoding="utf-8")
    document = document_at(file, "one.yaml")
    assert document.line(("list", 0, "missing", 3)) == 3
    assert document.line(("nowhere",)) == 1


def test_line_of_a_text_block_counts_below_its_key(file: Path) -> None:
    file.write_text("a: 1\nwords: |\n  first\n  second\nplain: x\n", encoding="utf-8")
    document = document_at(file, "one.yaml")
    assert document.line_in_text(("words",), 2) == 4
    assert document.line_in_text(("plain",), 1) == 5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\na: 2\n", "2: the key 'a' stands twice"),
        ("a: 1\nno: 2\n", "2: the key 'no' is not text here; put it in quotes"),
        ("a: yes\n", "1: 'yes' is a truth in YAML; write true or false, or put it in quotes"),
        (
            "b: 1\na: Palms #1 or soles\n",
            "2: what stands behind ' #' is a comment in YAML; put the whole text in quotes",
        ),
        ("a: 010\n", "1: '010' may be read as another number; put it in quotes"),
        ("a: 1_000\n", "1: '1_000' may be read as another number; put it in quotes"),
        ("a: 2026-02-30\n", "1: '2026-02-30' is no day of the calendar"),
        ("a: &x 1\nb: *x\n", "2: an alias (*) repeats another part; write it out"),
        ("a: 1\n\tb: 2\n", "2: a tab; indent with spaces"),
        ("a: %x\n", "1: a value cannot begin with '%'; put it in quotes"),
        ("a: [1, 2\nb: 3\n", "1: not YAML: the list that begins here lacks a comma or its ']'"),
        ("a: 1\n---\nb: 2\n", "2: not YAML: '---' begins a second document; a file holds one"),
        ("", "1: the document is empty"),
    ],
)
def test_mistake_is_told_with_its_line(file: Path, text: str, says: str) -> None:
    assert told(file, text) == [says]


@pytest.mark.parametrize("text", ["a: 'yes'\n", "a: '010'\n", "a: 0\n", "a: -12\n", "a: false\n"])
def test_quoted_and_plain_values_are_no_mistakes(file: Path, text: str) -> None:
    assert told(file, text) == []


def test_file_that_cannot_be_read_is_a_mistake_and_an_empty_document(tmp_path: Path) -> None:
    mistakes: list[Mistake] = []
    assert read_document(tmp_path / "gone.yaml", "gone.yaml", mistakes).data is None
    (tmp_path / "latin.yaml").write_bytes(b"a: \xe9\n")
    assert read_document(tmp_path / "latin.yaml", "latin.yaml", mistakes).data is None
    assert list(map(str, mistakes)) == [
        "gone.yaml:1: cannot be read: No such file or directory",
        "latin.yaml:1: not UTF-8 text",
    ]


def test_mistake_in_what_a_definition_brought_is_told_where_it_was_written() -> None:
    head = Document("head.yaml", lines={("define", "x"): 7})
    document = Document("ad.yaml", lines={("initial",): 3})
    document.moved["initial", "all"] = (head, ("define", "x"))
    assert document.place(("initial",)) == "ad.yaml:3"
    assert document.place(("initial", "all", 0)) == "head.yaml:7"
    assert document.mistake(("initial", "all"), "odd") == Mistake("head.yaml", 7, "odd")
    assert document.copy().place(("initial", "all")) == "ad.yaml:3"
