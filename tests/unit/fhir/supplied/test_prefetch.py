"""Prefetch values: what came, and whether it came whole."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.fhir.sources.source import Source
from service.fhir.supplied.bundle import State
from service.fhir.supplied.prefetch import PrefetchedKey

Json = dict[str, Any]


def resource(type_: str = "Condition", id_: str = "c1", **more: Any) -> Json:
    return {"resourceType": type_, "id": id_, **more}


def bundle(*resources: object, **more: Any) -> Json:
    entries = [{"resource": one} for one in resources]
    return {"resourceType": "Bundle", "type": "searchset", "entry": entries, **more}


def outcome(*severities: str) -> Json:
    return {"resourceType": "OperationOutcome", "issue": [{"severity": one} for one in severities]}


def _everybodys(source: Source, resource: Json, *, elsewhere: bool = False) -> bool:  # noqa: ARG001
    return True


def deliver(value: object, *, search: bool = True) -> PrefetchedKey:
    """A value of conditions, read to its end."""
    source = Source(
        key="conditions",
        type="Condition",
        kind="record",
        says="Conditions",
        holds_name="conditions",
        search="Condition?patient=p1" if search else "Condition/c1",
        subject=(("subject",),),
        concepts=(),
        references=(),
        each=None,
        dates=(),
        rules=(),
        sample=None,
        days=(),
        days_listed=None,
        amounts=(),
        active=frozenset(),
        drugs=False,
        pharmacy=None,
    )
    found = PrefetchedKey(source, _everybodys, {}, frozenset())
    assert [one for block in found.read(value) for one in block] == found.resources
    return found


NEXT = [{"relation": "self", "url": "a"}, {"relation": "next", "url": "b"}]
STATES: dict[str, tuple[object, str]] = {
    "null": (None, "empty"),
    "a searchset without entries": ({"resourceType": "Bundle", "total": 0}, "empty"),
    "an empty list of entries": (bundle(), "empty"),
    "null entries": ({"resourceType": "Bundle", "entry": None}, "empty"),
    "one": (bundle(resource()), "complete"),
    "no type on the bundle": ({**bundle(resource()), "type": None}, "complete"),
    "one entry that is no list": (
        {"resourceType": "Bundle", "entry": {"resource": resource()}},
        "complete",
    ),
    "as many as the total": (bundle(resource(), total=1), "complete"),
    "fewer than the total": (bundle(resource(), total=2), "incomplete"),
    "none of a total": (bundle(total=3), "incomplete"),
    "a total that is a truth": (bundle(resource(), total=True), "complete"),
    "another page": (bundle(resource(), link=NEXT), "incomplete"),
    "an only page": (bundle(resource(), link=NEXT[:1]), "complete"),
    "an entry without a resource": (bundle(resource(), None), "incomplete"),
    "an entry that is no object": (
        {"resourceType": "Bundle", "entry": [{"resource": resource()}, 5]},
        "incomplete",
    ),
    "an outcome instead": (outcome("error"), "failed"),
    "an outcome without issues instead": (outcome(), "failed"),
    "a fatal outcome inside": (bundle(resource(), outcome("fatal")), "failed"),
    "an error inside": (bundle(resource(), outcome("warning", "error")), "failed"),
    "a warning inside": (bundle(resource(), outcome("warning")), "incomplete"),
    "a notice inside": (bundle(resource(), outcome("information")), "complete"),
    "another type": (resource("Observation"), "invalid"),
    "another type inside": (bundle(resource(), resource("Observation", "o1")), "invalid"),
    "an included organization": (bundle(resource(), resource("Organization", "x")), "complete"),
    "text": ("no", "invalid"),
    "a number": (0, "invalid"),
    "a list": ([], "invalid"),
    "an object of no type": ({}, "invalid"),
}


@pytest.mark.conforms("PRE-04", "PRE-05", "PRE-06", "PRE-07", "PRE-08", "HAB-15")
@pytest.mark.parametrize(("value", "state"), STATES.values(), ids=STATES)
def test_state_of_a_key_is_read_from_its_value(value: object, state: str) -> None:
    assert deliver(value).state == State(state)


def test_one_resource_is_whole_where_one_was_asked_for_and_not_where_a_search_was() -> None:
    assert deliver(resource(), search=False).state is State.COMPLETE
    assert deliver(resource()).state is State.INCOMPLETE


def test_included_resources_are_kept_apart_from_what_was_asked_for() -> None:
    found = deliver(bundle(resource(), resource("Medication", "m1")))
    assert [one["id"] for one in found.resources] == ["c1"]
    assert [one["id"] for _, one in found.supporting] == ["m1"]


def test_the_worst_of_several_states_is_told() -> None:
    value = bundle(resource("Observation"), outcome("warning"), outcome("error"))
    assert deliver(value).state is State.FAILED


def test_a_failed_search_still_brings_what_it_found() -> None:
    found = deliver(bundle(resource(), outcome("error")))
    assert [one["id"] for one in found.resources] == ["c1"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda one: (
        st.lists(one)
        | st.dictionaries(
            st.sampled_from(["resourceType", "entry", "resource", "link", "issue", "total", "id"]),
            one,
        )
    ),
)


@pytest.mark.slow
@pytest.mark.conforms("PRE-08")
@given(JSON, JSON, JSON)
def test_garbage_is_a_state_and_no_error(entry: object, link: object, total: object) -> None:
    value = {"resourceType": "Bundle", "entry": entry, "link": link, "total": total}
    assert deliver(value).state in State
    assert deliver(entry).state in State
