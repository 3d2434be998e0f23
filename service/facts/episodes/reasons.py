"""Why something was done: the reasons that its resource records, or what it refers to."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum, auto
from itertools import accumulate
from typing import NamedTuple

from service.facts.case import PatientCase, display, when
from service.facts.fact import EpisodeKind
from service.facts.indications import SUFFIX
from service.fhir.elements import names, read, same_name, text, type_and_id
from service.fhir.hit import Hit
from service.fhir.sources.source import ReasonsAt, Source
from service.fhir.terminology.drugs import Entries
from service.fhir.values.days import DayRange
from service.fhir.values.quantity import number
from service.json_object import Json
from service.memo import per_patient

# An order names its visit and the visit its diagnosis; the limit also ends circular references.
STEPS = 3


class CourseReason(Enum):
    """What the record says of the reason; `IF_FIRST` is the disease alone, which fits if it comes first.

    `COMPLAINT`: what a patient with the disease comes with, which names no disease.
    """

    FITS = auto()
    IF_FIRST = auto()
    COMPLAINT = auto()
    NOT_RECORDED = auto()
    UNCLEAR = auto()
    OTHER = auto()


# The answers for which a visit or a course was for the reason.
FOR_IT = frozenset({CourseReason.FITS, CourseReason.IF_FIRST})


class GivenReason(NamedTuple):
    """One reason of a resource: whether it may be the first, and the place in which the resource gives it.

    Reasons of several places have no order among each other. What was only diagnosed at a visit has no place.
    """

    concept: object
    may_be_first: bool = True
    place: tuple[int, ...] = ()


class _Said(NamedTuple):
    answer: CourseReason
    place: tuple[int, ...]


# A reason that another resource holds, if that resource is not at hand or has no code.
NOT_READABLE: Json = {}


def reason_given(case: PatientCase, hit: Hit, episode_kind: EpisodeKind) -> CourseReason:
    """Whether the recorded reason is one that the kind of episode names.

    `IF_FIRST` is the answer where it is the disease alone, and comes first.
    """
    case.record.share.check()
    if not episode_kind.reasons or any(
        _fits(entry.value_set, episode_kind) for entry in hit.entries
    ):
        return CourseReason.FITS
    said = _answers_of(case, hit, episode_kind)
    if not said:
        return CourseReason.NOT_RECORDED
    answers = {each.answer for each in said}
    if CourseReason.FITS in answers:
        return CourseReason.FITS
    if _all_places_agree(said):
        return CourseReason.IF_FIRST
    return CourseReason.OTHER if answers == {CourseReason.OTHER} else CourseReason.UNCLEAR


def answers_of(case: PatientCase, hit: Hit, episode_kind: EpisodeKind) -> set[CourseReason]:
    """What each reason says, whatever the others say; empty where none is recorded."""
    return {each.answer for each in _answers_of(case, hit, episode_kind)}


def _all_places_agree(said: list[_Said]) -> bool:
    """Whether the disease is the first one that each place names; a complaint names none.

    What was diagnosed at a visit speaks only where the visit itself names no disease.
    """
    diseases = [each for each in said if each.answer is not CourseReason.COMPLAINT]
    diseases = [each for each in diseases if each.place] or diseases
    first_of_places = {each.place: each.answer for each in reversed(diseases)}
    return set(first_of_places.values()) == {CourseReason.IF_FIRST}


def _answers_of(case: PatientCase, hit: Hit, episode_kind: EpisodeKind) -> list[_Said]:
    """The answer of each reason; computed once for all parts of a resource that name the same ones."""
    places = (place.named_by for place in hit.source.reasons if place.named_by)
    named = repr([read(steps, hit.element) for steps in places])
    answers = _answers_by_reasons(case, hit.resource, episode_kind)
    if named not in answers:
        answers[named] = [
            _Said(_answer_of(case, reason, episode_kind), reason.place)
            for reason in reasons_of(case, hit)
        ]
    return answers[named]


@per_patient
def _answers_by_reasons(
    _case: PatientCase, _resource: Json, _episode_kind: EpisodeKind
) -> dict[str, list[_Said]]:
    """What the parts of one resource say, by the reasons that they name; filled by `_answers_of`."""
    return {}


def _fits(value_set: str, episode_kind: EpisodeKind) -> bool:
    return value_set in episode_kind.reasons and value_set not in episode_kind.main


def _answer_of(case: PatientCase, reason: GivenReason, episode_kind: EpisodeKind) -> CourseReason:
    """What one reason says; a disease counts if it comes first, an exacerbation in any position."""
    answer = _answer_by_name(case, reason.concept, episode_kind)
    if answer is CourseReason.IF_FIRST and not reason.may_be_first:
        return CourseReason.UNCLEAR
    return answer


def _answer_by_name(case: PatientCase, concept: object, episode_kind: EpisodeKind) -> CourseReason:
    """What a reason says by its codes and names."""
    entries = case.record.entries_of_concept(concept)
    fitting = tuple(
        entry for entry in entries if entry.value_set in episode_kind.reasons and not entry.question
    )
    if fitting and _names_another(case, concept, episode_kind, fitting):
        return CourseReason.UNCLEAR
    if any(_fits(entry.value_set, episode_kind) for entry in fitting):
        return CourseReason.FITS
    if fitting:
        return (
            CourseReason.IF_FIRST
            if _names_no_more(case, concept, fitting)
            else CourseReason.UNCLEAR
        )
    if any(entry.value_set in episode_kind.complaints and not entry.question for entry in entries):
        return CourseReason.COMPLAINT
    names_disease = any(
        entry.value_set.endswith(SUFFIX) and not entry.question for entry in entries
    )
    asked = any(entry.value_set in episode_kind.reasons for entry in entries)
    return CourseReason.OTHER if names_disease and not asked else CourseReason.UNCLEAR


def _names_another(
    case: PatientCase, concept: object, episode_kind: EpisodeKind, fitting: Entries
) -> bool:
    """Whether the words of a reason name diseases, none of which the kind of episode names."""
    named = case.knowledge.pointing.of(names(concept))
    if named and named.isdisjoint(episode_kind.reasons):
        return True
    namings = (source.naming for source in case.knowledge.sources.values() if source.reason_of)
    return any(
        naming is not None and naming.names_another(fitting, [concept], {}) for naming in namings
    )


def _names_no_more(case: PatientCase, concept: object, fitting: Entries) -> bool:
    """Whether every name of a reason is known as a whole: other words may say what the visit was for."""
    known = {same_name(entry.display) for entry in fitting}
    return all(
        same_name(name) in known or case.record.entries_of_name(name) for name in names(concept)
    )


def reasons_of(case: PatientCase, hit: Hit) -> list[GivenReason]:
    """Every reason that the resource gives, the first one first."""
    return list(_reasons(case, hit.source, hit.resource, hit.element, STEPS))


def _reasons(
    case: PatientCase, source: Source, resource: Json, element: Json, steps: int
) -> Iterator[GivenReason]:
    for place_number, place in enumerate(source.reasons):
        for holder, may_be_first in _holders(case, place, resource, element):
            for path_number, path in enumerate(place.at):
                own = (place_number,) if place.each else (place_number, path_number)
                for value in read(path, holder):
                    for reason in _concepts(case, value, resource, steps - 1):
                        may_be = may_be_first and reason.may_be_first
                        yield GivenReason(reason.concept, may_be, (*own, *reason.place))
    if steps:
        diagnosed = _diagnosed(case).get(type_and_id(resource) or "", ())
        yield from (GivenReason(concept, len(diagnosed) == 1) for concept in diagnosed)


def _holders(
    case: PatientCase, place: ReasonsAt, resource: Json, element: Json
) -> list[tuple[Json, bool]]:
    """The entries of a list of reasons by rank, and whether each may be the first.

    Only those that a part names, if it names any.
    """
    if place.each is None:
        return [(resource, True)]
    if place.order is None:
        return [(entry, True) for entry in read(place.each, resource) if isinstance(entry, dict)]
    ranked = _ranked(case, place, resource)
    named = read(place.named_by, element) if place.named_by else []
    if not named:
        entries = [(rank, entry) for rank in sorted(ranked) for entry in ranked[rank]]
        return _with_first(place, entries)
    ranks = dict.fromkeys(rank for rank in named if isinstance(rank, int | float))
    return [(entry, True) for rank in ranks for entry in ranked.get(rank, ())]


def _with_first(place: ReasonsAt, ranked: list[tuple[float, Json]]) -> list[tuple[Json, bool]]:
    """Entries by rank; the first is the one that says so, else the one of the first rank, if it is one."""
    said = [place.role.is_main(entry) if place.role else None for _, entry in ranked]
    if True in said:
        both = [(entry, is_main is True) for is_main, (_, entry) in zip(said, ranked, strict=True)]
        return sorted(both, key=lambda pair: not pair[1])
    first = min((rank for rank, _ in ranked), default=0)
    alone = len(ranked) == 1 and first == float("inf")
    shared = sum(rank == first for rank, _ in ranked) > 1
    return [
        (entry, is_main is None and (alone or (rank == first <= 1 and not shared)))
        for is_main, (rank, entry) in zip(said, ranked, strict=True)
    ]


@per_patient
def _ranked(_: PatientCase, place: ReasonsAt, resource: Json) -> Mapping[float, list[Json]]:
    """The reasons of a resource by their rank."""
    by_rank: defaultdict[float, list[Json]] = defaultdict(list)
    for entry in read(place.each or (), resource):
        if isinstance(entry, dict):
            by_rank[_rank(place, entry)].append(entry)
    return by_rank


def _rank(place: ReasonsAt, entry: Json) -> float:
    ranks = read(place.order, entry) if place.order else []
    rank = number(ranks[0]) if ranks else None
    return float("inf") if rank is None else rank


def _concepts(case: PatientCase, value: object, holder: Json, steps: int) -> Iterator[GivenReason]:
    """A reason: itself, or what the resource gives to which it refers, else its display."""
    if not isinstance(value, dict) or "reference" not in value:
        yield GivenReason(value)
        return
    target = case.record.resolve(value, holder)
    source = case.record.source_of(target) if target is not None else None
    if target is None or source is None:
        name = text(value.get("display"))
        yield GivenReason({"text": name} if name else NOT_READABLE)
        return
    if source.standing(target, target) == "never":
        return
    reasons = _reasons_of_whole(case, source, target, steps) if source.reasons and steps > 0 else []
    concepts = (concept for path in source.concepts for concept in read(path, target))
    yield from reasons or (GivenReason(concept) for concept in concepts)


@per_patient
def _reasons_of_whole(
    case: PatientCase, source: Source, resource: Json, steps: int
) -> list[GivenReason]:
    return list(_reasons(case, source, resource, resource, steps))


@per_patient
def _diagnosed(case: PatientCase) -> Mapping[str, list[object]]:
    """What was diagnosed at a visit: the diagnoses that name it, by the visit's reference."""
    by_visit: defaultdict[str, list[object]] = defaultdict(list)
    for source in case.knowledge.sources.values():
        if source.reason_of is None:
            continue
        for resource in case.record.resources.get(source.type, []):
            if source.standing(resource, resource) == "never":
                continue
            for visit in source.reason_of.read(resource):
                target = case.record.resolve(visit, resource)
                if target is not None and (name := type_and_id(target)):
                    by_visit[name] += [
                        concept for path in source.concepts for concept in read(path, resource)
                    ]
    return by_visit


def explained_by(
    case: PatientCase, episode_kind: EpisodeKind, start: DayRange, reason: CourseReason
) -> str:
    """The name of another disease that may be the reason; empty if a reason or exacerbation is recorded."""
    if reason is not CourseReason.NOT_RECORDED or not episode_kind.explained:
        return ""
    # it began no longer before than a course lasts, nor after it is due
    since, until = (
        start.first - (episode_kind.longest or episode_kind.gap),
        start.last + episode_kind.gap,
    )
    own = tuple(name for name in episode_kind.reasons if name not in episode_kind.main)
    if own and _listed(case, own).any_begun(since, until):
        return ""
    hit = _listed(case, episode_kind.explained).first_that_may_explain(since, until)
    return "" if hit is None else display(hit, episode_kind.explained)


class _Listed:
    """The diagnoses of some diseases, by the day on which each began."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        self._hits = list(hits)
        days = [(place, day) for place, hit in enumerate(self._hits) if (day := when(hit))]
        self._dated = sorted((day.first, day.last, place) for place, day in days)
        # of all that began no later than each: the last day, and the first place of those that count
        self._last = list(accumulate((last for _, last, _ in self._dated), max))
        places = (self._counting(place) for _, _, place in self._dated)
        self._first = list(accumulate(places, min))
        undated = {*range(len(self._hits))} - {place for place, _ in days}
        self._undated = min(map(self._counting, undated), default=len(self._hits))

    def any_begun(self, since: int, until: int) -> bool:
        """Whether one may have begun within these days."""
        end = self._begun(until)
        return end > 0 and self._last[end - 1] >= since

    def first_that_may_explain(self, since: int, until: int) -> Hit | None:
        """One that is active and had begun by then, or one that is over and began within these days."""
        end = self._begun(until)
        places = [self._undated, *self._first[end - 1 : end]]
        while end > 0 and self._last[end - 1] >= since:
            end -= 1
            _, last, place = self._dated[end]
            if last >= since:
                places.append(place)
        first = min(places)
        return self._hits[first] if first < len(self._hits) else None

    def _begun(self, until: int) -> int:
        return bisect_left(self._dated, (until + 1,))

    def _counting(self, place: int) -> int:
        """The place of one that counts, else a place behind all others."""
        return place if self._hits[place].standing == "counts" else len(self._hits)


@per_patient
def _listed(case: PatientCase, value_sets: tuple[str, ...]) -> _Listed:
    hits = case.record.hits(*value_sets)
    return _Listed(hit for hit in hits if hit.source.reason_of and hit.standing != "never")
