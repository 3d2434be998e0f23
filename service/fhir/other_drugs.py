"""Whether the codes and names of one concept are of different drugs: then each of them is a question."""

from collections.abc import Sequence
from itertools import combinations

from service.fhir.elements import codings, names
from service.fhir.terminology.drugs import Entries, Entry
from service.fhir.terminology.terminology import SEVERAL, Terminology

Coded = Sequence[tuple[str | None, str | None]]


def uncontradicted(terminology: Terminology, concept: object, entries: Entries) -> Entries:
    """Some entries as they are; as questions if a code or name beside them is of another drug.

    What that one may be is then a question too.
    """
    own = _drugs(terminology, entries)
    proves = any(not entry.question for entry in own)
    others = _of_others(terminology, concept, own) if proves else None
    if others is None:
        return entries
    drugs, sets = terminology.unlisted.drug_sets, {entry.value_set for entry in own}
    as_questions = (each.as_question() if each.value_set in drugs else each for each in entries)
    return (*as_questions, *(entry for entry in others if entry.value_set not in sets))


def _of_others(terminology: Terminology, concept: object, own: Entries) -> Entries | None:
    """What the names in a concept may mean if a code or a name is of another drug; else None."""
    coded = [(system, code) for system, code, _ in codings(concept)]
    contradicted = len(coded) >= SEVERAL and _are_different(terminology, coded)
    found: list[Entry] = []
    for name in names(concept):
        if named := _drugs(terminology, terminology.of_words(name)):
            contradicted |= terminology.ingredients.differ(named, own)
            found += named
        else:
            contradicted |= terminology.names_other(name)
    return tuple(found) if contradicted else None


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
