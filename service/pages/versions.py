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
    found = [Version(library, one, heads[_key(one.id, one)]) for one in library.policies]
    return sorted(found, key=lambda one: (one.policy.id, one.policy.effective))


def _key(id_: str, one: Policy | PolicyShape) -> tuple[str, str, str, date]:
    return (id_, one.payer, one.drug, one.effective)


def find_version(library: Library, name: str, today: date) -> Version:
    """The version of that name; without a day the one in force today."""
    id_, _, day = name.partition("@")
    known = versions(library)
    of_id = [one for one in known if one.policy.id == id_]
    if not of_id:
        raise UnknownPolicyError(f"there is no policy '{id_}'{_meant(id_, known)}")
    fits = [
        one for one in of_id if (str(one.policy.effective) == day if day else _decides(one, today))
    ]
    if not fits:
        days = ", ".join(str(one.policy.effective) for one in of_id)
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
    ids = list(dict.fromkeys(one.policy.id for one in known))
    close = get_close_matches(id_, ids, n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else f"; there are {', '.join(ids) or 'none'}"
