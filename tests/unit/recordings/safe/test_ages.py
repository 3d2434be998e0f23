"""Ages of 90 years and more are 90, in each unit."""

import pytest

from service.recordings.safe.ages import is_about_age, may_be_over_89, with_age_pooled


@pytest.mark.parametrize(
    ("quantity", "pooled"),
    [
        ({"value": 92, "code": "a"}, 90),
        ({"value": 89.9, "code": "a"}, 89.9),
        ({"value": 92, "unit": "y/o"}, 90),
        ({"value": 92, "unit": "years old"}, 90),
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
    assert with_age_pooled(quantity, is_age=False)["value"] == pooled


def test_a_bare_number_is_years_where_it_is_an_age() -> None:
    assert with_age_pooled({"value": 92}, is_age=True) == {"value": 90}
    assert with_age_pooled({"value": 40, "unit": "wk"}, is_age=True)["value"] == 40


@pytest.mark.parametrize(
    ("words", "is_age"), [("Age at visit", True), ("Patient AGE", True), ("Average weight", False)]
)
def test_what_says_that_it_is_an_age(words: str, is_age: bool) -> None:
    assert is_about_age({"code": {"coding": [{"display": words}]}}) is is_age
    assert is_about_age({"code": {"text": words}}) is is_age


def test_texts_that_are_ages() -> None:
    assert may_be_over_89("Age: 92")
    assert not may_be_over_89("89 1/2")
