"""What the record shows of one therapy: whether it is used now, was used, or is ruled out."""

from typing import NamedTuple

from service.clinical.therapies_and_pathways import TherapyCodes
from service.facts.case import Case
from service.facts.fills.fills_of_class import find_fills, not_taken_back
from service.facts.problems_in_words import ToldHarm, harm_by_drugs
from service.facts.supply.covered_days import sure_timeline
from service.facts.supply.stop_reasons import REASON, reason_sets, reasons_of_stop, told_against
from service.facts.supply.unread_entries import may_be_of
from service.fhir.hit import Hit
from service.fhir.terminology.terminology import Entries, Entry
from service.fhir.unknown_drugs import UNREAD
from service.policy.finding import Remark, remark

# The reasons for stopping by the names of their value sets, the gravest first.
AGAINST = {
    "inefficacy": remark("alternatives.inefficacy"),
    "adverse_effect": remark("alternatives.adverse_effect"),
    "intolerance": remark("alternatives.intolerance"),
    "contraindication": remark("alternatives.contraindication"),
    "allergy": remark("alternatives.allergy"),
}
ALLERGY = "AllergyIntolerance"
# The reasons because of which another drug of the class may do the same harm.
OF_HARM = ("adverse_effect", "intolerance", "contraindication")
NOT_READ = "not_read"


class TherapyHistory(NamedTuple):
    """One therapy's use; `against` is why it was stopped or is ruled out, None if there is no reason."""

    now: bool = False
    against: Remark | None = None
    before: bool = False
    drafted: bool = False
    doubtful: bool = False  # an allergy that is recorded in words may be one to this therapy
    unread_stop: bool = False  # it was stopped for a reason that is not read here
    harmed: ToldHarm | None = None  # an entry outside the allergy list that names it beside harm


def history(case: Case, taken: TherapyCodes) -> TherapyHistory:
    """What the record shows of a therapy; of several reasons against it the gravest."""
    is_drafted = any(_is_it(hit, taken) for hit in case.record.proposed.get(taken.value_set, ()))
    listed = case.record.hits(taken.value_set)
    hits = [hit for hit in listed if _is_it(hit, taken)]
    doubtful = any(_may_be_allergy(hit, taken) for hit in listed) or _unread_allergy(case, taken)
    harmed = next((told for told in harm_by_drugs(case) if _names(told.drugs, taken)), None)
    if not hits:
        return TherapyHistory(drafted=is_drafted, doubtful=doubtful, harmed=harmed)
    reasons = {reason for hit in hits for reason in _why(case, hit)}
    against = next((words for name, words in AGAINST.items() if name in reasons), None)
    before = bool(not_taken_back(case, filter(_given, hits), (taken.value_set,)))
    now, unread = _now(case, hits, taken), NOT_READ in reasons
    return TherapyHistory(now, against, before, is_drafted, doubtful, unread, harmed)


def class_stopped(case: Case, taken: TherapyCodes) -> str | None:
    """Another drug of the class that was stopped for harm, or for a reason that is not read here."""
    for hit in case.record.hits(taken.value_set):
        if hit.source.type == ALLERGY or _is_it(hit, taken):
            continue
        if not {*OF_HARM, NOT_READ}.isdisjoint(_why(case, hit)):
            names = (e for e in hit.entries if e.value_set == taken.value_set)
            return next(str(e.attributes.get("ingredient", e.display)) for e in names)
    return None


def _is_it(hit: Hit, taken: TherapyCodes) -> bool:
    """Whether the hit names one of the ingredients; any code counts if none are listed (procedures)."""
    return _names(hit.entries, taken)


def _names(entries: Entries, taken: TherapyCodes) -> bool:
    own = [entry for entry in entries if entry.value_set == taken.value_set]
    return any(not taken.ingredients or _ingredient(entry) in taken.ingredients for entry in own)


def _ingredient(entry: Entry) -> object:
    """The ingredient of a code, or the name itself if it was recognized in words."""
    return entry.attributes.get("ingredient", entry.code.lower() if entry.by_name else None)


def _may_be_allergy(hit: Hit, taken: TherapyCodes) -> bool:
    """Whether it is an allergy, in words, to this class but without an ingredient, such as a brand."""
    if hit.source.type != ALLERGY or hit.standing != "counts":
        return False
    own = [entry for entry in hit.entries if entry.value_set == taken.value_set]
    return any(entry.by_name and "ingredient" not in entry.attributes for entry in own)


def _unread_allergy(case: Case, taken: TherapyCodes) -> bool:
    """Whether there is an allergy whose substance could not be read and may be this therapy."""
    return any(
        hit.source.type == ALLERGY and hit.standing == "counts"
        for hit in case.record.hits(UNREAD)
        if may_be_of(case, hit, (taken.value_set,))
    )


def _given(hit: Hit) -> bool:
    return hit.source.type != ALLERGY and hit.standing == "counts"


def _why(case: Case, hit: Hit) -> list[str]:
    """The coded reasons for stopping in this entry, `not_read` for any other and for harm, or `allergy`."""
    if hit.source.type == ALLERGY:
        return ["allergy"] if hit.standing == "counts" else []
    coded = [
        value_set.removeprefix(REASON)
        for concept in reasons_of_stop(hit)
        for value_set in reason_sets(case, concept) or (NOT_READ,)
    ]
    if told_against(case, hit) is None or not {*coded}.isdisjoint(OF_HARM):
        return coded
    return [*coded, NOT_READ]


def _now(case: Case, hits: list[Hit], taken: TherapyCodes) -> bool:
    """Whether a supply covers today, or a list says that it is active."""
    keys = {source.source for source in case.knowledge.of_kind("supply").sources}
    counted = [hit for hit in hits if hit.source.key in keys and _given(hit)]
    if any(hit.source.may_be_in_use(hit.resource) for hit in counted):
        return True
    fills = [
        handover.fill
        for handover in find_fills(case, counted, (taken.value_set,))
        if not handover.question
    ]
    return sure_timeline(fills, case.today).covers(case.today)
