"""Feedback as the standard writes it, and as it may be broken."""

from datetime import UTC, datetime
from typing import Any

import pytest

from service.cds.feedback import ITEMS, parse_feedback
from service.errors import RequestError

CARD = "4e0a3a1e-8d4c-4c0e-9a37-6f4d6e0c4b11"
ACCEPTED = {
    "card": CARD,
    "outcome": "accepted",
    "acceptedSuggestions": [{"id": "e56e1945-20b3-4393-8503-a1a20fd73152"}],
    "outcomeTimestamp": "2026-11-20T10:00:00Z",
}
OVERRIDDEN = {"card": CARD, "outcome": "overridden", "outcomeTimestamp": "2026-11-20T10:00:00Z"}
GONE = "(taken away)"


def with_(item: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    left = {key: kept for key, kept in item.items() if key != name}
    return left if value is GONE else {**left, name: value}


TAKEN = [
    ACCEPTED,
    OVERRIDDEN,
    with_(ACCEPTED, "card", "card-of-another-instance"),
    with_(ACCEPTED, "unknown", {"a": 1}),
    with_(OVERRIDDEN, "overrideReason", None),
    with_(OVERRIDDEN, "overrideReason", {}),
    with_(OVERRIDDEN, "overrideReason", {"reason": {"code": "c", "system": "urn:s"}}),
    with_(OVERRIDDEN, "overrideReason", {"userComment": "no"}),
    with_(
        OVERRIDDEN, "overrideReason", {"reason": {"code": "c", "display": "d"}, "userComment": "no"}
    ),
]


@pytest.mark.conforms("FB-02", "FB-03", "FB-06")
@pytest.mark.parametrize("item", TAKEN)
def test_feedback_in_each_standard_form_is_accepted(item: dict[str, Any]) -> None:
    (found,) = parse_feedback({"feedback": [item]})
    assert (found.card, found.outcome) == (item["card"], item["outcome"])


@pytest.mark.conforms("FB-04")
def test_several_items_and_repeats_are_taken() -> None:
    assert len(parse_feedback({"feedback": [ACCEPTED, OVERRIDDEN, ACCEPTED]})) == 3


@pytest.mark.conforms("FB-03")
def test_the_reason_is_kept_with_code_system_display_and_comment() -> None:
    reason = {"reason": {"code": "c", "system": "urn:s", "display": "d"}, "userComment": "no"}
    (found,) = parse_feedback({"feedback": [with_(OVERRIDDEN, "overrideReason", reason)]})
    kept = (found.reason_code, found.reason_system, found.reason_display, found.comment)
    assert kept == ("c", "urn:s", "d", "no")


TIMES = {
    "2026-11-20T10:00:00Z": 0,
    "2026-11-20t10:00:00z": 0,
    "2026-11-20T10:00:00.5Z": 500_000,
    "2026-11-20T10:00:00.123456789Z": 123_456,
    "2026-11-20T10:00:00+00:00": 0,
}


@pytest.mark.conforms("FB-08")
@pytest.mark.parametrize(("written", "microsecond"), TIMES.items())
def test_a_time_is_rfc_3339_in_utc(written: str, microsecond: int) -> None:
    (found,) = parse_feedback({"feedback": [with_(ACCEPTED, "outcomeTimestamp", written)]})
    assert found.outcome_at == datetime(2026, 11, 20, 10, 0, 0, microsecond, UTC)


BAD_TIMES = [
    "yesterday", "2026-11-20", "2026-11-20T10:00:00", "2026-11-20T10:00:00+02:00", "2026-02-30T10:00:00Z",
    "2026-11-20T25:00:00Z", "2026-11-20 10:00:00Z", "20261120T100000Z", "٢٠٢٦-11-20T10:00:00Z", "", 17,
]  # fmt: skip
BROKEN: list[Any] = [
    *(with_(ACCEPTED, "outcomeTimestamp", written) for written in BAD_TIMES),
    *(with_(ACCEPTED, name, GONE) for name in ACCEPTED),
    *(with_(ACCEPTED, name, None) for name in ACCEPTED),
    with_(ACCEPTED, "card", 7),
    with_(ACCEPTED, "outcome", "ignored"),
    with_(ACCEPTED, "acceptedSuggestions", []),
    with_(ACCEPTED, "acceptedSuggestions", ["id"]),
    with_(ACCEPTED, "acceptedSuggestions", [{}]),
    with_(OVERRIDDEN, "overrideReason", "no"),
    with_(OVERRIDDEN, "overrideReason", {"reason": "no"}),
    with_(OVERRIDDEN, "overrideReason", {"reason": {"display": "no code"}}),
    with_(OVERRIDDEN, "overrideReason", {"userComment": 7}),
    None,
    "x",
    [],
]


@pytest.mark.conforms("FB-05", "FB-08")
@pytest.mark.parametrize("item", BROKEN, ids=repr)
def test_a_broken_item_is_refused_with_its_place(item: Any) -> None:
    with pytest.raises(RequestError, match=r"^feedback\[1\]") as refused:
        parse_feedback({"feedback": [ACCEPTED, item]})
    assert refused.value.status == 400


@pytest.mark.conforms("FB-05")
@pytest.mark.parametrize(
    "body", [None, [], "x", {}, {"feedback": None}, {"feedback": {}}, ACCEPTED], ids=repr
)
def test_a_body_without_a_feedback_array_is_refused(body: Any) -> None:
    with pytest.raises(RequestError) as refused:
        parse_feedback(body)
    assert refused.value.status == 400


def test_too_many_feedback_items_are_refused() -> None:
    with pytest.raises(RequestError) as refused:
        parse_feedback({"feedback": [ACCEPTED] * (ITEMS + 1)})
    assert refused.value.status == 413
