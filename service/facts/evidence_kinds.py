"""Evidence by its kind: what a criterion accepts decides, anything else only keeps it open."""

from collections.abc import Iterator
from dataclasses import replace

from service.facts.case import Case
from service.facts.model import Fact
from service.policy.finding import Evidence, Finding, unknown
from service.policy.operators import Compare, Recorded
from service.policy.truth import Reason, Truth

# A dispense that another system reports came with the source of dispenses.
REPORTED_WITH = {"outside_pharmacy": "dispense"}


def by_accepted(case: Case, asked: Compare | Recorded) -> Finding:
    """The finding from the accepted kinds; `weak_evidence` where only others show it."""
    facts = list(_facts(case, asked))
    finding = _narrowed(case, asked, facts, accepted=True)
    counts = [proof for proof in finding.evidence if proof.kind in asked.accepts]
    if finding.truth is Truth.MET and counts:
        return finding
    rest = _narrowed(case, asked, facts, accepted=False)
    others = [*_others(asked, finding), *_others(asked, rest)]
    if others and (rest.truth is Truth.MET or not counts):
        shown = dict.fromkeys([*counts, *others])
        return unknown(Reason.WEAK_EVIDENCE, *shown, way=facts[0].way, miss=finding.miss)
    return finding


def _others(asked: Compare | Recorded, finding: Finding) -> list[Evidence]:
    """What is shown by evidence that does not decide here; a note that nothing was found is none."""
    return [
        proof for proof in finding.evidence if proof.reference and proof.kind not in asked.accepts
    ]


def _narrowed(
    case: Case, asked: Compare | Recorded, facts: list[Fact], *, accepted: bool
) -> Finding:
    """The same question to a case whose facts look in the sources of these kinds alone."""
    wanted = {REPORTED_WITH.get(kind, kind) for kind in asked.accepts}
    narrow = case.with_sources(facts, lambda source: (source.kind in wanted) is accepted)
    return case.answer(narrow, replace(asked, accepts=()))


def _facts(case: Case, asked: Compare | Recorded) -> Iterator[Fact]:
    """The facts that are asked for, and the scores that a grade is read from."""
    names = (asked.fact,) if isinstance(asked, Compare) else asked.fact
    for name in names:
        fact = case.knowledge.facts[name]
        yield fact
        yield from (case.knowledge.facts[scored] for scored in fact.scales if fact.kind == "grade")
