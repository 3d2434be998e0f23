"""Versions for one payer and drug in their order: no two from one day, none over another, no gap."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from service.errors import Mistake
from service.library.shapes import PolicyShape


@dataclass(frozen=True, slots=True)
class Review:
    """One version's own words on its next review, and where they stand."""

    file: str
    policy: PolicyShape
    line: int
    until_line: int
    id_line: int = 1

    def due(self, today: date) -> Mistake | None:
        """What a person should see to, of a version that still decides."""
        ended = self.policy.until is not None and self.policy.until < today
        by = self.policy.review_by
        if ended or (by is not None and today <= by):
            return None
        message = f"the review was due by {by}" if by else "review_by is missing"
        return Mistake(self.file, self.line, f"warning: {message}; hold it against its source")


DAY = timedelta(days=1)


def same_first_day(versions: Iterable[Review]) -> Iterator[Mistake]:
    """Two versions that would both decide from the same day on."""
    for one, other in _pairs_in_order(versions):
        if one.policy.effective == other.policy.effective:
            message = f"payer, drug and first day are those of {one.file}"
            yield Mistake(other.file, 1, message)


def overlapping(versions: Iterable[Review]) -> Iterator[Mistake]:
    """A last day on which the next version decides already."""
    for one, other in _pairs_in_order(versions):
        until, first = one.policy.until, other.policy.effective
        if until is not None and one.policy.effective < first <= until:
            message = f"until {until} is not before {first}, the first day of {other.file}"
            yield Mistake(one.file, one.until_line, message)


def shared_ids(versions: Iterable[Review]) -> Iterator[Mistake]:
    """One id for two policies: whoever names it would be shown either of them."""
    first: dict[str, Review] = {}
    for review in versions:
        other = first.setdefault(review.policy.policy.strip().casefold(), review)
        if _payer_and_drug(other) != _payer_and_drug(review):
            about = f"{other.policy.payer}'s policy for {other.policy.drug}"
            message = f"the id '{review.policy.policy}' is that of {about} ({other.file})"
            yield Mistake(
                review.file, review.id_line, f"{message}; each policy has an id of its own"
            )


def gaps(versions: Iterable[Review]) -> Iterator[Mistake]:
    """Days between two versions on which there is no policy: sound, and perhaps a slip."""
    for one, other in _pairs_in_order(versions):
        until, first = one.policy.until, other.policy.effective
        if until is not None and until + DAY < first:
            message = f"warning: no version holds from {until + DAY} to {first - DAY}"
            yield Mistake(one.file, one.until_line, f"{message}; the next is {other.file}")


def _pairs_in_order(versions: Iterable[Review]) -> Iterator[tuple[Review, Review]]:
    """Each version with the next one for its payer and drug."""
    in_order = sorted(
        versions, key=lambda review: (_payer_and_drug(review), review.policy.effective)
    )
    return (
        (one, other)
        for one, other in pairwise(in_order)
        if _payer_and_drug(one) == _payer_and_drug(other)
    )


def _payer_and_drug(review: Review) -> tuple[str, str]:
    return review.policy.payer, review.policy.drug
