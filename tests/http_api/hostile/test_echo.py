"""A refusal repeats nothing of the request: not its path, query, headers, method, names or values."""

from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient
from support.each import Checks
from support.hostile.bombs import recorded
from support.hostile.served import SIGN
from werkzeug.test import TestResponse

MARK = "Zyxwcanary77"
FEEDBACK = f"{SIGN}/feedback"
METHODS = ("GET", "POST", "OPTIONS", MARK)
PATHS = (
    "/", f"/{MARK}", f"//{MARK}//x", "/cds-services", f"/cds-services/{MARK}",
    f"/cds-services/{MARK}/feedback", SIGN, FEEDBACK, f"{SIGN}/{MARK}", f"/policies/{MARK}",
    f"/policies/bcbsms/{MARK}",
    f"/policies/bcbsms/L.5.01.513@{MARK}", f"/therapies/{MARK}", f"/therapies/{MARK}/", f"/schemas/{MARK}",
)  # fmt: skip
JSON = {"Content-Type": "application/json"}
HEADERS: tuple[dict[str, str], ...] = (
    JSON, {"Content-Type": MARK}, {"Content-Type": f"application/json; a={MARK}"},
    {**JSON, "Content-Encoding": MARK},
    {**JSON, "Authorization": MARK}, {**JSON, "Authorization": f"Bearer {MARK}.{MARK}.{MARK}"},
    {**JSON, "X-Request-Id": MARK, "Origin": f"http://{MARK}", "Host": f"{MARK}.test"},
    {**JSON, "Origin": f"http://{MARK}", "Referer": f"http://{MARK}/", "Cookie": f"a={MARK}"},
    {**JSON, "Accept": MARK, "Range": MARK, "If-None-Match": MARK, "Expect": MARK, "X-Forwarded-For": MARK},
    {"Access-Control-Request-Method": MARK, "Access-Control-Request-Headers": MARK, "Origin": f"http://{MARK}"},
)  # fmt: skip
VALUES: tuple[Any, ...] = (None, MARK, [MARK], {MARK: MARK}, [[{MARK: MARK}]], 7.5)
# with little to judge, since nearly all of its damaged copies are judged
ORDER = {**recorded(), "prefetch": {"patient": recorded()["prefetch"]["patient"]}}
ITEMS = {
    "feedback": [
        {
            "card": "c",
            "outcome": "overridden",
            "outcomeTimestamp": "2026-11-20T10:00:00Z",
            "overrideReason": {"reason": {"code": "a", "system": "b"}, "userComment": "x"},
        },
        {
            "card": "c",
            "outcome": "accepted",
            "outcomeTimestamp": "2026-11-20T10:00:00Z",
            "acceptedSuggestions": [{"id": "x"}],
        },
    ]
}


def repeats(answer: TestResponse) -> bool:
    """Whether anything of the mark is in the answer, in any letter case."""
    return MARK.lower() in f"{answer.text}{answer.headers}".lower()


def test_no_refusal_repeats_a_path_a_header_or_a_method(
    http: FlaskClient, all_hold: Callable[[Checks], None]
) -> None:
    statuses = Counter[int]()

    def refused(method: str, path: str, headers: dict[str, str]) -> None:
        answer = http.open(
            f"{path}?q={MARK}", method=method, data=f'{{"x": {MARK}', headers=headers
        )
        statuses[answer.status_code] += 1
        assert not repeats(answer), answer.text

    all_hold(
        (f"{method} {path} {headers}", partial(refused, method, path, headers))
        for method in METHODS
        for path in PATHS
        for headers in HEADERS
    )
    assert {400, 401, 403, 404, 405, 415} <= statuses.keys()


Place = tuple[str | int, ...]


def places(value: Any, here: Place = ()) -> Iterator[Place]:
    """Every place of a JSON value down to the fourth level, of a list the first element."""
    if here:
        yield here
    if len(here) < 4:
        if isinstance(value, dict):
            for name, held in value.items():
                yield from places(held, (*here, name))
        elif isinstance(value, list) and value:
            yield from places(value[0], (*here, 0))


def damaged(body: Any, place: Place, value: Any) -> Any:
    """A copy with another value at a place; without a value the name there is replaced."""
    copy = deepcopy(body)
    *way, last = place
    holder = copy
    for step in way:
        holder = holder[step]
    if value is not None:
        holder[last] = value
    elif isinstance(holder, dict):
        holder[MARK] = holder.pop(last)
    return copy


@pytest.mark.parametrize(
    ("path", "body"), [(SIGN, ORDER), (FEEDBACK, ITEMS)], ids=["order", "feedback"]
)
def test_no_refusal_repeats_a_name_or_a_value_of_the_body(
    http: FlaskClient, all_hold: Callable[[Checks], None], path: str, body: Any
) -> None:
    refusals = Counter[int]()

    def refused(place: Place, value: Any) -> None:
        answer = http.post(path, json=damaged(body, place, value))
        refusals[answer.status_code] += 1
        assert answer.status_code == 200 or not repeats(answer), answer.text

    all_hold(
        (f"{value} at {place}", partial(refused, place, value))
        for place in places(body)
        if place[0] != "prefetch" or len(place) < 3
        for value in VALUES
    )
    assert refusals[400]
