"""Checks that a service prefetches every source that the criteria of its policies need."""

from collections.abc import Iterable, Iterator

from service.errors import Mistake
from service.library.documents.folders import Shelf
from service.library.shapes import FactShape, ServiceShape, SourceShape
from service.policy.criterion import Criterion, walk
from service.policy.model import Policy
from service.policy.operators import (
    ApprovedBefore,
    AtMostOneOf,
    Compare,
    DoseTrend,
    Episodes,
    Excluded,
    Exposed,
    ExposedFor,
    Fewer,
    Operator,
    Outcome,
    Recorded,
    Regimen,
    Sessions,
    Specialty,
    Statement,
    Stopped,
    Supply,
    Trend,
)

# Types that every policy needs: the patient, the coverage and the disease that the order is for.
TYPES = ("Patient", "Coverage", "Condition")
ANSWERS = "QuestionnaireResponse"
# The kinds of facts that an operator uses without naming the fact.
KINDS: dict[type[Operator], tuple[str, ...]] = {
    **dict.fromkeys(
        (Supply, AtMostOneOf, ExposedFor, Exposed, DoseTrend, Trend, Fewer), ("supply",)
    ),
    **dict.fromkeys((Outcome, Stopped), ("outcome",)),
    Regimen: ("age",),
    Sessions: ("sessions",),
    Excluded: ("exclusion",),
    Specialty: ("specialty",),
    ApprovedBefore: ("approval",),
}


def check_needs(
    services: Shelf[ServiceShape],
    policies: Iterable[Policy],
    facts: Shelf[FactShape],
    sources: Shelf[SourceShape],
) -> Iterator[Mistake]:
    """Prefetch keys that a service lacks, though a policy for one of its drugs needs them."""
    of_type = {shape.type: name for name, shape in sources.shapes.items()}
    needed = [(policy, list(_needed_keys(policy, facts.shapes, of_type))) for policy in policies]
    for document, shape in services:
        asked_for = set(shape.prefetch)
        for policy, keys in needed:
            for key, why in keys if policy.drug in shape.drugs else ():
                if key not in asked_for and key in sources.read:
                    message = f"'{key}' is missing: {why} of {policy.id} is looked for there"
                    yield document.mistake(("prefetch",), message)
                asked_for.add(key)


def _needed_keys(
    policy: Policy, facts: dict[str, FactShape], of_type: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Prefetch keys of a policy, each with what needs it."""
    for type_ in TYPES:
        if type_ in of_type:
            yield of_type[type_], "what every order"
    kinds: dict[str, list[FactShape]] = {}
    for shape in facts.values():
        kinds.setdefault(shape.kind, []).append(shape)
    for criterion in _all_criteria(policy):
        stated = criterion.statement or isinstance(criterion.operator, Statement | Outcome)
        if stated and ANSWERS in of_type:
            yield of_type[ANSWERS], f"'{criterion.id}'"
        names, of_kinds = ((), ()) if criterion.operator is None else asked_of(criterion.operator)
        asked = [facts[name] for name in names if name in facts]
        asked += (shape for kind in of_kinds for shape in kinds.get(kind, ()))
        for shape in asked:
            for looked in shape.sources:
                yield looked.source, f"'{criterion.id}'"


def _all_criteria(policy: Policy) -> Iterator[Criterion]:
    trees = [*policy.common_initial, *policy.common_renewal]
    for indication in policy.indications.values():
        trees += (tree for tree in (indication.initial, indication.renewal) if tree is not None)
    return (criterion for tree in trees for criterion in walk(tree))


def asked_of(asked: Operator) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The facts that an operator names, and the kinds of facts that it uses without naming them."""
    named: tuple[str, ...] = ()
    match asked:
        case Compare():
            since = asked.during or asked.before_first or asked.pick == "baseline_if_treated"
            return (asked.fact,), ("supply",) if since else ()
        case Recorded():
            named = asked.fact
        case Trend() | Episodes() | Fewer():
            named = asked.of
        case Regimen():
            named = (asked.weight,)
    return named, KINDS.get(type(asked), ())
