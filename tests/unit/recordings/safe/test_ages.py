"""Ages of 90 years and more are 90, in each unit."""

import pytest

from service.recordings.safe.ages import (
    has_number,
    is_about_age,
    is_result,
    may_be_age,
    may_be_over_89,
    with_age_pooled,
)


@pytest.mark.parametrize(
    ("quantity", "pooled"),
    [
        ({"value": 92, "code": "a"}, 90),
        ({"value": 89.9, "code": "a"}, 89.9),
        ({"value": 92, "unit": "y/o"}, 90),
        ({"value": 92, "unit": "years old"}, 90),
        ({"value": 92, "unit": "{years}"}, 90),
        ({"value": 92, "code": "/wk"}, 92),
        ({"value": 92, "unit": "Yr(s)", "code": "x"}, 90),
        ({"value": 1100, "code": "mo"}, 1080),
        ({"value": 1079, "unit": "months"}, 1079),
        ({"value": 4700, "unit": "wk"}, 4695),
        ({"value": 40000, "unit": "d"}, 32871),
        ({"value": 92, "unit": "kg"}, 92),
        ({"value": 92}, 92),
        ({"value": True, "code": "a"}, True),
        ({"value": "92", "code": "a"}, "92"),
    ],
)
def test_quantities(quantity: dict[str, object], pooled: object) -> None:
    assert with_age_pooled(quantity, may_be_years=False)["value"] == pooled


def test_a_bare_number_is_years_where_it_is_an_age() -> None:
    assert with_age_pooled({"value": 92}, may_be_years=True) == {"value": 90}
    assert with_age_pooled({"value": 40, "unit": "wk"}, may_be_years=True)["value"] == 40


@pytest.mark.parametrize(
    ("words", "is_age"), [("Age at visit", True), ("Patient AGE", True), ("Average weight", False)]
)
def test_what_says_that_it_is_an_age(words: str, is_age: bool) -> None:
    assert is_about_age({"code": {"coding": [{"display": words}]}}) is is_age
    assert is_about_age({"code": {"text": words}}) is is_age


def test_a_part_with_a_value_and_a_code_is_a_result() -> None:
    assert is_result({"code": {"text": "x"}, "valueInteger": 1})
    assert not is_result({"code": {"text": "x"}, "onsetAge": {}})
    assert not is_result({"code": "x", "valueInteger": 1})


def test_an_amount_may_be_an_age_unless_its_unit_is_known_and_none_of_time() -> None:
    assert may_be_age({"value": 9, "unit": "Jahre"}, has_known_unit=False)
    assert may_be_age({"value": 9, "unit": "mo"}, has_known_unit=True)
    assert not may_be_age({"value": 9, "unit": "kg"}, has_known_unit=True)


def test_texts_that_are_ages() -> None:
    assert has_number("at 20")
    assert not has_number("in childhood")
    assert may_be_over_89("Age: 92")
    assert not may_be_over_89("89 1/2")
