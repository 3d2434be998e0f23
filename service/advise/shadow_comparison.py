"""What a candidate would have answered otherwise: outcomes and criteria of each order, no patient data."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from service.advise.advice import advise
from service.advise.order_advice import Rendered
from service.cds.request import AsOf, HookRequest
from service.library.library import Library

# The name of the comparison of whole orders, which stands where those of criteria name the criterion.
OUTCOME = ""
ABSENT = "not_asked"
NO_POLICY = "no_policy"


class ComparedTruth(NamedTuple):
    """An order or one of its criteria as the policies in force and the candidate judge it.

    Of an order both are given always, of a criterion only if they differ.
    """

    policy: str
    candidate: str
    criterion: str
    answered: str
    in_shadow: str


def compared(
    libraries: tuple[Library, Library], requests: Sequence[HookRequest], client_id: str, as_of: AsOf
) -> list[ComparedTruth]:
    """One request judged by the library that serves and by the candidate; `requests` are two readings of it.

    Raises RequestError as `advise` does.
    """
    answers = [
        advise(library, request, library.client(client_id), as_of)
        for library, request in zip(libraries, requests, strict=True)
    ]
    orders = zip_longest(*(answer.orders for answer in answers))
    return [one for pair in orders for one in _compared_order(*pair)]


def _compared_order(
    answered: Rendered | None, in_shadow: Rendered | None
) -> Iterator[ComparedTruth]:
    names = _name(answered), _name(in_shadow)
    yield ComparedTruth(*names, OUTCOME, _outcome(answered), _outcome(in_shadow))
    before, after = _truths(answered), _truths(in_shadow)
    for id_ in dict.fromkeys((*before, *after)):
        truths = before.get(id_, ABSENT), after.get(id_, ABSENT)
        if truths[0] != truths[1]:
            yield ComparedTruth(*names, id_, *truths)


def _name(order: Rendered | None) -> str:
    policy = None if order is None else order.judgement.assessment.policy
    return NO_POLICY if policy is None else f"{policy.id}@{policy.effective}"


def _outcome(order: Rendered | None) -> str:
    return ABSENT if order is None else str(order.judgement.assessment.outcome)


def _truths(order: Rendered | None) -> Mapping[str, str]:
    if order is None:
        return {}
    return {id_: str(node.truth) for id_, node in order.judgement.assessment.judged.items()}
