"""What an order says in words beside its figures: another dose or route, in its sig or in its notes."""

import re
from collections.abc import Iterable, Iterator

from service.facts.case import Case
from service.facts.order.doses import Doses, doses_in_mg
from service.facts.order.ordered_doses import goes_another_way, reading_of
from service.fhir.elements import objects, text
from service.fhir.values.timing import SAME, said_in_words
from service.json_object import Json
from service.policy.remark import Remark, remark

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
