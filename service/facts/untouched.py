"""What a question rests on, where the record shows no trace of it: answered once for all who hold the same.

That is for a bare case: nothing stated, and no trace of the ordered drug.
"""

from collections.abc import Iterable, Mapping

from service.facts.model import Fact
from service.fhir.record import drafted
from service.policy.criterion import Criterion
from service.policy.operators import (
    Compare,
    Excluded,
    Exposed,
    ExposedFor,
    NotEncoded,
    Operator,
    Outcome,
    Recorded,
    Sessions,
    Statement,
    Stopped,
    Supply,
)

Sets = frozenset[str]
# Kinds whose finding rests on entries in the fact's value sets and on nothing else of the record.
KINDS = frozenset({"allergy", "quantity", "score"})


def footprint(facts: Mapping[str, Fact], criterion: Criterion) -> Sets | None:
    """The value sets whose emptiness alone decides a whole criterion; None where it rests on more."""
    own = [rests_on(facts, criterion.operator)] if criterion.operator else []
    below = (*criterion.children, *(notice.when for notice in criterion.notices))
    return _union([*own, *(footprint(facts, one) for one in below)])


def rests_on(facts: Mapping[str, Fact], asked: Operator) -> Sets | None:
    """The value sets whose emptiness alone decides a question; None where it rests on more.

    Other drafts are looked at by what asks for a supply alone: a drafted drug is not ruled out.
    """
    match asked:
        case Statement() | NotEncoded():
            return frozenset()
        case Stopped() | ExposedFor() | Exposed() | Supply() | Sessions() | Outcome():
            drafts = map(drafted, asked.of) if isinstance(asked, Supply) else ()
            return frozenset((*asked.of, *drafts))
        case Excluded():
            return frozenset(asked.every or asked.any_)
        case Recorded():
            return _union(_of_fact(facts[name]) for name in asked.fact)
        case Compare():
            return _of_fact(facts[asked.fact])
        case _:
            return None


def _of_fact(fact: Fact) -> Sets | None:
    diagnosis = fact.kind == "diagnosis" and not fact.indications
    plain = bool(fact.value_sets) and (diagnosis or fact.kind in KINDS)
    return frozenset(fact.value_sets) if plain else None


def _union(parts: Iterable[Sets | None]) -> Sets | None:
    found: Sets = frozenset()
    for part in parts:
        if part is None:
            return None
        found |= part
    return found
