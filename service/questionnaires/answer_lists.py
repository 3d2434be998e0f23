"""Lists to choose an answer from, as ValueSets: the drugs of a class, and why a therapy ended."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from hashlib import sha256

from service.fhir.terminology.drugs import Entry
from service.json_object import Json
from service.library.library import Library
from service.memo import per_document

BASE = "https://dupilumab-cds.github.io/fhir"
THERAPIES = f"{BASE}/CodeSystem/therapy"
LONGEST_ID = 64
ENDED = "therapy-ended"
Concept = tuple[str, str, str]


def resource_id(name: str) -> str:
    """A name as an id of FHIR: letters, digits, `-` and `.`, at most 64 of them."""
    id_ = re.sub(r"[^A-Za-z0-9.]+", "-", name)
    if len(id_) <= LONGEST_ID:
        return id_
    return f"{id_[: LONGEST_ID - 9]}-{sha256(name.encode()).hexdigest()[:8]}"


@per_document
def drugs_of(library: Library, classes: tuple[str, ...], title: str) -> Json:
    """The ValueSet of the drugs and other therapies in these classes, each once."""
    coded = _coded_members(library)
    members = dict.fromkeys(
        member for name in classes for member in library.knowledge.members.get(name, ())
    )
    concepts = [
        coded.get(member.casefold(), (THERAPIES, resource_id(member), member)) for member in members
    ]
    return value_set(f"drugs-{'-'.join(classes)}", title, concepts)


@per_document
def reasons_of(library: Library, title: str) -> Json:
    """The ValueSet of the reasons why a therapy ended: of failure first, then the others.

    The others are the value sets whose names begin as those of failure do.
    """
    failed = library.knowledge.of_kind("outcome").value_sets
    groups = {name.split(".", 1)[0] for name in failed}
    others = sorted(name for name in library.knowledge.titles if name.split(".", 1)[0] in groups)
    by_set: dict[str, list[Concept]] = {name: [] for name in dict.fromkeys((*failed, *others))}
    for entry, concept in _concepts(library):
        if entry.value_set in by_set:
            by_set[entry.value_set].append(concept)
    return value_set(ENDED, title, [one for found in by_set.values() for one in found])


def value_set(name: str, title: str, concepts: Iterable[Concept]) -> Json:
    """A ValueSet that lists its codes, each once."""
    by_system: dict[str, list[Json]] = {}
    for system, code, display in dict.fromkeys(concepts):
        by_system.setdefault(system, []).append({"code": code, "display": display})
    id_ = resource_id(name)
    return {
        "resourceType": "ValueSet",
        "id": id_,
        "url": f"{BASE}/ValueSet/{id_}",
        "title": title,
        "status": "active",
        "compose": {"include": [{"system": s, "concept": found} for s, found in by_system.items()]},
    }


def expanded(listed: Json, day: date) -> Json:
    """A ValueSet with its codes as an expansion, so that a form shows them without asking a server."""
    contains = [
        {"system": include["system"], **concept}
        for include in listed["compose"]["include"]
        for concept in include["concept"]
    ]
    expansion = {"timestamp": day.isoformat(), "total": len(contains), "contains": contains}
    return {**listed, "expansion": expansion}


@per_document
def _coded_members(library: Library) -> Mapping[str, Concept]:
    """The code of each drug that a value set names as a member, by its name."""
    wanted = {name.casefold() for of in library.knowledge.members.values() for name in of}
    found: dict[str, Concept] = {}
    for entry, concept in _concepts(library):
        if (name := entry.display.casefold()) in wanted:
            found.setdefault(name, concept)
    return found


def _concepts(library: Library) -> Iterator[tuple[Entry, Concept]]:
    """Every code once, under the first address of its system: the tables begin with the official one."""
    seen: set[tuple[str, str]] = set()
    for (system, _), entries in library.terminology.by_code.items():
        for entry in entries:
            if not entry.question and (entry.value_set, entry.code) not in seen:
                seen.add((entry.value_set, entry.code))
                yield entry, (system, entry.code, entry.display)
