"""What a payer's decision says of one drug: by the codes of its review actions, else in words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from service.facts.case import Case, when
from service.facts.model import Fact
from service.fhir.elements import codes, codings, items, names, objects, read, text
from service.fhir.hit import Hit
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
    withdrawn = (certified or numbered) and _is_withdrawn(case, fact, hit)
    return "approved" if (certified or numbered) and not withdrawn else "unclear"


def _verdict(
    case: Case, fact: Fact, hit: Hit, lines: Sequence[Json], others: Sequence[Json]
) -> Verdict | None:
    """That of the lines of the drug, else of the whole; None without any review action."""
    of_lines = {
        verdict
        for line in lines
        for part in _parts(line)
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
    for concept in _coded_in(source.reviews, holder):
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
    for holder in (part for top in holders for part in _parts(top)):
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


def _lines(case: Case, hit: Hit) -> tuple[list[Json], list[Json]]:
    """The lines of the drug, and those of something else; without the latter all are of the drug."""
    resource = hit.resource
    if hit.element is not resource:
        # a line of a claim carries its own code
        return [hit.element], [
            line for line in hit.source.elements(resource) if line is not hit.element
        ]
    claim = _claim(case, resource)
    added = objects(resource.get("addItem"))
    named = IdentityMap((line, _is_drug(case, _products(line))) for line in added)
    asked: dict[object, bool | None] = {
        _sequence(line, "sequence"): _is_drug(case, _products(line)) for line in claim
    }
    linked: dict[object, bool | None] = {
        number: named[line]
        for line in added
        if named[line] is not None
        for number in read(("itemSequence",), line)
        if isinstance(number, int)
    }
    is_drugs = IdentityMap((line, named[line]) for line in added)
    for item in objects(resource.get("item")):
        number, is_drug = _sequence(item, "itemSequence"), _is_drug(case, _authorized(item))
        is_drugs[item] = is_drug if is_drug is not None else asked.get(number, linked.get(number))
    lines = [line for name in LINES for line in objects(resource.get(name))]
    # a line that does not say what it is of is the drug's where nothing else was asked for
    alone = False not in is_drugs.values() and False not in asked.values()
    own = IdentitySet(
        line for line in lines if is_drugs[line] or (alone and is_drugs[line] is None)
    )
    return [line for line in lines if line in own], [line for line in lines if line not in own]


def _claim(case: Case, resource: Json) -> list[Json]:
    """The lines of the request that was decided on, where it came."""
    claims = (
        case.record.resolve(request, resource) for request in objects(resource.get("request"))
    )
    return [line for claim in claims if claim is not None for line in objects(claim.get("item"))]


def _sequence(line: Json, name: str) -> object:
    number = line.get(name)
    return number if isinstance(number, int) else None


def _products(line: Json) -> list[object]:
    inner = read(("detail", "productOrService"), line)
    return [*read(("productOrService",), line), *inner]


def _authorized(line: Json) -> list[object]:
    """What was authorized for a line (Da Vinci PAS, authorized item detail)."""
    return [
        extension["valueCodeableConcept"]
        for extension in objects(read(("extension", "extension"), line))
        if extension.get("url") == "productOrServiceCode" and "valueCodeableConcept" in extension
    ]


def _is_drug(case: Case, concepts: Sequence[object]) -> bool | None:
    """Whether one of the concepts is the drug; None if none has a code or a name."""
    telling = [concept for concept in concepts if codes(concept) or names(concept)]
    if not telling:
        return None
    return any(
        entry.value_set == case.drug and not entry.question
        for concept in telling
        for entry in case.record.entries_of_concept(concept)
    )


def _parts(line: Json) -> Iterator[Json]:
    """A line with its details; the whole by itself."""
    yield line
    if "resourceType" not in line:
        yield from (detail for n in (1, 2) for detail in objects(read(DETAILS[:n], line)))


def _coded_in(listed: Iterable[CodedEntries], holder: Json) -> Iterator[object]:
    for coded in listed:
        if coded.entries[0] in holder:
            yield from coded.read(holder)


def _begins_later(case: Case, hit: Hit, lines: Sequence[Json]) -> bool:
    """Whether the decision is dated or begins after today, or its dates contradict each other."""
    day = when(hit)
    dates = [date for line in lines for date in _coded_in(hit.source.line_dates, line)]
    if any(contradict([date]) for date in dates):
        return True
    own = [parse_when(date) for date in dates]
    begun = [known_day for known_day in (day, *own) if known_day is not None]
    made = [parse_when(date) for date in read(("created",), hit.resource)]
    return any(
        known_day is not None and known_day.first > case.today for known_day in (*begun, *made)
    )


def _is_withdrawn(case: Case, fact: Fact, hit: Hit) -> bool:
    """Whether another decision with the same authorization number cancels the certification."""
    withdrawn = _withdrawn(case, fact, hit.source)
    return not withdrawn.isdisjoint(numbers_of(hit.resource, hit.source.review_numbers))


@per_case
def _withdrawn(case: Case, fact: Fact, source: Source) -> set[str]:
    """The authorization numbers of all certifications that a decision cancels."""
    numbers: set[str] = set()
    for resource in case.record.resources.get(source.type, []):
        holders = [resource, *(line for name in LINES for line in objects(resource.get(name)))]
        verdicts = (verdict for holder in holders for verdict in _each(case, fact, source, holder))
        if source.standing(resource, resource) == "counts" and "withdrawn" in verdicts:
            numbers |= numbers_of(resource, source.review_numbers)
    return numbers


def numbers_of(resource: Json, listed: Iterable[CodedEntries]) -> set[str]:
    """The numbers that a decision gives the authorization."""
    holders = [resource, *(line for name in LINES for line in objects(resource.get(name)))]
    numbers = [
        *items(resource.get("preAuthRef")),
        *(number for holder in holders for number in _coded_in(listed, holder)),
    ]
    return {number for number in numbers if isinstance(number, str)}
