"""Ids, texts and day offsets that a secret makes: the same for the same patient, unreadable without it."""

import hmac
from collections.abc import Iterator
from hashlib import sha256
from uuid import UUID

MOST_DAYS = 1_000
LEAST_DAYS = 8  # less would leave the week in which something happened


class Pseudonyms:
    """What one secret replaces."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def _digest(self, kind: str, value: str) -> bytes:
        return hmac.digest(self._secret, f"{kind}\0{value}".encode(), sha256)

    def id_(self, value: str) -> str:
        """An id in place of another one."""
        return f"r{self._digest('id', value).hex()[:16]}"

    def uuid(self, value: str) -> str:
        """A UUID in place of another one."""
        return str(UUID(bytes=self._digest("uuid", value)[:16], version=4))

    def text(self, value: str) -> str:
        """A text in place of another one, without a word of it."""
        return f"text {self._digest('text', value).hex()[:10]}"

    def code(self, system: str, value: str) -> str:
        """A code of no list in place of one that is not known to be a code at all."""
        return f"x-{self._digest(f'code {system}', value).hex()[:10]}"

    def offsets(self, patient: str) -> Iterator[int]:
        """Numbers of days to shift a patient's dates by, the preferred one first; always the same ones."""
        for number in range(2 * MOST_DAYS):
            drawn = int.from_bytes(self._digest("offset", f"{number} {patient}")[:8])
            days = LEAST_DAYS + drawn % (MOST_DAYS - LEAST_DAYS)
            yield -days if drawn % 2 else days
