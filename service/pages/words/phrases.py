"""One field of an operator: its words, its place in the sentence, which way it tightens."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from service.pages.glossary import Glossary, plain
from service.policy.operators import Operator

Phrase = Callable[[Any, Glossary], str | None]


class Sense(StrEnum):
    """What a change of the field does to the criterion, where that can be said at all."""

    LEAST = "least"  # a threshold: more is tighter, none is loosest
    MOST = "most"  # an upper bound or a window: less is tighter, none is loosest
    TOLERANCE = "tolerance"  # more is looser, and leaving it out is something else
    ONE_OF = "one_of"  # a list of which one is enough: longer is looser
    EACH_OF = "each_of"  # a list of which each counts: longer is tighter
    WAYS = "ways"  # tests of which one is enough; none is loosest
    STRICTER = "stricter"  # where it stands, the criterion is tighter
    MILDER = "milder"  # where it stands, the criterion is looser
    OTHER = "other"


class Place(StrEnum):
    """Where the words of a field stand."""

    SUBJECT = "subject"
    TEST = "test"
    PROOF = "proof"


class FieldWords(NamedTuple):
    """The words of one field."""

    words: Phrase
    sense: Sense = Sense.OTHER
    place: Place = Place.TEST
    empty: tuple[str, ...] = ()  # what an empty list stands for


def phrase(pattern: str, sense: Sense = Sense.OTHER) -> FieldWords:
    """A field whose value stands in a phrase; nothing is said where it is left out."""

    def words(value: Any, _: Glossary) -> str | None:
        return None if value in (None, ()) else pattern.format(plain(value))

    return FieldWords(words, sense)


def by_value(phrases: dict[Any, str], sense: Sense = Sense.OTHER) -> FieldWords:
    """A field with a phrase for each of its values."""
    return FieldWords(lambda value, _: phrases.get(value), sense)


def subject(words: Phrase, sense: Sense = Sense.OTHER) -> FieldWords:
    """What the operator is about."""
    return FieldWords(words, sense, Place.SUBJECT)


NO_WORDS = FieldWords(lambda *_: None)


class OperatorWords(NamedTuple):
    """An operator in words: the sentence, and what counts as proof."""

    sentence: str
    proof: str | None


def sentence_of(
    fields: Mapping[str, FieldWords], operator: Operator, glossary: Glossary
) -> OperatorWords:
    """The phrases of the fields in their order, as one sentence."""
    words_by_place = by_place(fields, operator, glossary)
    subject, test, proof = (words_by_place[place] for place in Place)
    return OperatorWords(": ".join(part for part in (subject, test) if part), proof or None)


def by_place(
    fields: Mapping[str, FieldWords], operator: Operator, glossary: Glossary
) -> Mapping[Place, str]:
    """The phrases of the fields by their place."""
    by_place: dict[Place, list[str]] = {place: [] for place in Place}
    for name, field_words in fields.items():
        value = getattr(operator, name, None)
        if words := field_words.words(value, glossary):
            by_place[field_words.place].append(words)
    return {place: "; ".join(phrases) for place, phrases in by_place.items()}
