"""What each question can come to by the record: from its words and from the facts that it asks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from service.facts.fact import Fact
from service.library import Library
from service.policy import operators as op
from service.policy.operators import Operator
from service.policy.truth import Truth

Cells = set[str]
MET, NOT_MET = str(Truth.MET), str(Truth.NOT_MET)
# A visit or a fill whose reason or day is not clear; a fill on top of daily therapy.
DOUBTS = ("attestation", "review", "imprecise")
# An entry that does not say which drug or substance it is about.
UNREAD = "unmapped"


@dataclass(frozen=True)
class Known:
    """The library as far as it tells what a leaf can come to."""

    library: Library

    @cached_property
    def questions(self) -> frozenset[str]:
        """The value sets with a code or a name that may be the thing and proves nothing."""
        known = self.library.terminology
        tables = (known.by_code, known.by_prefix, known.by_name)
        entries = [one for table in tables for found in table.values() for one in found]
        entries += [one for names in known.words.values() for _, found in names for one in found]
        return frozenset(one.value_set for one in entries if one.question)

    def fact(self, name: str) -> Fact:
        """A fact by its name."""
        return self.library.knowledge.facts[name]

    def kind(self, kind: str) -> Fact:
        """The one fact of a kind."""
        return self.library.knowledge.of_kind(kind)

    def asks(self, value_sets: Iterable[str]) -> Cells:
        """Review, where a code or name may be the thing and proves nothing."""
        return {"review"} if self.questions & {*value_sets} else set()


def _silence(fact: Fact) -> Cells:
    """Why finding nothing proves nothing: what the first source says of its own silence."""
    if not fact.sources:
        return {"not_found"}
    first = "not_held" if fact.sources[0].silence_means_none else "not_found"
    return {"incomplete", "not_supplied", first}


def _holds(fact: Fact) -> Cells:
    """A no, where a source proves by its silence that there is none."""
    return {NOT_MET} if any(one.silence_means_none for one in fact.sources) else set()


def _amounts(fact: Fact, known: Known) -> Cells:
    return _silence(fact) | {"unit", "imprecise", "conflict"} | known.asks(fact.value_sets)


def _compare(asked: op.Compare, known: Known) -> Cells:
    fact = known.fact(asked.fact)
    if fact.kind == "age":
        return {
            MET,
            NOT_MET,
            "imprecise",
            "not_found",
            "not_supplied",
        }  # the patient is one, never a part
    cells = {MET, NOT_MET} | _amounts(fact, known)
    if asked.pick == "any" and asked.contradicted != "review":
        cells -= {"conflict"}
    cells |= {"review"} if asked.contradicted == "review" else set()
    if asked.during:
        cells |= {"weak_evidence", UNREAD} | _silence(known.kind("supply"))
    # a value that fails is no baseline, where an entry that cannot be read may be the drug itself
    treated = asked.pick == "baseline_if_treated" and fact.kind != "sites" and not asked.otherwise
    cells |= {UNREAD} if treated and not (asked.before_first or asked.during) else set()
    cells |= {"stale"} if asked.within else set()
    cells |= {"weak_evidence"} if asked.accepts else set()
    if asked.otherwise:
        cells = cells - {NOT_MET} | {"review"}
    return cells


def _recorded(asked: op.Recorded, known: Known) -> Cells:
    cells: Cells = {"weak_evidence"} if asked.accepts else set()
    for name in asked.fact:
        fact = known.fact(name)
        match fact.kind:
            case "grade":
                cells |= {MET, NOT_MET, "attestation", "conflict"}
            case "allergy":
                cells |= {MET, "review", UNREAD} | _holds(fact) | _silence(fact)
            case "procedure":
                late = {"stale", "imprecise"} if asked.within else set()
                cells |= {MET, "review"} | _holds(fact) | _silence(fact) | late
            case "diagnosis" if fact.indications:
                cells |= {MET}  # what the order is for: its criteria are judged for no other
            case "diagnosis":
                cells |= {MET} | _silence(fact) | known.asks(fact.value_sets)
            case _:
                late = {"imprecise"} if asked.pick == "baseline_if_treated" else set()
                late |= {"stale"} if asked.within else set()
                cells |= {MET} | _silence(fact) | late | known.asks(fact.value_sets)
    return cells


def _supply(asked: op.Supply, known: Known) -> Cells:
    fact = known.kind("supply")
    cells = {MET, NOT_MET, "imprecise", UNREAD} | _silence(fact) | known.asks(asked.of)
    if asked.always:
        cells = cells - {MET} | {"review"}
    if asked.otherwise:
        cells = cells - {NOT_MET} | {"review"}
    # What a chart lists goes before the reviewer there, rather than being weak.
    cells |= {"review"} if asked.elsewhere == "review" else {"weak_evidence"}
    return cells


def _sessions(asked: op.Sessions, known: Known) -> Cells:
    fact = known.kind("sessions")
    ends = {"review"} if asked.always else {MET}
    return ends | {"review", "imprecise"} | _holds(fact) | _silence(fact)


def _statement(asked: op.Statement, _: Known) -> Cells:
    yes = "review" if asked.for_review else MET
    return {yes, NOT_MET, "attestation", "conflict"}


def _trend(asked: op.Trend, known: Known) -> Cells:
    cells = {MET, NOT_MET, "not_found"} | ({"stale"} if asked.within else set())
    cells |= {"review"} if asked.baseline_within else set()  # a value before that is older
    return cells.union(*(_amounts(known.fact(name), known) for name in asked.of))


def _regimen(asked: op.Regimen, known: Known) -> Cells:
    weight = _amounts(known.fact(asked.weight), known) | {"stale"}
    return {MET, NOT_MET, "review", "not_found"} | weight


def _episodes(asked: op.Episodes, known: Known) -> Cells:
    cells = {MET, *DOUBTS}
    for name in asked.of:
        fact = known.fact(name)
        cells |= _silence(fact) | _holds(fact)
        cells |= {"weak_evidence"} if any(one.made == "fills" for one in fact.built_from) else set()
        cells |= {UNREAD} if any(one.unnamed for one in fact.built_from) else set()
    if asked.during:
        cells |= {"weak_evidence", UNREAD} | _silence(known.kind("supply"))
    return cells


def _fewer(asked: op.Fewer, known: Known) -> Cells:
    """Two counts, each of which must be known to be whole; without a first dose there are none."""
    facts = [known.fact(name) for name in asked.of]
    drugs = {one.source for one in known.kind("supply").sources}
    cells: Cells = {"not_found", "imprecise"}
    for fact in facts:
        beside = {one.source for one in fact.sources} - drugs
        # Where a list of drugs did not come whole, the first dose itself is open.
        cells |= _silence(fact) - (set() if beside else {"incomplete", "not_supplied"})
    whole = all(_holds(fact) for fact in facts)
    cells |= {UNREAD} if any(one.unnamed for fact in facts for one in fact.built_from) else set()
    return cells | ({MET, NOT_MET, *DOUBTS} if whole else set())


def _dose_trend(_: op.DoseTrend, known: Known) -> Cells:
    return {MET, NOT_MET, "not_found", "imprecise"} | _silence(known.kind("supply"))


def _exposed_for(_: op.ExposedFor, known: Known) -> Cells:
    return {MET, NOT_MET, "imprecise", "weak_evidence", UNREAD} | _silence(known.kind("supply"))


def _specialty(asked: op.Specialty, known: Known) -> Cells:
    """With several diseases it may depend on which of them the order is for."""
    several = {"imprecise"} if len(asked.of_disease) > 1 else set()
    return {MET, "attestation"} | several | _silence(known.kind("specialty"))


def _network(_: op.NetworkPharmacy, known: Known) -> Cells:
    """A pharmacy can be looked up where a payer's list is among the documents."""
    lists = any(one.network_pharmacies for one in known.library.payers.values())
    return {"attestation"} | ({MET, NOT_MET} if lists else set())


def _approved(_: op.ApprovedBefore, known: Known) -> Cells:
    return {MET, NOT_MET, "review"} | _silence(known.kind("approval"))


def _at_most_one_of(asked: op.AtMostOneOf, known: Known) -> Cells:
    """As of the supply of each class, the evidence that a payer does not accept included."""
    return _supply(
        op.Supply(of=asked.of, now=True, accepts=asked.accepts, elsewhere="doubt"), known
    )


RULES: dict[type[Operator], Callable[..., Cells]] = {
    op.ApprovedBefore: _approved,
    op.AtMostOneOf: _at_most_one_of,
    op.Compare: _compare,
    op.DoseTrend: _dose_trend,
    op.Episodes: _episodes,
    # a class in hand today is plainly not ruled out
    op.Excluded: lambda _asked, _known: {NOT_MET, "attestation"},
    op.ExposedFor: _exposed_for,
    op.Stopped: lambda _asked, known: {MET, "review"} | _silence(known.kind("outcome")),
    op.Fewer: _fewer,
    op.NetworkPharmacy: _network,
    op.NotEncoded: lambda _asked, _known: {"review"},
    op.TrialOutcome: lambda _asked, _known: {MET, NOT_MET, "attestation", "review"},
    op.Recorded: _recorded,
    op.Regimen: _regimen,
    op.Sessions: _sessions,
    op.Specialty: _specialty,
    op.Statement: _statement,
    op.Supply: _supply,
    op.Trend: _trend,
}
