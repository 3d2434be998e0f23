"""The lines of a payer's decision: which parts are of the drug, and what stands in them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from service.facts.case import Case
from service.fhir.elements import codes, names, objects, read
from service.fhir.hit import Hit
from service.fhir.sources.coded_entries import CodedEntries
from service.json_object import Json
from service.memo import per_case

DETAILS = ("detail", "subDetail")
# What numbers a line, its details and those below: in a request, and in the answer to it.
ASKED = ("sequence",) * 3
ANSWERED = ("itemSequence", "detailSequence", "subDetailSequence")
# Where a line or a detail is in the request: the numbers down to it.
Place = tuple[object, ...]
# Whether it is of the drug by itself, and whether it or one of its details is; None where nothing says so.
Named = tuple[bool | None, bool | None]
UNNAMED: Named = (None, None)
Kind = Literal["own", "unsaid", "other"]


@dataclass(frozen=True, slots=True)
class DecisionLines:
    """The lines of a decision and their details, by what they are of.

    `own` has the parts of each line of the drug; `unsaid` may be of the drug or not.
    """

    own: tuple[tuple[Json, ...], ...] = ()
    unsaid: tuple[Json, ...] = ()
    others: tuple[Json, ...] = ()

    @property
    def own_parts(self) -> list[Json]:
        """All parts of the drug's lines."""
        return [part for parts in self.own for part in parts]

    @property
    def name_others_only(self) -> bool:
        """Whether there are lines, and all are of something else."""
        return bool(self.others) and not (self.own or self.unsaid)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line or a detail: whether it is of the drug by itself, whether it holds the drug, its details."""

    part: Json
    place: Place
    is_drug: bool | None
    holds_drug: bool | None
    details: tuple["_Line", ...]

    def all(self) -> Iterator["_Line"]:
        """The line and all its details."""
        yield self
        for detail in self.details:
            yield from detail.all()


def lines_of(case: Case, hit: Hit) -> DecisionLines:
    """The lines of the drug, and those of something else; a line of a claim stands for itself."""
    resource = hit.resource
    if hit.element is resource or hit.source.is_decision(resource):
        return lines_of_decision(case, resource)
    line = _line(hit.element, lambda part, _: _by_product(case, part))
    others = (
        part
        for other in hit.source.elements(resource)
        if other is not hit.element
        for part in _parts(other)
    )
    return _sorted([(line, "own")], others)


@per_case
def lines_of_decision(case: Case, resource: Json) -> DecisionLines:
    """The lines of a decision; one that does not say what it is of is the drug's if nothing else is named."""
    asked = [
        _line(line, lambda part, _: _by_product(case, part), ASKED)
        for line in _requested(case, resource)
    ]
    of_asked = _agreed((each.place, each) for line in asked for each in line.all())

    def of_added(part: Json, place: Place) -> Named:
        named = _by_product(case, part)
        if named != UNNAMED or len(place) > 1:
            return named
        said = {of_asked.get(each, UNNAMED) for each in _places_of_added(part)}
        return said.pop() if len(said) == 1 else UNNAMED

    added = [_line(line, of_added) for line in objects(resource.get("addItem"))]
    of_linked = _agreed(
        (place, line)
        for line in added
        if line.holds_drug is not None
        for place in _places_of_added(line.part)
    )

    def of_answered(part: Json, place: Place) -> Named:
        listed = (_by_product(case, part), of_asked.get(place), of_linked.get(place))
        return next((named for named in listed if named not in (None, UNNAMED)), None) or UNNAMED

    answered = [_line(line, of_answered, ANSWERED) for line in objects(resource.get("item"))]
    lines = [*answered, *added]
    alone = all(one.holds_drug is not False for line in (*lines, *asked) for one in line.all())
    return _sorted((line, _kind(line, alone=alone)) for line in lines)


def _kind(line: _Line, *, alone: bool) -> Kind:
    if line.holds_drug is None:
        return "own" if alone else "unsaid"
    return "own" if line.holds_drug else "other"


def _sorted(lines: Iterable[tuple[_Line, Kind]], others: Iterable[Json] = ()) -> DecisionLines:
    own: list[tuple[Json, ...]] = []
    unsaid: list[Json] = []
    rest = [*others]
    for line, kind in lines:
        parts: dict[Kind, list[Json]] = {"own": [], "unsaid": unsaid, "other": rest}
        for part, kind_ in _by_kind(line, kind):
            parts[kind_].append(part)
        if kind == "own":
            own.append(tuple(parts["own"]))
    return DecisionLines(tuple(own), tuple(unsaid), tuple(rest))


def _by_kind(
    line: _Line, kind: Kind, *, is_drug: bool | None = None
) -> Iterator[tuple[Json, Kind]]:
    """A line and its details, each with what it is of.

    A detail of something else below the drug is a question: the drug's line may mean it too.
    """
    is_drug = line.is_drug if line.is_drug is not None else is_drug
    yield line.part, kind
    for detail in line.details:
        of_detail: Kind = kind
        if kind == "own" and line.holds_drug and not detail.holds_drug:
            if is_drug:
                of_detail = "own" if detail.holds_drug is None else "unsaid"
            else:
                of_detail = "unsaid" if detail.holds_drug is None else "other"
        yield from _by_kind(detail, of_detail, is_drug=is_drug)


def _line(
    part: Json,
    named: Callable[[Json, Place], Named],
    numbers: tuple[str, ...] = ANSWERED,
    above: Place = (),
) -> _Line:
    """A line of a request or of a decision, with its details."""
    level = len(above)
    place = (*above, _number(part, numbers[level]))
    inner = objects(part.get(DETAILS[level])) if level < len(DETAILS) else []
    details = tuple(_line(detail, named, numbers, place) for detail in inner)
    is_drug, holds_drug = named(part, place)
    said = (holds_drug, *(detail.holds_drug for detail in details))
    holds_drug = True if True in said else False if False in said else None
    return _Line(part, place, is_drug, holds_drug, details)


def _parts(part: Json) -> Iterator[Json]:
    """A line with all its details."""
    return (each.part for each in _line(part, lambda *_: UNNAMED).all())


def _agreed(lines: Iterable[tuple[Place, _Line]]) -> Mapping[Place, Named]:
    """What lines say by their place; nothing where two of one place differ, or a number is missing."""
    by_place: dict[Place, Named] = {}
    for place, line in lines:
        named = (line.is_drug, line.holds_drug)
        if None not in place:
            by_place[place] = named if by_place.get(place, named) == named else UNNAMED
    return by_place


def _requested(case: Case, resource: Json) -> list[Json]:
    """The lines of the request that was decided on, where it came."""
    return [line for claim in requests_of(case, resource) for line in objects(claim.get("item"))]


def requests_of(case: Case, resource: Json) -> list[Json]:
    """The requests that were decided on, as far as they came."""
    references = [*objects(resource.get("request")), *objects(resource.get("claim"))]
    claims = (case.record.resolve(reference, resource) for reference in references)
    return [claim for claim in claims if claim is not None]


def _number(part: Json, name: str) -> object:
    number = part.get(name)
    return number if number.__class__ is int else None


def _places_of_added(line: Json) -> list[Place]:
    """The places of the request that a line of the payer's answers: lines, or the details of one."""
    places: list[Place] = [()]
    for name in ("itemSequence", "detailSequence", "subdetailSequence"):
        numbers = [number for number in read((name,), line) if number.__class__ is int]
        if numbers and len(places) == 1:
            places = [(*places[0], number) for number in numbers]
        elif numbers:
            return []
        else:
            break
    return [place for place in places if place]


def _by_product(case: Case, part: Json) -> Named:
    """By what was authorized for a line (Da Vinci PAS, authorized item detail), else by its product."""
    authorized = [
        extension["valueCodeableConcept"]
        for extension in objects(read(("extension", "extension"), part))
        if extension.get("url") == "productOrServiceCode" and "valueCodeableConcept" in extension
    ]
    named = _is_drug(case, authorized)
    if named is None:
        named = _is_drug(case, read(("productOrService",), part))
    return named, named


def _is_drug(case: Case, concepts: Iterable[object]) -> bool | None:
    """Whether one of the concepts is the drug; None if none has a code or a name."""
    telling = [concept for concept in concepts if codes(concept) or names(concept)]
    if not telling:
        return None
    return any(
        entry.value_set == case.drug and not entry.question
        for concept in telling
        for entry in case.record.entries_of_concept(concept)
    )


def values_in(listed: Iterable[CodedEntries], holder: Json) -> Iterator[object]:
    """The values of coded entries of a line, or of the whole."""
    for coded in listed:
        if coded.entries[0] in holder:
            yield from coded.read(holder)
