"""What a letter is made of."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.packet.criterion_rows import Row
from service.packet.entry_numbers import NumberedEntry


@dataclass(frozen=True)
class Sentence:
    """A sentence, or a value with its name, and the numbers of the entries that show it."""

    text: str
    entries: tuple[int, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class LetterSection:
    """Some sentences under a heading."""

    heading: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Letter:
    """Everything that the letter says, as plain text; PDF and HTML only set it."""

    title: str
    outcome: str
    result: str
    facts: tuple[Sentence, ...]
    sections: tuple[LetterSection, ...]
    criteria_says: str
    rows: tuple[Row, ...]
    sources: tuple[NumberedEntry, ...]
    data: tuple[Sentence, ...]
    notice: str
    words: Mapping[str, str]
