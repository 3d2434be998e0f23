"""Codes and names that no list holds: what `unread.yaml` says of them, in the form that lookups use."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from service.errors import Mistake
from service.fhir.terminology.names_in_text import phrases, split
from service.fhir.terminology.unlisted_codes import CodePart, Shape, UnlistedCodes
from service.library.documents.folders import Folder
from service.library.documents.validate import did_you_mean
from service.library.documents.yaml import Document
from service.library.lookups.full_list_documents import DRUG_KINDS
from service.library.shapes import CodePartShape, CodeSystemsShape, UnreadShape, ValueSetShape

Written = tuple[Document, UnreadShape]
SYSTEMS = ("drugs", "anything")


def check_unread(written: Written | None, sets: Folder[ValueSetShape]) -> Iterator[Mistake]:
    """Mistakes of unread.yaml: unknown routes and value sets, and systems that stand in two lists."""
    if written is None:
        return
    document, shape = written
    routes = _routes(shape for _, shape in sets)
    for system, parts in shape.codes.items():
        for index, part in enumerate(parts):
            for key, name, message in _not_known(part, routes, sets):
                yield document.mistake(("codes", system, index, key), message + name)
    for name in shape.given_for:
        if name not in sets.read and name not in sets.unsound:
            message = f"no value set '{name}'{did_you_mean(name, sets.read)}"
            yield document.mistake(("given_for",), message)
    seen: set[str] = set()
    listed = {key: getattr(shape, key) for key in SYSTEMS}
    listed["no_drugs"] = [system for group in shape.no_drugs for system in group.systems]
    for key, systems in listed.items():
        for system in systems:
            if system in seen:
                yield document.mistake((key,), f"'{system}' stands here twice")
            seen.add(system)


def _not_known(
    part: CodePartShape, routes: frozenset[str], sets: Folder[ValueSetShape]
) -> Iterator[tuple[str, str, str]]:
    """For each unknown name: its key, a hint and the message."""
    for route in part.routes:
        if route not in routes:
            yield "routes", did_you_mean(route, routes), f"no value set has the route '{route}'"
    for name in part.never:
        if name not in sets.read and name not in sets.unsound:
            yield "never", did_you_mean(name, sets.read), f"no value set '{name}'"


def _routes(sets: Iterable[ValueSetShape]) -> frozenset[str]:
    """Every route that a value set of drugs names."""
    return frozenset(
        line.route
        for shape in sets
        if shape.kind in DRUG_KINDS
        for lines in chain(shape.codes.values(), shape.questions.values())
        for line in lines
        if line.route
    )


def unlisted_codes(
    written: Written | None,
    systems: CodeSystemsShape,
    value_sets: Mapping[str, ValueSetShape],
    others: Iterable[str],
) -> UnlistedCodes:
    """The content of unread.yaml for lookups, each code system under all its URIs."""
    drugs = {name: shape for name, shape in value_sets.items() if shape.kind in DRUG_KINDS}
    unlisted = UnlistedCodes(
        drug_sets=frozenset(drugs),
        routes={name: _routes([shape]) for name, shape in drugs.items()},
        intervals={name: _interval(shape) for name, shape in drugs.items()},
        unit_days={n: shape.unit_lasts.days for n, shape in drugs.items() if shape.unit_lasts},
    )
    if written is None:
        return unlisted
    shape = written[1]

    def all_of(uris: Iterable[str]) -> frozenset[str]:
        return frozenset(uri for known_uri in uris for uri in systems.addresses(known_uri))

    return replace(
        unlisted,
        no_drugs=_no_drugs(shape, systems),
        of_drugs=all_of(shape.drugs),
        of_anything=all_of(shape.anything),
        parts=_parts(shape, systems),
        other_names=phrases(chain(others, *shape.other_names)),
        beside_a_name=frozenset(shape.beside_a_name),
        alone=frozenset(tuple(split(words)) for words in shape.alone),
        beside_alone=frozenset(shape.beside_alone),
        says_nothing=frozenset(word.lower() for words in shape.says_nothing for word in words),
    )


def _no_drugs(shape: UnreadShape, systems: CodeSystemsShape) -> dict[str, list[Shape]]:
    """By system, the shapes of codes that are no drugs; a system within another counts there too."""
    shapes: defaultdict[str, list[Shape]] = defaultdict(list)
    for group in shape.no_drugs:
        looks = None if group.shape is None else re.compile(group.shape, re.IGNORECASE)
        for system in group.systems:
            for uri in (*systems.addresses(system), *systems.beside(system)):
                shapes[uri].append(looks)
    return dict(shapes)


def _interval(shape: ValueSetShape) -> int:
    return max((interval.days for interval in shape.intervals.values()), default=0)


def _parts(shape: UnreadShape, systems: CodeSystemsShape) -> dict[str, tuple[CodePart, ...]]:
    """Parts of code systems by how codes begin, under every URI that they are sent with."""
    by_uri: defaultdict[str, list[CodePart]] = defaultdict(list)
    for system, parts in shape.codes.items():
        here = (*systems.addresses(system), *systems.beside(system), *systems.mistaken(system))
        for uri in dict.fromkeys(here):
            by_uri[uri] += (_part(part, shape.given_for) for part in parts)
    return {uri: tuple(parts) for uri, parts in by_uri.items()}


def _part(shape: CodePartShape, given_for: tuple[str, ...]) -> CodePart:
    looks = None if shape.shape is None else re.compile(shape.shape)
    only = given_for if shape.given else ()
    return CodePart(
        shape.starts,
        looks,
        shape.drugs,
        shape.any_drug,
        shape.given,
        only,
        shape.routes,
        shape.never,
    )
