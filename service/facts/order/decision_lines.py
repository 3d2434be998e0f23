"""The lines of a payer's decision: which are of the drug, and what stands in them."""

from collections.abc import Iterable, Iterator, Sequence

from service.facts.case import Case
from service.fhir.elements import codes, names, objects, read
from service.fhir.hit import Hit
from service.fhir.sources.coded_entries import CodedEntries
from service.json_object import Json
from service.memo import IdentityMap, IdentitySet

LINES, DETAILS = ("item", "addItem"), ("detail", "subDetail")


def lines_of(case: Case, hit: Hit) -> tuple[list[Json], list[Json]]:
    """The lines of the drug, and those of something else; without the latter all are of the drug."""
    resource = hit.resource
    if hit.element is not resource:
        # a line of a claim carries its own code
        return [hit.element], [
            line for line in hit.source.elements(resource) if line is not hit.element
        ]
    lines, is_drugs, alone = products_of_lines(case, resource)
    # a line that does not say what it is of is the drug's where nothing else was asked for
    own = IdentitySet(
        line for line in lines if is_drugs[line] or (alone and is_drugs[line] is None)
    )
    return [line for line in lines if line in own], [line for line in lines if line not in own]


def products_of_lines(
    case: Case, resource: Json
) -> tuple[list[Json], IdentityMap[Json, bool | None], bool]:
    """The lines, whether each is of the drug (None: not said), and whether nothing else is named."""
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
    alone = False not in is_drugs.values() and False not in asked.values()
    return all_lines(resource), is_drugs, alone


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


def all_lines(resource: Json) -> list[Json]:
    """The lines that answer those of the request, and those that the payer added."""
    return [line for name in LINES for line in objects(resource.get(name))]


def with_details(line: Json) -> Iterator[Json]:
    """A line with its details; the whole by itself."""
    yield line
    if "resourceType" not in line:
        yield from (detail for n in (1, 2) for detail in objects(read(DETAILS[:n], line)))


def values_in(listed: Iterable[CodedEntries], holder: Json) -> Iterator[object]:
    """The values of coded entries of a line, or of the whole."""
    for coded in listed:
        if coded.entries[0] in holder:
            yield from coded.read(holder)
