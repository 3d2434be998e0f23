"""The entries of the record that a letter names: each has a number, a day, a source and an author."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from service.escaped_text import visible
from service.facts.authorizations.payer_decision import DECISION
from service.fhir.elements import read, text
from service.packet.case_to_send import CaseToSend
from service.packet.packet_words import PacketWords

LENGTH_OF_DAY = 10


@dataclass(frozen=True)
class NumberedEntry:
    """One entry of the record as the letter lists it."""

    number: int
    entry: str
    day: str
    source: str


@dataclass
class EntryNumbers:
    """Numbers the entries of the record in the order in which the letter names them first."""

    case: CaseToSend
    words: PacketWords
    kinds: dict[str, str] = field(default_factory=dict)
    days: dict[str, list[str]] = field(default_factory=dict)

    def of(self, reference: str, kind: str, day: str = "") -> int:
        """The number of an entry; its kind in words and its day, if known, are listed with it."""
        self.kinds.setdefault(reference, kind)
        days = self.days.setdefault(reference, [])
        if day and day not in days:
            days.append(day)
        return [*self.kinds].index(reference) + 1

    def all(self, references: Iterable[tuple[str, str, str]]) -> tuple[int, ...]:
        """The numbers of some entries, each with its kind and its day, each number once."""
        numbers = (self.of(*one) for one in references)
        return tuple(dict.fromkeys(numbers))

    def sources(self) -> tuple[NumberedEntry, ...]:
        """All entries that were numbered."""
        return tuple(
            NumberedEntry(
                number, visible(reference), self._day(reference), self._source(reference, kind)
            )
            for number, (reference, kind) in enumerate(self.kinds.items(), 1)
        )

    def _day(self, reference: str) -> str:
        days = self.days[reference] or self._own_days(reference)
        return ", ".join(visible(day) for day in days) or self.words.say("undated")

    def _own_days(self, reference: str) -> list[str]:
        """The day that an entry carries itself, where the source of its type knows one."""
        resource = self.case.supplied.get(reference) or {}
        type_ = reference.partition("/")[0]
        sources = (one for one in self.case.library.sources if one.type == type_)
        paths = (steps for source in sources for steps in source.dates)
        written = (text(value) for steps in paths for value in read(steps, resource))
        return [day[:LENGTH_OF_DAY] for day in written if day][:1]

    def _source(self, reference: str, kind: str) -> str:
        if reference.startswith(f"{DECISION}/"):
            # a decision counts as a claim among the kinds of evidence, and is none
            return self.case.library.source_of(DECISION).says
        author = self.case.author_of(reference)
        return self.words.say("by", source=kind, author=author) if author else kind
