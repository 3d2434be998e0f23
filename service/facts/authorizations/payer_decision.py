"""What a payer's decision says of one drug: by the codes of its review actions, else in words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from service.facts.authorizations.authorization_numbers import numbers_in, numbers_of, references_of
from service.facts.authorizations.decision_lines import (
    DecisionLines,
    lines_of,
    lines_of_decision,
    requests_of,
    values_in,
)
from service.facts.authorizations.review_actions import (
    LONGEST_NOTE,
    TOKEN,
    Verdict,
    in_words,
    is_strange,
    of_words,
    verdicts_of,
)
from service.facts.case import Case, when
from service.facts.fact import Fact
from service.fhir.elements import codes, items, names, objects, read, text
from service.fhir.hit import Hit
from service.fhir.sources.source import Source
from service.fhir.terminology.terminology import Entry
from service.fhir.values.days import Zone, contradict, parse_day, parse_when
from service.json_object import Json
from service.memo import per_case

DECISION = "ClaimResponse"

Says = Literal["approved", "denied", "unclear"]
_SENTENCE, _WORD = re.compile(r"[.;!?\n]"), re.compile(r"[a-z]+")


def says_of_drug(case: Case, fact: Fact, hit: Hit) -> Says:
    """Approved or denied where all that is said of the drug agrees; else unclear."""
    lines, disposition = lines_of(case, hit), _disposition(hit.resource)
    said, noted = _said(case, fact, hit, lines), _noted(fact, hit.resource)
    verdict = _verdict(case, fact, hit, lines)
    if _is_doubtful(case, hit, lines):
        return "unclear"
    if said | noted <= {"refused"} and (verdict == "refused" or (verdict is None and said)):
        return "denied"
    if not said | noted <= {"approved"} or is_strange(case, fact, [disposition]):
        return "unclear"
    # an authorization number alone approves if there are no words beside it, or only approving ones
    plainly = bool(of_words(fact, disposition)) or not disposition
    numbered = verdict is None and plainly and bool(items(hit.resource.get("preAuthRef")))
    approved = (verdict == "approved" or numbered) and not is_withdrawn(case, fact, hit)
    return "approved" if approved else "unclear"


def is_known_as_open(case: Case, fact: Fact, hit: Hit) -> bool:
    """Whether one that neither approves nor refuses is understood: it says so in known terms, or nothing."""
    lines = lines_of(case, hit)
    if hit.doubt is not None or _is_doubtful(case, hit, lines):
        return False
    said = _said(case, fact, hit, lines) | _noted(fact, hit.resource)
    if _verdict(case, fact, hit, lines) is None:
        strange = is_strange(case, fact, [_disposition(hit.resource)])
        return said in (set(), {"approved"}, {"pending"}) and not strange
    code = meant_by_code(case, fact, hit)
    return said <= {"pending"} and code is not None and code.value_set == fact.decided.get("open")


def _is_doubtful(case: Case, hit: Hit, lines: DecisionLines) -> bool:
    """Whether it reports an error, is of a later day or one unread, or is on another patient's request."""
    return (
        bool(objects(hit.resource.get("error")))
        or _is_of_later_day(case, hit, lines.own_parts)
        or _requested_for_another(case, hit)
    )


def _requested_for_another(case: Case, hit: Hit) -> bool:
    """Whether the request that was decided on names another patient."""
    requests = requests_of(case, hit.resource)
    return not all(case.record.is_own(hit.source, request) for request in requests)


def is_in_part(case: Case, fact: Fact, hit: Hit) -> bool:
    """Whether an approval is one of a part of what was asked for, by its code or its words."""
    holders = _holders(case, fact, hit)
    if "in_part" in verdicts_of(case, fact, hit.source, holders):
        return True
    concepts = [concept for holder in holders for concept in _actions(hit.source, holder)]
    texts = [name for concept in concepts for name in names(concept)]
    if holders[0] is hit.resource:
        texts.append(_disposition(hit.resource))
    words = {word for text_ in texts for word in TOKEN.findall(text_[:LONGEST_NOTE].lower())}
    return not words.isdisjoint(fact.partly_words)


def meant_by_code(case: Case, fact: Fact, hit: Hit) -> Entry | None:
    """The review action of the drug's lines, else of the whole; None unless it is just one."""
    holders = _holders(case, fact, hit)
    concepts = [concept for holder in holders for concept in _actions(hit.source, holder)]
    known = {entry.code: entry for concept in concepts for entry in _entries(case, fact, concept)}
    return next(iter(known.values())) if len(known) == 1 else None


def _holders(case: Case, fact: Fact, hit: Hit) -> list[Json]:
    """The parts whose review actions count: the drug's lines if they have any, else the whole."""
    parts = lines_of(case, hit).own_parts
    reviewed = [part for part in parts if verdicts_of(case, fact, hit.source, [part])]
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


def _verdict(case: Case, fact: Fact, hit: Hit, lines: DecisionLines) -> Verdict | None:
    """That of the lines of the drug, else of the whole; None without any review action.

    Lines that may be of the drug too must not contradict it; of the whole alone, no line may.
    """
    of_lines, of_whole, of_unsaid, elsewhere = (
        verdicts_of(case, fact, hit.source, parts)
        for parts in (lines.own_parts, [hit.resource], lines.unsaid, lines.others)
    )
    if not of_lines and not of_whole:
        return "open" if of_unsaid or elsewhere else None
    if of_lines:
        # certified in part, of the whole, contradicts no line
        of_whole -= {"in_part"}
        of_lines = _certified(of_lines)
    elif not lines.unsaid and not lines.others:
        of_whole = _certified(of_whole)
    else:
        of_unsaid |= elsewhere
    verdicts = of_lines | of_whole | _certified(of_unsaid)
    return verdicts.pop() if len(verdicts) == 1 else "open"


def _certified(verdicts: set[Verdict]) -> set[Verdict]:
    """The verdicts where a part of what was asked for is as good as all of it."""
    return {"approved" if verdict == "in_part" else verdict for verdict in verdicts}


def _said(case: Case, fact: Fact, hit: Hit, lines: DecisionLines) -> set[str]:
    """What disposition, categories and reasons say of the drug; open if what may be the drug says more."""
    said = _meanings_of_parts(case, fact, [hit.resource, *lines.own_parts])
    more = _meanings_of_parts(case, fact, lines.unsaid) - said
    return said | of_words(fact, _disposition(hit.resource)) | ({"open"} if more else set())


def _meanings_of_parts(case: Case, fact: Fact, parts: Iterable[Json]) -> set[str]:
    """The meanings of reasons, of approvals in plain words alone, and of refusals among categories."""
    meanings: set[str] = set()
    for part in parts:
        reasons = read(("adjudication", "reason"), part)
        concepts = [*reasons, *read(("adjudication", "category"), part)]
        coded = {code.lower() for concept in concepts for code in codes(concept)}
        worded = in_words(fact, reasons)
        if "approved" not in worded or not is_strange(case, fact, names(reasons)):
            meanings |= worded
        if coded & set(fact.denied_codes):
            meanings.add("refused")
    return meanings


def _disposition(resource: Json) -> str:
    """What is said of the whole in words."""
    return text(resource.get("disposition")) or ""


def _noted(fact: Fact, resource: Json) -> set[str]:
    """What notes say but an approval; conditional sentences are ignored."""
    notes = (text(note.get("text")) or "" for note in objects(resource.get("processNote")))
    sentences = (
        sentence for note in notes for sentence in _SENTENCE.split(note[:LONGEST_NOTE].lower())
    )
    meanings = (
        of_words(fact, sentence)
        for sentence in sentences
        if set(fact.conditional_words).isdisjoint(_WORD.findall(sentence))
    )
    return set[str]().union(*meanings) - {"approved"}


def _is_of_later_day(case: Case, hit: Hit, parts: Sequence[Json]) -> bool:
    """Whether the decision is dated or begins after today, or when it does cannot be read.

    A decision made until today may say that its authorization begins later.
    """
    zone = hit.calendar.zone
    listed = [date for part in parts for date in values_in(hit.source.line_dates, part)]
    whole = [date for steps in hit.source.dates for date in read(steps, hit.resource)]
    if any(contradict([date], zone) for date in listed):
        return True
    if any(_is_unread(date, zone) for date in (*listed, *whole)):
        return True
    made = [parse_when(date, zone) for date in read(("created",), hit.resource)]
    if hit.source.type == DECISION and any(day is not None for day in made):
        listed = [date for date in listed if not isinstance(date, dict)]
        days = [parse_when(date, zone) for date in listed]
    else:
        days = [when(hit), *(parse_when(date, zone) for date in listed)]
    return any(day is not None and day.first > case.today for day in (*days, *made))


def _is_unread(date: object, zone: Zone) -> bool:
    """Whether a day, or the day on which a period begins, is stated and cannot be read."""
    start = date.get("start") if isinstance(date, dict) else date
    return start not in (None, "") and parse_day(start, zone) is None


def is_withdrawn(case: Case, fact: Fact, hit: Hit) -> bool:
    """Whether another decision with the same authorization number cancels the certification."""
    numbers = numbers_of(hit.resource, hit.source, lines_of(case, hit).own_parts)
    return not _withdrawn(case, fact).isdisjoint(numbers)


@per_case
def _withdrawn(case: Case, fact: Fact) -> set[str]:
    """The authorization numbers of all certifications of the drug that a decision cancels."""
    numbers: set[str] = set()
    for looked in fact.sources:
        source = case.knowledge.sources[looked.source]
        for resource in case.record.resources.get(source.type, []):
            counts = source.type == DECISION and source.standing(resource, resource) == "counts"
            if counts or source.is_decision(resource):
                numbers |= _withdrawn_by(case, fact, source, resource)
    return numbers


def _withdrawn_by(case: Case, fact: Fact, source: Source, resource: Json) -> set[str]:
    """The numbers that one decision cancels; a line of something else cancels its own alone."""

    def cancelled(parts: Iterable[Json]) -> bool:
        return "withdrawn" in verdicts_of(case, fact, source, parts)

    def numbers(parts: Iterable[Json]) -> set[str]:
        return {number for part in parts for number in numbers_in(source, part)}

    whole = numbers([resource]) | references_of(resource)
    lines = lines_of_decision(case, resource)
    if cancelled([resource]):
        return whole | numbers((*lines.own_parts, *lines.unsaid, *lines.others))
    own = [parts for parts in (*lines.own, lines.unsaid) if cancelled(parts)]
    others = [part for part in lines.others if cancelled([part])]
    listed = numbers((*(part for parts in own for part in parts), *others))
    return listed | whole if own else listed
