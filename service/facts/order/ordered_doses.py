"""The doses of the ordered product, by its code or strength, and what the order says in words besides."""

import re
from collections.abc import Iterable, Iterator, Sequence

from service.facts.case import Case, PatientCase
from service.facts.order.doses import (
    DoseReadings,
    Doses,
    OrderedProduct,
    Reading,
    coded_product,
    doses_in_mg,
    read_doses,
)
from service.facts.order.drafts import coded_elsewhere
from service.fhir.elements import first_object, names, objects, read, text
from service.fhir.hit import Hit
from service.fhir.unknown_drugs import UNREAD
from service.fhir.values.quantity import INFINITY, measure
from service.fhir.values.timing import SAME, said_in_words
from service.json_object import Json
from service.memo import IdentityMap, per_case, per_patient
from service.policy.finding import Remark, remark

STRENGTHS = ("strength", "strengthRatio")  # R4, R5


@per_case
def reading_of(case: Case) -> Reading:
    """What the doses of the ordered drug are read with."""
    return Reading(_product(case), case.knowledge.units, case.knowledge.timings)


@per_case
def doses_of_order(case: Case) -> DoseReadings:
    """The doses of the ordered drug."""
    return read_doses(case.order.resource, reading_of(case))


def _product(case: Case) -> OrderedProduct:
    coded = coded_product(case.order.product)
    medication = case.record.resolve(
        case.order.resource.get("medicationReference"), case.order.resource
    )
    of_ingredient = _by_ingredient(case, medication) if medication else OrderedProduct()
    regimens = case.knowledge.regimens
    of_drug = [regimens[case.drug]] if case.drug in regimens else regimens.values()
    rows = (band for bands in of_drug for band in bands)
    may_hold = {band.unit_mg for band in rows if band.unit_mg}
    return OrderedProduct(
        _agreed(coded.device_mg, of_ingredient.device_mg),
        _agreed(coded.ml_mg, of_ingredient.ml_mg),
        tuple(sorted(may_hold)),
    )


def _agreed(coded: float | None, of_ingredient: float | None) -> float | None:
    """The figure that is known, or the common one of two; None if they differ."""
    if coded is None or of_ingredient is None:
        return of_ingredient if coded is None else coded
    return coded if abs(coded - of_ingredient) <= SAME * coded else None


def _by_ingredient(case: Case, medication: Json) -> OrderedProduct:
    """The strength of the one ingredient, in one device or one mL, and how many mL a device holds."""
    active = [
        ingredient
        for ingredient in objects(medication.get("ingredient"))
        if ingredient.get("isActive") is not False
    ]
    if len(active) != 1:
        return OrderedProduct()
    strength = next((active[0][key] for key in STRENGTHS if key in active[0]), None)
    per_device = _ratio(case, strength, "mg", "devices")
    per_ml = _ratio(case, strength, "mg", "mL")
    held = _ratio(case, medication.get("amount"), "mL", "devices")
    if per_device is None and per_ml is not None and held is not None:
        per_device = per_ml * held
    return OrderedProduct(per_device, per_ml)


def _ratio(case: Case, ratio: object, above: str, below: str) -> float | None:
    """The ratio in these two units; None if it is not exact or has other units."""
    units, sent = case.knowledge.units, first_object(ratio)
    top = measure(first_object(sent.get("numerator")), units[above], units)
    bottom = measure(first_object(sent.get("denominator")), units[below], units)
    if top is None or bottom is None or not (top.exact and bottom.exact):
        return None
    return top.low / bottom.low if top.low > 0 and bottom.low > 0 else None


# The value set of such routes is named after the drug's.
OTHER = ".other_route"
NAMED_BY = {
    "route": remark("by_words_of_route"),
    "method": remark("by_words_of_method"),
    "site": remark("by_words_of_site"),
}


def other_route(case: Case) -> str | Remark | None:
    """The first route, method or site of the order by which no product of the drug is given."""
    wrong = case.drug + OTHER
    for instruction in objects(case.order.resource.get("dosageInstruction")):
        for where, concept in (
            (name, element) for name in NAMED_BY for element in objects(instruction.get(name))
        ):
            for entry in case.record.entries_of_concept(concept):
                if entry.value_set == wrong:
                    return entry.display
            if case.knowledge.pointing.any_of(names(concept), (wrong,)):
                return NAMED_BY[where]
    return None


def goes_another_way(case: Case, route: str) -> bool:
    """Whether the word of a sig is a route by which no product of the drug is given."""
    wrong = case.drug + OTHER
    entries = case.record.entries_of_concept({"text": route})
    if any(entry.value_set == wrong for entry in entries):
        return True
    return case.knowledge.pointing.any_of((route,), (wrong,))


def doses_of_other_drafts(case: Case) -> tuple[Doses, ...]:
    """The doses of the other drafts for the drug; drafts that cannot be read are left out."""
    doses = (_most_of_draft(case, hit) for hit in _other_drafts(case))
    return tuple(most for most in doses if most is not None)


def unread_drafts(case: Case) -> list[Hit]:
    """The other drafts that order more of the drug, and whose doses cannot be read."""
    return [
        hit
        for hit in _other_drafts(case)
        if _most_of_draft(case, hit) is None and not _orders_no_drug(case, hit)
    ]


def _other_drafts(case: Case) -> list[Hit]:
    """The other drafts that name the drug, also by its code under an unknown address."""
    named = IdentityMap((hit.resource, hit) for hit in case.record.proposed.get(case.drug, ()))
    for hit in case.record.proposed.get(UNREAD, ()):
        if coded_elsewhere(case.record, hit.resource, hit.source, case.drug):
            named.setdefault(hit.resource, hit)
    return [
        hit
        for hit in named.values()
        if hit.resource is not case.order.resource and hit.reference != case.order.reference
    ]


@per_patient
def _most_of_draft(case: PatientCase, hit: Hit) -> Doses | None:
    """The reading of a draft that asks for most; None if it cannot be read."""
    named = [entry for entry in hit.entries if entry.value_set == case.drug]
    product = coded_product(max((entry.attributes for entry in named), key=len, default={}))
    readings = read_doses(
        hit.resource, Reading(product, case.knowledge.units, case.knowledge.timings)
    ).readings
    return largest_reading(readings) if readings else None


def _orders_no_drug(case: Case, hit: Hit) -> bool:
    """Whether a draft of a service names the drug in words alone and no amount, as teaching does."""
    if not hit.source.services or any(
        entry.value_set == case.drug and not entry.question for entry in hit.entries
    ):
        return False
    words = [name for steps in hit.source.concepts for name in names(read(steps, hit.resource))]
    return not any(
        reading_of(case).amounts(name) or case.knowledge.timings.has_first_dose(name)
        for name in words
    )


def largest_reading(readings: Sequence[Doses]) -> Doses:
    """The reading of an order that asks for most."""

    def much(way: Doses) -> tuple[float, float]:
        return (way.dose_mg or 0.0) / (way.interval_days or INFINITY), way.loading_mg or 0.0

    return max(readings, key=much)


def summed_doses(order: Doses, others: tuple[Doses, ...]) -> Doses:
    """One order that asks for what several ask for: as much in the same time, first doses added."""
    rate = sum(
        (each.dose_mg or 0.0) / each.interval_days
        for each in (order, *others)
        if each.interval_days
    )
    first = sum(each.loading_mg or 0.0 for each in (order, *others)) or None
    dose = max(each.dose_mg or 0.0 for each in (order, *others))
    return Doses(dose or None, dose / rate if rate else None, first)


ANOTHER_DOSE = remark("words_of_another_dose")
ANOTHER_ROUTE = remark("words_of_another_route")
NOTE = remark("note_of_another_dose")
_CLAUSE = re.compile(r"[;\n!?]+|\.(?:\s|$)")


def words_against(case: Case, readings: Iterable[Doses]) -> Remark | None:
    """Why the words of an order leave its figures open; None where they do not."""
    notes = [*_notes(case.order.resource)]
    sentences = [
        sentence
        for instruction in objects(case.order.resource.get("dosageInstruction"))
        for sentence in said_in_words(instruction)
    ]
    for clause in _clauses((*sentences, *notes)):
        words = case.knowledge.timings
        if words.asks_for_more(clause):
            return ANOTHER_DOSE
        if any(goes_another_way(case, route) for route in words.routes(clause)):
            return ANOTHER_ROUTE
    given = [*readings]
    return NOTE if any(_is_more(case, clause_, given) for clause_ in _clauses(notes)) else None


def _notes(order: Json) -> Iterator[str]:
    """The notes of an order, also those for the pharmacy (R5 `dispenserInstruction`)."""
    for note in objects(order.get("note")):
        if words := text(note.get("text")):
            yield words
    request = order.get("dispenseRequest")
    for holder in objects(request):
        # R5 has a note for the one who dispenses
        for note in objects(holder.get("dispenserInstruction")):
            if words := text(note.get("text")):
                yield words


def _clauses(sentences: Iterable[str]) -> Iterator[str]:
    return (part for sentence in sentences for part in _CLAUSE.split(sentence) if part.strip())


def _is_more(case: Case, clause: str, readings: Iterable[Doses]) -> bool:
    """Whether a note asks for more than a way to read the order; not of the past or another drug."""
    words, reading = case.knowledge.timings, reading_of(case)
    if words.is_aside(clause) or case.record.names_another_drug(clause, case.drug):
        return False
    often = [days for days in words.intervals(clause) if days > 1]
    first = words.has_first_dose(clause)
    for given in readings:
        dose, every = given.dose_mg or 0.0, given.interval_days
        if every and any(days < every * (1 - SAME) for days in often):
            return True
        most = max(dose, given.loading_mg or 0.0) if first or not dose else dose
        for amount in reading.amounts(clause):
            least = min(doses_in_mg(amount, reading.product))
            if amount.days and every and least / amount.days > dose / every * (1 + SAME):
                return True
            if not amount.days and least > most * (1 + SAME):
                return True
    return False
