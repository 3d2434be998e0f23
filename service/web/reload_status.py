"""What became of the last change of the documents, in memory that all processes of a server share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from mmap import mmap
from typing import Literal
from zlib import crc32

import orjson

from service.json_object import Json

SIZE = 256 * 1024
MOST_REASONS = 20
MOST_CHARACTERS = 1000  # of one reason
HEAD = 8  # bytes: the length of what is written, and its checksum
ATTEMPTS = 100


# Which documents are refused, as `/ready` names them: new ones to serve, or those to judge in shadow.
Kind = Literal["contentRefused", "candidateRefused"]


@dataclass(frozen=True, slots=True)
class Refused:
    """Documents that are not taken up: since when, and why, each mistake with file and line."""

    since: datetime
    reasons: Sequence[str]

    def as_json(self) -> Json:
        """As `/ready` shows it; of many mistakes the first, and how many there are."""
        shown = [reason[:MOST_CHARACTERS] for reason in self.reasons[:MOST_REASONS]]
        return {
            "since": self.since.isoformat(timespec="seconds"),
            "mistakes": len(self.reasons),
            "reasons": shown,
        }


class ChangeStatus:
    """Written by the process that starts the workers, read by all.

    Made before the first worker is forked, so that each of them sees the same memory.
    """

    def __init__(self) -> None:
        self._memory = mmap(-1, SIZE)

    def refuse(self, kind: Kind, reasons: Sequence[str]) -> None:
        """Documents are refused; those before go on to serve, without a candidate if it is one."""
        refused = Refused(datetime.now(UTC), reasons).as_json()
        self._write({**self.as_json(), kind: refused})

    def accept(self, kind: Kind) -> None:
        """The documents are the newest that were asked for."""
        self._write({of: one for of, one in self.as_json().items() if of != kind})

    def as_json(self) -> Json:
        """What `/ready` adds: nothing unless documents are refused."""
        for _ in range(ATTEMPTS):
            written = self._read()
            if written is not None:
                return written
        return {}

    def _write(self, status: Json) -> None:
        raw = orjson.dumps(status)
        head = len(raw).to_bytes(4, "big") + crc32(raw).to_bytes(4, "big")
        self._memory[: HEAD + len(raw)] = head + raw

    def _read(self) -> Json | None:
        """What is written; None if that is being changed now."""
        size, check = (int.from_bytes(self._memory[n : n + 4], "big") for n in (0, 4))
        raw = self._memory[HEAD : HEAD + size]
        if crc32(raw) != check:
            return None
        status: Json = orjson.loads(raw) if raw else {}
        return status
