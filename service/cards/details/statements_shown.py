"""What a card shows of statements: by whom, of which day, how long they count, what speaks against them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from service.cards.details.criterion_lines import on_taken_branches
from service.cards.details.fitted_to_length import Block
from service.cards.plain_names import InShort
from service.cards.summary import shorts
from service.cards.wording import escape, own_words
from service.policy.assessment import Assessment
from service.policy.contradicted_statement import CONTRADICTING
from service.policy.finding import STATED, Evidence, Remark
from service.policy.judged_criterion import Judged
from service.policy.open_questions import is_asked
from service.policy.truth import Truth

CARD = "coverage"
# A note with a longer name of a product shows its day alone; the twin has all of it.
LONGEST_CONTRADICTING = 260
# a longer name of an author is in the twin only
LONGEST_AUTHOR = 40


def contradicting_records(brief: InShort, assessment: Assessment) -> list[str]:
    """For each statement that the record speaks against a line with both; escaped."""
    notes = dict.fromkeys(
        note
        for node in assessment.judged.values()
        for note in node.finding.notes
        if note.kind == CONTRADICTING
    )
    return [str(escape(_bounded(brief, note))) for note in notes]


def _bounded(brief: InShort, note: Remark) -> str:
    whole = brief.text(note)
    if len(whole) <= LONGEST_CONTRADICTING:
        return whole
    values = tuple((name, None if name == "shown" else value) for name, value in note.values)
    return brief.text(replace(note, values=values))


class _Made(NamedTuple):
    """Of a statement what a card says: the author's name, the day, and until when all of it counts."""

    author: str
    day: str
    until: str


def stated_blocks(brief: InShort, assessment: Assessment, weight: int) -> Iterator[Block]:
    """What statements decided: a block for each author and day, which names the criteria as far as they fit.

    Of the first one author and days are always shown.
    """
    for number, (made, names) in enumerate(_by_statement(brief, assessment).items()):
        heading, lone = _heading(brief, made, "stated"), _heading(brief, made, "stated_alone")
        alone = lone if number == 0 else ""
        yield Block(heading, tuple(names), weight, form="sentence", lone=alone)


def met_by_statement(brief: InShort, assessment: Assessment) -> frozenset[str]:
    """The short names of what is met because of a statement, which the blocks of statements name."""
    return frozenset(
        name
        for names in _by_statement(brief, assessment).values()
        for name, truth in names.items()
        if truth is Truth.MET
    )


def _by_statement(brief: InShort, assessment: Assessment) -> dict[_Made, dict[str, Truth]]:
    """The short names of what each statement decided, with their truths."""
    root = assessment.root
    if root is None:
        return {}
    decided = {node.criterion.id: node for node in assessment.judged.values() if _is_decided(node)}
    short_names = shorts(root.criterion)
    by_author_and_day: dict[tuple[str, str | None], list[Judged]] = {}
    for id_ in on_taken_branches(root, [*decided]):
        proof = decided[id_].finding.evidence[0]
        by_author_and_day.setdefault((_author(proof), proof.date), []).append(decided[id_])
    return {
        _made(brief, nodes): {
            own_words(short_names[node.criterion.id]): node.truth for node in nodes
        }
        for nodes in by_author_and_day.values()
    }


def _is_decided(node: Judged) -> bool:
    """Whether a statement made the finding what it is."""
    finding = node.finding
    if not is_asked(node) or finding.truth is Truth.UNKNOWN or not finding.evidence:
        return False
    return finding.evidence[0].kind == STATED


def _author(proof: Evidence) -> str:
    author = _said(proof).get("author")
    return author if isinstance(author, str) else ""


def _said(proof: Evidence) -> Mapping[str, object]:
    return dict(proof.value.values) if isinstance(proof.value, Remark) else {}


def _made(brief: InShort, decided: Sequence[Judged]) -> _Made:
    """What a card says of the statement that decided these, and until when all of its answers count."""
    proofs = [node.finding.evidence[0] for node in decided]
    each = (_said(proof).get("until") for proof in proofs)
    until = min((day for day in each if isinstance(day, date)), default=None)
    return _Made(
        _author(proofs[0]),
        brief.days(proofs[0].date or ""),
        brief.days(until.isoformat()) if until else "",
    )


def _heading(brief: InShort, made: _Made, name: str) -> str:
    author = made.author if len(made.author) <= LONGEST_AUTHOR else ""
    return brief.wording.say(CARD, name, **made._replace(author=author)._asdict())
