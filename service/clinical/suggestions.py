"""What is suggested in addition to the coverage answer: therapies, those ruled out, and notes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from service.clinical.therapies_and_pathways import Check, Note, Situation, Therapy, Use
from service.json_object import Json
from service.policy.finding import Remark
from service.policy.truth import Truth


@dataclass(frozen=True, slots=True)
class Option:
    """A therapy that fits this patient; `lowered` is why it ranks behind others, None if it does not.

    Options that close a gap (`closes`) come first. `warned` are the sources of the risks in `lowered`.
    `truth` is unknown if a limit of the label, or a risk that may rule it out, could not be judged.
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
    """A therapy that is ruled out or cut from the list, and why; `warned` are the sources of the risks."""

    therapy: Therapy
    why: str | Remark
    warned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tests:
    """Baseline tests as orders, and the names of the therapies that need them."""

    names: tuple[str, ...]
    checks: tuple[Check, ...]
    orders: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """One situation with its therapies in order; `further` are lowered ones beyond the longest list."""

    situation: Situation
    options: tuple[Option, ...]
    ruled_out: tuple[RuledOut, ...]
    further: tuple[RuledOut, ...]
    tests: tuple[Tests, ...]


@dataclass(frozen=True, slots=True)
class DoseRemark:
    """One remark on the ordered dose from the label; `kind` is the name of its text.

    `replaces` are notes of the dose criterion that are then left out, since the remark says more.
    """

    kind: str
    values: Mapping[str, str | Remark]
    is_repaired: bool = True
    replaces: frozenset[Remark] = frozenset()


@dataclass(frozen=True, slots=True)
class Fix:
    """What closes a gap: a new order for a test, the draft with its reason added, or an entry in the chart.

    `resource` is the order; it is empty for an entry, which no order can make.
    """

    kind: Literal["test", "add_reason", "record"]
    says: str
    resource: Json
    about: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What is said in addition to coverage; `offer` is None if no situation fits."""

    offer: Offer | None = None
    notes: tuple[Note, ...] = ()
