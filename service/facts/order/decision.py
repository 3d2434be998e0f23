"""What a payer's decision says of one drug: by the codes of its review actions, else in words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from service.facts.case import Case, when
from service.facts.model import Fact
from service.fhir.elements import codes, codings, items, names, objects, text
from service.fhir.hit import Hit
from service.fhir.paths import read
from service.fhir.sources.coded_entries import CodedEntries
from service.fhir.sources.source import Source
from service.fhir.terminology.terminology import Entry
from service.fhir.values.days import contradict, parse_when
from service.json_object import Json
from service.memo import IdentityMap, IdentitySet, per_case

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
LINES, DETAILS = ("item", "addItem"), ("detail", "subDetail")
IN_PART = "partial"
_SENTENCE, _WORD = re.compile(r"[.;!?\n]"), re.compile(r"[a-z]+")
_TOKEN = re.compile(r"[^\W_]+")
LONGEST_NOTE = 2000


def says_of_drug(case: Case, fact: Fact, hit: Hit) -> Says:
    """Approved or denied where all that is said of the drug agrees; else unclear."""
    lines, others = _lines(case, hit)
    said = _said_beside(fact, [hit.resource, *lines])
    verdict = _verdict(case, fact, hit, lines, others)
    if verdict is None and "refused" in said:
        return "denied"
    if objects(hit.resource.get("error")) or _begins_later(case, hit, lines):
        return "unclear"
    if verdict == "refused" and said <= {"refused"}:
        return "denied"
    if _is_strange(case, fact, [_disposition(hit.resource)]):
        return "unclear"
    certified = verdict == "approved" and said <= {"approved"}
    # a number alone approves where nothing is said beside it, or plainly that
    plainly = said <= {"approved"} and (bool(said) or not _disposition(hit.resource))
    numbered = verdict is None and plainly and items(hit.resource.get("preAuthRef"))
    withdrawn = (certified or numbered) and _is_withdrawn(case, fact, hit)
    return "approved" if (certified or numbered) and not withdrawn else "unclear"


def _verdict(
    case: Case, fact: Fact, hit: Hit, lines: Sequence[Json], others: Sequence[Json]
) -> Verdict | None:
    """That of the lines of the drug, else of the whole; None without any review action."""
    of_lines = {
        one
        for line in lines
        for part in _parts(line)
        for one in _each(case, fact, hit.source, part)
    }
    of_whole = {*_each(case, fact, hit.source, hit.resource)}
    elsewhere = (one for line in others for one in _each(case, fact, hit.source, line))
    if not of_lines and not of_whole:
        return "open" if any(True for _ in elsewhere) else None
    if of_lines:
        # certified in part, of the whole, contradicts no line
        of_whole -= {"in_part"}
        of_lines = {"approved" if one == "in_part" else one for one in of_lines}
    elif not others:
        of_whole = {"approved" if one == "in_part" else one for one in of_whole}
    verdicts = of_lines | of_whole
    return verdicts.pop() if len(verdicts) == 1 else "open"


def _each(case: Case, fact: Fact, source: Source, holder: Json) -> Iterator[Verdict]:
    """What each review action of a line, or of the whole, says."""
    for concept in _found(source.reviews, holder):
        yield _of_action(case, fact, _coded(case, fact, concept, bound=True), concept)
    for concept in read(("adjudication", "reason"), holder):
        # some put the code of the review where R4 has the reason, which has other lists of codes too
        if coded := _coded(case, fact, concept):
            yield _of_action(case, fact, coded, concept)


def _of_action(case: Case, fact: Fact, coded: set[Verdict], concept: object) -> Verdict:
    """A code counts unless the words beside it say otherwise; words alone count where they are clear."""
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
    """Whether any word beside an approval is none that is known to change nothing, nor of the drug's name."""
    words = {word for one in texts for word in _TOKEN.findall(one[:LONGEST_NOTE].lower())}
    left = {word for word in words if not any(sign.isdigit() for sign in word)}
    left -= {part for one in fact.neutral_words for part in one.split()}
    left -= {one.lower() for one in fact.approved_words}
    return any(not _names_drug(case, word) for word in left)


def _names_drug(case: Case, word: str) -> bool:
    """Whether a word by itself is the drug's name."""
    return any(one.value_set == case.drug for one in case.record.entries_of_concept({"text": word}))


def _coded(case: Case, fact: Fact, concept: object, *, bound: bool = False) -> set[Verdict]:
    """The meanings of its codes; in an element that is `bound` to their list, other codes leave it open."""
    found: set[Verdict] = set()
    for system, code, _ in codings(concept):
        coding = {
            "coding": [{"code": code} if system is None else {"system": system, "code": code}]
        }
        meant = _meant(fact, case.record.entries_of_concept(coding))
        if bound and (system is None or any(word in system.lower() for word in fact.bare_systems)):
            bare = case.record.entries_of_status({"coding": [{"code": code}]})
            meant = meant or _meant(fact, bare) or {"open"}
        found |= meant
    return found


def _meant(fact: Fact, entries: Iterable[Entry]) -> set[Verdict]:
    found: set[Verdict] = set()
    meanings = {set_: meaning for meaning, set_ in fact.decided.items()}
    for entry in entries:
        match meanings.get(entry.value_set):
            case "approved":
                found.add("in_part" if entry.attributes.get("class") == IN_PART else "approved")
            case "refused" | "open" | "withdrawn" as meaning:
                found.add(meaning)
    return found


def _in_words(fact: Fact, concepts: Iterable[object]) -> set[str]:
    """What the names of some concepts say; a refusal holds words of an approval."""
    return _of_words(fact, " ".join(n for one in concepts for n in names(one)), fact.open_words)


def _of_words(fact: Fact, words: str, open_words: Iterable[str] = ()) -> set[str]:
    words = " ".join(words.lower().split())
    if any(one in words for one in fact.denied_words):
        # what is left beside a refusal may say that something else was refused
        for one in sorted(fact.denied_words, key=len, reverse=True):
            words = words.replace(one, " ")
        return {"open" if any(one in words for one in fact.approved_words) else "refused"}
    if any(one in words for one in fact.pending_words):
        return {"pending"}
    if any(one in words for one in open_words):
        return {"open"}
    return {"approved"} if any(one in words for one in fact.approved_words) else set()


def _said_beside(fact: Fact, holders: Sequence[Json]) -> set[str]:
    """What the disposition says, and a refusal among the categories and reasons of adjudications."""
    said = _of_words(fact, _disposition(holders[0]), fact.open_words) | _noted(fact, holders[0])
    for holder in (part for one in holders for part in _parts(one)):
        reasons = read(("adjudication", "reason"), holder)
        concepts = [*reasons, *read(("adjudication", "category"), holder)]
        coded = {code.lower() for one in concepts for code in codes(one)}
        worded = _in_words(fact, reasons)
        if coded & set(fact.denied_codes) or worded == {"refused"}:
            said.add("refused")
        said |= worded & {"open", "pending"}
    return said


def _disposition(resource: Json) -> str:
    """What is said of the whole in words."""
    return text(resource.get("disposition")) or ""


def _noted(fact: Fact, resource: Json) -> set[str]:
    """What the notes say that is no approval; a sentence of what may happen says nothing."""
    notes = (text(one.get("text")) or "" for one in objects(resource.get("processNote")))
    sentences = (one for note in notes for one in _SENTENCE.split(note[:LONGEST_NOTE].lower()))
    said = (
        _of_words(fact, one, fact.open_words)
        for one in sentences
        if set(fact.conditional_words).isdisjoint(_WORD.findall(one))
    )
    return {"open" for found in said if found - {"approved"}}


def _lines(case: Case, hit: Hit) -> tuple[list[Json], list[Json]]:
    """The lines of the drug, and those of something else; without the latter all are of the drug."""
    resource = hit.resource
    if hit.element is not resource:
        # a line of a claim carries its own code
        return [hit.element], [
            one for one in hit.source.elements(resource) if one is not hit.element
        ]
    claim = _claim(case, resource)
    added = objects(resource.get("addItem"))
    named = IdentityMap((one, _is_drug(case, _products(one))) for one in added)
    asked: dict[object, bool | None] = {
        _sequence(one, "sequence"): _is_drug(case, _products(one)) for one in claim
    }
    linked: dict[object, bool | None] = {
        number: named[one]
        for one in added
        if named[one] is not None
        for number in read(("itemSequence",), one)
        if isinstance(number, int)
    }
    told = IdentityMap((one, named[one]) for one in added)
    for one in objects(resource.get("item")):
        number, mine = _sequence(one, "itemSequence"), _is_drug(case, _authorized(one))
        told[one] = mine if mine is not None else asked.get(number, linked.get(number))
    lines = [one for name in LINES for one in objects(resource.get(name))]
    # a line that does not say what it is of is the drug's where nothing else was asked for
    alone = False not in told.values() and False not in asked.values()
    own = IdentitySet(one for one in lines if told[one] or (alone and told[one] is None))
    return [one for one in lines if one in own], [one for one in lines if one not in own]


def _claim(case: Case, resource: Json) -> list[Json]:
    """The lines of the request that was decided on, where it came."""
    claims = (case.record.resolve(one, resource) for one in objects(resource.get("request")))
    return [line for one in claims if one is not None for line in objects(one.get("item"))]


def _sequence(line: Json, name: str) -> object:
    number = line.get(name)
    return number if isinstance(number, int) else None


def _products(line: Json) -> list[object]:
    inner = read(("detail", "productOrService"), line)
    return [*read(("productOrService",), line), *inner]


def _authorized(line: Json) -> list[object]:
    """What was authorized for a line (Da Vinci PAS, authorized item detail)."""
    return [
        one["valueCodeableConcept"]
        for one in objects(read(("extension", "extension"), line))
        if one.get("url") == "productOrServiceCode" and "valueCodeableConcept" in one
    ]


def _is_drug(case: Case, concepts: Sequence[object]) -> bool | None:
    """Whether one of the codes is the drug's; None where nothing is told."""
    told = [one for one in concepts if codes(one) or names(one)]
    if not told:
        return None
    return any(
        entry.value_set == case.drug and not entry.question
        for one in told
        for entry in case.record.entries_of_concept(one)
    )


def _parts(line: Json) -> Iterator[Json]:
    """A line with its details; the whole by itself."""
    yield line
    if "resourceType" not in line:
        yield from (one for n in (1, 2) for one in objects(read(DETAILS[:n], line)))


def _found(listed: Iterable[CodedEntries], holder: Json) -> Iterator[object]:
    for one in listed:
        if one.entries[0] in holder:
            yield from one.read(holder)


def _begins_later(case: Case, hit: Hit, lines: Sequence[Json]) -> bool:
    """Whether it is of a later day, begins later for the drug, or ends for it before it begins."""
    day = when(hit)
    said = [one for line in lines for one in _found(hit.source.line_dates, line)]
    if any(contradict([one]) for one in said):
        return True
    own = [parse_when(one) for one in said]
    begun = [one for one in (day, *own) if one is not None]
    made = [parse_when(one) for one in read(("created",), hit.resource)]
    return any(one is not None and one.first > case.today for one in (*begun, *made))


def _is_withdrawn(case: Case, fact: Fact, hit: Hit) -> bool:
    """Whether another decision with a number of this one says that the certification is cancelled."""
    withdrawn = _withdrawn(case, fact, hit.source)
    return not withdrawn.isdisjoint(numbers_of(hit.resource, hit.source.review_numbers))


@per_case
def _withdrawn(case: Case, fact: Fact, source: Source) -> set[str]:
    """The numbers of every certification that some decision says is cancelled."""
    found: set[str] = set()
    for resource in case.record.resources.get(source.type, []):
        holders = [resource, *(one for name in LINES for one in objects(resource.get(name)))]
        said = (one for holder in holders for one in _each(case, fact, source, holder))
        if source.standing(resource, resource) == "counts" and "withdrawn" in said:
            found |= numbers_of(resource, source.review_numbers)
    return found


def numbers_of(resource: Json, listed: Iterable[CodedEntries]) -> set[str]:
    """The numbers that a decision gives the authorization."""
    holders = [resource, *(one for name in LINES for one in objects(resource.get(name)))]
    found = [
        *items(resource.get("preAuthRef")),
        *(one for h in holders for one in _found(listed, h)),
    ]
    return {one for one in found if isinstance(one, str)}
