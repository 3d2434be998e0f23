"""Loads the library: reads, checks and wires all documents; every mistake at once."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from service import __version__
from service.cards.wording import load_wording
from service.cds.discovery import ServiceDescription
from service.errors import DocumentsError, Mistake
from service.facts.case import Knowledge
from service.facts.coverage import Elsewhere, Payer
from service.fhir.source import Source
from service.library import shapes
from service.library.clients import load_clients
from service.library.knowledge import (
    build_band,
    build_fact,
    build_source,
    check_fact,
    observation_codes,
)
from service.library.library import Library, content_hash
from service.library.operations import Names
from service.library.policies import load_policies
from service.library.reader import Document, read_document
from service.library.terminology import build_terminology, build_units, check_value_sets
from service.library.validate import did_you_mean, validate
from service.policy.model import Policy

S = TypeVar("S", bound=BaseModel)
Read = dict[str, tuple[Document, S]]


def load_library(content: Path, clients: Path | None) -> Library:
    """The library of a content folder; DocumentsError with every mistake if it is unsound."""
    mistakes: list[Mistake] = []
    library = _Loader(content, mistakes).load(clients)
    if mistakes or library is None:
        raise DocumentsError(list(dict.fromkeys(mistakes)))
    return library


class _Loader:
    """Reads folder after folder, collecting mistakes on the way."""

    def __init__(self, content: Path, mistakes: list[Mistake]) -> None:
        self.content = content
        self.root = content / "mappings"
        self.mistakes = mistakes

    def load(self, clients: Path | None) -> Library | None:
        """The whole library, or None when a part is missing that the rest is built on."""
        value_sets = self._read_all("value_sets", shapes.ValueSetShape, lambda one: one.value_set)
        facts = self._read_all("facts", shapes.FactShape, lambda one: one.fact)
        sources = self._read_all("sources", shapes.SourceShape, lambda one: one.source)
        regimens = self._read_all("regimens", shapes.RegimenShape, lambda one: one.regimen)
        payers = self._read_all("payers", shapes.PayerShape, lambda one: one.payer)
        services = self._read_all("services", shapes.ServiceShape, lambda one: one.service)
        units = self._read_one("units.yaml", shapes.UnitsShape)
        systems = self._read_one("code_systems.yaml", shapes.CodeSystemsShape)
        self.mistakes += check_value_sets(value_sets)
        wording = load_wording(self.content / "cards", self.mistakes)
        known_clients = load_clients(clients, self.mistakes)
        if units is None or systems is None or wording is None:
            return None
        sets = _shapes(value_sets)
        unit_table = build_units(units)
        built = self._sources(sources, sets)
        for document, shape in facts.values():
            self.mistakes += check_fact(document, shape, sets, built, unit_table, facts)
        names = Names(_shapes(facts), frozenset(sets), frozenset(unit_table), frozenset(regimens))
        knowledge = Knowledge(
            {name: build_fact(shape) for name, shape in _shapes(facts).items()},
            built,
            unit_table,
            {
                name: tuple(
                    build_band(document, index, row, self.mistakes)
                    for index, row in enumerate(shape.regimens)
                )
                for name, (document, shape) in regimens.items()
            },
            {name: shape.members for name, shape in sets.items()},
            {name: shape.says for name, shape in sets.items()},
        )
        policies = load_policies(self.root, names, self.mistakes)
        self._check_payers(policies, payers)
        counts = {
            "value sets": len(sets),
            "facts": len(facts),
            "sources": len(built),
            "policies": len(policies),
            "payers": len(payers),
        }
        return Library(
            self._services(services, built, sets),
            {shape.hook: shape.drugs for shape in _shapes(services).values()},
            {
                name: frozenset(text.lower() for text in shape.texts)
                for name, shape in sets.items()
                if shape.kind == "drug"
            },
            tuple(built.values()),
            build_terminology(sets, systems),
            knowledge,
            {name: _payer(shape) for name, shape in _shapes(payers).items()},
            policies,
            known_clients,
            wording,
            content_hash(self.content, clients, __version__),
            counts,
        )

    def _read_all(self, folder: str, shape: type[S], name: Callable[[S], str]) -> Read[S]:
        found: Read[S] = {}
        for path in sorted((self.root / folder).rglob("*.yaml")):
            file = f"mappings/{path.relative_to(self.root).as_posix()}"
            document = read_document(path, file, self.mistakes)
            valid = validate(document, shape, self.mistakes)
            if valid is None:
                continue
            if name(valid) in found:
                what = f"'{name(valid)}' stands already in {found[name(valid)][0].file}"
                self.mistakes.append(document.mistake((), what))
            found[name(valid)] = (document, valid)
        if not found:
            self.mistakes.append(Mistake(f"mappings/{folder}", 1, "no sound document here"))
        return found

    def _read_one(self, file: str, shape: type[S]) -> S | None:
        path = self.root / file
        if not path.is_file():
            self.mistakes.append(Mistake(f"mappings/{file}", 1, "this file is missing"))
            return None
        return validate(
            read_document(path, f"mappings/{file}", self.mistakes), shape, self.mistakes
        )

    def _sources(
        self, sources: Read[shapes.SourceShape], sets: Mapping[str, shapes.ValueSetShape]
    ) -> dict[str, Source]:
        codes = observation_codes(sets)
        return {
            name: build_source(document, shape, codes, self.mistakes)
            for name, (document, shape) in sources.items()
        }

    def _services(
        self,
        services: Read[shapes.ServiceShape],
        sources: Mapping[str, Source],
        sets: Mapping[str, shapes.ValueSetShape],
    ) -> tuple[ServiceDescription, ...]:
        found = []
        for document, shape in services.values():
            for at, names, known in (
                ("prefetch", shape.prefetch, sources),
                ("drugs", shape.drugs, sets),
            ):
                for name in names:
                    if name not in known:
                        what = f"'{name}' is not known{did_you_mean(name, known)}"
                        self.mistakes.append(document.mistake((at,), what))
            prefetch = {key: sources[key].search for key in shape.prefetch if key in sources}
            found.append(
                ServiceDescription(
                    shape.service, shape.hook, shape.title, shape.description, prefetch
                )
            )
        return tuple(sorted(found, key=lambda one: one.hook, reverse=True))

    def _check_payers(self, policies: tuple[Policy, ...], payers: Mapping[str, object]) -> None:
        for policy in policies:
            if policy.payer not in payers:
                what = f"policy {policy.id} names the payer '{policy.payer}', which is not there"
                self.mistakes.append(Mistake("mappings/payers", 1, what))


def _shapes(read: Read[S]) -> dict[str, S]:
    return {name: shape for name, (_, shape) in read.items()}


def _payer(shape: shapes.PayerShape) -> Payer:
    def pairs(found: tuple[shapes.IdentifierShape, ...]) -> frozenset[tuple[str | None, str]]:
        return frozenset((one.system, one.value) for one in found)

    return Payer(
        shape.payer,
        shape.name,
        shape.short,
        pairs(shape.identifiers),
        shape.names,
        tuple(
            Elsewhere(one.says, one.cite, one.names, pairs(one.identifiers))
            for one in shape.elsewhere
        ),
        pairs(shape.network_pharmacies),
    )
