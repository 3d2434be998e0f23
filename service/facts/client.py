"""A client: the EHR that calls, what its sources hold, and in which form it takes answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Literal


@dataclass(frozen=True, slots=True)
class Client:
    """Whom we serve, what its sources hold, in which form it takes replacements and links.

    `pages`: its cards link to pages of its orders. `unverified`: on such a page anybody may answer the
    open questions, for that page alone. `system_actions`: it takes changes of its drafts that no clinician
    confirms.
    """

    id: str
    holds: Mapping[str, bool | date]
    aliases: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    default_payer: str | None = None
    zone: tzinfo | None = None
    replacing: Literal["update", "delete_create"] = "update"
    links: Literal["absolute", "smart"] = "absolute"
    pages: bool = False
    unverified: bool = False
    system_actions: bool = False

    def holds_since(self, name: str, first_day: int) -> bool | None:
        """Whether the source holds such data from that day on; None when only from a later day."""
        held = self.holds.get(name, False)
        if isinstance(held, bool):
            return held
        return True if held.toordinal() <= first_day else None
