"""How one client is authenticated: its issuer, where its keys are, which audiences are accepted."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Replay = Literal["refuse", "retry", "off"]


@dataclass(frozen=True, slots=True)
class Trust:
    """The issuer of one client; its keys are at a URL (`jku`) or in a file."""

    client: str
    issuer: str
    keys: str | Path
    audiences: frozenset[str] = frozenset()
    replay: Replay = "retry"

    @property
    def jku(self) -> str | None:
        """The URL of the key set; None if it is a file."""
        return self.keys if isinstance(self.keys, str) else None
