"""What a payer's decision says of one drug: by the codes of its review actions, else in words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from service.facts.case import Case, when
from service.facts.fact import Fact
from service.facts.order.authorization_numbers import numbers_in, numbers_of, references_of
from service.facts.order.decision_lines import (
    all_lines,
    lines_of,
    products_of_lines,
    values_in,
    with_details,
)
from service.fhir.elements import codes, codings, items, names, objects, read, text
from service.fhir.hit import Hit
from service.fhir.sources.source import Source
from service.fhir.terminology.terminology import Entry
from service.fhir.values.days import contradict, parse_when
from service.json_object import Json
from service.memo import per_case

DECISION = "ClaimResponse"

Says = Literal["approved", "denied", "unclear"]
# What one review action says; `in_part` of the whole leaves open which of its lines are meant.
Verdict = Literal["approved", "in_part", "refused", "open", "withdrawn"]
# What the words beside a code may say without contradicting it.
FITTING: dict[Verdict, frozenset[str]] = {
    "approved": frozenset({"approved"}),
    "in_part": frozenset({"approved"}),
    "refused": frozenset({"refused"}),
    "open": frozenset({"open", "pending"}),
    "withdrawn": frozenset({"open"}),
}
IN_PART = "partial"
_SENTENCE, _WORD = re.compile(r"[.;!?\n]"), re.compile(r"[a-z]+")
_TOKEN = re.compile(r"[^\W_]+")
LONGEST_NOTE = 2000


def says_of_drug(case: Case, fact: Fact, hit: Hit) -> Says:
    """Approved or denied where all that is said of the drug agrees; else unclear."""
    lines, others = lines_of(case, hit)
    words_say = _meanings_beside(fact, [hit.resource, *lines])
    verdict = _verdict(case, fact, hit, lines, others)
    if verdict is None and "refused" in words_say:
        return "denied"
    if objects(hit.resource.get("error")) or _begins_later(case, hit, lines):
        return "unclear"
    if verdict == "refused" and words_say <= {"refused"}:
        return "denied"
    if _is_strange(case, fact, [_disposition(hit.resource)]):
        return "unclear"
    certified = verdict == "approved" and words_say <= {"approved"}
    # an authorization number alone approves if there are no words beside it, or only approving ones
    plainly = words_say <= {"approved"} and (bool(words_say) or not _disposition(hit.resource))
    numbered = verdict is None and plainly and items(hit.resource.get("preAuthRef"))
    withdrawn = (certified or numbered) and is_withdrawn(case, fact, hit)
    return "approved" if (certified or numbered) and not withdrawn else "unclear"


def is_in_part(case: Case, fact: Fact, hit: Hit) -> bool:
    """Whether an approval is one of a part of what was asked for, by its code or its words."""
    holders = _holders(case, fact, hit)
    if any("in_part" in _each(case, fact, hit.source, holder) for holder in holders):
        return True
    concepts = [concept for holder in holders for concept in _actions(hit.source, holder)]
    texts = [name for concept in concepts for name in names(concept)]
    if holders[0] is hit.resource:
        texts.append(_disposition(hit.resource))
    words = {word for text_ in texts for word in _TOKEN.findall(text_[:LONGEST_NOTE].lower())}
    return not words.isdisjoint(fact.partly_words)


def meant_by_code(case: Case, fact: Fact, hit: Hit) -> Entry | None:
    """The review action of the drug's lines, else of the whole; None unless it is just one."""
    holders = _holders(case, fact, hit)
    concepts = [concept for holder in holders for concept in _actions(hit.source, holder)]
    known = {entry.code: entry for concept in concepts for entry in _entries(case, fact, concept)}
    return next(iter(known.values())) if len(known) == 1 else None


def _holders(case: Case, fact: Fact, hit: Hit) -> list[Json]:
    """The parts whose review actions count: the drug's lines if they have any, else the whole."""
    lines, _ = lines_of(case, hit)
    parts = [part for line in lines for part in with_details(line)]
    reviewed = [part for part in parts if any(True for _ in _each(case, fact, hit.source, part))]
    return reviewed or [hit.resource]


def _actions(source: Source, holder: Json) -> list[object]:
    """The review actions of a line, or of the whole, wherever they stand."""
    return [*values_in(source.reviews, holder), *read(("adjudication", "reason"), holder)]


def _entries(case: Case, fact: Fact, concept: object) -> Iterator[Entry]:
    """The review actions that a concept's codes name."""
    meanings = set(fact.decided.values())
    for entry in case.record.entries_of_status(concept):
        if entry.value_set in meanings:
            yield entry


def _verdict(
    case: Case, fact: Fact, hit: Hit, lines: Sequence[Json], others: Sequence[Json]
) -> Verdict | None:
    """That of the lines of the drug, else of the whole; None without any review action."""
    of_lines = {
        verdict
        for line in lines
        for part in with_details(line)
        for verdict in _each(case, fact, hit.source, part)
    }
    of_whole = {*_each(case, fact, hit.source, hit.resource)}
    elsewhere = (verdict for line in others for verdict in _each(case, fact, hit.source, line))
    if not of_lines and not of_whole:
        return "open" if any(True for _ in elsewhere) else None
    if of_lines:
        # certified in part, of the whole, contradicts no line
        of_whole -= {"in_part"}
        of_lines = {"approved" if verdict == "in_part" else verdict for verdict in of_lines}
    elif not others:
        of_whole = {"approved" if verdict == "in_part" else verdict for verdict in of_whole}
    verdicts = of_lines | of_whole
    return verdicts.pop() if len(verdicts) == 1 else "open"


def _each(case: Case, fact: Fact, source: Source, holder: Json) -> Iterator[Verdict]:
    """The verdict of each review action of a line, or of the whole."""
    for concept in values_in(source.reviews, holder):
        yield _of_action(case, fact, _coded(case, fact, concept, bound=True), concept)
    for concept in read(("adjudication", "reason"), holder):
        # some put the code of the review where R4 has the reason, which has other lists of codes too
        if coded := _coded(case, fact, concept):
            yield _of_action(case, fact, coded, concept)


def _of_action(case: Case, fact: Fact, coded: set[Verdict], concept: object) -> Verdict:
    """The verdict of one review action: its code unless the words contradict it; clear words alone count."""
    worded = _in_words(fact, [concept])
    if not coded and worded == {"refused"}:
        return "refused"
    verdict = next(iter(coded)) if len(coded) == 1 else None
    approves = verdict in ("approved", "in_part") or not coded
    if approves and _is_strange(case, fact, names(concept)):
        return "open"
    if verdict is not None:
        return verdict if worded <= FITTING[verdict] else "open"
    return "approved" if not coded and worded == {"approved"} else "open"


def _is_strange(case: Case, fact: Fact, texts: Iterable[str]) -> bool:
    """Whether the words beside an approval hold any that is neither harmless nor the drug's name."""
    words = {word for text_ in texts for word in _TOKEN.findall(text_[:LONGEST_NOTE].lower())}
    left = {word for word in words if not any(sign.isdigit() for sign in word)}
    left -= {part for phrase in fact.neutral_words for part in phrase.split()}
    left -= {approval.lower() for approval in fact.approved_words}
    return any(not _names_drug(case, word) for word in left)


def _names_drug(case: Case, word: str) -> bool:
    """Whether a word by itself is the drug's name."""
    return any(
        entry.value_set == case.drug for entry in case.record.entries_of_concept({"text": word})
    )


def _coded(case: Case, fact: Fact, concept: object, *, bound: bool = False) -> set[Verdict]:
    """The meanings of its codes; in an element that is `bound` to their list, other codes leave it open."""
    verdicts: set[Verdict] = set()
    for system, code, _ in codings(concept):
        coding = {
            "coding": [{"code": code} if system is None else {"system": system, "code": code}]
        }
        meant = _meant(fact, case.record.entries_of_concept(coding))
        if bound and (system is None or any(word in system.lower() for word in fact.bare_systems)):
            bare = case.record.entries_of_status({"coding": [{"code": code}]})
            meant = meant or _meant(fact, bare) or {"open"}
        verdicts |= meant
    return verdicts


def _meant(fact: Fact, entries: Iterable[Entry]) -> set[Verdict]:
    verdicts: set[Verdict] = set()
    meanings = {set_: meaning for meaning, set_ in fact.decided.items()}
    for entry in entries:
        match meanings.get(entry.value_set):
            case "approved":
                verdicts.add("in_part" if entry.attributes.get("class") == IN_PART else "approved")
            case "refused" | "open" | "withdrawn" as meaning:
                verdicts.add(meaning)
    return verdicts


def _in_words(fact: Fact, concepts: Iterable[object]) -> set[str]:
    """What the names of some concepts say; a refusal holds words of an approval."""
    return _of_words(
        fact, " ".join(name for concept in concepts for name in names(concept)), fact.open_words
    )


def _of_words(fact: Fact, words: str, open_words: Iterable[str] = ()) -> set[str]:
    words = " ".join(words.lower().split())
    if any(phrase in words for phrase in fact.denied_words):
        # without the words of refusal, the rest may approve: then it is not clear what was refused
        for denial in sorted(fact.denied_words, key=len, reverse=True):
            words = words.replace(denial, " ")
        return {
            "open" if any(approving in words for approving in fact.approved_words) else "refused"
        }
    if any(phrase_ in words for phrase_ in fact.pending_words):
        return {"pending"}
    if any(phrase_ in words for phrase_ in open_words):
        return {"open"}
    return {"approved"} if any(approving in words for approving in fact.approved_words) else set()


def _meanings_beside(fact: Fact, holders: Sequence[Json]) -> set[str]:
    """The meanings of the disposition and notes, and of refusals among categories and reasons."""
    meanings = _of_words(fact, _disposition(holders[0]), fact.open_words) | _noted(fact, holders[0])
    for holder in (part for top in holders for part in with_details(top)):
        reasons = read(("adjudication", "reason"), holder)
        concepts = [*reasons, *read(("adjudication", "category"), holder)]
        coded = {code.lower() for concept in concepts for code in codes(concept)}
        worded = _in_words(fact, reasons)
        if coded & set(fact.denied_codes) or worded == {"refused"}:
            meanings.add("refused")
        meanings |= worded & {"open", "pending"}
    return meanings


def _disposition(resource: Json) -> str:
    """What is said of the whole in words."""
    return text(resource.get("disposition")) or ""


def _noted(fact: Fact, resource: Json) -> set[str]:
    """`open` if a note says anything but an approval; conditional sentences are ignored."""
    notes = (text(note.get("text")) or "" for note in objects(resource.get("processNote")))
    sentences = (
        sentence for note in notes for sentence in _SENTENCE.split(note[:LONGEST_NOTE].lower())
    )
    meanings = (
        _of_words(fact, sentence, fact.open_words)
        for sentence in sentences
        if set(fact.conditional_words).isdisjoint(_WORD.findall(sentence))
    )
    return {"open" for of_sentence in meanings if of_sentence - {"approved"}}


def _begins_later(case: Case, hit: Hit, lines: Sequence[Json]) -> bool:
    """Whether the decision is dated or begins after today, or its dates contradict each other."""
    day = when(hit)
    dates = [date for line in lines for date in values_in(hit.source.line_dates, line)]
    if any(contradict([date]) for date in dates):
        return True
    own = [parse_when(date) for date in dates]
    begun = [known_day for known_day in (day, *own) if known_day is not None]
    made = [parse_when(date) for date in read(("created",), hit.resource)]
    return any(
        known_day is not None and known_day.first > case.today for known_day in (*begun, *made)
    )


def is_withdrawn(case: Case, fact: Fact, hit: Hit) -> bool:
    """Whether another decision with the same authorization number cancels the certification."""
    withdrawn = _withdrawn(case, fact, hit.source)
    return not withdrawn.isdisjoint(numbers_of(hit.resource, hit.source, lines_of(case, hit)[0]))


@per_case
def _withdrawn(case: Case, fact: Fact, source: Source) -> set[str]:
    """The authorization numbers of all certifications of the drug that a decision cancels."""
    numbers: set[str] = set()
    for resource in case.record.resources.get(source.type, []):
        if source.standing(resource, resource) == "counts":
            numbers |= _withdrawn_by(case, fact, source, resource)
    return numbers


def _withdrawn_by(case: Case, fact: Fact, source: Source, resource: Json) -> set[str]:
    """The numbers that one decision cancels; a line of something else cancels its own alone."""
    whole = numbers_in(source, resource) | references_of(resource)
    if "withdrawn" in _each(case, fact, source, resource):
        return whole.union(*(numbers_in(source, line) for line in all_lines(resource)))
    lines, is_drugs, _ = products_of_lines(case, resource)
    cancelled = [line for line in lines if "withdrawn" in _each(case, fact, source, line)]
    numbers = {number for line in cancelled for number in numbers_in(source, line)}
    return numbers | whole if any(is_drugs[line] is not False for line in cancelled) else numbers
