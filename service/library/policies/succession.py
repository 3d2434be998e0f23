"""Checks the versions for one payer and drug in their order: overlaps, gaps, shared ids, reviews."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from service.errors import Mistake
from service.library.shapes import PolicyShape
from service.policy.model import MAY_JUDGE


@dataclass(frozen=True, slots=True)
class Review:
    """The head of one version with its file and the lines of its dates, id and state."""

    file: str
    policy: PolicyShape
    line: int
    until_line: int
    id_line: int = 1
    has_state: bool = True

    @property
    def succeeds(self) -> bool:
        """Whether the version takes its place after others; a draft may lie beside those in force."""
        return self.policy.state in MAY_JUDGE

    def due(self, today: date) -> Mistake | None:
        """A warning if the review of a version that still applies is due or has no day; else None."""
        ended = self.policy.until is not None and self.policy.until < today
        by = self.policy.review_by
        if not self.succeeds:
            return None
        if ended or (by is not None and today <= by):
            return None
        message = f"the review was due by {by}" if by else "review_by is missing"
        return Mistake(self.file, self.line, f"warning: {message}; hold it against its source")

    def without_state(self) -> Mistake | None:
        """A warning if the version does not say its state; else None."""
        if self.has_state:
            return None
        message = "warning: 'state' is missing, so the version counts as 'evaluation'"
        return Mistake(self.file, 1, f"{message}; write who wrote and who reviewed it")


DAY = timedelta(days=1)


def same_first_day(versions: Iterable[Review]) -> Iterator[Mistake]:
    """Two versions that would both apply from the same day on."""
    for one, other in _pairs_in_order(versions):
        if one.policy.effective == other.policy.effective:
            message = f"payer, drug and first day are those of {one.file}"
            yield Mistake(other.file, 1, message)


def overlapping(versions: Iterable[Review]) -> Iterator[Mistake]:
    """Versions that end after the next one has begun."""
    for one, other in _pairs_in_order(filter(_succeeds, versions)):
        until, first = one.policy.until, other.policy.effective
        if until is not None and one.policy.effective < first <= until:
            message = f"until {until} is not before {first}, the first day of {other.file}"
            yield Mistake(one.file, one.until_line, message)


def shared_ids(versions: Iterable[Review]) -> Iterator[Mistake]:
    """Two policies with the same id: commands that name it could not distinguish them."""
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
    """Warnings for days between two versions on which no policy applies."""
    for one, other in _pairs_in_order(filter(_succeeds, versions)):
        until, first = one.policy.until, other.policy.effective
        if until is not None and until + DAY < first:
            message = f"warning: no version holds from {until + DAY} to {first - DAY}"
            yield Mistake(one.file, one.until_line, f"{message}; the next is {other.file}")


def _succeeds(review: Review) -> bool:
    return review.succeeds


def _pairs_in_order(versions: Iterable[Review]) -> Iterator[tuple[Review, Review]]:
    """Each version with the next version for its payer and drug."""
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
