"""When a policy version is to be held against its source again."""

from dataclasses import dataclass
from datetime import date

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
