"""What a result says in one word: yes, no, or nothing."""

from typing import Any

import pytest
from support.fact_case import patient

from service.facts.yes_or_no import answer_in, coded_word, has_content, word_of_test

CASE = patient()
SNOMED = "http://snomed.info/sct"
Json = dict[str, Any]


def concept(text: str | None = None, code: str | None = None) -> Json:
    found: Json = {}
    if text:
        found["text"] = text
    if code:
        found["coding"] = [{"system": SNOMED, "code": code}]
    return found


YES_CODE, NO_CODE = "373066001", "373067005"


@pytest.mark.parametrize(
    ("element", "word"),
    [
        ({"valueBoolean": True}, "yes"),
        ({"valueBoolean": False}, "no"),
        ({"valueInteger": 1}, "yes"),
        ({"valueInteger": 0}, "no"),
        ({"valueInteger": 2}, None),
        ({"valueString": "Yes."}, "yes"),
        ({"valueString": " NO "}, "no"),
        ({"valueString": "1"}, "yes"),
        ({"valueString": "perhaps"}, None),
        ({"valueString": ""}, "nothing"),
        ({"valueQuantity": {"value": 1}}, "yes"),
        ({"valueQuantity": {"value": 1, "unit": "%"}}, None),
        ({"valueQuantity": {"value": 1, "comparator": "<"}}, None),
        ({"valueQuantity": {}}, "nothing"),
        ({"valueCodeableConcept": concept("Yes")}, "yes"),
        ({"valueCodeableConcept": concept(code=NO_CODE)}, "no"),
        ({"valueCodeableConcept": concept("yes", NO_CODE)}, None),
        ({"valueCodeableConcept": {}}, "nothing"),
        ({}, "nothing"),
        ({"valueBoolean": True, "valueString": "no"}, None),
        ({"valueBoolean": True, "valueString": "yes"}, "yes"),
    ],
)
def test_value_says_yes_no_or_something_else(element: Json, word: str | None) -> None:
    assert answer_in(CASE, element) == word


@pytest.mark.parametrize(
    ("element", "word"),
    [
        ({"valueQuantity": {"value": 1}}, None),
        ({"valueQuantity": {"value": 5}, "interpretation": [concept("Positive")]}, "yes"),
        ({"valueQuantity": {"value": 5}, "interpretation": [concept("N")]}, None),
        ({"valueString": "negative"}, "no"),
        ({"valueString": "negative", "interpretation": [concept("Positive")]}, None),
    ],
)
def test_number_of_a_test_means_what_its_interpretation_says(
    element: Json, word: str | None
) -> None:
    assert word_of_test(CASE, element) == word


@pytest.mark.parametrize(
    ("element", "says_nothing", "has"),
    [
        ({"valueInteger": 0}, (), True),
        ({"valueString": "12 %"}, (), True),
        ({"valueString": ""}, (), False),
        ({"valueCodeableConcept": {}}, (), False),
        ({"valueString": "see note"}, ("see note",), False),
        ({"valueString": "see note"}, (), True),
        ({"valueString": "not assessed"}, (), False),
        ({"valueInteger": None}, (), False),
        ({}, (), False),
    ],
)
def test_value_that_was_not_taken_is_no_content(
    element: Json, says_nothing: tuple[str, ...], has: bool
) -> None:
    assert has_content(CASE, element, says_nothing) is has


def test_codes_of_a_concept_say_one_word_whatever_its_name() -> None:
    known = CASE.knowledge.answers
    assert coded_word(CASE.record, known, concept("no", YES_CODE)) == "yes"
    assert coded_word(CASE.record, known, concept("yes")) is None
    both = {"coding": [{"system": SNOMED, "code": one} for one in (YES_CODE, NO_CODE)]}
    assert coded_word(CASE.record, known, both) is None
