"""A value set while codes are added: its new lines, written back without changing anything else."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

import yaml

from service.errors import DocumentsError, Mistake
from service.library.shapes import ValueSetShape

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
# Keys of a line that hold for every product with the same ingredient and form.
COMMON = frozenset({"ingredient", "form", "route", "class", "why"})
Part = Literal["codes", "questions"]


class Addition(NamedTuple):
    """One line of a value set; `known` are its other keys, `because` is empty for old lines."""

    part: Part
    system: str
    code: str
    display: str
    known: Mapping[str, Any]
    because: str = ""


class OpenQuestion(NamedTuple):
    """A code that a person must decide on before it can be added."""

    about: str
    why: str
    code: str


@dataclass
class SetDraft:
    """A value set with its lines by system and code."""

    name: str
    ingredients: frozenset[str]
    ndc: str
    refused: frozenset[str]
    lines: dict[tuple[str, str], Addition]
    added: list[Addition] = field(default_factory=list)
    asked: list[OpenQuestion] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def open(self, system: str, code: str) -> bool:
        """Whether the code is neither a line of the set nor named under `left_out`."""
        return (system, code) not in self.lines and code not in self.refused

    def of(self, system: str) -> Iterator[Addition]:
        """The lines of one code system."""
        return (line for (uri, _), line in list(self.lines.items()) if uri == system)

    def ask(self, about: str, why: str, code: str) -> None:
        """Adds a question about a code for a person."""
        self.asked.append(OpenQuestion(about, why, code))

    def add(self, system: str, code: str, display: str, like: Addition, because: str) -> None:
        """Adds a code with the keys of a line for the same product."""
        line = Addition(like.part, system, code, display, like.known, because)
        self.lines[system, code] = line
        self.added.append(line)


def draft_of(shape: ValueSetShape, ndc: str) -> SetDraft:
    """The draft of a set; its ingredients are its members, or else those that its lines name."""
    lines: dict[tuple[str, str], Addition] = {}
    parts: tuple[tuple[Part, Any], ...] = (("codes", shape.codes), ("questions", shape.questions))
    for part, by_system in parts:
        for system, code_lines in by_system.items():
            for code_line in code_lines:
                keys = code_line.model_dump(
                    exclude_none=True, by_alias=True, exclude={"code", "display", "match"}
                )
                lines[system, code_line.code] = Addition(
                    part, system, code_line.code, code_line.display, keys
                )
    named = shape.members or [line.known.get("ingredient", "") for line in lines.values()]
    reasons = " ".join(text for reason in shape.left_out for text in reason.values())
    return SetDraft(
        shape.value_set,
        frozenset(name.lower() for name in named if name),
        ndc,
        frozenset(re.findall(r"\d{3,}", reasons)),
        lines,
    )


def agreed(lines: Iterable[Addition]) -> Addition | None:
    """The first line if all agree in part and keys; None if they differ or there are none."""
    all_lines = list(lines)
    alike = all(
        (line.part, line.known) == (all_lines[0].part, all_lines[0].known) for line in all_lines
    )
    return all_lines[0] if all_lines and alike else None


IMPORTED = "imported"
_PLAIN = re.compile(r"[A-Za-z][A-Za-z]*(?:[ -][A-Za-z]+)*")
_NO_TEXT = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
Groups = Mapping[tuple[str, str], Sequence[Addition]]


def extended_document(
    file: str, text: str, lines: Sequence[Addition], release: str, day: date
) -> str:
    """The document with lines added at the end of their lists, and the release under `source.imported`."""
    if not lines:
        return text
    stamp = f"{release}, imported {day.isoformat()}"
    groups: defaultdict[tuple[str, str], list[Addition]] = defaultdict(list)
    for line in lines:
        groups[line.part, line.system].append(line)
    try:
        new = _stamped(_extended(text, groups, stamp), stamp)
        proven = yaml.safe_load(new) == _expected(yaml.safe_load(text), groups, stamp)
    except (yaml.YAMLError, _StyleError) as error:
        raise _refused(file, str(error).splitlines()[0]) from error
    if not proven:
        raise _refused(file, "written in a way that this command cannot add to")
    return new


class _StyleError(Exception):
    """The document is laid out in a way that this command cannot edit."""


def _refused(file: str, message: str) -> DocumentsError:
    return DocumentsError([Mistake(file, 1, f"nothing was written: {message}")])


def _expected(data: Any, groups: Groups, stamp: str) -> Any:
    for (part, system), lines in groups.items():
        code_lines = data.setdefault(part, {}).setdefault(system, [])
        code_lines += [_content(line) for line in lines]
    data["source"].setdefault(IMPORTED, []).append(stamp)
    return data


def _content(line: Addition) -> dict[str, Any]:
    return {"code": line.code, "display": line.display, **line.known}


def _extended(text: str, groups: Groups, stamp: str) -> str:
    """The text with each group of lines inserted after the last line of its list."""
    for (part, system), lines in groups.items():
        root = _root(text)
        by_system = _child(root, part)
        code_list = None if by_system is None else _child(by_system, system)
        indent = 4 if code_list is None else _block(code_list).start_mark.column
        block = [f"{' ' * indent}# {stamp}"]
        block += [f"{' ' * indent}- {_flow(_content(line))}" for line in lines]
        if code_list is None:
            block = [f"  {system}:", *block]
        if by_system is None:
            block = [f"{part}:", *block]
        after = code_list or by_system or _child(root, "codes") or _needed(root, "source")
        text = _inserted(text, _last_line(after), block)
    return text


def _block(node: yaml.Node) -> yaml.Node:
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        raise _StyleError("the codes of a system are not a list with one line each")
    return node


def _root(text: str) -> yaml.Node:
    root: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:
        raise _StyleError("the document is empty")
    return root


def _child(node: yaml.Node, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        raise _StyleError("not a mapping where one is needed")
    return next((value for name, value in node.value if name.value == key), None)


def _needed(node: yaml.Node, key: str) -> yaml.Node:
    child = _child(node, key)
    if child is None:
        raise _StyleError(f"there is no {key}")
    return child


def _last_line(node: yaml.Node) -> int:
    """The 0-based line on which a node's text ends, without comments after it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.line)


def _inserted(text: str, after: int, block: list[str]) -> str:
    lines = text.splitlines(keepends=True)
    if not lines[after].endswith("\n"):
        lines[after] += "\n"
    ending = "\r\n" if lines[after].endswith("\r\n") else "\n"
    return "".join(
        (*lines[: after + 1], *(f"{line}{ending}" for line in block), *lines[after + 1 :])
    )


def _stamped(text: str, stamp: str) -> str:
    """The text with the release at the end of `source.imported`."""
    source = _needed(_root(text), "source")
    imported = _child(source, IMPORTED)
    target = source if imported is None else imported
    item = json.dumps(stamp, ensure_ascii=False)
    if not (isinstance(target, yaml.CollectionNode) and target.value):
        raise _StyleError("source or its 'imported' is empty")
    if not target.flow_style:
        column = " " * target.start_mark.column
        line = f"{column}{IMPORTED}: [{item}]" if imported is None else f"{column}- {item}"
        return _inserted(text, _last_line(target), [line])
    new = f", {IMPORTED}: [{item}]" if imported is None else f", {item}"
    end = int(target.end_mark.index) - 1
    return f"{text[:end]}{new}{text[end:]}"


def _flow(content: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{key}: {_scalar(key, value)}" for key, value in content.items()) + "}"


def _scalar(key: str, value: Any) -> str:
    """A value as YAML: codes and displays in quotes, plain words without."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, str):
        return json.dumps(value)
    plain = key not in {"code", "display"} and _PLAIN.fullmatch(value)
    return (
        value if plain and value.lower() not in _NO_TEXT else json.dumps(value, ensure_ascii=False)
    )
