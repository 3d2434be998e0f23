"""Whether the codes and names of one concept are of different drugs: then each of them is a question."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from service.fhir.elements import codings, names, same_name
from service.fhir.terminology.drugs import Entries, Entry
from service.fhir.terminology.terminology import SEVERAL, Terminology

LONGEST_SHOWN = 80
Coded = Sequence[tuple[str | None, str | None]]


def uncontradicted(terminology: Terminology, concept: object, entries: Entries) -> Entries:
    """Some entries as they are; as questions if a code or name beside them is of another drug.

    What that one may be is then a question too.
    """
    coded = [(system, code) for system, code, _ in codings(concept)] if entries else []
    contradicted = len(coded) >= SEVERAL and _are_different(terminology, coded)
    called = names(concept) if entries else ()
    return unless_named(terminology, called, entries, contradicted=contradicted)


def unless_named(
    terminology: Terminology, called: Iterable[str], entries: Entries, *, contradicted: bool = False
) -> Entries:
    """Some entries as they are; as questions if names are of another drug, or it is so by their codes.

    A question holds the name that stands beside its code (`beside`).
    """
    own = _drugs(terminology, entries)
    if all(entry.question for entry in own):
        return entries
    found: list[Entry] = []
    beside = ""
    displays = {same_name(entry.display) for entry in own}
    for name in called:
        if same_name(name) in displays:
            continue
        named = _drugs(terminology, terminology.of_words(name))
        if terminology.ingredients.differ(named, own) if named else terminology.names_other(name):
            beside = beside or name
        found += named
    if not (contradicted or beside):
        return entries
    more = {"beside": beside[:LONGEST_SHOWN]} if beside else {}
    drugs, sets = terminology.unlisted.drug_sets, {entry.value_set for entry in own}
    as_questions = (
        entry.with_attributes(**more).as_question() if entry.value_set in drugs else entry
        for entry in entries
    )
    return (*as_questions, *(entry for entry in found if entry.value_set not in sets))


def _are_different(terminology: Terminology, coded: Coded) -> bool:
    """Whether one of the codes is a drug of no set, or two are different drugs of ours."""
    if any(terminology.is_other_drug(system, code) for system, code in coded):
        return True
    listed = [_drugs(terminology, terminology.of_code(system, code)) for system, code in coded]
    each = [entries for entries in listed if entries]
    return any(terminology.ingredients.differ(*two) for two in combinations(each, SEVERAL))


def _drugs(terminology: Terminology, entries: Entries) -> Entries:
    """Those entries of sets of drugs that say which drug it is."""
    drugs = terminology.unlisted.drug_sets
    return tuple(
        entry
        for entry in entries
        if entry.value_set in drugs and not entry.attributes.get("unspecific")
    )
