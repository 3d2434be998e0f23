"""The envelope of a hook request."""

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fakes import hook_request, order

from service.cds.request import (
    ENTRIES,
    AsOf,
    Authorization,
    HookRequest,
    parse_authorization,
    parse_hook_request,
)
from service.errors import RequestError

SIGN = frozenset({"order-sign"})
SELECT = frozenset({"order-select"})
GONE = "(taken away)"


def changed(path: str, value: Any, hook: str = "order-sign") -> dict[str, Any]:
    """A sound request with one member set, or taken away."""
    body = hook_request(hook)
    *parents, name = path.split(".")
    place = body
    for parent in parents:
        place = place[parent]
    if value is GONE:
        place.pop(name, None)
    else:
        place[name] = value
    return body


def parsed(path: str, value: Any, hook: str = "order-sign") -> HookRequest:
    return parse_hook_request(changed(path, value, hook), frozenset({hook}))


REQUIRED = [
    "hook",
    "hookInstance",
    "context",
    "context.userId",
    "context.patientId",
    "context.draftOrders",
]


@pytest.mark.conforms("REQ-02", "REQ-03", "REQ-05", "HOOK-01", "HOOK-03")
@pytest.mark.parametrize("value", [GONE, None, 7, True, [], ["x"], ""], ids=repr)
@pytest.mark.parametrize("path", REQUIRED)
def test_a_required_member_must_be_there_and_usable(path: str, value: Any) -> None:
    with pytest.raises(RequestError) as refused:
        parsed(path, value)
    assert refused.value.status == 400
    assert refused.value.diagnostics.startswith(path)


REFUSED: list[tuple[str, object, str]] = [
    ("hook", "order-select", "not-supported"),
    ("hook", "patient-view", "not-supported"),
    ("hookInstance", "1234", "value"),
    ("hookInstance", "d1577c69-dfbe-44ad-ba6d-3e05e953b2e", "value"),
    ("hookInstance", "g1577c69-dfbe-44ad-ba6d-3e05e953b2ea", "value"),
    ("context", "text", "structure"),
    ("context.patientId", "Patient/", "value"),
    ("context.patientId", "../admin", "value"),
    ("context.patientId", "p 1", "value"),
    ("context.patientId", "Practitioner/1", "value"),
    ("context.draftOrders", {}, "structure"),
    ("context.draftOrders", "Bundle", "structure"),
    ("context.draftOrders", {"resourceType": "MedicationRequest"}, "structure"),
    ("context.draftOrders.entry", {}, "structure"),
    ("context.draftOrders.entry", "x", "structure"),
    ("context.draftOrders.entry", [None, 5, {}], "structure"),
    ("fhirAuthorization", {"access_token": "t"}, "required"),
]


@pytest.mark.conforms("REQ-04", "REQ-06", "REQ-07", "HOOK-03")
@pytest.mark.parametrize(("path", "value", "code"), REFUSED)
def test_malformed_request_envelope_is_refused(path: str, value: Any, code: str) -> None:
    with pytest.raises(RequestError) as refused:
        parsed(path, value)
    assert (refused.value.status, refused.value.code) == (400, code)


@pytest.mark.conforms("HTTP-05")
@pytest.mark.parametrize("body", [None, [], "x", 1, True, [hook_request()]], ids=repr)
def test_a_body_that_is_no_object_is_refused(body: Any) -> None:
    with pytest.raises(RequestError, match="JSON object"):
        parse_hook_request(body, SIGN)


TAKEN = [
    ("hookInstance", "00000000-0000-0000-0000-000000000000"),
    ("hookInstance", "D1577C69-DFBE-44AD-BA6D-3E05E953B2EA"),
    ("hookInstance", "urn:uuid:d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"),
    ("hookInstance", "d1577c69dfbe44adba6d3e05e953b2ea"),
    ("context.encounterId", GONE),
    ("context.encounterId", None),
    ("context.encounterId", {"odd": 1}),
    ("context.unknown", {"a": [1]}),
    ("context.draftOrders.type", GONE),
    ("context.draftOrders.entry", GONE),
    ("context.draftOrders.entry", []),
    ("prefetch", GONE),
    ("prefetch", None),
    ("prefetch", []),
    ("prefetch", "x"),
    ("prefetch.unknown", 7),
    ("prefetch.patient", None),
    ("extension", "anything"),
    ("extension", [1, None]),
    ("unknown", {"a": 1}),
    ("fhirServer", None),
    ("fhirServer", "https://ehr.example.org/fhir"),
    ("fhirAuthorization", None),
]


@pytest.mark.conforms("REQ-08", "REQ-09", "HOOK-02", "EXT-02")
@pytest.mark.parametrize(("path", "value"), TAKEN)
def test_usual_variation_of_a_request_is_accepted(path: str, value: Any) -> None:
    assert parsed(path, value).patient_id == "p1"


@pytest.mark.conforms("HAB-03")
def test_the_patient_id_is_bare() -> None:
    assert parsed("context.patientId", "Patient/p1").patient_id == "p1"


@pytest.mark.conforms("HOOK-03", "HAB-10")
def test_broken_entries_are_passed_over_beside_a_sound_one() -> None:
    broken: list[object] = [
        None,
        5,
        {},
        {"resource": []},
        {"resource": {"id": "x"}},
        {"resource": None},
    ]
    entries = [*broken, {"resource": order("a")}, {"fullUrl": 7, "resource": order("b")}]
    found = parsed("context.draftOrders.entry", entries)
    assert [(one.full_url, one.resource["id"]) for one in found.draft_orders] == [
        (None, "a"),
        (None, "b"),
    ]


@pytest.mark.conforms("HOOK-01")
@pytest.mark.parametrize("value", [GONE, None, "MedicationRequest/rx1", {}, [1]], ids=repr)
def test_order_select_needs_its_selections(value: Any) -> None:
    with pytest.raises(RequestError, match=r"context\.selections"):
        parsed("context.selections", value, "order-select")


def test_order_select_keeps_its_selections_and_order_sign_has_none() -> None:
    assert parse_hook_request(hook_request("order-select"), SELECT).selections == (
        "MedicationRequest/rx1",
    )
    assert parsed("context.selections", ["x"]).selections == ()


def test_prefetch_is_kept_as_it_came() -> None:
    value = {"a": None, "b": "x", "c": {"resourceType": "OperationOutcome"}}
    assert parsed("prefetch", value).prefetch == value


AUTHORIZATIONS = [
    ({"access_token": "secret", "token_type": "Bearer"}, True),
    ({"access_token": ""}, False),
    ({"access_token": 7}, False),
    ("secret", False),
    ([], False),
    (None, False),
]


@pytest.mark.parametrize(("authorization", "has_token"), AUTHORIZATIONS)
def test_a_token_is_noticed_and_not_kept(authorization: Any, has_token: bool) -> None:
    body = hook_request() | {
        "fhirServer": "https://e.example/fhir",
        "fhirAuthorization": authorization,
    }
    found = parse_hook_request(body, SIGN)
    assert found.has_token is has_token
    assert "secret" not in repr(found)


def test_more_entries_than_anybody_has_are_refused() -> None:
    half = {"resourceType": "Bundle", "entry": [{}] * (ENTRIES // 2)}
    assert (
        parsed("prefetch", {"a": half, "b": {"entry": [{}] * (ENTRIES // 2 - 1)}}).patient_id
        == "p1"
    )
    with pytest.raises(RequestError, match="entries") as refused:
        parsed("prefetch", {"a": half, "b": half})
    assert (refused.value.status, refused.value.code) == (413, "too-costly")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.conforms("HTTP-10")
@given(path=st.sampled_from([*REQUIRED, "prefetch", "fhirServer", "fhirAuthorization"]), value=JSON)
def test_any_value_anywhere_is_a_request_or_a_refusal(path: str, value: Any) -> None:
    with suppress(RequestError):
        parsed(path, value)


BEARER: dict[str, Any] = {
    "access_token": "secret-token",
    "token_type": "Bearer",
    "scope": "user/*.read",
    "patient": "p1",
}


def authorized(**change: object) -> Authorization | None:
    return parse_authorization({"fhirAuthorization": {**BEARER, **change}})


def test_sound_authorization_has_its_token_scope_and_patient() -> None:
    assert authorized() == Authorization("secret-token", "user/*.read", "p1")


@pytest.mark.parametrize("kind", ["bearer", "BEARER"])
def test_kind_of_a_token_is_read_in_any_case(kind: str) -> None:
    found = authorized(token_type=kind)
    assert found is not None
    assert found.token == "secret-token"  # noqa: S105 - made up


@pytest.mark.parametrize(
    "change",
    [
        {"token_type": "MAC"},
        {"token_type": None},
        {"access_token": 5},
        {"access_token": "two words"},
        {"access_token": "line\nbreak"},
        {"access_token": "ü"},
        {"access_token": "x" * 16385},
    ],
)
def test_token_that_cannot_stand_in_a_header_is_not_used(change: dict[str, object]) -> None:
    found = authorized(**change)
    assert found is not None
    assert found.token is None


@pytest.mark.parametrize("empty", [None, ""])
def test_request_with_an_empty_token_has_no_authorization(empty: object) -> None:
    assert authorized(access_token=empty) is None


@pytest.mark.parametrize("body", [{}, {"fhirAuthorization": None}, None, [], "x"])
def test_request_without_an_authorization_has_none(body: object) -> None:
    assert parse_authorization(body) is None


def test_authorization_of_another_shape_brings_no_token() -> None:
    assert parse_authorization({"fhirAuthorization": "x"}) == Authorization(None, None, None)


def test_token_is_never_printed() -> None:
    assert "secret-token" not in repr(authorized())


NOW = datetime(2026, 11, 21, 5, 30, tzinfo=UTC)
TODAY = AsOf("order", date(2026, 11, 21), NOW)


def test_today_is_the_day_in_the_zone_of_the_client() -> None:
    assert TODAY.told_in(ZoneInfo("America/Chicago")).day == date(2026, 11, 20)
    assert TODAY.told_in(ZoneInfo("Asia/Kolkata")).day == date(2026, 11, 21)


def test_fixed_day_and_a_client_without_a_zone_stay_as_they_are() -> None:
    fixed = AsOf("day", date(2026, 11, 21))
    assert fixed.told_in(ZoneInfo("America/Chicago")) is fixed
    assert TODAY.told_in(None) is TODAY


def test_kind_of_question_stays_the_same_in_another_zone() -> None:
    assert TODAY.told_in(ZoneInfo("America/Chicago")).kind == "order"
