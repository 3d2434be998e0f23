"""Four times the size is about four times the work; what still grows faster is cut off in time."""

from collections.abc import Callable
from cProfile import Profile
from datetime import date
from typing import Any

import orjson
import pytest
from support.hostile import bombs, bombs_of_claims
from support.hostile.bombs import drafts, encounters, recorded, results
from support.hostile.served import library

from service.advise import advise
from service.cds.request import ENTRIES, AsOf, parse_hook_request
from service.cds.strict_json import parse_body
from service.cpu_limit import CpuShare, CpuShareError
from service.errors import RequestError

Bomb = Callable[[int], Any]
BOMBS: dict[str, Bomb] = {
    name: bomb
    for module in (bombs, bombs_of_claims)
    for name, bomb in vars(module).items()
    if getattr(bomb, "__module__", "") == module.__name__
    and list(bomb.__annotations__) == ["n", "return"]
}
SMALL, LARGE = 40, 160
SLACK = 1.35
# A course given on an order for many stays asks each of their diagnoses: its share ends it.
GROWS_FASTER = {"reasons_of_reasons"}
REFUSED = {"drafts"}


def judge(body: Any, share: CpuShare | None = None) -> None:
    """From bytes to cards."""
    content = parse_body(orjson.dumps(body))
    request = parse_hook_request(content, frozenset({"order-sign"}), share)
    known = library()
    orjson.dumps(
        advise(known, request, known.client("local"), AsOf("day", date(2026, 11, 21))).cards
    )


def work(body: Any) -> int:
    """How many calls it takes, of Python's functions and of C's."""
    counting = Profile()
    counting.runcall(judge, body)
    return sum(one.callcount for one in counting.getstats())


@pytest.mark.parametrize("name", sorted(BOMBS.keys() - GROWS_FASTER - REFUSED))
def test_work_grows_with_the_size(name: str) -> None:
    bomb = BOMBS[name]
    judge(bomb(2))  # what is looked up once and kept is no part of the growth
    assert work(bomb(LARGE)) < work(bomb(SMALL)) * (LARGE / SMALL) * SLACK


def test_request_over_its_share_is_refused() -> None:
    share = CpuShare(20_000, clock=iter(range(10**9)).__next__)
    with pytest.raises(CpuShareError, match="more than its share") as refused:
        judge(BOMBS["reasons_of_reasons"](200), share)
    assert refused.value.status == 413


def test_drafts_for_one_drug_have_a_cap() -> None:
    judge(drafts(20))
    with pytest.raises(RequestError, match="more than 20 orders") as refused:
        judge(drafts(21))
    assert refused.value.status == 413


@pytest.mark.parametrize("bomb", [results, encounters])
def test_entries_have_a_cap(bomb: Bomb) -> None:
    with pytest.raises(RequestError, match="entries") as refused:
        judge(bomb(ENTRIES + 1))
    assert refused.value.status == 413


def test_a_code_of_megabytes_is_looked_up_once() -> None:
    body = recorded()
    coding = {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "L20" + "1" * 5_000_000}
    body["prefetch"]["conditions"]["entry"][0]["resource"]["code"] = {"coding": [coding]}
    assert work(body) < 5 * work(recorded())
