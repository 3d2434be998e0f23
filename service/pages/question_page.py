"""The page of questions: each open one with what the record shows beside it, and the answers so far."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from service.library.library import Library
from service.pages.glossary import EVIDENCE
from service.pages.story.order_story import OUTCOMES, Known, order_path, order_title
from service.pages.story.shown_tree import ShownCriterion, ShownEvidence, ShownTree
from service.pages.story.story_words import StoryWords
from service.policy.assessment import Assessment
from service.policy.model import Policy
from service.policy.truth import Reason, Truth

MOST_EVIDENCE = 6
STATEMENT = EVIDENCE["attestation"]


class ShownField(Protocol):
    """A field below a yes."""

    @property
    def name(self) -> str:
        """Its name in the form."""


@dataclass(frozen=True, slots=True)
class AskedOnPage:
    """A question that the page puts: its answer so far ("yes", "no", "") and the fields below a yes.

    `is_stated`: a statement was made of an answer to it, which counts until another one is made.
    """

    id: str
    text: str
    cite: str
    answer: str = ""
    rows: Sequence[Sequence[ShownField]] = ()
    filled: Mapping[str, str] | None = None
    is_stated: bool = False


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question with what the record shows; `anchor` begins the ids of its elements."""

    id: str
    anchor: str
    text: str
    lines: str
    link: str
    answer: str
    evidence: tuple[ShownEvidence, ...]
    more: int
    reason: str
    miss: str
    notes: tuple[str, ...]
    rows: Sequence[Sequence[ShownField]]
    filled: Mapping[str, str]
    is_stated: bool


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """One order: where its assessment stands, its questions, and what no statement can settle."""

    title: str
    outcome: str
    mark: str
    word: str
    path: str
    is_open: bool
    path_first: bool
    left: int
    questions: tuple[ShownQuestion, ...]
    others: tuple[tuple[str, str], ...]


def shown_order(
    library: Library,
    known: Known,
    number: int,
    asked: Sequence[AskedOnPage],
    others: Collection[str],
    *,
    path_first: bool = False,
) -> ShownOrder:
    """One judged order as the page shows it."""
    words, assessment = StoryWords(library.wording), known.assessment
    outcome = str(assessment.outcome)
    policy = assessment.policy
    tree = None if policy is None else ShownTree(words, policy, "", (), ())
    return ShownOrder(
        title=order_title(words, known),
        outcome=outcome,
        mark=OUTCOMES.get(outcome, OUTCOMES[str(Truth.UNKNOWN)]),
        word=words[outcome],
        path=order_path(words, assessment),
        is_open=outcome == str(Truth.UNKNOWN),
        path_first=path_first,
        left=sum(not one.answer for one in asked),
        questions=tuple(
            _question(tree, policy, assessment, one, f"q{number}-{place}")
            for place, one in enumerate(asked, 1)
            if tree is not None and policy is not None
        ),
        others=tuple(_other(words, assessment, id_) for id_ in others),
    )


def _question(
    tree: ShownTree, policy: Policy, assessment: Assessment, asked: AskedOnPage, anchor: str
) -> ShownQuestion:
    judged = assessment.judged.get(asked.id)
    shown = None if judged is None else tree.criterion(judged)
    evidence = [] if shown is None else [*dict.fromkeys(_evidence(shown))]
    version = f"{policy.id}@{policy.effective}"
    # where parts of it have entries, those stand below, and "nothing found" would be false
    is_silent = judged is not None and judged.finding.reason is Reason.NOT_FOUND and evidence
    return ShownQuestion(
        id=asked.id,
        anchor=anchor,
        text=asked.text,
        lines=asked.cite,
        link=f"/policies/{version}#c-{asked.id}",
        answer=asked.answer,
        evidence=tuple(evidence[:MOST_EVIDENCE]),
        more=max(0, len(evidence) - MOST_EVIDENCE),
        reason=shown.reason if shown is not None and not asked.answer and not is_silent else "",
        miss=shown.miss if shown is not None and not asked.answer else "",
        notes=shown.notes if shown is not None else (),
        rows=asked.rows,
        filled=asked.filled or {},
        is_stated=asked.is_stated,
    )


def _evidence(shown: ShownCriterion) -> Iterator[ShownEvidence]:
    """The evidence of a criterion and of its parts; not the answers of this page, which are no record yet."""
    for one in shown.evidence:
        if one.reference or one.kind != STATEMENT:
            yield one
    for child in shown.children:
        yield from _evidence(child)


def _other(words: StoryWords, assessment: Assessment, id_: str) -> tuple[str, str]:
    judged = assessment.judged[id_]
    return judged.criterion.says, words[f"way_{judged.finding.way}"]
