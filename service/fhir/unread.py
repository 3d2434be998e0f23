"""Drugs and substances that cannot be read: how surely they are another thing, else the mark of it."""

from collections.abc import Iterable, Sequence

from service.fhir.elements import ABSENT, codings, names, same_name, text
from service.fhir.terminology.drugs import Entry
from service.fhir.terminology.joined import names_more
from service.fhir.terminology.phrases import occur, split, words_of
from service.fhir.terminology.telling import Certainty
from service.fhir.terminology.terminology import SEVERAL, Terminology
from service.memo import identity

# The mark under which a place in the record stands of which nobody can tell the drug or the substance.
UNREAD = "(unread)"
MOST_SHOWN = 80
Coded = tuple[str | None, str | None]


def told(terminology: Terminology, concept: object) -> Certainty:
    """How surely a concept in no class of ours is another thing, by its codes and its names."""
    telling = terminology.telling
    coded = [(system, code) for system, code, _ in codings(concept) if code]
    if any(telling.gives(system, code) for system, code in coded):
        return _told_of_given(terminology, concept, coded)
    found = _told_of_a_thing(terminology, concept, coded)
    if found is Certainty.NOT and any(telling.bills_any(*one) for one in coded):
        return Certainty.ANY_DRUG
    return found


def _told_of_a_thing(
    terminology: Terminology, concept: object, coded: Sequence[Coded]
) -> Certainty:
    """The same of what is no service by which a drug is given."""
    telling = terminology.telling
    if any(
        telling.holds_no_drug(system, code) or terminology.is_other(system, code)
        for system, code in coded
    ):
        return Certainty.NOT if _hides_another(terminology, concept) else Certainty.SURELY
    said = _believed_names(terminology, concept)
    if any(names_more(terminology, one) for one in said):
        return Certainty.NAMED  # of an allergy it is enough
    if terminology.lists is None:
        # without a list of other drugs every name has to do
        return Certainty.SURELY if said else Certainty.NOT
    if _is_named(terminology, said) or any(_says_none(terminology, one) for one in said):
        return Certainty.SURELY
    return _by_name(coded, [words_of(one) for one in said], terminology)


def _told_of_given(terminology: Terminology, concept: object, coded: Iterable[Coded]) -> Certainty:
    """Of a service by which a drug is given: whether it says that it is another drug."""
    if any(terminology.is_other_drug(system, code) for system, code in coded):
        return Certainty.SURELY
    said = _believed_names(terminology, concept)
    named = _is_named(terminology, said) and not any(names_more(terminology, one) for one in said)
    return Certainty.SURELY if named else Certainty.GIVES


def _is_named(terminology: Terminology, said: Iterable[str]) -> bool:
    """Whether a name is that of another drug."""
    return any(
        _names_other(terminology, words_of(one))
        or terminology.names_other(one)
        or terminology.telling.names_alone(split(one))
        for one in said
    )


def _hides_another(terminology: Terminology, concept: object) -> bool:
    """Whether a drug's code that nobody knows, and nothing names, stands beside that of another drug."""
    coded = [one for one in codings(concept) if one[1]]
    if len(coded) < SEVERAL:
        return False
    said = text(concept.get("text")) if isinstance(concept, dict) else None
    if said is not None and _tells_another(terminology, said):
        return False
    return any(terminology.is_other_drug(system, code) for system, code, _ in coded) and any(
        _may_be_any(terminology, *one) for one in coded
    )


def _may_be_any(
    terminology: Terminology, system: str | None, code: str | None, name: str | None
) -> bool:
    """Whether a code may be that of any drug: nobody knows it, and its own name tells of no other."""
    telling = terminology.telling
    if not telling.may_be_a_drug(system, code) or telling.holds_no_drug(system, code):
        return False
    if terminology.is_other(system, code):
        return False
    part = telling.part(system, code)
    any_drug = part is not None and part.any_drug
    return any_drug or name is None or not _tells_another(terminology, name)


def _tells_another(terminology: Terminology, name: str) -> bool:
    """Whether a name is surely that of another drug."""
    return terminology.names_other(name) or _names_other(terminology, words_of(name))


def _believed_names(terminology: Terminology, concept: object) -> list[str]:
    """What it is called; the display of a code under which any drug may be billed or given names none."""
    said = called(concept)
    parts = ((terminology.telling.part(s, code), name) for s, code, name in codings(concept))
    displays = {name for part, name in parts if part is not None and (part.any_drug or part.given)}
    return [one for one in said if one not in displays] if displays else said


def _names_other(terminology: Terminology, words: Sequence[str]) -> bool:
    """Whether words name another drug by its brand, or by its substance beside a word like inhaler."""
    telling, lists = terminology.telling, terminology.lists
    if lists is None or lists.names.may_be_biologic(words):
        return False
    known = lists.names
    doubtful = known.words.doubtful_in_texts - telling.beside_a_name
    if not doubtful.isdisjoint(words) or occur(words, known.ours):
        return False
    return bool(occur(words, telling.other_names) or occur(words, known.others))


def words_join_more(terminology: Terminology, concept: object) -> bool:
    """Whether its words join what nobody knows to a drug that is known."""
    return any(names_more(terminology, one) for one in _believed_names(terminology, concept))


def called(concept: object) -> list[str]:
    """What a concept is called; a code that says that there is no code gives it no name."""
    found = names(concept)
    absent = {name for system, _, name in codings(concept) if system in ABSENT}
    return [one for one in found if one not in absent] if absent else found


def says_anything(concept: object) -> bool:
    """Whether a concept has a code or a name at all."""
    coded = any(code and system not in ABSENT for system, code, _ in codings(concept))
    return coded or bool(called(concept))


def _by_name(
    coded: Sequence[Coded],
    said: Sequence[Sequence[str]],
    terminology: Terminology,
) -> Certainty:
    """What a name that no list holds is worth: nothing where it may be a class or a new biologic."""
    telling, lists = terminology.telling, terminology.lists
    if lists is None or not any(map(telling.says_what, said)):
        return Certainty.NOT
    if any(lists.names.may_be_biologic(one) for one in said):
        systems = {system for system, _ in coded}
        return Certainty.FORMAL if systems & telling.of_anything else Certainty.NOT
    is_drug = any(telling.may_be_a_drug(system, code) for system, code in coded)
    return Certainty.NAMED if is_drug else Certainty.SERVICE


def _says_none(terminology: Terminology, name: str) -> bool:
    """Whether a name is exactly one of something that is no drug, such as that none is known."""
    found = terminology.by_name.get(same_name(name), ())
    return any(not one.question for one in found)


def unread(
    terminology: Terminology, concepts: Iterable[object], element: object, *, is_drug: bool
) -> Entry:
    """The mark of a place that cannot be read, with what may be known of it all the same.

    Of a line of a hospital that names no product it is not even known whether it is a drug at all.
    """
    given = list(concepts)
    said = next((name for one in given for name in called(one)), None)
    coded = [
        (system, code)
        for one in given
        for system, code, _ in codings(one)
        if code and system not in ABSENT
    ]
    system, code = coded[0] if coded else (None, None)
    parts = [terminology.telling.part(*one) for one in coded]
    part = next((one for one in parts if one is not None), None)
    shown = [said, f"code {code}" if code else None]
    display = ", ".join(one[:MOST_SHOWN] for one in shown if one) or "no code, no name"
    known = {
        # two of the same code are one drug, whichever it is; without code and name nothing is
        "ingredient": f"{system}|{code}|{said}" if shown[0] or code else f"{identity(element)}",
        "routes": part.routes if part else (),
        "never": part.never if part else (),
        "only": part.only if part else (),
        "is_drug": is_drug,
    }
    return Entry(UNREAD, code or "", f"not readable here ({display})", known, question=True)
