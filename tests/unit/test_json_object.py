"""Values without what is null or empty."""

from service.json_object import without_empty


def test_null_and_empty_members_are_left_out_at_any_depth() -> None:
    given = {"a": None, "b": [], "c": {"d": {}, "e": ""}, "f": [None, {"g": None}, (1, "")]}
    assert without_empty(given) == {"f": [[1]]}
    assert without_empty([{}, "", None]) is None


def test_false_and_zero_stay() -> None:
    assert without_empty({"a": False, "b": 0, "c": [0.0]}) == {"a": False, "b": 0, "c": [0.0]}
