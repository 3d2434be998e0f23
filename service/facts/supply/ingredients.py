"""Single drugs of a class: which of its ingredients a product is."""

from collections.abc import Sequence

from service.fhir.terminology.terminology import Entry
from service.policy.truth import Truth


def names(entries: Sequence[Entry], of: Sequence[str], ingredients: Sequence[str]) -> Truth:
    """Whether the entries name one of these ingredients, or of these classes where none are asked."""
    found = {_names(one, ingredients) for one in entries if one.value_set in of}
    if Truth.MET in found:
        return Truth.MET
    return Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.NOT_MET


def _names(entry: Entry, ingredients: Sequence[str]) -> Truth:
    """A question, and a name that tells no ingredient, leave it open."""
    known = entry.attributes.get("ingredient")
    if ingredients and known is not None and known not in ingredients:
        return Truth.NOT_MET
    told = not ingredients or known is not None
    return Truth.MET if told and not entry.question else Truth.UNKNOWN
