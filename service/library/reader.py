"""Strict YAML with line numbers: text keys only, no key twice, every mistake collected."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from service.errors import Mistake

Address = tuple[str | int, ...]
try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # a PyYAML without libyaml reads the same, slower
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]


@dataclass
class Document:
    """One document: its content as plain Python and the line of everything in it."""

    file: str
    data: Any = None
    lines: dict[Address, int] = field(default_factory=dict)

    def line(self, address: Address) -> int:
        """The line of the nearest thing at or above an address."""
        while address and address not in self.lines:
            address = address[:-1]
        return self.lines.get(address, 1)

    def mistake(self, address: Address, what: str) -> Mistake:
        """A mistake at an address of this document."""
        return Mistake(self.file, self.line(address), what)


def read_document(path: Path, name: str, mistakes: list[Mistake]) -> Document:
    """Reads one file; what cannot be read is a mistake and the document stays empty."""
    document = Document(name)
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        if node is not None:
            document.data = _convert(loader, node, (), document, mistakes)
    except UnicodeDecodeError:
        mistakes.append(Mistake(name, 1, "not UTF-8 text"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        mistakes.append(Mistake(name, line, f"not YAML: {error.problem}"))
    except yaml.YAMLError as error:
        mistakes.append(Mistake(name, 1, f"not YAML: {error}"))
    if document.data is None and not any(one.file == name for one in mistakes):
        mistakes.append(Mistake(name, 1, "the document is empty"))
    return document


def _convert(
    loader: Any, node: yaml.Node, address: Address, document: Document, mistakes: list[Mistake]
) -> Any:
    document.lines[address] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(loader, node, address, document, mistakes)
    if isinstance(node, yaml.SequenceNode):
        return [
            _convert(loader, child, (*address, index), document, mistakes)
            for index, child in enumerate(node.value)
        ]
    return loader.construct_object(node)


def _mapping(
    loader: Any,
    node: yaml.MappingNode,
    address: Address,
    document: Document,
    mistakes: list[Mistake],
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = loader.construct_object(key_node)
        if not isinstance(key, str):
            what = f"the key '{key_node.value}' is not text here; put it in quotes"
            mistakes.append(Mistake(document.file, line, what))
            continue
        if key in found:
            mistakes.append(Mistake(document.file, line, f"the key '{key}' stands twice"))
        found[key] = _convert(loader, value_node, (*address, key), document, mistakes)
        document.lines[(*address, key)] = line
    return found
