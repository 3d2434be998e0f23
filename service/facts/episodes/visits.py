"""Visits, stays and procedures for a reason: each hit of a class of encounters is one."""

from collections.abc import Iterator

from service.facts.case import PatientCase, display, evidence
from service.facts.episodes.episode import ASK, IMPRECISE, REVIEW, Doubt, Episode
from service.facts.episodes.reasons import FOR_IT, CourseReason, reason_given
from service.facts.episodes.unclear_claim_lines import elements_coded, unplaced_visits
from service.facts.fact import EpisodeKind, Fact
from service.facts.fills.fill import FoundFill
from service.facts.fills.fills_of_class import standing_fills
from service.fhir.elements import codes, names, read
from service.fhir.hit import Hit
from service.fhir.values.days import ANY_DAY, DayRange, parse_day
from service.json_object import Json
from service.memo import IdentityMap
from service.policy.finding import remark

WEAK = ("chart", "attestation")
# By element: the value sets that its other codes contradict.
Against = IdentityMap[Json, set[str]]


def visits(case: PatientCase, fact: Fact, episode_kind: EpisodeKind) -> list[Episode]:
    """The visits of these classes that are for the reason, or may be."""
    hits = case.hits(fact.sources, episode_kind.of)
    against = (
        _spoken_against(case, fact, episode_kind) if episode_kind.other and hits else IdentityMap()
    )
    episodes = [
        _visit(case, handover, episode_kind, against)
        for handover in standing_fills(case, hits, episode_kind.of)
    ]
    certain = [episode for episode in episodes if episode is not None]
    if episode_kind.other:
        certain += _unread(case, fact, episode_kind)
    return (
        [*certain, *unplaced_visits(case, fact, episode_kind)] if episode_kind.unplaced else certain
    )


def _unread(case: PatientCase, fact: Fact, episode_kind: EpisodeKind) -> list[Episode]:
    """Visits for the reason whose kind no code states: each may count and is asked about."""
    episodes: list[Episode] = []
    coded_elements = elements_coded(case, fact, (*episode_kind.of, *episode_kind.other))
    for hit in _of_visits(case, fact):
        if hit.element in coded_elements or hit.standing == "never":
            continue
        if reason_given(case, hit, episode_kind) in FOR_IT:
            start, last = _extent(hit)
            shown = evidence(case, hit, remark("visit_of_unread_kind"), start)
            episodes.append(Episode((start,), last, 0, 1, shown, REVIEW, stay=True))
    return episodes


def _of_visits(case: PatientCase, fact: Fact) -> Iterator[Hit]:
    """Every entry of the sources in which each is a visit."""
    for looked in fact.sources:
        source = case.knowledge.sources[looked.source]
        for resource in case.record.resources.get(source.type, []) if source.visits else []:
            yield Hit(source, resource, resource, ())


def _spoken_against(case: PatientCase, fact: Fact, episode_kind: EpisodeKind) -> Against:
    """By element, the value sets that its other codes contradict: an office visit is no stay."""
    against_by_element: Against = IdentityMap()
    for hit in case.hits(fact.sources, (*episode_kind.other,)):
        for entry in hit.entries:
            against_by_element.setdefault(hit.element, set()).update(
                episode_kind.other.get(entry.value_set, ())
            )
    for hit in case.hits(fact.sources, episode_kind.of):
        if hit.source.visits:
            named = _named_beside(case, hit)
            against = against_by_element.setdefault(hit.element, set())
            against.update(*(episode_kind.other.get(name, ()) for name in named))
    return against_by_element


def _named_beside(case: PatientCase, hit: Hit) -> set[str]:
    """The kinds of visits that names beside the codes exactly match and the codes do not."""
    kinds: set[str] = set()
    for concept in (value for steps in hit.source.concepts for value in read(steps, hit.element)):
        coded = {entry.value_set for entry in case.record.entries_of_concept(concept)}
        texts = ({"text": name} for name in names(concept))
        named = {
            entry.value_set for text in texts for entry in case.record.entries_of_concept(text)
        }
        if coded and named and coded.isdisjoint(named):
            kinds |= named
    return kinds


def _visit(
    case: PatientCase, handover: FoundFill, episode_kind: EpisodeKind, against: Against
) -> Episode | None:
    hit = handover.hit
    reason = reason_given(case, hit, episode_kind)
    start, last = _extent(hit)
    if reason is CourseReason.OTHER:
        return None
    events = {entry.value_set for entry in hit.entries if entry.value_set in episode_kind.of}
    contradicted = events <= (against.get(hit.element) or set())
    other_purpose = _may_be_for_another_purpose(case, hit, episode_kind, reason)
    doubt = REVIEW if contradicted or other_purpose else _doubt(handover, reason)
    wording = remark(
        "visit",
        name=display(hit, episode_kind.of),
        contradicted=contradicted,
        unexplained=reason is CourseReason.NOT_RECORDED,
        open_reason=reason not in {*FOR_IT, CourseReason.NOT_RECORDED},
        other_purpose=other_purpose,
    )
    shown = evidence(case, hit, wording, start)
    sure = doubt is None and start != ANY_DAY
    return Episode((start,), last, int(sure), 1, shown, doubt or IMPRECISE, stay=True)


def _doubt(handover: FoundFill, reason: CourseReason) -> Doubt | None:
    """Why the hit may be no such visit; None if nothing is in doubt."""
    if (
        handover.question
        or handover.hit.standing != "counts"
        or handover.doubt
        or handover.kind in WEAK
    ):
        return REVIEW
    return None if reason in FOR_IT else ASK


def _may_be_for_another_purpose(
    case: PatientCase, hit: Hit, episode_kind: EpisodeKind, reason: CourseReason
) -> bool:
    """Whether words of the visit say so, or, where only the disease is named, anything that is not read."""
    source = hit.source
    if source.visits and source.unsure_words and source.unsure_words.is_said(hit.resource):
        return True
    if reason is not CourseReason.IF_FIRST:
        return False
    kinds = {*episode_kind.of, *episode_kind.other}
    said = (value for steps in source.concepts for value in read(steps, hit.element))
    return any(
        kinds.isdisjoint(entry.value_set for entry in case.record.entries_of_concept(concept))
        for concept in said
        if names(concept) or codes(concept)
    )


def _extent(hit: Hit) -> tuple[DayRange, int]:
    """The day a visit began and the last day that it is said to have reached."""
    zone = hit.calendar.zone
    for steps in hit.source.dates:
        for holder in (hit.element, hit.resource):
            for value in read(steps, holder):
                if not isinstance(value, dict):
                    if day := parse_day(value, zone):
                        return day, day.last
                    continue
                start = parse_day(value.get("start"), zone)
                end = parse_day(value.get("end"), zone)
                if start:
                    return start, max(start.last, end.last if end else start.last)
                if end:
                    return DayRange(ANY_DAY.first, end.last), end.last
    return ANY_DAY, ANY_DAY.last
