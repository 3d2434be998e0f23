"""The keys of one client: refreshed in the background, and read again when a key is missing."""

import logging
from collections.abc import Callable, Mapping
from math import inf
from threading import Lock, Thread
from time import monotonic
from typing import NamedTuple

from service.auth.key_set import Key, Trust, read_key_set
from service.errors import KeySetError

# in seconds
REFRESH_AFTER = 600
FORGET_AFTER = 86_400
AGAIN_AFTER = 60
PATIENCE = 3.0
log = logging.getLogger("service.auth")


class _Moment(NamedTuple):
    """A moment by two clocks: the wall's may be set, the monotonic one may stop while a machine sleeps."""

    wall: float
    steady: float

    def seconds_since(self, earlier: "_Moment") -> float:
        """The seconds since then by the clock that counted more of them."""
        return max(self.wall - earlier.wall, self.steady - earlier.steady)


NEVER = _Moment(-inf, -inf)


class KeyRing:
    """Holds the last good key set; a call waits for the key server only if its key is missing."""

    def __init__(
        self, trust: Trust, now: Callable[[], float], steady: Callable[[], float] = monotonic
    ) -> None:
        self._trust = trust
        self._wall = now
        self._steady = steady
        self._keys: Mapping[str, Key] = {}
        self._read_at = self._tried_at = NEVER
        self._until = -inf
        self._lock = Lock()
        self._reader: Thread | None = None
        self.failure: str | None = "has not been read yet"
        self.called: Callable[[str, float], object] | None = (
            None  # gets result and seconds of a call
        )

    def find(self, kid: str) -> Key | None:
        """The key with this id, or None; an unknown id reads the set again, at most once a minute."""
        if self._age() > REFRESH_AFTER:
            self.begin()
        return self._held(kid) or self._held_after_reading(kid)

    def begin(self) -> Thread | None:
        """Starts reading the key set, unless that was just tried; returns the reading thread or None."""
        with self._lock:
            # after a fork the parent's thread counts as ended; a hanging thread is not waited for
            alive = self._reader is not None and self._reader.is_alive()
            if alive and monotonic() < self._until:
                return self._reader
            if self._now().seconds_since(self._tried_at) < AGAIN_AFTER:
                return None
            self._tried_at, self._until = self._now(), monotonic() + PATIENCE
            self._reader = Thread(target=self._read, name="keys", daemon=True)
            self._reader.start()
            return self._reader

    def _now(self) -> _Moment:
        return _Moment(self._wall(), self._steady())

    def _age(self) -> float:
        return self._now().seconds_since(self._read_at)

    def _held(self, kid: str) -> Key | None:
        return self._keys.get(kid) if self._age() <= FORGET_AFTER else None

    def _held_after_reading(self, kid: str) -> Key | None:
        reader = self.begin()
        if reader is not None:
            reader.join(max(0.0, self._until - monotonic()))
        return self._held(kid)

    def _read(self) -> None:
        began = monotonic()
        try:
            key_set = read_key_set(self._trust)
        except KeySetError as error:
            self._note_call("failed", began)
            self.failure = str(error)
            log.warning("keys of client %s: the key set %s", self._trust.client, error)
            return
        self._note_call("answered", began)
        self._keys, self._read_at, self.failure = key_set.keys, self._now(), None
        for what in key_set.unusable:
            log.warning("keys of client %s: %s", self._trust.client, what)

    def _note_call(self, result: str, began: float) -> None:
        if self.called is not None and self._trust.jku is not None:
            self.called(result, monotonic() - began)
