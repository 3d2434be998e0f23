"""Which version of which policy a name means: `payer/number`, or with a day `payer/number@2025-10-01`."""

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from service.errors import UnknownPolicyError
from service.facts.payers.payers import Payer
from service.library.library import Library
from service.library.shapes import PolicyShape
from service.policy.model import Policy


@dataclass(frozen=True)
class Version:
    """One version with its head as it is written, and the library that it stands in."""

    library: Library
    policy: Policy
    head: PolicyShape

    @property
    def name(self) -> str:
        """The name that means just this version."""
        return f"{self.policy.id}@{self.policy.effective}"

    @property
    def payer(self) -> Payer | None:
        """The payer whose policy it is."""
        return self.library.payers.get(self.policy.payer)


def versions(library: Library) -> list[Version]:
    """Every version, by name and then by day."""
    heads = {_key(review.policy.policy, review.policy): review.policy for review in library.reviews}
    all_versions = [
        Version(library, policy, heads[_key(policy.id, policy)]) for policy in library.policies
    ]
    return sorted(all_versions, key=lambda version: (version.policy.id, version.policy.effective))


def _key(id_: str, policy: Policy | PolicyShape) -> tuple[str, str, str, date]:
    return (id_, policy.payer, policy.drug, policy.effective)


def find_version(library: Library, name: str, today: date) -> Version:
    """The version of that name; without a day the one in force today."""
    id_, _, day = name.partition("@")
    known = versions(library)
    of_id = [version for version in known if version.policy.id == id_]
    if not of_id:
        raise UnknownPolicyError(f"there is no policy '{id_}'{_meant(id_, known)}")
    fits = [
        version
        for version in of_id
        if (str(version.policy.effective) == day if day else _decides(version, today))
    ]
    if not fits:
        days = ", ".join(str(version.policy.effective) for version in of_id)
        what = (
            f"no version of '{id_}' begins on {day}"
            if day
            else f"no version of '{id_}' is in force on {today}"
        )
        raise UnknownPolicyError(f"{what}; there are {days}")
    return fits[-1]


def _decides(version: Version, today: date) -> bool:
    return version.policy.in_force(today)


def _meant(id_: str, known: list[Version]) -> str:
    ids = list(dict.fromkeys(version.policy.id for version in known))
    close = get_close_matches(id_, ids, n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else f"; there are {', '.join(ids) or 'none'}"
