"""The tree of criteria as the page shows it: truth, evidence, nearest miss, why it is open."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from service.pages.glossary import EVIDENCE, lines_of
from service.pages.story.story_words import StoryWords
from service.pages.words.field_words import BRANCHES, nesting
from service.policy.assessment import Assessment
from service.policy.finding import Evidence
from service.policy.judged_criterion import Judged
from service.policy.model import WHOLES, Criterion, Op, Policy
from service.policy.open_questions import is_asked
from service.policy.truth import Truth

MARKS = {Truth.MET: "✓", Truth.NOT_MET: "✕", Truth.UNKNOWN: "?"}


@dataclass(frozen=True, slots=True)
class ShownEvidence:
    """One entry of the record in words; `date` and `reference` are empty where there is none."""

    value: str
    date: str
    kind: str
    reference: str


@dataclass(frozen=True, slots=True)
class ShownCriterion:
    """One criterion with all that the page says of it; `applies` is False on a branch not taken.

    `opened` says whether its parts are shown at first: of those that would change the answer.
    """

    id: str
    truth: str
    mark: str
    word: str
    says: str
    lines: str
    link: str
    branch: str = ""
    nest: str = ""
    reason: str = ""
    miss: str = ""
    asks: str = ""
    blocks: bool = False
    applies: bool = True
    opened: bool = False
    is_first: bool = True  # of those with its id: a page has each id once
    evidence: tuple[ShownEvidence, ...] = ()
    notes: tuple[str, ...] = ()
    children: tuple["ShownCriterion", ...] = ()


@dataclass(frozen=True, slots=True)
class ShownTree:
    """Turns judged criteria into shown ones; `site` stands before the path of a policy's page."""

    words: StoryWords
    policy: Policy
    site: str
    blocking: Collection[str]
    wanted: Collection[str]

    def criterion(
        self, judged: Judged, branch: str = "", *, applies: bool = True
    ) -> ShownCriterion:
        """One criterion with everything below it."""
        criterion, finding = judged.criterion, judged.finding
        unknown = judged.truth is Truth.UNKNOWN
        reason = finding.reason if unknown else None
        leaf = criterion.op is Op.LEAF
        return ShownCriterion(
            id=criterion.id,
            truth=str(judged.truth),
            mark=MARKS[judged.truth],
            word=self.words[str(judged.truth)],
            says=criterion.says,
            lines=lines_of(criterion.cite),
            link=self.link(criterion),
            branch=branch,
            nest=_nest(criterion),
            reason=self.words.reason(str(reason)) if reason and (leaf or is_asked(judged)) else "",
            miss=self.words.text(finding.miss),
            asks=criterion.asks or "" if unknown else "",
            blocks=criterion.id in self.blocking,
            applies=applies,
            opened=applies and self._is_wanted(judged),
            evidence=tuple(map(self.evidence, dict.fromkeys(finding.evidence))),
            notes=(*map(self.words.text, finding.notes), *judged.notices),
            children=tuple(self._children(judged, applies=applies)),
        )

    def _children(self, judged: Judged, *, applies: bool) -> Iterator[ShownCriterion]:
        is_choice = judged.criterion.op is Op.CHOOSE
        taken = _taken(judged) if is_choice else range(len(judged.children))
        for place, child in enumerate(judged.children):
            branch = BRANCHES[place] if is_choice else ""
            yield self.criterion(child, branch, applies=applies and place in taken)

    def _is_wanted(self, judged: Judged) -> bool:
        """Whether the criterion, or one below it, would change the answer."""
        id_ = judged.criterion.id
        return id_ in self.wanted or any(map(self._is_wanted, judged.children))

    def link(self, criterion: Criterion) -> str:
        """The criterion on the page of its policy version."""
        version = f"{self.policy.id}@{self.policy.effective}"
        id_ = criterion.id.partition(":")[0]
        # what holds a phase together is no criterion there: its section is, and of both the whole page
        phase = id_.partition(".")[0]
        place = {"path": "", "initial": "#initial", "renewal": "#renewal"}.get(phase, f"#c-{id_}")
        return f"{self.site}/policies/{version}{place}"

    def evidence(self, proof: Evidence) -> ShownEvidence:
        """One entry of the record."""
        value = self.words.text(proof.value)
        kind = EVIDENCE.get(proof.kind, proof.kind)
        return ShownEvidence(value, proof.date or "", kind, proof.reference or "")


def _taken(judged: Judged) -> Sequence[int]:
    """The places of the test and of the branch that it selects; all while the test is unknown."""
    test = judged.children[0].truth
    return {Truth.MET: (0, 1), Truth.NOT_MET: (0, 2)}.get(test, (0, 1, 2))


def _nest(criterion: Criterion) -> str:
    """How a group depends on its parts; empty for a single part and for a plain list of all."""
    if criterion.op is Op.LEAF or criterion.op in WHOLES or len(criterion.children) == 1:
        return nesting(criterion.op, criterion.n) if criterion.op is Op.NOT else ""
    return nesting(criterion.op, criterion.n)


def shown_tree(words: StoryWords, assessment: Assessment, site: str) -> tuple[ShownCriterion, ...]:
    """The tree of an assessment, without its root where that only says which path it is."""
    root, policy = assessment.root, assessment.policy
    if root is None or policy is None:
        return ()
    blocking, first = frozenset(assessment.blocking), (assessment.open or [[]])[0]
    shown = ShownTree(words, policy, site, blocking, blocking.union(first)).criterion(root)
    return (_with_each_id_once(shown, set()),)


def _with_each_id_once(one: ShownCriterion, seen: set[str]) -> ShownCriterion:
    """The tree with every later criterion of the same id marked: the test of a path stands in a path too."""
    is_first = one.id not in seen
    seen.add(one.id)
    children = tuple(_with_each_id_once(child, seen) for child in one.children)
    return replace(one, is_first=is_first, children=children)
