"""Results are remembered as long as what they are about, and no longer."""

import gc
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from service.memo import (
    BoundedDict,
    IdentityMap,
    IdentitySet,
    Pool,
    cached_property,
    per_case,
    per_document,
    per_value,
)


@dataclass(frozen=True, eq=False)
class Patient:
    """A case as `per_case` wants it."""

    remembered: dict[object, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """A document; two of one name are equal."""

    name: str


def test_a_function_of_a_case_is_called_once_for_each_case_and_argument() -> None:
    called: list[tuple[object, ...]] = []

    @per_case
    def of_none(_: Patient) -> int:
        called.append(())
        return len(called)

    @per_case
    def of_one(_: Patient, one: object) -> int:
        called.append((one,))
        return len(called)

    @per_case
    def of_two(_: Patient, one: object, two: object) -> int:
        called.append((one, two))
        return len(called)

    patient, resource, alike = Patient(), {"id": "1"}, {"id": "1"}
    assert of_none(patient) == of_none(patient) == 1
    assert of_one(patient, ("a", "b")) == of_one(patient, ("a", "b")) == 2
    assert of_two(patient, resource, 1) == of_two(patient, resource, 1)
    assert of_two(patient, resource, 1) != of_two(patient, alike, 1)
    assert of_none(Patient()) != of_none(patient)


def test_nothing_is_a_result_too() -> None:
    called: list[str] = []

    @per_case
    def born(_: Patient) -> None:
        called.append("born")

    patient = Patient()
    born(patient)
    born(patient)
    assert called == ["born"]


def test_an_argument_lives_as_long_as_its_result() -> None:
    @per_case
    def said(_: Patient, resource: dict[str, str]) -> str:
        return resource["said"]

    patient = Patient()
    each = [said(patient, {"said": str(number)}) for number in range(50)]
    assert each == [str(number) for number in range(50)]


def test_what_depends_on_a_document_goes_with_it() -> None:
    called: list[str] = []

    @per_document
    def length(rule: Rule, more: int) -> int:
        called.append(rule.name)
        return len(rule.name) + more

    first, other = Rule("age"), Rule("age")
    assert length(first, 1) == length(first, 1) == length(other, 1)
    assert called == ["age", "age"]
    del first, other
    gc.collect()
    assert [length(Rule(name), 0) for name in ("age", "weight")] == [3, 6]


def test_no_more_is_held_for_a_document_than_allowed() -> None:
    called: list[int] = []

    @per_document(most=2)
    def twice(_: Rule, number: int) -> int:
        called.append(number)
        return 2 * number

    rule = Rule("age")
    assert [twice(rule, number) for number in (1, 2, 1, 3, 3)] == [2, 4, 2, 6, 6]
    assert called == [1, 2, 3]


def test_a_function_of_values_is_called_once_for_equal_ones() -> None:
    called: list[str] = []

    @per_value
    def plain(text: str) -> str:
        called.append(text)
        return text.lower()

    @per_value(most=1)
    def short(text: str) -> str:
        called.append(text)
        return text[:1]

    assert (plain("Ab"), plain("A" + "b")) == ("ab", "ab")
    assert [short(text) for text in ("xy", "xy", "yz", "xy")] == ["x", "x", "y", "x"]
    assert called == ["Ab", "xy", "yz", "xy"]


def test_equal_objects_become_one_while_one_is_held() -> None:
    pool: Pool[Rule] = Pool()
    first = pool.one_of(Rule("age"))
    assert pool.one_of(Rule("age")) is first
    assert pool.one_of(Rule("weight")) is not first


def test_a_map_by_identity_tells_equal_keys_apart_and_keeps_the_order() -> None:
    one, alike = {"id": "1"}, {"id": "1"}
    found = IdentityMap([(one, "one"), (alike, "alike")])
    assert (found[one], found.get(alike), found.get({"id": "1"}, "none")) == (
        "one",
        "alike",
        "none",
    )
    assert found.setdefault(one, "other") == "one"
    found[one] = "new"
    assert found.values() == ["new", "alike"]
    assert [key is one for key in found] == [True, False]
    more = found.adding({"id": "2"}, "two")
    assert (len(more.values()), len(found.values())) == (3, 2)
    assert one in found
    assert not IdentityMap()


def test_a_set_by_identity_holds_each_object_once() -> None:
    one, alike = {"id": "1"}, {"id": "1"}
    found = IdentitySet([one, alike, one])
    found.add(one)
    found.update([alike])
    assert [member is one for member in found] == [True, False]
    assert (len(found), {"id": "1"} in found, alike in found) == (2, False, True)
    assert not IdentitySet()


def test_a_bounded_dict_is_emptied_when_it_is_full() -> None:
    table: BoundedDict[str, int] = BoundedDict(2)
    assert [table.keep(name, number) for number, name in enumerate("abc")] == [0, 1, 2]
    assert dict(table) == {"c": 2}


class Squared:
    """Counts how often its property is computed; computes when it is let to."""

    def __init__(self, value: int, go: Future[None] | None = None) -> None:
        self.value = value
        self.go = go
        self.computed = 0

    @cached_property
    def square(self) -> int:
        """The square."""
        self.computed += 1
        if self.go is not None:
            self.go.result()
        return self.value**2


def test_property_is_computed_once_for_each_object() -> None:
    two, three = Squared(2), Squared(3)
    assert (two.square, two.square, three.square) == (4, 4, 9)
    assert (two.computed, three.computed) == (1, 1)


def test_property_of_one_object_does_not_wait_for_that_of_another() -> None:
    go: Future[None] = Future()
    slow, quick = Squared(2, go), Squared(3)
    with ThreadPoolExecutor(1) as other:
        square = other.submit(lambda: slow.square)
        while not slow.computed:
            pass
        found = quick.square
        go.set_result(None)
        assert (found, square.result()) == (9, 4)


def test_property_of_a_class_is_the_property_itself() -> None:
    assert Squared.square.__doc__ == "The square."
