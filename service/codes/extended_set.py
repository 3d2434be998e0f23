"""A value set while codes are added: its lines, new lines, and questions for a person."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

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
