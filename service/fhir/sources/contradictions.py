"""Whether one concept says two things at once: FHIR lets each of its codings state a status of its own."""

from collections import defaultdict
from collections.abc import Set as AbstractSet

from service.fhir.elements import codings, names

Words = AbstractSet[str]


def contradicts(concept: object, good: Words, bad: Words) -> bool:
    """Whether codes and words of a concept say what counts (`good`) and what does not (`bad`) together.

    Of one system a second code that is neither says another thing too, as 'provisional' beside
    'confirmed'; a code of another system may be a translation that nobody knows here.
    """
    coded = [(system, code.lower()) for system, code, _ in codings(concept) if code]
    if len(coded) < 2 and not (good and bad):  # noqa: PLR2004 - one code says one thing
        return False
    by_system: defaultdict[str | None, set[str]] = defaultdict(set)
    for system, code in coded:
        by_system[system].add(code)
    if any(codes & told and codes - told for codes in by_system.values() for told in (good, bad)):
        return True
    said = {name.lower() for name in names(concept)}.union(*by_system.values())
    return bool(said & good and said & bad)
