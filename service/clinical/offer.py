"""What is offered beside the coverage answer: therapies that fit, those that do not, and notes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from service.clinical.model import Check, Note, Situation, Therapy, Use
from service.json_object import Json
from service.policy.remark import Remark
from service.policy.truth import Truth


@dataclass(frozen=True, slots=True)
class Option:
    """A therapy that fits this patient, at its rank; `lowered` says why it stands behind others.

    What `closes` a gap stands before all that does not. `warned` are the sources of what is `lowered`.
    `truth` is unknown where a limit of the label or what may rule it out could not be judged.
    """

    therapy: Therapy
    use: Use
    truth: Truth
    why: str | Remark
    behind: str | None = None
    lowered: str | Remark | None = None
    first: tuple[str, ...] = ()
    dose: str | None = None
    not_ordered: str | Remark | None = None
    order: Json | None = None
    coverage: str | None = None
    closes: bool = False
    warned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuledOut:
    """A therapy that this patient cannot have, or that is not among the first, and why; with its sources."""

    therapy: Therapy
    why: str | Remark
    warned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tests:
    """Baseline tests with the therapies that they are for, as orders."""

    names: tuple[str, ...]
    checks: tuple[Check, ...]
    orders: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """One situation with its therapies in order; `further` were lowered out of the list."""

    situation: Situation
    options: tuple[Option, ...]
    ruled_out: tuple[RuledOut, ...]
    further: tuple[RuledOut, ...]
    tests: tuple[Tests, ...]


@dataclass(frozen=True, slots=True)
class DoseRemark:
    """One thing that the label says of the ordered dose beside the payer's limit, by the name of its text.

    `replaces` are the notes of the criterion that it says better.
    """

    kind: str
    values: Mapping[str, str | Remark]
    is_repaired: bool = True
    replaces: frozenset[Remark] = frozenset()


@dataclass(frozen=True, slots=True)
class Authorization:
    """An authorization that runs today: its last day, and its number where one is given."""

    until: date
    number: str | None


@dataclass(frozen=True, slots=True)
class Fix:
    """One gap closed by one click: a new order for a test, or the draft with its reason added."""

    kind: Literal["test", "add_reason"]
    says: str
    resource: Json
    about: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What is said beside coverage; each part may be missing."""

    offer: Offer | None = None
    notes: tuple[Note, ...] = ()
