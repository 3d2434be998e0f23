"""Strict YAML with line numbers: text keys only, no key twice, every mistake collected."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from service.errors import Mistake
from service.memo import IdentitySet, per_arguments

# Part of the parser's message, our message, and whether the line is where the construct begins.
SAID = (
    ("mapping values are not allowed", "a second colon, or an indent that does not fit", False),
    ("expected ',' or ']'", "the list that begins here lacks a comma or its ']'", True),
    ("expected ',' or '}'", "what begins here lacks a comma or its '}'", True),
    ("unexpected end of stream", "the quote that begins here is not closed", True),
    ("undefined alias", "a value cannot begin with '*'; put it in quotes", False),
    ("another document", "'---' begins a second document; a file holds one", False),
    (
        "did not find expected",
        "the indent, a dash or a quote does not fit what stands above",
        False,
    ),
)


def in_words(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str]:
    """The line of a parser's error, and the message in our words."""
    lines, mark = text.splitlines(), error.problem_mark
    index = mark.line if mark else 0
    line = lines[index] if index < len(lines) else ""
    problem = str(error.problem)
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return index + 1, "a tab; indent with spaces"
    if "cannot start any token" in problem and mark and mark.column < len(line):
        return index + 1, f"a value cannot begin with '{line[mark.column]}'; put it in quotes"
    for part, message, at_begin in SAID:
        if part in problem:
            begin = error.context_mark if at_begin else None
            return (begin.line if begin else index) + 1, f"not YAML: {message}"
    return index + 1, f"not YAML: {problem}"


Address = tuple[str | int, ...]
# Mistakes in a document: the address and the message.
Wrong = Iterator[tuple[Address, str]]
try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML without libyaml gives the same result
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

TEXT, TRUTH, NUMBER, DAY = (
    f"tag:yaml.org,2002:{tag}" for tag in ("str", "bool", "int", "timestamp")
)
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)")
_ZEROS = re.compile(r"0[0-9]+")
_MEANT_SIGN = re.compile(r"\s+#[^\s#]")


@dataclass
class Document:
    """One document: its content as plain Python and the line of everything in it.

    `moved` holds where a part was written, if that is in a definition. Documents are shared between
    libraries, so definitions are expanded in a `copy`.
    """

    file: str
    data: Any = None
    lines: dict[Address, int] = field(default_factory=dict)
    blocks: dict[Address, int] = field(default_factory=dict)
    broken: set[Address] = field(default_factory=set)
    moved: dict[Address, tuple["Document", Address]] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()  # what could not be read

    def copy(self) -> "Document":
        """A copy in which definitions may be expanded (`moved`)."""
        return replace(self, moved={})

    def line(self, address: Address) -> int:
        """The line of an address, or of its nearest parent that has one."""
        while address and address not in self.lines:
            address = address[:-1]
        return self.lines.get(address, 1)

    def line_in_text(self, address: Address, line: int) -> int:
        """The line in the file of a line of a text; a block text begins below its key."""
        start = self.blocks.get(address)
        return self.line(address) if start is None else start + line - 1

    def place(self, address: Address) -> str:
        """File and line where an address was written, which may be in a definition."""
        document, own_address = self.written(address)
        return f"{document.file}:{document.line(own_address)}"

    def mistake(self, address: Address, what: str) -> Mistake:
        """A mistake at an address of this document."""
        document, own_address = self.written(address)
        return Mistake(document.file, document.line(own_address), what)

    def written(self, address: Address) -> tuple["Document", Address]:
        """The document, and the address in it, where something was written."""
        near = address
        while near and near not in self.moved:
            near = near[:-1]
        return self.moved.get(near, (self, address))


def read_document(path: Path, name: str, mistakes: list[Mistake]) -> Document:
    """Reads one file; what cannot be read is a mistake and the document stays empty."""
    document = document_at(path, name)
    mistakes += document.mistakes
    return document


def document_at(path: Path, name: str) -> Document:
    """One document with its mistakes; the same object for the same text."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return Document(name, mistakes=(Mistake(name, 1, "not UTF-8 text"),))
    except OSError as error:
        return Document(name, mistakes=(Mistake(name, 1, f"cannot be read: {error.strerror}"),))
    return _read(name, text)


@per_arguments(most=2048)
def _read(name: str, text: str) -> Document:
    """The document of a text."""
    document = Document(name)
    mistakes: list[Mistake] = []
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is not None:
            reading = _Reading(loader, document, mistakes, text.split("\n"))
            document.data = reading.convert(node, ())
    except RecursionError:
        mistakes.append(Mistake(name, 1, "nested too deep"))
    except yaml.MarkedYAMLError as error:
        mistakes.append(Mistake(name, *in_words(error, text)))
    except yaml.YAMLError as error:
        mistakes.append(Mistake(name, 1, f"not YAML: {str(error).splitlines()[0]}"))
    if document.data is None and not mistakes:
        mistakes.append(Mistake(name, 1, "the document is empty"))
    document.mistakes = tuple(mistakes)
    return document


@dataclass
class _Reading:
    """Converts the nodes of one file to plain Python; a node seen twice is an alias."""

    loader: Any
    document: Document
    mistakes: list[Mistake]
    written: list[str]
    seen: IdentitySet[yaml.Node] = field(default_factory=IdentitySet)

    def note(self, line: int, message: str) -> None:
        self.mistakes.append(Mistake(self.document.file, line, message))

    def convert(self, node: yaml.Node, address: Address) -> Any:
        if node in self.seen:
            message = "an alias (*) repeats another part; write it out"
            self.note(self.document.line(address), message)
            self.document.broken.add(address)
            return None
        self.seen.add(node)
        self.document.lines.setdefault(address, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, address)
        if isinstance(node, yaml.SequenceNode):
            return [self.convert(item, (*address, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, address)

    def _mapping(self, node: yaml.MappingNode, address: Address) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value
            if key_node.tag != TEXT:
                word = f"'{key}'" if isinstance(key, str) else "that is a list"
                self.note(line, f"the key {word} is not text here; put it in quotes")
                continue
            if key in content:
                self.note(line, f"the key '{key}' stands twice")
            self.document.lines[(*address, key)] = line
            content[key] = self.convert(value_node, (*address, key))
        return content

    def _scalar(self, node: Any, address: Address) -> Any:
        if node.style in ("|", ">"):
            self.document.blocks[address] = node.start_mark.line + 2
        if node.tag == TEXT and not node.style and self._is_cut_off(node.end_mark):
            message = "what stands behind ' #' is a comment in YAML; put the whole text in quotes"
            self.note(node.end_mark.line + 1, message)
        if node.tag == TEXT and not (node.value[:1] == "0" and not node.style):
            return node.value
        line = self.document.lines[address]
        if not node.style and (trap := _trap(node)):
            self.note(line, trap)
        try:
            return self.loader.construct_object(node)
        except (ValueError, KeyError, AttributeError, OverflowError):
            kind = "day of the calendar" if node.tag == DAY else "value of its kind"
            self.note(line, f"'{node.value}' is no {kind}")
            self.document.broken.add(address)
            return None

    def _is_cut_off(self, end: Any) -> bool:
        """Whether a text without quotes ends at a number sign that was meant: `#1`, and no `# comment`."""
        return (
            end.line < len(self.written)
            and _MEANT_SIGN.match(self.written[end.line], end.column) is not None
        )


def _trap(node: Any) -> str | None:
    """The message on a value that YAML reads differently from people; None if it is read alike."""
    if node.tag == TRUTH and node.value.lower() not in ("true", "false"):
        return f"'{node.value}' is a truth in YAML; write true or false, or put it in quotes"
    number = node.tag == NUMBER and not _PLAIN_NUMBER.fullmatch(node.value)
    if number or (node.tag == TEXT and _ZEROS.fullmatch(node.value)):
        return f"'{node.value}' may be read as another number; put it in quotes"
    return None
