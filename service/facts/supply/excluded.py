"""Whether classes are excluded: only a statement says so, and a class that is taken is plainly not."""

from datetime import date

from service.facts.case import Case, display, evidence
from service.facts.supply.supply import InUse, in_use
from service.policy.finding import Finding, not_met, unknown
from service.policy.operators import Excluded
from service.policy.truth import Reason, Way


def excluded(case: Case, asked: Excluded) -> Finding:
    """Every class excluded, or one: members with a recorded intolerance are shown, never enough."""
    fact = case.knowledge.of_kind("exclusion")
    classes = asked.every or asked.any_
    if (taken := _taken(case, asked)) is not None:
        return taken
    shown = [
        evidence(case, hit, f"{display(hit, classes)}: intolerance recorded")
        for hit in case.hits(fact.sources, classes)
        if hit.standing == "counts"
    ]
    # Without any sign of it in the record nobody should be led to state it: the dearest way.
    way = Way.ATTESTATION if shown else Way.REVIEW
    return unknown(Reason.ATTESTATION, *shown[:4], way=way, miss=_members(case, asked))


def _taken(case: Case, asked: Excluded) -> Finding | None:
    """One class in use is enough against `every`; against `any` all of them must be."""
    classes = asked.every or asked.any_
    used = [one for name in classes if (one := in_use(case, name)) is not None]
    if len(used) < (1 if asked.every else len(classes)):
        return None
    shown = dict.fromkeys(proof for one in used for proof in one.shown[:1])
    said = dict.fromkeys(map(_says, used))
    return not_met(*shown, miss="; ".join(said))


def _says(used: InUse) -> str:
    return f"takes {used.ingredient}, supply until {date.fromordinal(used.until)}"


def _members(case: Case, asked: Excluded) -> str:
    classes, how = (
        (asked.every, "every class") if asked.every else (asked.any_, "one of the classes")
    )
    return f"needed for {how}: {'; '.join(case.knowledge.titles.get(one, one) for one in classes)}"
