"""What the review actions of a payer's decision, and the words beside them, mean."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from service.facts.authorizations.decision_lines import values_in
from service.facts.case import Case
from service.facts.fact import Fact
from service.fhir.elements import codings, names, read
from service.fhir.sources.source import Source
from service.fhir.terminology.terminology import Entry
from service.json_object import Json

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
TOKEN = re.compile(r"[^\W_]+")
LONGEST_NOTE = 2000


def verdicts_of(case: Case, fact: Fact, source: Source, parts: Iterable[Json]) -> set[Verdict]:
    """The verdicts of some parts, or of the whole."""
    return {verdict for part in parts for verdict in _each(case, fact, source, part)}


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
    worded = in_words(fact, [concept])
    if not coded and worded == {"refused"}:
        return "refused"
    verdict = next(iter(coded)) if len(coded) == 1 else None
    approves = verdict in ("approved", "in_part") or not coded
    if approves and is_strange(case, fact, names(concept)):
        return "open"
    if verdict is not None:
        return verdict if worded <= FITTING[verdict] else "open"
    return "approved" if not coded and worded == {"approved"} else "open"


def is_strange(case: Case, fact: Fact, texts: Iterable[str]) -> bool:
    """Whether the words beside an approval hold any that is neither harmless nor the drug's name."""
    words = {word for text_ in texts for word in TOKEN.findall(text_[:LONGEST_NOTE].lower())}
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


def in_words(fact: Fact, concepts: Iterable[object]) -> set[str]:
    """What the names of some concepts say; a refusal holds words of an approval."""
    return of_words(fact, " ".join(name for concept in concepts for name in names(concept)))


def of_words(fact: Fact, words: str) -> set[str]:
    """What some words say: refused, pending, open or approved; nothing if they hold no such word."""
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
    if any(phrase_ in words for phrase_ in fact.open_words):
        return {"open"}
    return {"approved"} if any(approving in words for approving in fact.approved_words) else set()
