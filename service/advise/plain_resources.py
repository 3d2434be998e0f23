"""The prefetch that plain resources of a patient make, which nobody searched for and counted.

A key for which there is none is not sent: nobody says that there is none of its type.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import orjson

from service.fhir.elements import type_and_id
from service.fhir.sources.source import Source
from service.fhir.supplied.bundle import SUPPORTING
from service.json_object import Json

SERVER = "https://ehr.example/r4"
ALONE = ("Patient", "Practitioner")  # types of which a key asks for one resource
CLAIM, DECISION, OUTCOME = "Claim", "ClaimResponse", "OperationOutcome"


def prefetch_of(resources: Iterable[Json], sources: Sequence[Source]) -> Json:
    """Each resource under the keys of its type, with what it names; of a type asked for alone the first.

    An OperationOutcome says that the resources are not all: it goes into every Bundle.
    """
    by_type: defaultdict[str, list[Json]] = defaultdict(list)
    for one in resources:
        by_type[str(one.get("resourceType"))].append(one)
    prefetch: Json = {}
    for source in sources:
        own = by_type.get(source.type)
        if not own or source.key in prefetch:
            continue
        if source.type in ALONE:
            prefetch[source.key] = own[0]
            continue
        beside = SUPPORTING - {CLAIM, *(each.type for each in sources)}
        named = _named(own, [one for type_ in sorted(beside) for one in by_type[type_]])
        if source.type == DECISION:
            named += by_type[CLAIM]  # decisions come with the claims that they are on
        entries = [*map(_entry, own), *({**_entry(one), **INCLUDED} for one in named)]
        outcomes = [{"resource": one, "search": {"mode": "outcome"}} for one in by_type[OUTCOME]]
        prefetch[source.key] = bundle([*entries, *outcomes])
    return prefetch


INCLUDED = {"search": {"mode": "include"}}


def bundle(entries: Sequence[Json]) -> Json:
    """A Bundle of entries."""
    return {"resourceType": "Bundle", "type": "collection", "entry": list(entries)}


def _entry(resource: Json) -> Json:
    name = type_and_id(resource)
    return {"fullUrl": f"{SERVER}/{name}", "resource": resource} if name else {"resource": resource}


def _named(own: Sequence[Json], shared: Sequence[Json]) -> list[Json]:
    """Which of the resources that no key asks for these ones name."""
    text = orjson.dumps(list(own)).decode()
    return [one for one in shared if (name := type_and_id(one)) and f'{name}"' in text]
