"""One order of one patient on one day: what every finding is computed from, each once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self

from service.facts.client import Client
from service.facts.fact import Fact, Looked
from service.facts.knowledge import Knowledge
from service.fhir.elements import read, text
from service.fhir.hit import Hit
from service.fhir.record import Record
from service.fhir.sources.source import Source
from service.fhir.supplied.bundle import State
from service.fhir.values.days import FIRST, DayRange, add_months, parse_day, parse_when
from service.json_object import Json
from service.memo import cached_property, per_case, per_patient
from service.policy.amount import Span
from service.policy.finding import Evidence, Finding, Remark, remark
from service.policy.operators import Operator
from service.policy.subject_of_answer import SpeaksOf
from service.policy.truth import Reason


def days_back(day: int, span: Span) -> int:
    """The first day of a window of that length that ends on a day; months are calendar months."""
    if span.months:
        return add_months(date.fromordinal(day), -span.months).toordinal()
    return max(day - span.days, FIRST)


def last_day(day: int, span: Span) -> int:
    """The last day from which a window of that length still reaches back to a day."""
    if span.months:
        last = add_months(date.fromordinal(day), span.months).toordinal()
    else:
        last = min(day + span.days, LAST)
    # the same day of a shorter month is reached from several days
    while last < LAST and days_back(last + 1, span) <= day:
        last += 1
    return last


LAST = date.max.toordinal()
LONGEST_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Order:
    """A draft order for the requested drug with what its codes tell of the product."""

    reference: str
    resource: Json
    product: Mapping[str, object]
    indications: tuple[str, ...]
    reason_given: bool
    label: str


@dataclass(frozen=True, slots=True)
class Treatment:
    """One way to read when the treatment with the drug began: `start` is None if it did not.

    `off` if the drug is not taken today, so that today's values are those of an untreated patient.
    """

    start: DayRange | None
    off: bool = False


@dataclass(frozen=True, eq=False)
class PatientCase:
    """One patient on one day and a drug, whatever is ordered of it: most findings need no more.

    `shared` holds what was computed of it; all orders of the drug on that day share it. With a
    `treatment` the case is read in that one way; without one the record decides.
    """

    knowledge: Knowledge
    record: Record
    client: Client
    day: date
    drug: str
    treatment: Treatment | None = field(default=None, kw_only=True)
    shared: dict[object, Any] = field(default_factory=dict, kw_only=True, repr=False)

    @cached_property
    def today(self) -> int:
        """The day asked about, as an ordinal."""
        return self.day.toordinal()

    @cached_property
    def written_birth(self) -> DayRange | None:
        """The day of birth as it is written, however unlikely."""
        patients = self.record.resources.get("Patient", [])
        written = patients[0].get("birthDate") if patients else None
        # a birth date sent with a time means the day as written
        return parse_day(written.partition("T")[0]) if isinstance(written, str) else None

    def with_sources(self, facts: Iterable[Fact], wanted: Callable[[Source], bool]) -> Self:
        """The same case where these facts look only in the sources that are wanted."""
        sources = self.knowledge.sources
        narrow = {
            fact.name: replace(
                fact,
                sources=tuple(looked for looked in fact.sources if wanted(sources[looked.source])),
            )
            for fact in facts
        }
        narrowed = replace(self.knowledge, facts={**self.knowledge.facts, **narrow})
        return replace(self, knowledge=narrowed, shared={})

    def back(self, span: Span) -> int:
        """The first day of a window of that length that ends today."""
        return days_back(self.today, span)

    def hits(self, looked: Sequence[Looked], value_sets: Sequence[str]) -> list[Hit]:
        """The record's entries in these value sets, from the sources a fact looks in."""
        all_hits = self.record.hits(*value_sets)
        if not all_hits:
            return []
        keys = {place.source for place in looked}
        return [hit for hit in all_hits if hit.source.key in keys]

    @per_patient
    def silence(self, looked: tuple[Looked, ...], since: int) -> Reason | None:
        """Why finding nothing proves nothing; None when a held, complete source makes it none."""
        reasons = [self._silence_of(place, since) for place in looked]
        if not reasons:
            return Reason.NOT_FOUND
        # A source that holds such data but did not come whole may contain what is asked for.
        broken = (
            reason
            for place, reason in zip(looked, reasons, strict=True)
            if reason and place.silence_means_none and self._holds(place, since)
        )
        return next(broken, None if None in reasons else reasons[0])

    def _holds(self, looked: Looked, since: int) -> bool:
        """Whether all from that day on is held, or all from birth on: before it there was nothing."""
        name = self.knowledge.sources[looked.source].holds_name
        birth = self.written_birth
        born = birth.first if birth and birth.first <= self.today else since
        return bool(self.client.holds_since(name, max(since, born)))

    def _silence_of(self, looked: Looked, since: int) -> Reason | None:
        state = self.record.states.get(looked.source, State.NOT_SUPPLIED)
        if state is State.INCOMPLETE:
            return Reason.INCOMPLETE
        if not self.record.came_whole(looked.source):
            return Reason.NOT_SUPPLIED
        if not looked.silence_means_none:
            return Reason.NOT_FOUND
        return None if self._holds(looked, since) else Reason.NOT_HELD


@dataclass(frozen=True, eq=False)
class Case(PatientCase):
    """One order of one patient on one day; `ask` answers each question once.

    `remembered` starts empty in each case, also in one that is made from another by `replace`.
    """

    order: Order
    indications: tuple[str, ...]
    is_payer: Callable[[Json], bool | None]
    in_network: Callable[[Json], bool | None]
    answers: Mapping[str, Finding]
    answer: Callable[["Case", Operator], Finding]
    user: str = ""
    speaks_of: Mapping[str, SpeaksOf] = field(default_factory=dict)
    stated_for: Callable[[str], Mapping[str, Finding]] | None = None
    remembered: dict[object, Any] = field(default_factory=dict, init=False, repr=False)

    @per_case
    def ask(self, operator: Operator) -> Finding:
        """The finding of one operator, computed at its first asking."""
        self.record.share.check()
        return self.answer(self, operator)

    def ask_for(self, indication: str) -> Callable[[Operator], Finding]:
        """The same questions, and what is stated, where the order is for one of its indications alone."""
        answers = self.stated_for(indication) if self.stated_for else self.answers
        return replace(self, indications=(indication,), answers=answers).ask

    def for_indication(self, indication: str) -> "Case":
        """The same order, were it for one disease alone; what is stated stays as it is."""
        return replace(self, indications=(indication,))

    def for_order(self, drug: str, order: Order) -> "Case":
        """The same patient with an order for another drug, for the diseases that the order names."""
        shared = self.shared if drug == self.drug else {}
        return replace(
            self,
            drug=drug,
            order=order,
            indications=order.indications,
            treatment=None,
            shared=shared,
        )


def when(hit: Hit) -> DayRange | None:
    """The day of a hit: the first of its source's date paths that can be read."""
    if hit.day is None:
        hit.day = (_when(hit),)
    return hit.day[0]


def _when(hit: Hit) -> DayRange | None:
    holders = (hit.resource,) if hit.element is hit.resource else (hit.element, hit.resource)
    for steps in hit.source.dates:
        for holder in holders:
            if steps[0] not in holder:
                continue
            for value in read(steps, holder):
                if (day := parse_when(value, hit.calendar.zone)) is not None:
                    return day
    return None


def kind_of(hit: Hit, server: str | None) -> str:
    """The kind of evidence; a dispense that another system reports is an outside pharmacy's."""
    if hit.source.kind != "dispense":
        return hit.source.kind
    meta = hit.resource.get("meta")
    origin = text(meta.get("source")) if isinstance(meta, dict) else None
    own = origin is None or (server is not None and origin.startswith(server))
    return "dispense" if own else "outside_pharmacy"


def evidence(
    case: PatientCase, hit: Hit, value: str | Remark, day: DayRange | None = None
) -> Evidence:
    """A hit as evidence, with its own day unless another is given."""
    shown = day or when(hit)
    # chart text may be of any length and is repeated on the card for each criterion
    wording: str | Remark
    if isinstance(value, Remark):
        wording = Remark(value.kind, value.values, LONGEST_SHOWN)
    else:
        wording = value if len(value) <= LONGEST_SHOWN else f"{value[: LONGEST_SHOWN - 1]}…"
    return Evidence(
        hit.reference, str(shown) if shown else None, wording, kind_of(hit, case.record.server)
    )


def dated(shown: Evidence) -> str | Remark:
    """What evidence says, with its day where it has one."""
    if not shown.date:
        return shown.value
    return remark("dated", shown=shown.value, date=shown.date)


def display(hit: Hit, value_sets: Sequence[str]) -> str:
    """What the terminology calls a hit."""
    return next(entry.display for entry in hit.entries if entry.value_set in value_sets)
