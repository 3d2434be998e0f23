"""The table of a policy's criteria: each with its line, its result and the entries that show it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.packet.entry_numbers import EntryNumbers
from service.packet.packet_words import PacketWords
from service.pages.story.shown_tree import ShownCriterion, ShownEvidence
from service.policy.assessment import Assessment
from service.policy.model import Op
from service.policy.truth import Truth

NOT_NEEDED = "not_needed"
MET = str(Truth.MET)


@dataclass(frozen=True)
class Row:
    """One criterion: `state` is its truth, or `not_needed` where another way is met instead of it."""

    id: str
    depth: int
    line: str
    says: str
    state: str
    result: str
    shown: str
    entries: tuple[int, ...]
    evidence: tuple[ShownEvidence, ...]


@dataclass(frozen=True)
class CriterionTable:
    """Makes the rows of an assessment."""

    words: PacketWords
    numbers: EntryNumbers
    assessment: Assessment

    def rows(
        self, tree: Sequence[ShownCriterion], depth: int = 0, *, done: bool = False
    ) -> Iterator[Row]:
        """The rows of some criteria and their parts; `done`: an alternative above them is met already."""
        for shown in tree:
            if not shown.applies:
                continue
            state = NOT_NEEDED if done and shown.truth != MET else shown.truth
            yield self._row(shown, depth, state)
            if state != NOT_NEEDED and not self._is_excluded(shown):
                yield from self.rows(shown.children, depth + 1, done=shown.truth == MET)

    def _is_excluded(self, shown: ShownCriterion) -> bool:
        """Whether it is an exclusion that is met; what it excludes has no rows then."""
        judged = self.assessment.judged.get(shown.id)
        return shown.truth == MET and judged is not None and judged.criterion.op is Op.NOT

    def _row(self, shown: ShownCriterion, depth: int, state: str) -> Row:
        is_last = state == NOT_NEEDED or self._is_excluded(shown)
        evidence = tuple(_evidence_of(shown)) if is_last else shown.evidence
        entries = tuple((one.reference, one.kind, one.date) for one in evidence if one.reference)
        return Row(
            shown.id,
            depth,
            shown.lines,
            shown.says,
            state,
            self.words.say(state),
            self._shown(shown, evidence, state),
            self.numbers.all(entries),
            evidence,
        )

    def _shown(self, shown: ShownCriterion, evidence: Sequence[ShownEvidence], state: str) -> str:
        """What the record says of it: the values, else why it is open or not met."""
        if state == NOT_NEEDED:
            return ""
        values = values_of(evidence)
        if state == MET:
            has_rows = shown.children and not self._is_excluded(shown)
            return "; ".join(values) or ("" if has_rows else self.words.say("no_entry"))
        if shown.miss:
            return shown.miss
        why = [shown.reason or shown.asks] if not shown.children or values else []
        return "; ".join(part for part in [*values, *why] if part)


def _evidence_of(shown: ShownCriterion) -> Iterator[ShownEvidence]:
    """The evidence of a criterion and of all below it, which have no rows of their own."""
    yield from shown.evidence
    for child in shown.children:
        yield from _evidence_of(child)


def values_of(evidence: Sequence[ShownEvidence]) -> list[str]:
    """The values, each once with all its days."""
    days: dict[str, dict[str, None]] = {}
    for one in evidence:
        days.setdefault(one.value, {}).update({one.date: None} if one.date else {})
    return [f"{value} ({', '.join(of)})" if of else value for value, of in days.items()]
