"""Facts without one of their sources, value sets without their codes: what cases notice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from mutants.killing import Seen, fails, without_alternatives
from support.cases.request import request
from support.cases.run import Case

from service.facts.fact import Fact
from service.fhir.elements import codings
from service.fhir.terminology.terminology import Terminology
from service.library import Library
from service.library.lookups.terminology_tables import build_terminology
from service.library.mapping_folders import MappingFolders
from service.policy.model import Criterion, walk
from service.policy.operators import Operator

# Operators name these kinds of facts by themselves; `age` is part of every order's dose.
NAMED_BY_KIND = {"age", "supply", "sessions", "outcome", "exclusion", "specialty", "approval"}
Mutated = tuple[str, Library, list[Case]]


def facts_without_a_source(library: Library, seen: Sequence[Seen]) -> Iterator[Mutated]:
    """Every fact without each of its sources, with the cases that ask the fact."""
    for fact in library.knowledge.facts.values():
        cases = _asking(library, fact, seen)
        for source in fact.sources:
            rest = tuple(one for one in fact.sources if one is not source)
            mutated = _with_fact(library, replace(fact, sources=rest))
            yield f"{fact.name}: without {source.source}", mutated, cases


def _with_fact(library: Library, fact: Fact) -> Library:
    known = library.knowledge
    facts = {**known.facts, fact.name: fact}
    return replace(without_alternatives(library), knowledge=replace(known, facts=facts))


def _asking(library: Library, fact: Fact, seen: Sequence[Seen]) -> list[Case]:
    """The cases whose answers show a criterion that asks the fact, the ones about it first."""
    if fact.kind in NAMED_BY_KIND:
        return [one.case for one in seen]
    wanted = {fact.name}
    wanted |= {one.name for one in library.knowledge.facts.values() if fact.name in one.scales}
    ids = {one.id for policy in library.policies for one in policy.criteria() if _asks(one, wanted)}
    found = [one for one in seen if ids & one.shown]
    return [one.case for one in sorted(found, key=lambda one: not ids & one.case.expect.keys())]


def _asks(criterion: Criterion, wanted: set[str]) -> bool:
    """Whether a criterion asks one of the facts, or a notice of it does."""
    notices = (one for notice in criterion.notices for one in walk(notice.when))
    asked = (one.operator for one in (criterion, *notices))
    return any(wanted & {*_texts(one)} for one in asked if one is not None)


def _texts(operator: Operator) -> Iterator[str]:
    """The names in an operator: in its fields, and in the lists in them."""
    for value in (getattr(operator, field.name) for field in fields(operator)):
        yield from (one for one in ([value] if isinstance(value, str) else _listed(value)))


def _listed(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, tuple) else []


@dataclass(frozen=True)
class Emptied:
    """The terminology with one value set emptied, and the cases in which a code of it stands."""

    folders: MappingFolders
    library: Library
    seen: Sequence[Seen]

    def mutants(self) -> Iterator[Mutated]:
        """Every value set without codes, questions and names."""
        for name, shape in self.folders.value_sets.shapes.items():
            cases = self._touched.get(name, [])
            empty = shape.model_copy(update={"codes": {}, "questions": {}, "texts": ()})
            rest = {**self.folders.value_sets.shapes, name: empty}
            # without a case nothing is judged, and the library need not be built
            library = self._with(rest) if cases else self.library
            yield f"{name}: emptied", library, cases

    def _with(self, shapes: Mapping[str, Any]) -> Library:
        folders = self.folders
        systems = folders.systems
        if systems is None:
            raise ValueError("the code systems could not be read")
        terminology = build_terminology(shapes, systems, folders.tables, folders.unread)
        # A system is known by other sets too: what is emptied is the set alone.
        known = replace(terminology, known_systems=self.library.terminology.known_systems)
        return replace(without_alternatives(self.library), terminology=known)

    @cached_property
    def _touched(self) -> dict[str, list[Case]]:
        """By value set the cases that hold a code or a name of it."""
        found: dict[str, list[Case]] = {}
        for one in self.seen:
            sent = request(one.case.given, one.case.as_of)
            for name in {*_value_sets(self.library.terminology, sent)}:
                found.setdefault(name, []).append(one.case)
        return found


def _value_sets(known: Terminology, sent: object) -> Iterator[str]:
    """The value sets that a code or a name in a request may stand in."""
    if isinstance(sent, dict):
        yield from (one.value_set for one in known.of_names(sent))
        yield from (one.value_set for one in known.spelled(sent, {})[0])
        for system, code, _ in codings(sent):
            yield from (one.value_set for one in known.of_code(system, code))
            yield from (one.value_set for one in known.of_bare(code or ""))
        coded = (sent.get("system"), sent.get("code"))
        yield from (one.value_set for one in known.of_code(*coded))
        yield from (one.value_set for one in known.of_bare(str(sent.get("code"))))
    inside = sent.values() if isinstance(sent, dict) else sent if isinstance(sent, list) else ()
    for one in inside:
        yield from _value_sets(known, one)


def noticed(library: Library, cases: Sequence[Case]) -> str | None:
    """The first case that fails with these documents."""
    return next((one.says for one in cases if fails(one, library)), None)
