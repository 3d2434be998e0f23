"""Questions about what a record shows no trace of: answered once for all who hold the same."""

from collections.abc import Callable

from service.facts.case import Case
from service.facts.model import Fact
from service.policy.finding import Finding
from service.policy.operators import Compare, ExposedFor, Operator, Recorded, Stopped

# Kinds whose finding rests on entries in the fact's value sets and on nothing else of the record.
KINDS = frozenset({"allergy", "quantity", "score"})
Answer = Callable[[Case, Operator], Finding]


def _sets(case: Case, asked: Operator) -> frozenset[str]:
    """The value sets that a question rests on; none where it rests on more."""
    known = case.knowledge.rests_on.get(id(asked))
    if known is None:
        known = case.knowledge.rests_on[id(asked)] = (asked, _rests_on(case, asked))
    return known[1]


def _rests_on(case: Case, asked: Operator) -> frozenset[str]:
    match asked:
        case Stopped() | ExposedFor():
            return frozenset(asked.of)
        case Recorded() if not asked.accepts and asked.pick in ("any", "latest"):
            return _of_all([case.knowledge.facts[name] for name in asked.fact])
        case Compare() if not (asked.accepts or asked.before_first or asked.during):
            plain = asked.pick in ("any", "latest")
            return _of_all([case.knowledge.facts[asked.fact]]) if plain else frozenset()
        case _:
            return frozenset()


def _of_all(facts: list[Fact]) -> frozenset[str]:
    if not all(_is_plain(one) for one in facts):
        return frozenset()
    return frozenset(name for one in facts for name in one.value_sets)


def _is_plain(fact: Fact) -> bool:
    diagnosis = fact.kind == "diagnosis" and not fact.indications
    return bool(fact.value_sets) and (diagnosis or fact.kind in KINDS)


def once(case: Case, asked: Operator, answer: Answer) -> Finding:
    """The finding, kept where it rests on nothing but which sources are held and came whole."""
    sets = _sets(case, asked)
    if sets and case.record.has_none(sets):
        return case.without_trace(asked, lambda: answer(case, asked))
    return answer(case, asked)
