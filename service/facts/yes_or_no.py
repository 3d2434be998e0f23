"""What a result says in one word: yes, no, or nothing at all, in whichever coding or spelling."""

import re
from collections.abc import Iterator, Mapping, Sequence

from service.facts.case import PatientCase
from service.facts.knowledge import Word
from service.fhir.elements import codes, codings, is_absent, items, names, objects, same_name, text
from service.fhir.record import Record
from service.fhir.values.quantity import number
from service.json_object import Json

SETTLES: tuple[Word, ...] = ("yes", "no")
COUNTS: dict[float, Word] = {1: "yes", 0: "no"}
MEASURED = ("valueQuantity", "valueInteger", "valueDecimal", "valueRange", "valueRatio")
COUNTED = (None, "1")  # how the unit of a bare number is written
BESIDE = ("coding", "extension", "id", "text")
END = re.compile(r"[\s.!]+$")


def values_of(element: Json) -> Iterator[tuple[str, object]]:
    """The name and content of each `value[x]` of a result or of a component."""
    return ((name, sent) for name, sent in element.items() if name.startswith("value"))


def answer_in(case: PatientCase, element: Json) -> Word | None:
    """The answer of value and interpretation; None if it is another one, or they disagree."""
    words = {_word(case, name, sent) for name, sent in values_of(element)} - {"nothing"}
    words |= _interpreted(case, element)
    if not words:
        return "nothing"
    return words.pop() if len(words) == 1 else None


def word_of_test(case: PatientCase, element: Json) -> Word | None:
    """The word that a test ends in; a number means what its interpretation says."""
    spoken = [(name, sent) for name, sent in values_of(element) if name not in MEASURED]
    words = {_word(case, name, sent) for name, sent in spoken} - {"nothing"}
    words |= _interpreted(case, element)
    return words.pop() if len(words) == 1 else None


def has_content(case: PatientCase, element: Json, says_nothing: Sequence[str] = ()) -> bool:
    """Whether a value was taken; an empty one, or one in words such as `not assessed`, was not."""
    return any(_is_content(case, name, sent, says_nothing) for name, sent in values_of(element))


def _is_content(case: PatientCase, name: str, sent: object, says_nothing: Sequence[str]) -> bool:
    if _word(case, name, sent) == "nothing":
        return False
    texts = [text(sent), *names(sent)] if isinstance(sent, str | dict) else []
    return not any(same_name(wording) in says_nothing for wording in texts if wording)


def _word(case: PatientCase, name: str, sent: object) -> Word | None:
    """What one `value[x]` says; None where it says something else."""
    match sent:
        case None:
            return "nothing"
        case bool():
            return "yes" if sent else "no"
        case int() | float():
            return COUNTS.get(sent)
        case str():
            return _of_text(case, sent)
        case dict() if name == "valueQuantity":
            return _of_quantity(sent)
        case _:
            return _of_concept(case, sent)


def _of_text(case: PatientCase, sent: str) -> Word | None:
    word = same_name(END.sub("", sent))
    if not word:
        return "nothing"
    if (counted := number(word)) is not None:
        return COUNTS.get(counted)
    return case.knowledge.words.get(word)


def _of_quantity(sent: Json) -> Word | None:
    if sent.get("value") is None:
        return "nothing"
    plain = text(sent.get("unit")) in COUNTED and text(sent.get("code")) in COUNTED
    value = number(sent.get("value"))
    if value is None or not plain or sent.get("comparator") is not None:
        return None
    return COUNTS.get(value)


def _of_concept(case: PatientCase, sent: object) -> Word | None:
    """A coded answer: its codes decide, and words that say the opposite leave it open."""
    bare = [code for system, code, _ in codings(sent) if code and system is None]
    texts = [*names(sent), *bare]
    if is_absent(sent) or not (texts or codes(sent) or _measures(sent)):
        return "nothing"
    spoken = {word for wording in texts if (word := _of_text(case, wording))}
    words = _of_codes(case, sent)
    if words:
        words |= spoken & {*SETTLES}
    elif not case.record.is_coded(sent):
        words = spoken
    return words.pop() if len(words) == 1 else None


def _measures(sent: object) -> bool:
    """Whether it is a range, a period or the like with something in it."""
    return any(
        key not in BESIDE and value for element in objects(sent) for key, value in element.items()
    )


def coded_word(record: Record, known: Mapping[str, Word], concept: object) -> Word | None:
    """What the codes of a concept say, whatever its words; None where they say nothing or two things.

    `known` is the word of each value set of answers.
    """
    entries = record.entries_of_concept(concept)
    words = {known[entry.value_set] for entry in entries if entry.value_set in known}
    return words.pop() if len(words) == 1 else None


def _of_codes(case: PatientCase, concept: object) -> set[Word]:
    word_of = case.knowledge.answers
    entries = case.record.entries_of_concept(concept)
    return {word_of[entry.value_set] for entry in entries if entry.value_set in word_of}


def _interpreted(case: PatientCase, element: Json) -> set[Word | None]:
    """Positive or negative, where the interpretation says so; anything else it says is no answer."""
    concepts = items(element.get("interpretation"))
    words = {
        word for concept in concepts for word in _of_codes(case, concept) or _of_flag(case, concept)
    }
    return {word for word in words if word in SETTLES}


def _of_flag(case: PatientCase, concept: object) -> set[Word | None]:
    """What the words beside a flag say; a single letter is the flag itself: N is normal, not no."""
    return {_of_text(case, name) for name in names(concept) if len(name.strip()) > 1}
