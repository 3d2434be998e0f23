"""Which considerations apply to the record of a patient."""

from dataclasses import replace

from support.cases.run import library
from support.visits import Json, body_of, question_in, visit_of

from service.advise.assessed_order import assess_order
from service.clinical.applicable_notes import notes_for
from service.facts.case import Case

CLINICAL = library().clinical


def case(given: Json) -> Case:
    visit = visit_of(body_of(given), claims_held="2015-01-01")
    question = question_in(visit)
    return assess_order(visit, question).case


def notes(given: Json, path: str = "initial", situation: str | None = None) -> list[str]:
    known = case(given)
    return [note.id for note in notes_for(known, CLINICAL, known.indications, path, situation)]


def test_consideration_on_starting_is_for_the_initial_path_and_who_starts() -> None:
    assert "common.note.start" in notes({})
    assert "common.note.start" not in notes({}, "renewal")
    taken = [{"drug": "dupilumab 300 mg syringe", "days": 200, "on": "190 days ago"}]
    assert "common.note.start" not in notes({"claims": taken})


def test_consideration_is_told_if_its_criterion_is_met_even_by_a_list_alone() -> None:
    cream = [{"drug": "ruxolitinib cream", "from": "60 days ago"}]
    assert "common.note.topical_jak" in notes({"chart": cream})
    assert "common.note.topical_jak" not in notes({})


def test_considerations_are_in_the_order_of_their_weight() -> None:
    asked = case({"chart": [{"drug": "ruxolitinib cream", "from": "60 days ago"}]})
    found = notes_for(asked, CLINICAL, asked.indications, "initial", None)
    weights = [note.weight for note in found]
    assert len(weights) > 1
    assert weights == sorted(weights, reverse=True)


def test_consideration_that_the_situation_says_itself_is_left_out() -> None:
    asked = case({})
    note = notes_for(asked, CLINICAL, asked.indications, "initial", None)[0]
    known = next(key for key, of in CLINICAL.notes.items() if note in of)
    unless = replace(note, unless=frozenset({"a.situation"}))
    clinical = replace(CLINICAL, notes={known: (unless,)})
    told = [
        notes_for(asked, clinical, asked.indications, "initial", situation)
        for situation in (None, "a.situation")
    ]
    assert told == [(unless,), ()]
