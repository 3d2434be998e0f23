"""All codes of results as one search value."""

from typing import Any

from service.library.lookups.source_words import codes_of_results
from service.library.shapes import ValueSetShape


def codes(name: str, kind: str, **lists: Any) -> ValueSetShape:
    return ValueSetShape.model_validate(
        {"value_set": name, "kind": kind, "says": "x", "source": {}, **lists}
    )


def line(code: str) -> dict[str, str]:
    return {"code": code, "display": code}


def test_codes_of_observations_are_sorted_and_each_once() -> None:
    sets = {
        "a": codes("a", "observation", codes={"http://x": [line("2"), line("1")]}),
        "b": codes("b", "observation", questions={"http://x": [line("1")]}),
        "c": codes("c", "condition", codes={"http://x": [line("3")]}),
    }
    assert codes_of_results(sets) == "http://x|1,http://x|2"


def test_sign_that_would_end_a_code_is_quoted() -> None:
    sets = {"a": codes("a", "observation", codes={"http://x": [line("1,2"), line("a b")]})}
    assert codes_of_results(sets) == "http://x|1%2C2,http://x|a%20b"


def test_without_observations_nothing_is_searched() -> None:
    assert codes_of_results({}) == ""
