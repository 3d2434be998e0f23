"""What counts as a JSON body."""

from contextlib import suppress

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cds import strict_json
from service.cds.strict_json import DEPTH, parse_body
from service.errors import RequestError

REFUSED = {
    "empty": b"",
    "blank": b"  \n",
    "cut short": b'{"hook": "order-sign"',
    "a comment": b'{"a": 1} // why',
    "a trailing comma": b'{"a": [1,]}',
    "NaN": b'{"a": NaN}',
    "Infinity": b"[-Infinity]",
    "single quotes": b"{'a': 1}",
    "two values": b"{}{}",
    "invalid UTF-8": b'{"a": "\xff"}',
    "overlong UTF-8": b'{"a": "\xc0\xaf"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "a lone surrogate": rb'{"a": "\ud800"}',
    "a raw NUL": b'{"a": "\x00"}',
    "a number beyond doubles": b'{"a": 1e400}',
    "an integer of 400 digits": b'{"a": ' + b"9" * 400 + b"}",
    "100,000 levels": b"[" * 100_000 + b"]" * 100_000,
    "100,000 levels, open": b'{"a":' * 100_000,
    "one level too deep": b"[" * (DEPTH + 1) + b"]" * (DEPTH + 1),
    "one level too deep, objects": b'{"a":' * DEPTH + b"{}" + b"}" * DEPTH,
    "one level too deep, of both kinds": b'[{"a":' * (DEPTH // 2) + b"[]" + b"}]" * (DEPTH // 2),
    "too deep, hidden by brackets in texts": b'["]",' * (DEPTH + 1) + b"0" + b',"["]' * (DEPTH + 1),
    "too deep, hidden by escapes": rb'["\\","]",' * (DEPTH + 1) + b"0" + rb',"\"["]' * (DEPTH + 1),
    "too deep beside brackets in texts": b'["[{",' + b"[" * DEPTH + b"]" * DEPTH + b"]",
}


@pytest.mark.conforms("HTTP-04", "HTTP-06", "HTTP-08")
@pytest.mark.parametrize("raw", REFUSED.values(), ids=REFUSED)
def test_what_is_not_strict_json_is_refused_with_400(raw: bytes) -> None:
    with pytest.raises(RequestError) as refused:
        parse_body(raw)
    assert (refused.value.status, refused.value.code) == (400, "structure")


TAKEN = {
    "the deepest allowed": b"[" * DEPTH + b"]" * DEPTH,
    "a doubled name, of which the last counts": b'{"a": 1, "a": 2}',
    "an escaped NUL": rb'{"a": "\u0000"}',
    "a large integer": b'{"a": 123456789012345678901234567890}',
    "the deepest allowed, of both kinds": b'[{"a":' * (DEPTH // 2) + b"0" + b"}]" * (DEPTH // 2),
    "brackets behind escapes": rb'["\"[[{", "\\", "[\\\"[", "\n[{"]' * 1,
    "brackets in texts": b'{"a": "[[[[{{{{", "b": "]"}',
    "many texts of brackets": b"[" + b",".join([b'"[{"'] * 5000) + b"]",
    "a bare text": b'"text"',
    "null": b"null",
}


@pytest.mark.conforms("HTTP-08")
@pytest.mark.parametrize("raw", TAKEN.values(), ids=TAKEN)
def test_strict_json_is_taken(raw: bytes) -> None:
    parse_body(raw)


@pytest.mark.conforms("HTTP-07")
def test_of_a_doubled_name_the_last_counts() -> None:
    assert parse_body(b'{"a": 1, "a": 2}') == {"a": 2}


def test_the_message_names_the_place_and_quotes_nothing() -> None:
    with pytest.raises(RequestError, match=r"line 2 column \d+") as refused:
        parse_body(b'{"name": "Smith",\n "x": nope}')
    assert "Smith" not in refused.value.diagnostics


@pytest.mark.conforms("HTTP-10")
@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_refusal(raw: bytes) -> None:
    with suppress(RequestError):
        parse_body(raw)


JSON = st.recursive(
    st.text('[]{}"\\\n', max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text('[]{}"\\'), inner, max_size=2)
    ),
)


def levels(value: object) -> int:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return 1 + max(map(levels, inner), default=0)
    return 0


@given(JSON, st.integers(0, 12))
def test_the_depth_is_counted_exactly(value: object, wrapped: int) -> None:
    for _ in range(wrapped):
        value = ['"]', value, "\\["]
    raw, deepest = orjson.dumps(value), levels(value)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strict_json, "DEPTH", deepest)
        parse_body(raw)
        if deepest:
            patch.setattr(strict_json, "DEPTH", deepest - 1)
            with pytest.raises(RequestError):
                parse_body(raw)
