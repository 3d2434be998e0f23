"""Details below a yes: fields of a form, items of a response, and back."""

import pytest
from support.questionnaires import form

from service.questionnaires.answer_details import (
    MOST_REPETITIONS,
    details_read,
    fields_filled,
    rows_of,
)
from service.questionnaires.responses import question_item

AD = form().questionnaire()
BSA, TRIAL = "ad.initial.severity.bsa10", "ad.initial.trial.tcs_and_tci"
VALUE, OF_TRIAL = question_item(AD, BSA) or {}, question_item(AD, TRIAL) or {}


def test_value_in_the_unit_of_the_bound_and_its_day_go_round() -> None:
    filled = {f"{BSA}:value": "12,5", f"{BSA}:measured": "2026-11-01"}
    items, wrong = details_read(AD, VALUE, filled)
    assert wrong == frozenset()
    quantity = items[0]["answer"][0]["valueQuantity"]
    assert (quantity["value"], quantity["system"]) == (12.5, "http://unitsofmeasure.org")
    assert fields_filled(items) == {f"{BSA}:value": "12.5", f"{BSA}:measured": "2026-11-01"}


def test_each_repetition_of_a_trial_goes_round() -> None:
    rows = rows_of(AD, OF_TRIAL, {})
    (drug, started, _, why) = rows[0]
    assert len(rows) == 1
    filled = {
        f"{TRIAL}:drug#0": drug.choices[0].value,
        f"{TRIAL}:why#1": why.choices[0].value,
        f"{TRIAL}:started#1": "2026-07-15",
    }
    items, wrong = details_read(AD, OF_TRIAL, filled)
    assert (wrong, len(items)) == (frozenset(), 2)
    assert fields_filled(items) == filled
    assert len(rows_of(AD, OF_TRIAL, filled)) == 3
    assert started.kind == "date"


@pytest.mark.parametrize(
    ("question", "name", "written"),
    [
        (VALUE, f"{BSA}:value", "ten"),
        (VALUE, f"{BSA}:value", "1e400"),
        (VALUE, f"{BSA}:value", "9" * 60),
        (VALUE, f"{BSA}:measured", "2026-13-01"),
        (OF_TRIAL, f"{TRIAL}:drug#0", "http://evil.example|x"),
    ],
)
def test_what_cannot_be_read_is_named(question: dict[str, object], name: str, written: str) -> None:
    assert details_read(AD, question, {name: written}) == ((), frozenset({name}))


def test_repetitions_are_bounded() -> None:
    filled = {f"{TRIAL}:started#{number}": "2026-07-15" for number in range(50)}
    assert len(details_read(AD, OF_TRIAL, filled).items) == MOST_REPETITIONS
    assert len(rows_of(AD, OF_TRIAL, filled)) == MOST_REPETITIONS


def test_empty_fields_say_nothing() -> None:
    assert details_read(AD, VALUE, {f"{BSA}:value": " "}) == ((), frozenset())
