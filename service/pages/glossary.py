"""Words for names in documents: value sets, facts, sources, kinds of evidence."""

from collections.abc import Iterable
from dataclasses import dataclass

from service.facts.fact import Fact
from service.facts.knowledge import Knowledge
from service.policy.amount import Span
from service.policy.model import ReviewState

_YEARS = 24

EVIDENCE = {
    "claim": "paid claims",
    "dispense": "dispenses",
    "outside_pharmacy": "records of outside pharmacies",
    "record": "the clinical record",
    "chart": "lists in the chart",
    "attestation": "statements of the prescriber",
}


STATES = {
    ReviewState.DRAFT: "draft: judges no order",
    ReviewState.IN_REVIEW: "in review: judges no order yet",
    ReviewState.ACTIVE: "active: reviewed by a second person",
    ReviewState.EVALUATION: "for evaluation: not reviewed by two people",
}


@dataclass(frozen=True, slots=True)
class Glossary:
    """Words for the names in a policy; a name without words is shown as it is."""

    knowledge: Knowledge
    bound: str | None = None  # the class that stands for each of several in turn

    def title(self, value_set: str) -> str:
        """The plain description of a value set."""
        return self.knowledge.titles.get(value_set, value_set)

    def short(self, value_set: str) -> str:
        """The description up to its first colon; "the class" for the bound class of `one_class`."""
        if value_set == self.bound:
            return "the class"
        return self.title(value_set).split(":", 1)[0]

    def shorts(self, value_sets: Iterable[str], joined: str = "or") -> str:
        """Several value sets in one phrase."""
        shorts = list(map(self.short, value_sets))
        if len(shorts) == 1:
            return shorts[0]
        return f" {joined} ".join(f"“{short}”" for short in shorts)

    def fact(self, name: str) -> Fact | None:
        """A fact by name; None if there is none."""
        return self.knowledge.facts.get(name)

    def label(self, name: str) -> str:
        """The name of a fact in evidence."""
        fact = self.fact(name)
        return fact.label if fact else name

    def source(self, key: str) -> str:
        """The words for a source."""
        source = self.knowledge.sources.get(key)
        return source.says if source else key

    def labels(self, names: Iterable[str]) -> str:
        """Several facts in one phrase."""
        return " or ".join(map(self.label, names))


def state_words(state: ReviewState) -> str:
    """The state of a version in words."""
    return STATES[state]


def evidence_words(kinds: Iterable[str]) -> str:
    """Kinds of evidence in one phrase."""
    return ", ".join(EVIDENCE.get(kind, kind) for kind in kinds)


def lines_of(cite: str) -> str:
    """A citation in words; empty if there is none."""
    if not cite:
        return ""
    return f"line {cite}" if cite.isdigit() else f"lines {cite}"


def plain(value: object) -> str:
    """A value in words: whole years from two on as years, numbers without trailing zeros."""
    if isinstance(value, Span) and value.months >= _YEARS and value.months % 12 == 0:
        return f"{value.months // 12} years"
    return f"{value:g}" if isinstance(value, float) else str(value)


def approval_words(value: object) -> str:
    """How long an approval lasts: one number of months, or one for the first and one for later ones."""
    if isinstance(value, tuple):
        initial, renewal = value
        return (
            f"{initial} months"
            if initial == renewal
            else f"first {initial}, later {renewal} months"
        )
    return f"{value} months"
