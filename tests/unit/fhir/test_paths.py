"""Paths: field names and lists, nothing cleverer; data of another shape never hurt."""

from typing import Any

import pytest

from service.fhir.paths import compile_path, read, read_first

COMPILED = {
    "$": (),
    "$.code": ("code",),
    "code": ("code",),
    "$.item[*].productOrService": ("item", "productOrService"),
    "$.a.b.c": ("a", "b", "c"),
    "$.a[*]": ("a",),
}
REFUSED = ["$.a[0]", "$..a", "$.a[1:2]", "$.a[?(@.b==1)]", "$.[", "", "$.a.`parent`"]


@pytest.mark.parametrize(("written", "steps"), COMPILED.items(), ids=COMPILED)
def test_a_path_is_its_field_names(written: str, steps: tuple[str, ...]) -> None:
    assert compile_path(written) == steps


@pytest.mark.parametrize("written", REFUSED)
def test_a_path_that_says_more_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"JSONPath|field names"):
        compile_path(written)


FOUND: dict[str, tuple[Any, list[Any]]] = {
    "a list": ({"item": [{"code": 1}, {"code": 2}]}, [1, 2]),
    "one thing for a list": ({"item": {"code": 1}}, [1]),
    "a list of lists of codes": ({"item": [{"code": [1, 2]}, {"code": 3}]}, [1, 2, 3]),
    "nulls": ({"item": [None, {"code": None}, {"code": 0}]}, [0]),
    "another shape": ({"item": "x"}, []),
    "nothing": ({}, []),
    "no object": ([5], []),
    "null": (None, []),
}


@pytest.mark.parametrize(("value", "expected"), FOUND.values(), ids=FOUND)
def test_all_that_stands_at_a_path_is_read(value: Any, expected: list[Any]) -> None:
    assert read(("item", "code"), value) == expected


def test_first_path_with_a_value_is_read() -> None:
    paths = (("a",), ("b",))
    assert read_first(paths, {"b": 1}, {"a": 2}) == 2
    assert read_first(paths, {"b": 1}) == 1
    assert read_first(paths, {}) is None
