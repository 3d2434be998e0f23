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
        what = f"the review was due by {by}" if by else "review_by is missing"
        return Mistake(self.file, self.line, f"warning: {what}; hold it against its source")


DAY = timedelta(days=1)


def doubled(versions: Iterable[Review]) -> Iterator[Mistake]:
    """Two versions that would both decide from the same day on."""
    for one, other in _following(versions):
        if one.policy.effective == other.policy.effective:
            what = f"payer, drug and first day are those of {one.file}"
            yield Mistake(other.file, 1, what)


def overlapping(versions: Iterable[Review]) -> Iterator[Mistake]:
    """A last day on which the next version decides already."""
    for one, other in _following(versions):
        until, first = one.policy.until, other.policy.effective
        if until is not None and one.policy.effective < first <= until:
            what = f"until {until} is not before {first}, the first day of {other.file}"
            yield Mistake(one.file, one.until_line, what)


def shared_ids(versions: Iterable[Review]) -> Iterator[Mistake]:
    """One id for two policies: whoever names it would be shown either of them."""
    first: dict[str, Review] = {}
    for one in versions:
        other = first.setdefault(one.policy.policy.strip().casefold(), one)
        if _of(other) != _of(one):
            about = f"{other.policy.payer}'s policy for {other.policy.drug}"
            what = f"the id '{one.policy.policy}' is that of {about} ({other.file})"
            yield Mistake(one.file, one.id_line, f"{what}; each policy has an id of its own")


def gaps(versions: Iterable[Review]) -> Iterator[Mistake]:
    """Days between two versions on which there is no policy: sound, and perhaps a slip."""
    for one, other in _following(versions):
        until, first = one.policy.until, other.policy.effective
        if until is not None and until + DAY < first:
            what = f"warning: no version holds from {until + DAY} to {first - DAY}"
            yield Mistake(one.file, one.until_line, f"{what}; the next is {other.file}")


def _following(versions: Iterable[Review]) -> Iterator[tuple[Review, Review]]:
    """Each version with the next one for its payer and drug."""
    in_order = sorted(versions, key=lambda one: (_of(one), one.policy.effective))
    return ((one, other) for one, other in pairwise(in_order) if _of(one) == _of(other))


def _of(one: Review) -> tuple[str, str]:
    return one.policy.payer, one.policy.drug
