"""A server that fails is left alone for a while, and asked again."""

from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest
from requests import ConnectTimeout
from support.clock import Clock
from support.ehr import BASE, TOKEN, Ehr, sent, states
from werkzeug.test import TestResponse

from service.cds.strict_json import parse_body
from service.fhir.fetch import Call, FhirClient, Query
from service.fhir.fetch.fhir_client import Breaker

CLAIMS, CONDITIONS = f"{BASE}/ExplanationOfBenefit", f"{BASE}/Condition"
GOOD = {"json": {"resourceType": "Bundle", "entry": []}}


@pytest.fixture
def clock() -> Clock:
    return Clock(1_000.0)


@pytest.fixture
def client(clock: Clock) -> FhirClient:
    return FhirClient(parse_body, Breaker(clock))


def fetch(client: FhirClient, *urls: str, base: str = BASE) -> list[str]:
    """The type of what comes from each URL, in their order."""
    queries = [Query(f"key {n}", url) for n, url in enumerate(urls or (CLAIMS,))]
    found = client.fetch(Call(base, TOKEN, monotonic() + 2.5), queries)
    assert list(found) == [one.key for one in queries]
    return [one["resourceType"] for one in found.values()]


FAILURES: list[dict[str, Any]] = [{"body": ConnectTimeout()}, {"status": 502}, {"status": 503}]


@pytest.mark.parametrize("fault", FAILURES)
def test_server_without_three_answers_is_paused(
    client: FhirClient, ehr: Ehr, clock: Clock, fault: dict[str, Any]
) -> None:
    failing = ehr.mock.get(CLAIMS, **fault)
    for _ in range(5):
        assert fetch(client) == ["OperationOutcome"]
    assert failing.call_count == 3
    clock.now += 29
    fetch(client)
    assert failing.call_count == 3
    clock.now += 2
    fetch(client)
    fetch(client)
    assert failing.call_count == 4


@pytest.mark.parametrize("fault", [{"status": 500}, {"body": "<html>"}, {"status": 404}])
def test_a_search_that_is_broken_does_not_stop_the_others(
    client: FhirClient, ehr: Ehr, fault: dict[str, Any]
) -> None:
    failing = ehr.mock.get(CLAIMS, **fault)
    for _ in range(5):
        assert fetch(client) == ["OperationOutcome"]
    assert failing.call_count == 5


def test_paused_server_that_answers_again_is_asked_as_before(
    client: FhirClient, ehr: Ehr, clock: Clock
) -> None:
    failing = ehr.mock.get(CLAIMS, status=502)
    for _ in range(3):
        fetch(client)
    ehr.mock.remove(failing)
    ehr.mock.get(CLAIMS, **GOOD)
    clock.now += 31
    assert [fetch(client) for _ in range(3)] == [["Bundle"]] * 3


@pytest.mark.parametrize("answer", [{"status": 403}, {"status": 404}, GOOD])
def test_refused_query_counts_as_an_answer(
    client: FhirClient, ehr: Ehr, answer: dict[str, Any]
) -> None:
    answering = ehr.mock.get(CLAIMS, **answer)
    for _ in range(5):
        fetch(client)
    assert answering.call_count == 5


def test_failing_key_does_not_pause_the_other_keys(client: FhirClient, ehr: Ehr) -> None:
    ehr.mock.get(CLAIMS, status=502)
    ehr.mock.get(CONDITIONS, **GOOD)
    for _ in range(5):
        assert fetch(client, CLAIMS, CONDITIONS) == ["OperationOutcome", "Bundle"]


def test_pause_of_one_server_does_not_affect_another(client: FhirClient, ehr: Ehr) -> None:
    other = "https://other.example.org/fhir"
    ehr.mock.get(CLAIMS, status=502)
    ehr.mock.get(f"{other}/Condition", **GOOD)
    for _ in range(4):
        fetch(client)
    assert fetch(client, f"{other}/Condition", base=other) == ["Bundle"]


@pytest.mark.parametrize(("asked", "rests"), [("7", 7), ("999999999", 60)])
@pytest.mark.parametrize("status", [429, 503])
def test_pause_lasts_as_long_as_the_server_asks_and_at_most_a_minute(
    client: FhirClient, ehr: Ehr, clock: Clock, status: int, asked: str, rests: int
) -> None:
    busy = ehr.mock.get(CLAIMS, status=status, headers={"Retry-After": asked})
    ehr.mock.get(CONDITIONS, **GOOD)
    fetch(client, CLAIMS, CONDITIONS)
    clock.now += rests - 1
    assert fetch(client, CONDITIONS) == ["OperationOutcome"]
    clock.now += 2
    fetch(client, CLAIMS, CONDITIONS)
    assert busy.call_count == 2


@pytest.mark.conforms("FHA-04")
def test_the_card_of_a_resting_server_names_what_it_did_not_get(
    call: Callable[..., TestResponse], ehr: Ehr
) -> None:
    failing = ehr.mock.get(CLAIMS, status=502)
    found = [states(call(sent("claims")))["claims"] for _ in range(5)]
    assert found == ["failed"] * 5
    assert failing.call_count == 3
