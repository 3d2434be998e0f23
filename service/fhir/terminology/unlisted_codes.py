"""What a code or a name tells where no list of ours holds it: no drug at all, or a drug by certain routes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from service.fhir.terminology.names_in_text import Phrases

LETTERS = 3


class Certainty(IntEnum):
    """How surely a concept that is in no class of ours is another thing."""

    UNSEEN = -1  # more than its plain codes must be looked at
    NOT = 0
    ANY_DRUG = 1  # a code under which any drug may be billed
    GIVES = 2  # a service by which a drug is given, whichever it is
    NAMED = 3  # it has a name, beside a code of a system of drugs
    FORMAL = 4  # its name speaks of a class of drugs, beside a code of a system of everything
    SERVICE = 5  # it has a name, and no code for drugs
    SURELY = 6  # a full list holds it, or its name is that of another drug


# What is enough of an entry that is about a drug; of a line for anything; of an allergy to anything.
OF_A_DRUG = frozenset({Certainty.SURELY})
OF_A_LINE = frozenset({Certainty.SURELY, Certainty.SERVICE, Certainty.FORMAL})
OF_A_SUBSTANCE = frozenset({Certainty.SURELY, Certainty.SERVICE, Certainty.NAMED})
OF_A_SERVICE = frozenset(Certainty) - {Certainty.ANY_DRUG, Certainty.GIVES, Certainty.UNSEEN}


# How all codes of a system look; None where that is not known.
Shape = re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class CodePart:
    """Codes that begin alike: whether drugs are among them, by which routes, of which sets they never are.

    Under one that stands for any drug a name tells nothing; a service by which any is `given` names none.
    What it gives is asked about for the sets of `only`. All characters of the codes look like `shape`.
    """

    starts: tuple[str, ...]
    shape: Shape = None
    drugs: bool = True
    any_drug: bool = False
    given: bool = False
    only: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnlistedCodes:
    """Systems without drugs, of drugs, of both; words that name nothing; what the sets of drugs hold."""

    no_drugs: Mapping[str, Sequence[Shape]] = field(default_factory=dict)
    of_drugs: frozenset[str] = frozenset()
    of_anything: frozenset[str] = frozenset()
    parts: Mapping[str, tuple[CodePart, ...]] = field(default_factory=dict)
    says_nothing: frozenset[str] = frozenset()
    other_names: Phrases = field(default_factory=dict)
    beside_a_name: frozenset[str] = frozenset()
    alone: frozenset[tuple[str, ...]] = frozenset()
    beside_alone: frozenset[str] = frozenset()
    drug_sets: frozenset[str] = frozenset()
    routes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    intervals: Mapping[str, int] = field(default_factory=dict)
    unit_days: Mapping[str, int] = field(default_factory=dict)

    def may_be(self, mark: Mapping[str, Any], value_sets: Iterable[str]) -> bool:
        """Whether what cannot be read may belong to one of these sets, by the routes that are known."""
        if not (mark["routes"] or mark["never"] or mark["only"]):
            return True
        return any(
            name not in mark["never"]
            and (name in mark["only"] or not mark["only"])
            and self._fits(mark["routes"], name)
            for name in value_sets
        )

    def _fits(self, routes: Sequence[str], value_set: str) -> bool:
        held = self.routes.get(value_set, frozenset())
        return not routes or not held or not held.isdisjoint(routes)

    def interval(self, value_sets: Iterable[str]) -> int:
        """The longest labelled days between two doses of a drug of these sets."""
        return max((self.intervals.get(name, 0) for name in value_sets), default=0)

    def part(self, system: str | None, code: str | None) -> CodePart | None:
        """What is known of a code by its beginning."""
        written = (code or "").strip().upper().replace(".", "")
        parts = self.parts.get(system or "", ())
        return next(
            (
                part
                for part in parts
                if written.startswith(part.starts)
                and (part.shape is None or part.shape.fullmatch(written))
            ),
            None,
        )

    def gives(self, system: str | None, code: str | None) -> bool:
        """Whether a code is a service by which a drug is given that it does not name."""
        part = self.part(system, code)
        return part is not None and part.given

    def bills_any(self, system: str | None, code: str | None) -> bool:
        """Whether any drug may be billed under a code."""
        part = self.part(system, code)
        return part is not None and part.any_drug

    def is_product(self, system: str | None, code: str | None) -> bool:
        """Whether a code is that of a drug, which a service beside it may have given."""
        part = self.part(system, code)
        if part is not None:
            return part.drugs and not part.given
        return system in self.of_drugs and not self.holds_no_drug(system, code)

    def holds_no_drug(self, system: str | None, code: str | None) -> bool:
        """Whether the beginning of a code, or the system whose shape it has, says that it is no drug."""
        part = self.part(system, code)
        if part is not None:
            return not part.drugs
        shapes, written = self.no_drugs.get(system or "", ()), (code or "").strip()
        return any(shape is None or shape.fullmatch(written) for shape in shapes)

    def may_be_a_drug(self, system: str | None, code: str | None) -> bool:
        """Whether a code is one for drugs: of a system of them, or none of the system that it names."""
        if system in self.of_drugs:
            return True
        return system in self.no_drugs and not self.holds_no_drug(system, code)

    def names_alone(self, words: Iterable[str]) -> bool:
        """Whether the words are a name that tells only alone, but for figures, forms and amounts."""
        left = (word for word in words if word not in self.beside_alone)
        return tuple(word for word in left if not any(map(str.isdigit, word))) in self.alone

    def says_what(self, words: Iterable[str]) -> bool:
        """Whether one of the words may be a name: none that stands in any entry, no code or figure."""
        return any(word not in self.says_nothing and _is_word(word) for word in words)


def _is_word(word: str) -> bool:
    bare = word.strip("-")
    return len(bare) >= LETTERS and bare.replace("-", "").isalpha()
