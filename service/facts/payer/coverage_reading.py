"""One coverage read: its payer and plan, whether it is active today, and whether it pays for drugs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from service.escaped_text import visible
from service.facts.payer.payers import (
    Elsewhere,
    Payer,
    describe,
    elsewhere_of,
    is_doubted,
    of_plan,
    payer_named,
)
from service.fhir.elements import (
    codes,
    codings,
    literal_reference,
    names,
    objects,
    read,
    reference_parts,
    text,
)
from service.fhir.record import Record
from service.fhir.sources.source import Plan
from service.fhir.terminology.names_in_text import Pointing
from service.fhir.values.days import period_open
from service.fhir.values.quantity import number
from service.json_object import Json
from service.memo import per_case
from service.policy.finding import Remark, remark

# What a coverage has to do with the answer.
Use = Literal[
    "decides",
    "second",
    "beside",
    "ended",
    "not_active",
    "no_drugs",
    "self_pay",
    "not_sent",
    "not_read",
]
# The rank of a coverage without `order`: after the first one and before the second.
UNSTATED = 1.5
PERSONS = ("Patient", "RelatedPerson")
LONGEST_NAME = 120
UNNAMED = remark("unnamed_payer")
A_PERSON = remark("paying_person")
ORGANIZATION = "Organization"


@dataclass(frozen=True, slots=True)
class ReadCoverage:
    """One coverage with all that decides whether it counts."""

    coverage: Json
    payer: Payer | None
    elsewhere: Elsewhere | None
    readable: bool
    name: str | Remark
    use: Use | None
    rank: float
    payors: int
    named: bool = False  # by the order
    doubtful: bool = False  # it may have ended, or be of another payer


@dataclass(frozen=True, slots=True)
class KnownPayers:
    """What is known of payers, and how coverages say what they pay for."""

    payers: Mapping[str, Payer]
    plan: Plan
    pointing: Pointing


@per_case
def read_coverage(
    record: Record,
    coverage: Json,
    payers: Mapping[str, Payer],
    plan: Plan,
    pointing: Pointing,
    day: int,
) -> ReadCoverage:
    """One coverage, read once for all orders of a day."""
    return _CoverageReader(record, KnownPayers(payers, plan, pointing), date.fromordinal(day)).plan(
        coverage
    )


@dataclass(frozen=True, slots=True)
class _CoverageReader:
    """Reads coverages of one record on one day."""

    record: Record
    known: KnownPayers
    day: date

    def plan(self, coverage: Json) -> ReadCoverage:
        """One coverage, read; whether the order names it is not known here."""
        payer: Payer | None = None
        elsewhere: Elsewhere | None = None
        readable, doubted, called = False, False, []
        payors = objects(coverage.get("payor"))
        for payor in payors:
            payer_names, identifiers = describe(self.record, payor, coverage)
            readable = readable or bool(payer_names or identifiers)
            known_payer = payer_named(self.known.payers, payer_names, identifiers) or of_plan(
                self.known.payers, payer_names
            )
            if payer is None and known_payer is not None:
                payer, elsewhere = known_payer, elsewhere_of(known_payer, coverage, payer_names)
                doubted = is_doubted(self.record, known_payer, payor, coverage)
            called.append(self._name(payor, coverage) or (known_payer.name if known_payer else ""))
        use = self._use(coverage, payors)
        name = " and ".join(dict.fromkeys(filter(None, called)))[:LONGEST_NAME]
        return ReadCoverage(
            coverage,
            payer,
            elsewhere,
            readable,
            A_PERSON if use == "self_pay" else name or UNNAMED,
            use,
            number(coverage.get("order")) or UNSTATED,
            len(payors),
            doubtful=self._is_active(coverage) is None
            or self._is_open(coverage) is None
            or doubted,
        )

    def _is_open(self, coverage: Json) -> bool | None:
        """Whether the coverage holds on the day; None where its period cannot be read."""
        zone = self.record.calendar.zone
        return period_open(coverage.get("period"), self.day.toordinal(), zone)

    def _is_active(self, coverage: Json) -> bool | None:
        """Whether its status is an active one; None if it cannot be read (R4 requires it)."""
        status = {code.lower() for code in codes(coverage.get("status"))}
        active, over = bool(status & self.known.plan.active), bool(status & self.known.plan.over)
        return None if active == over else active

    def _use(self, coverage: Json, payors: list[Json]) -> Use | None:
        """Why a coverage pays for no drug today; None where it may."""
        if self._is_active(coverage) is False:
            return "not_active"
        if self._is_open(coverage) is False:
            return "ended"
        if self._pays_for_no_drugs(coverage):
            return "no_drugs"
        return "self_pay" if self._is_self_pay(coverage, payors) else None

    def _pays_for_no_drugs(self, coverage: Json) -> bool:
        """Whether it excludes drugs, by its type, else by the name of the plan."""
        plan = self.known.plan
        types = [concept for steps in plan.type for concept in read(steps, coverage)]
        coded = [
            (system, bool(self._sets({"system": system, "code": code}) & plan.no_drugs))
            for system, code, _ in codings(types)
            if code
        ]
        systems = {system for system, pays_none in coded if pays_none}
        if systems:
            # of several codes of one system one may be for drugs
            return all(pays_none for system, pays_none in coded if system in systems)
        called = [name for concept in types for name in names(concept)]
        if self.known.pointing.any_of(called, plan.no_drugs):
            return True
        named = [name for name in (plan.named.read(coverage) if plan.named else ()) if text(name)]
        return self.known.pointing.any_of((str(name) for name in named), plan.no_drugs)

    def _is_self_pay(self, coverage: Json, payors: list[Json]) -> bool:
        plan = self.known.plan
        types = [concept for steps in plan.type for concept in read(steps, coverage)]
        words = [{"text": name} for payor in payors if (name := text(payor.get("display")))]
        if any(self._sets(concept) & plan.self_pay for concept in (*types, *words)):
            return True
        return bool(payors) and all(self._is_person(payor, coverage) for payor in payors)

    def _is_person(self, payor: Json, coverage: Json) -> bool:
        target = self.record.resolve(payor, coverage)
        type_ = target.get("resourceType") if target else None
        reference = literal_reference(payor)
        named = reference_parts(reference)[0] if reference else None
        return (type_ or named or text(payor.get("type"))) in PERSONS

    def _sets(self, concept: object) -> set[str]:
        """The value sets of a type; a code of letters counts without its system too."""
        bare = any(
            system is None and code and code.isalpha() for system, code, _ in codings(concept)
        )
        entries_of = self.record.entries_of_status if bare else self.record.entries_of_concept
        return {entry.value_set for entry in entries_of(concept)}

    def _name(self, payor: Json, coverage: Json) -> str:
        """What a payer is called, as it is written."""
        target = self.record.resolve(payor, coverage) or {}
        if not may_be_named(payor, target):
            return ""
        written = (
            text(payor.get("display")),
            text(target.get("name")),
            *(text(identifier.get("value")) for identifier in objects(payor.get("identifier"))),
            *(text(identifier.get("value")) for identifier in objects(target.get("identifier"))),
        )
        return next((visible(name) for name in written if name), "")


def may_be_named(payor: Json, target: Json) -> bool:
    """Whether it is an organization: a person who pays is a patient's datum and is not named.

    A bare name is one of a payer, as most senders write it.
    """
    reference = literal_reference(payor)
    stated_types = {
        reference_parts(reference or "")[0],
        text(payor.get("type")),
        text(target.get("resourceType")),
    }
    types = stated_types - {None}
    return types == {ORGANIZATION} if types or reference else True
