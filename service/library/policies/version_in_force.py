"""Which version of a policy judges on a day: it is in force, and of a state that may judge here."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from service.policy.model import MAY_JUDGE, Policy, ReviewState


@dataclass(frozen=True)
class JudgingVersions:
    """The states of versions that may judge here.

    `ahead`: drafts judge before their first day too, and before all other versions.
    """

    states: frozenset[ReviewState] = MAY_JUDGE
    ahead: bool = False

    def without_evaluation(self) -> "JudgingVersions":
        """Versions for evaluation judge no orders."""
        return replace(self, states=self.states - {ReviewState.EVALUATION})

    def judges(self, policy: Policy, day: date) -> bool:
        """Whether a version is in force on a day and of a state that may judge."""
        if policy.state not in self.states:
            return False
        if self.ahead and policy.state not in MAY_JUDGE:
            return policy.until is None or day <= policy.until
        return policy.in_force(day)

    def newest(self, versions: Iterable[Policy], day: date) -> Policy | None:
        """The newest of the versions that judge on a day; None if none does."""
        fits = [policy for policy in versions if self.judges(policy, day)]
        return max(fits, key=_rank, default=None)


DRAFTS_TOO = JudgingVersions(frozenset(ReviewState), ahead=True)


def _rank(policy: Policy) -> tuple[bool, date]:
    """Drafts, where they judge at all, go before all others; then the newest."""
    return policy.state not in MAY_JUDGE, policy.effective
