"""The letter to the payer's reviewer: each sentence with the entries of the record that show it."""

from collections.abc import Iterable, Iterator, Sequence

from service import __version__
from service.cards.details.what_if import is_choice
from service.cards.packet_texts import HEADINGS
from service.packet.case_to_send import CaseToSend
from service.packet.criterion_rows import MET, CriterionTable, Row, values_of
from service.packet.entry_numbers import EntryNumbers
from service.packet.letter_facts import facts_of
from service.packet.letter_parts import Letter, LetterSection, Sentence
from service.packet.packet_words import PacketWords
from service.pages.glossary import EVIDENCE
from service.pages.story.shown_tree import ShownEvidence, shown_tree
from service.pages.story.story_words import StoryWords
from service.policy.assessment import Outcome
from service.policy.finding import STATED
from service.policy.judged_criterion import Judged, nodes
from service.policy.truth import Truth

PROGRAM = "dupilumab-cds"
UNKNOWN_PATH = "unknown"
ENDS = ("?", "!", "…")


def letter_of(case: CaseToSend) -> Letter:
    """The letter on one order, the same for the same case."""
    words = PacketWords(case.library.wording)
    story = StoryWords(case.library.wording)
    numbers = EntryNumbers(case, words)
    facts = tuple(facts_of(case, words, numbers, EVIDENCE["record"]))
    tree = shown_tree(story, case.assessment, "")
    rows = tuple(CriterionTable(words, numbers, case.assessment).rows(tree))
    policy = case.policy
    return Letter(
        title=words.say("title", drug=case.rendered.judgement.scene.drug, indication=_titles(case)),
        outcome=str(case.assessment.outcome),
        result=_result(case, words),
        facts=facts,
        sections=tuple(_sections(case, words, story, numbers, rows)),
        criteria_says=words.say("criteria_says", document=policy.document),
        rows=rows,
        sources=numbers.sources(),
        data=tuple(_data(case, story)),
        notice=words.say("notice", program=f"{PROGRAM} {__version__}"),
        words={name: words.say(name) for name in HEADINGS},
    )


def _titles(case: CaseToSend) -> str:
    titles = case.policy.indications
    return " / ".join(titles[id_].title for id_ in case.assessment.indications)


def _result(case: CaseToSend, words: PacketWords) -> str:
    assessment = case.assessment
    if assessment.outcome is Outcome.MET:
        return words.say("result_met")
    if assessment.outcome is Outcome.NOT_MET:
        kind = "result_not_met_choice" if _is_choice(case) else "result_not_met"
        return words.say(kind, count=str(len(assessment.blocking)))
    if assessment.path == UNKNOWN_PATH:
        return words.say("result_open_path")
    return words.say("result_unknown", count=str(len(_open(case))))


def _is_choice(case: CaseToSend) -> bool:
    """Whether one of the criteria that are not met would be enough."""
    root = case.assessment.root
    return root is not None and is_choice(root, case.assessment.blocking)


def _open(case: CaseToSend) -> list[Judged]:
    """What is open in the smallest set of criteria that would settle the outcome."""
    assessment = case.assessment
    sets = assessment.open or assessment.changes
    judged = [assessment.judged[id_] for id_ in (sets[0] if sets else [])]
    return [node for node in judged if node.truth is Truth.UNKNOWN]


def _sections(
    case: CaseToSend,
    words: PacketWords,
    story: StoryWords,
    numbers: EntryNumbers,
    rows: Sequence[Row],
) -> Iterator[LetterSection]:
    met = [row for row in rows if row.state == MET]
    yield LetterSection(words.say("shows"), _each_once(_shown(words, numbers, met)))
    yield LetterSection(words.say("states"), _each_once(_stated(case, words, numbers, met)))
    failed = _each_once(_failed(case, words, story, numbers))
    if failed:
        heading = "failed_choice" if _is_choice(case) else "failed"
        yield LetterSection(words.say(heading), failed)
    still_open = _each_once(_open_points(case, words, story, numbers))
    if still_open or not failed:
        yield LetterSection(words.say("open"), still_open)


def _each_once(sentences: Iterable[Sentence]) -> tuple[Sentence, ...]:
    return tuple(dict.fromkeys(sentences))


def _shown(words: PacketWords, numbers: EntryNumbers, rows: Sequence[Row]) -> Iterator[Sentence]:
    """A sentence for each criterion that entries of the record show."""
    for row in rows:
        proofs = [one for one in row.evidence if one.reference and not _is_stated(one)]
        if proofs:
            shown = "; ".join(values_of(proofs))
            yield Sentence(
                words.say("sentence", says=row.says, shown=shown), _numbered(numbers, proofs)
            )


def _stated(
    case: CaseToSend, words: PacketWords, numbers: EntryNumbers, rows: Sequence[Row]
) -> Iterator[Sentence]:
    """A sentence for each criterion that the prescriber states, with author and day."""
    for row in rows:
        for proof in row.evidence:
            if _is_stated(proof) and proof.reference:
                author = case.author_of(proof.reference) or words.say("author_unnamed")
                said = words.say(
                    "statement", author=author, day=proof.date, says=row.says, shown=proof.value
                )
                yield Sentence(said, _numbered(numbers, [proof]))


def _is_stated(proof: ShownEvidence) -> bool:
    return proof.kind == EVIDENCE[STATED]


def _numbered(numbers: EntryNumbers, proofs: Sequence[ShownEvidence]) -> tuple[int, ...]:
    return numbers.all((one.reference, one.kind, one.date) for one in proofs)


def _open_points(
    case: CaseToSend, words: PacketWords, story: StoryWords, numbers: EntryNumbers
) -> Iterator[Sentence]:
    """What would have to be known, with the entries that bear on it."""
    for judged in _open(case):
        criterion, finding = judged.criterion, judged.finding
        reason = story.reason(str(finding.reason)) if finding.reason else ""
        why = (story.text(finding.miss) or reason or criterion.asks or "").rstrip(".")
        ends = "" if why.endswith(ENDS) else "yes"
        said = words.say("open_point", says=criterion.says, why=why, ends=ends)
        yield Sentence(said, _bearing_on(judged, numbers))


def _failed(
    case: CaseToSend, words: PacketWords, story: StoryWords, numbers: EntryNumbers
) -> Iterator[Sentence]:
    """What is not met, with the entries that bear on it."""
    for id_ in case.assessment.blocking:
        judged = case.assessment.judged[id_]
        miss = story.text(judged.finding.miss).rstrip(".") or _values_below(judged, story)
        said = words.say("failed_point", says=judged.criterion.says, miss=miss)
        yield Sentence(said, _bearing_on(judged, numbers))


def _values_below(judged: Judged, story: StoryWords) -> str:
    """The values of all evidence of a criterion and of those below it."""
    proofs = (proof for node in nodes(judged) for proof in node.finding.evidence)
    shown = [ShownEvidence(story.text(one.value), one.date or "", "", "") for one in proofs]
    return "; ".join(values_of(shown))


def _bearing_on(judged: Judged, numbers: EntryNumbers) -> tuple[int, ...]:
    """The entries that are evidence of a criterion or of one below it."""
    proofs = (proof for node in nodes(judged) for proof in node.finding.evidence)
    return numbers.all(
        (proof.reference, EVIDENCE.get(proof.kind, proof.kind), proof.date or "")
        for proof in proofs
        if proof.reference
    )


def _data(case: CaseToSend, story: StoryWords) -> Iterator[Sentence]:
    """What was sent, and in which state it came."""
    names = case.library.source_names
    for key, state in case.case.record.states.items():
        yield Sentence(story[f"state_{state}"], name=names.get(key, key))
