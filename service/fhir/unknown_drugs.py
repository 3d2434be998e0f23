"""Drugs and substances that no value set holds: how certainly they are another thing, or unreadable."""

import re
from collections.abc import Iterable, Sequence

from service.fhir.elements import ABSENT, codings, names, same_name, spellings, text
from service.fhir.terminology.drugs import Entry
from service.fhir.terminology.full_lists import MOST_LOOKED_UP, FullLists
from service.fhir.terminology.names_in_text import occur, split, words_of
from service.fhir.terminology.terminology import SEVERAL, Terminology
from service.fhir.terminology.unlisted_codes import Certainty
from service.memo import identity, per_document

_JOINED = re.compile(r"\s(?:and|plus|or|y)\s|[+;&]|(?<=[a-z)])\s*/\s*(?=[a-z(])|,\s|\s/\s")
SHORTEST_NAME = 5  # of a name; shorter words have too many other meanings
MOST_WORDS_OF_NAME = 2  # of a name that stands alone; a sentence is none


def names_more(terminology: Terminology, text: str) -> bool:
    """Whether a text joins what nobody knows to a drug that is known."""
    return terminology.lists is not None and _names_more(terminology, text)


@per_document(most=MOST_LOOKED_UP)
def _names_more(terminology: Terminology, text: str) -> bool:
    lists = terminology.lists
    if lists is None:
        return False
    lowered = spellings(text)[0].lower()
    parts = [split(part) for part in _JOINED.split(lowered)]
    if len(parts) == 1 or tuple(split(lowered)) in lists.names.others.get(split(lowered)[0], ()):
        return False
    unnamed = [part for part in parts if not _part_is_known(terminology, lists, part)]
    if len(unnamed) == len(parts):
        return False
    return any(_may_name(terminology, lists, part) for part in unnamed)


def _part_is_known(terminology: Terminology, lists: FullLists, part: Sequence[str]) -> bool:
    words = words_of(" ".join(part))
    known = (lists.names.ours, lists.names.others, terminology.unlisted.other_names)
    return any(occur(words, known_phrases) for known_phrases in known)


def _may_name(terminology: Terminology, lists: FullLists, part: Sequence[str]) -> bool:
    """Whether it speaks of a class, or of a drug under study, or is a name that no list explains."""
    known, words = lists.names.words, set(words_of(" ".join(part)))
    doubtful = known.doubtful_in_texts - terminology.unlisted.beside_a_name
    if words & (known.doubtful_classes | doubtful):
        return True
    if any(word.endswith(known.doubtful_ends) and word not in lists.names.single for word in words):
        return True
    letters = [word for word in part if any(letter.isalpha() for letter in word)]
    return 0 < len(letters) <= MOST_WORDS_OF_NAME and any(
        _is_unknown(lists, word) for word in letters
    )


def _is_unknown(lists: FullLists, word: str) -> bool:
    pieces = [piece for piece in word.split("-") if len(piece) >= SHORTEST_NAME and piece.isalpha()]
    return word not in lists.explained and any(piece not in lists.explained for piece in pieces)


# Name of the value set under which unreadable drugs and substances are indexed.
UNREAD = "(unread)"
MOST_SHOWN = 80
Coded = tuple[str | None, str | None]


def certainty_of(terminology: Terminology, concept: object) -> Certainty:
    """How certainly a concept that is in no value set is another thing, by its codes and names."""
    unlisted = terminology.unlisted
    coded = [(system, code) for system, code, _ in codings(concept) if code]
    if any(unlisted.gives(system, code) for system, code in coded):
        return _certainty_of_service(terminology, concept, coded)
    certainty = _certainty_of_thing(terminology, concept, coded)
    if certainty is Certainty.NOT and any(unlisted.bills_any(*coding) for coding in coded):
        return Certainty.ANY_DRUG
    return certainty


def _certainty_of_thing(
    terminology: Terminology, concept: object, coded: Sequence[Coded]
) -> Certainty:
    """The certainty for a concept that is no service by which drugs are given."""
    unlisted = terminology.unlisted
    if any(
        unlisted.holds_no_drug(system, code) or terminology.is_other(system, code)
        for system, code in coded
    ):
        return Certainty.NOT if _hides_another(terminology, concept) else Certainty.SURELY
    all_names = _names_that_count(terminology, concept)
    if any(names_more(terminology, name) for name in all_names):
        return Certainty.NAMED  # enough for an allergy
    if terminology.lists is None:
        # without a list of other drugs every name counts as another thing
        return Certainty.SURELY if all_names else Certainty.NOT
    if _is_named(terminology, all_names) or any(
        _says_none(terminology, name) for name in all_names
    ):
        return Certainty.SURELY
    return _certainty_by_name(coded, [words_of(name) for name in all_names], terminology)


def _certainty_of_service(
    terminology: Terminology, concept: object, coded: Iterable[Coded]
) -> Certainty:
    """The certainty for a service by which a drug is given: whether it names another drug."""
    if any(terminology.is_other_drug(system, code) for system, code in coded):
        return Certainty.SURELY
    all_names = _names_that_count(terminology, concept)
    named = _is_named(terminology, all_names) and not any(
        names_more(terminology, name) for name in all_names
    )
    return Certainty.SURELY if named else Certainty.GIVES


def _is_named(terminology: Terminology, all_names: Iterable[str]) -> bool:
    """Whether one of the names is that of another drug."""
    return any(
        _names_other(terminology, words_of(name))
        or terminology.names_other(name)
        or terminology.unlisted.names_alone(split(name))
        for name in all_names
    )


def _hides_another(terminology: Terminology, concept: object) -> bool:
    """Whether an unknown drug code without a name is beside the code of another drug."""
    coded = [coding for coding in codings(concept) if coding[1]]
    if len(coded) < SEVERAL:
        return False
    written = text(concept.get("text")) if isinstance(concept, dict) else None
    if written is not None and _names_other_drug(terminology, written):
        return False
    return any(terminology.is_other_drug(system, code) for system, code, _ in coded) and any(
        _may_be_any(terminology, *coding) for coding in coded
    )


def _may_be_any(
    terminology: Terminology, system: str | None, code: str | None, name: str | None
) -> bool:
    """Whether a code may be any drug: it is unknown, and its display names no other drug."""
    unlisted = terminology.unlisted
    if not unlisted.may_be_a_drug(system, code) or unlisted.holds_no_drug(system, code):
        return False
    if terminology.is_other(system, code):
        return False
    part = unlisted.part(system, code)
    any_drug = part is not None and part.any_drug
    return any_drug or name is None or not _names_other_drug(terminology, name)


def _names_other_drug(terminology: Terminology, name: str) -> bool:
    """Whether a name is certainly that of another drug."""
    return terminology.names_other(name) or _names_other(terminology, words_of(name))


def _names_that_count(terminology: Terminology, concept: object) -> list[str]:
    """The names of a concept, without displays of codes under which any drug may be billed or given."""
    all_names = concept_names(concept)
    parts = ((terminology.unlisted.part(s, code), name) for s, code, name in codings(concept))
    displays = {name for part, name in parts if part is not None and (part.any_drug or part.given)}
    return [name for name in all_names if name not in displays] if displays else all_names


def _names_other(terminology: Terminology, words: Sequence[str]) -> bool:
    """Whether words name another drug by brand, or by substance beside a word such as "inhaler"."""
    unlisted, lists = terminology.unlisted, terminology.lists
    if lists is None or lists.names.may_be_biologic(words):
        return False
    known = lists.names
    doubtful = known.words.doubtful_in_texts - unlisted.beside_a_name
    if not doubtful.isdisjoint(words) or occur(words, known.ours):
        return False
    return bool(occur(words, unlisted.other_names) or occur(words, known.others))


def words_join_more(terminology: Terminology, concept: object) -> bool:
    """Whether its words name a known drug together with something unknown."""
    return any(names_more(terminology, name) for name in _names_that_count(terminology, concept))


def concept_names(concept: object) -> list[str]:
    """The names of a concept, without displays of codes that say that there is no code."""
    all_names = names(concept)
    absent = {name for system, _, name in codings(concept) if system in ABSENT}
    return [name for name in all_names if name not in absent] if absent else all_names


def says_anything(concept: object) -> bool:
    """Whether a concept has a code or a name at all."""
    coded = any(code and system not in ABSENT for system, code, _ in codings(concept))
    return coded or bool(concept_names(concept))


def _certainty_by_name(
    coded: Sequence[Coded],
    name_words: Sequence[Sequence[str]],
    terminology: Terminology,
) -> Certainty:
    """The certainty for names in no list; NOT if one may be a class of drugs or a new biologic."""
    unlisted, lists = terminology.unlisted, terminology.lists
    if lists is None or not any(map(unlisted.says_what, name_words)):
        return Certainty.NOT
    if any(lists.names.may_be_biologic(words) for words in name_words):
        systems = {system for system, _ in coded}
        return Certainty.FORMAL if systems & unlisted.of_anything else Certainty.NOT
    is_drug = any(unlisted.may_be_a_drug(system, code) for system, code in coded)
    return Certainty.NAMED if is_drug else Certainty.SERVICE


def _says_none(terminology: Terminology, name: str) -> bool:
    """Whether a name is exactly an entry that is no question, such as "no known allergies"."""
    entries = terminology.by_name.get(same_name(name), ())
    return any(not entry.question for entry in entries)


def unread_mark(
    terminology: Terminology, concepts: Iterable[object], element: object, *, is_drug: bool
) -> Entry:
    """The entry for an unreadable element, with what its code's beginning still says of it.

    `is_drug` is False for a hospital's line without product: it may be no drug at all.
    """
    given = list(concepts)
    first_name = next((name for concept in given for name in concept_names(concept)), None)
    coded = [
        (system, code)
        for concept in given
        for system, code, _ in codings(concept)
        if code and system not in ABSENT
    ]
    system, code = coded[0] if coded else (None, None)
    parts = [terminology.unlisted.part(*coding) for coding in coded]
    part = next((part for part in parts if part is not None), None)
    shown_parts = [first_name, f"code {code}" if code else None]
    display = (
        ", ".join(shown_part[:MOST_SHOWN] for shown_part in shown_parts if shown_part)
        or "no code, no name"
    )
    known = {
        # the same unknown code twice is one drug; without code and name each element is its own
        "ingredient": f"{system}|{code}|{first_name}"
        if shown_parts[0] or code
        else f"{identity(element)}",
        "routes": part.routes if part else (),
        "never": part.never if part else (),
        "only": part.only if part else (),
        "is_drug": is_drug,
    }
    return Entry(UNREAD, code or "", f"not readable here ({display})", known, question=True)
