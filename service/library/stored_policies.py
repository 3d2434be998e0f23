"""Policies as plain data, each built when it is asked for first: an order needs those of its payer alone."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, overload

from service.library.plain_data import from_plain, to_plain
from service.memo import per_document
from service.policy.model import Policy

MOST_POLICIES = 100_000


class PolicyHead(NamedTuple):
    """What a policy is found by."""

    payer: str
    drug: str


class StoredPolicies(Sequence[Policy]):
    """The policies of a library; asked for again, a policy is the same object."""

    def __init__(self, heads: Sequence[PolicyHead], data: Sequence[bytes]) -> None:
        self._heads = heads
        self._data = data

    def __len__(self) -> int:
        return len(self._data)

    @overload
    def __getitem__(self, index: int) -> Policy: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Policy]: ...

    def __getitem__(self, index: int | slice) -> Policy | Sequence[Policy]:
        numbers = range(len(self))[index]
        return _built(self, numbers) if isinstance(numbers, int) else [self[n] for n in numbers]

    def of(self, payer: str, drug: str) -> Iterator[Policy]:
        """Those of one payer for one drug."""
        head = PolicyHead(payer, drug)
        return (self[number] for number, other in enumerate(self._heads) if other == head)

    def built(self, number: int) -> Policy:
        """A new object of one policy."""
        policy: Policy = from_plain(zlib.decompress(self._data[number]))
        return policy


@per_document(most=MOST_POLICIES)
def _built(policies: StoredPolicies, number: int) -> Policy:
    return policies.built(number)


def heads_of(policies: Iterable[Policy]) -> list[PolicyHead]:
    """What each policy is found by."""
    return [PolicyHead(policy.payer, policy.drug) for policy in policies]


def encoded(policy: Policy) -> bytes:
    """A policy as compressed plain data; raises NotPlainError."""
    return zlib.compress(to_plain(policy))


def versions_of(policies: Sequence[Policy], payer: str, drug: str) -> Iterator[Policy]:
    """The policies of one payer for one drug."""
    if isinstance(policies, StoredPolicies):
        return policies.of(payer, drug)
    return (policy for policy in policies if (policy.payer, policy.drug) == (payer, drug))
