"""What a code or name says: in which value set it stands, and what is known of it there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One code or name in one value set; a `question` names the thing but proves nothing."""

    value_set: str
    code: str
    display: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    question: bool = False
    by_name: bool = False

    def asked(self, why: str | None = None) -> "Entry":
        """The same as a question."""
        return replace(self if why is None else self.knowing(why=why), question=True)

    def knowing(self, **more: Any) -> "Entry":
        """The same with more that is known of it."""
        return replace(self, attributes={**self.attributes, **more})


Entries = tuple[Entry, ...]
Aliases = Mapping[tuple[str, str], tuple[str, str]]
