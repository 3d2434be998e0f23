"""Whether a patient takes, took or cannot take a therapy, as far as the record shows."""

from typing import NamedTuple

from service.clinical.model import Taken
from service.facts.case import Case
from service.facts.supply.fills import find_fills, not_taken_back
from service.facts.supply.timeline import sure
from service.facts.supply.unread import may_be
from service.fhir.hit import Hit
from service.fhir.paths import read
from service.fhir.terminology.terminology import Entry
from service.fhir.unread import UNREAD
from service.policy.remark import Remark, remark

# By what the value sets of reasons for stopping are called, the gravest first.
AGAINST = {
    "inefficacy": remark("alternatives.inefficacy"),
    "adverse_effect": remark("alternatives.adverse_effect"),
    "intolerance": remark("alternatives.intolerance"),
    "contraindication": remark("alternatives.contraindication"),
    "allergy": remark("alternatives.allergy"),
}
ALLERGY = "AllergyIntolerance"
REASON = "reason."  # what the value sets of reasons for stopping begin with


class History(NamedTuple):
    """Whether it is in use, why it was stopped or is ruled out, whether it was used before."""

    now: bool = False
    against: Remark | None = None
    before: bool = False
    drafted: bool = False
    doubtful: bool = False  # an allergy in words that may be one to it


def history(case: Case, taken: Taken) -> History:
    """What the record shows of a therapy; the gravest reason against it first."""
    is_drafted = any(_is_it(hit, taken) for hit in case.record.proposed.get(taken.value_set, ()))
    listed = case.record.hits(taken.value_set)
    hits = [hit for hit in listed if _is_it(hit, taken)]
    doubtful = any(_may_be_allergy(hit, taken) for hit in listed) or _unread_allergy(case, taken)
    if not hits:
        return History(drafted=is_drafted, doubtful=doubtful)
    reasons = {reason for hit in hits for reason in _against(case, hit)}
    against = next((words for name, words in AGAINST.items() if name in reasons), None)
    before = bool(not_taken_back(case, filter(_given, hits), (taken.value_set,)))
    return History(_now(case, hits, taken), against, before, is_drafted, doubtful)


def _is_it(hit: Hit, taken: Taken) -> bool:
    """One of the ingredients; of a set without ingredients, as procedures have none, all of it."""
    own = [entry for entry in hit.entries if entry.value_set == taken.value_set]
    return any(not taken.ingredients or _ingredient(entry) in taken.ingredients for entry in own)


def _ingredient(entry: Entry) -> object:
    """The ingredient of a code, or a name in words that is one itself."""
    return entry.attributes.get("ingredient", entry.code.lower() if entry.by_name else None)


def _may_be_allergy(hit: Hit, taken: Taken) -> bool:
    """An allergy to something of the class in words that name no ingredient, as a brand does."""
    if hit.source.type != ALLERGY or hit.standing != "counts":
        return False
    own = [entry for entry in hit.entries if entry.value_set == taken.value_set]
    return any(entry.by_name and "ingredient" not in entry.attributes for entry in own)


def _unread_allergy(case: Case, taken: Taken) -> bool:
    """An allergy of which nobody can tell to what it is."""
    return any(
        hit.source.type == ALLERGY and hit.standing == "counts"
        for hit in case.record.hits(UNREAD)
        if may_be(case, hit, (taken.value_set,))
    )


def _given(hit: Hit) -> bool:
    return hit.source.type != ALLERGY and hit.standing == "counts"


def _against(case: Case, hit: Hit) -> list[str]:
    """Reasons for which it was stopped, by code; an allergy to it that counts."""
    if hit.source.type == ALLERGY:
        return ["allergy"] if hit.standing == "counts" else []
    if hit.standing == "never":
        return []
    return [
        entry.value_set.removeprefix(REASON)
        for concept in read(("statusReason",), hit.resource)
        for entry in case.record.entries_of_concept(concept)
        if entry.value_set.startswith(REASON) and not (entry.by_name or entry.question)
    ]


def _now(case: Case, hits: list[Hit], taken: Taken) -> bool:
    """In hand today, or listed as active."""
    keys = {source.source for source in case.knowledge.of_kind("supply").sources}
    counted = [hit for hit in hits if hit.source.key in keys and _given(hit)]
    if any(hit.source.may_be_in_use(hit.resource) for hit in counted):
        return True
    fills = [
        found.fill for found in find_fills(case, counted, (taken.value_set,)) if not found.question
    ]
    return sure(fills, case.today).covers(case.today)
