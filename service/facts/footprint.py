"""What a question rests on, where the record shows no trace of it: answered once for all who hold the same.

That is for a bare case: nothing stated, and no trace of the ordered drug.
"""

from collections.abc import Iterable, Mapping

from service.facts.model import Fact
from service.fhir.record import drafted, of_type
from service.fhir.unread import UNREAD
from service.policy.criterion import Criterion
from service.policy.operators import (
    ApprovedBefore,
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
KINDS = frozenset({"allergy", "diagnosis", "quantity", "score", "statement"})
DECISION = "ClaimResponse"


def ordered_for(indication: str) -> str:
    """The mark of a disease that is the reason of the order."""
    return f"ordered for {indication}"


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
        case Statement() | NotEncoded() | ApprovedBefore():
            decisions = isinstance(asked, ApprovedBefore)
            return frozenset({of_type(DECISION)} if decisions else ())
        case Stopped() | ExposedFor() | Exposed() | Supply() | Sessions() | Outcome():
            drafts = map(drafted, (*asked.of, UNREAD)) if isinstance(asked, Supply) else ()
            return frozenset((*asked.of, *drafts, UNREAD))
        case Excluded():
            return frozenset(asked.every or asked.any_)
        case Recorded():
            return _union(_of_fact(facts[name]) for name in asked.fact)
        case Compare():
            found = _of_fact(facts[asked.fact])
            return found if found is None else found | {UNREAD}
        case _:
            return None


def _of_fact(fact: Fact) -> Sets | None:
    if not fact.value_sets or fact.kind not in KINDS:
        return None
    parts = (name for one in fact.shares for name in (*one.of, *one.by))
    # an allergy that cannot be read may be one to the drug
    unread = (UNREAD,) if fact.kind == "allergy" else ()
    asked = (*fact.value_sets, *parts, *map(ordered_for, fact.indications), *unread)
    return frozenset(asked)


def _union(parts: Iterable[Sets | None]) -> Sets | None:
    found: Sets = frozenset()
    for part in parts:
        if part is None:
            return None
        found |= part
    return found
