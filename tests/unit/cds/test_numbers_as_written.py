"""Drafts with their numbers as they were written."""

import orjson
import pytest

from service.cds.numbers_as_written import drafts_as_written

BODY = '{"extension": {"draftOrders": "x"}, "context": {"draftOrders" : {"entry": [%s]}}}'


def again(*orders: str) -> list[str]:
    """The orders of a request as an answer would write them."""
    raw = (BODY % ", ".join(f'{{"resource": {order}}}' for order in orders)).encode()
    entries = orjson.loads(raw)["context"]["draftOrders"]["entry"]
    drafts = [entry["resource"] for entry in entries]
    return [orjson.dumps(each).decode() for each in drafts_as_written(raw, drafts)]


@pytest.mark.parametrize(
    "order",
    [
        '{"a":2.50,"b":[1e3,-0.10]}',
        '{"a":0.1,"b":12345678901234567890}',
        '{"b":1.0,"a":{"draftOrders":{"entry":[]}},"c":"\\"draftOrders\\": 1.0"}',
        '{"name":"Müller","x":1.20}',
        '{"a":[1,-0]}',
    ],
)
def test_numbers_keep_their_digits_and_members_their_places(order: str) -> None:
    assert again(order) == [order]


def test_orders_without_decimals_are_the_same_objects() -> None:
    drafts = [{"a": 1, "b": [True, None, "x"]}]
    assert drafts_as_written(b"", drafts)[0] is drafts[0]


def test_each_order_gets_its_own_numbers() -> None:
    first, second = '{"id":"1","x":1.0}', '{"id":"2","x":1.00}'
    assert again(second, first) == [second, first]


def test_order_that_is_not_in_the_body_stays_as_it_is() -> None:
    assert drafts_as_written(b'{"draftOrders": [1.5]}', [{"x": 1.5}]) == [{"x": 1.5}]
