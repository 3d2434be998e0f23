"""What we trust of one client: its issuer, where its keys are, what its tokens may be meant for."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Replay = Literal["refuse", "retry", "off"]


@dataclass(frozen=True, slots=True)
class Trust:
    """One issuer is one client; its keys are at a URL (`jku`) or in a file."""

    client: str
    issuer: str
    keys: str | Path
    audiences: frozenset[str] = frozenset()
    replay: Replay = "retry"

    @property
    def jku(self) -> str | None:
        """The URL of the key set; None where it is a file."""
        return self.keys if isinstance(self.keys, str) else None
