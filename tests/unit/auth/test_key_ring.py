"""The keys of one client: when they are read again, and how long they are used."""

from collections.abc import Iterator

import pytest
import responses
from support.clock import Clock
from support.signing import JKU, TRUST, Signer, key_set

from service.auth.key_ring import AGAIN_AFTER, FORGET_AFTER, REFRESH_AFTER, KeyRing

FIRST, SECOND = Signer("first"), Signer("second")


@pytest.fixture
def server() -> Iterator[responses.RequestsMock]:
    """The client's key server."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(JKU, body=key_set(FIRST.jwk()))
        yield mock


@pytest.fixture
def clock() -> Clock:
    return Clock(1_000_000.0)


@pytest.fixture
def ring(clock: Clock) -> KeyRing:
    return KeyRing(TRUST, clock)


def read(ring: KeyRing) -> None:
    """Has the key set read now and waits until it is."""
    reader = ring.begin()
    assert reader is not None
    reader.join(10)


def failure(ring: KeyRing) -> str | None:
    """Why the set could not be read, as it is now."""
    return ring.failure


def kid(ring: KeyRing, name: str) -> str | None:
    key = ring.find(name)
    return key.kid if key else None


def test_first_call_reads_the_set_and_finds_its_key(
    ring: KeyRing, server: responses.RequestsMock
) -> None:
    assert failure(ring) == "has not been read yet"
    assert kid(ring, "first") == "first"
    assert failure(ring) is None
    assert len(server.calls) == 1


@pytest.mark.parametrize(("seconds", "found"), [(AGAIN_AFTER - 1, None), (AGAIN_AFTER, "second")])
def test_missing_key_reads_the_set_again_at_most_once_a_minute(
    ring: KeyRing, server: responses.RequestsMock, clock: Clock, seconds: float, found: str | None
) -> None:
    read(ring)
    server.upsert("GET", JKU, body=key_set(FIRST.jwk(), SECOND.jwk()))
    clock.now += seconds
    assert kid(ring, "second") == found


@pytest.mark.parametrize(("seconds", "calls"), [(REFRESH_AFTER, 1), (REFRESH_AFTER + 1, 2)])
def test_known_key_is_given_at_once_and_the_set_is_refreshed_after_ten_minutes(
    ring: KeyRing, server: responses.RequestsMock, clock: Clock, seconds: float, calls: int
) -> None:
    read(ring)
    clock.now += seconds
    assert kid(ring, "first") == "first"
    reader = ring.begin() if calls > 1 else None  # the one that `find` began, while it reads
    if reader is not None:
        reader.join(10)
    for _ in range(1000):
        if len(server.calls) == calls:
            break
    assert len(server.calls) == calls


@pytest.mark.parametrize(("seconds", "found"), [(FORGET_AFTER, "first"), (FORGET_AFTER + 1, None)])
def test_last_good_set_is_used_for_a_day_if_the_server_fails(
    ring: KeyRing, server: responses.RequestsMock, clock: Clock, seconds: float, found: str | None
) -> None:
    read(ring)
    server.upsert("GET", JKU, status=503)
    clock.now += seconds
    assert kid(ring, "first") == found


def test_failure_is_told_until_the_set_is_read(
    ring: KeyRing, server: responses.RequestsMock, clock: Clock
) -> None:
    server.upsert("GET", JKU, status=503)
    read(ring)
    assert failure(ring) == "answered 503"
    assert kid(ring, "first") is None
    server.upsert("GET", JKU, body=key_set(FIRST.jwk()))
    clock.now += AGAIN_AFTER
    read(ring)
    assert failure(ring) is None
    assert kid(ring, "first") == "first"


def test_set_that_was_just_tried_is_not_read_again(
    ring: KeyRing, server: responses.RequestsMock
) -> None:
    read(ring)
    assert ring.begin() is None
    assert len(server.calls) == 1


@pytest.mark.parametrize(("wall", "steady"), [(0.0, 1.0), (1.0, 0.0), (-1e6, 1.0), (1.0, -1e6)])
def test_ages_are_those_of_the_clock_that_counted_more(
    server: responses.RequestsMock, wall: float, steady: float
) -> None:
    clocks = Clock(1_000_000.0), Clock(50.0)
    ring = KeyRing(TRUST, *clocks)

    def pass_by(seconds: float) -> None:
        for clock, rate in zip(clocks, (wall, steady), strict=True):
            clock.now += rate if abs(rate) > 1 else seconds * rate

    read(ring)
    server.upsert("GET", JKU, body=key_set(FIRST.jwk(), SECOND.jwk()))
    pass_by(AGAIN_AFTER - 1)
    assert kid(ring, "second") is None
    pass_by(1)
    assert kid(ring, "second") == "second"
    server.upsert("GET", JKU, status=503)
    pass_by(FORGET_AFTER + 1)
    assert kid(ring, "second") is None
