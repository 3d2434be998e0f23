"""The library: all documents, read once at start, unsound ones refused all together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from service.auth.trust import Trust
from service.cards.wording import Wording
from service.cds.discovery import ServiceDescription
from service.clinical.model import Clinical
from service.errors import Mistake, RequestError
from service.facts.knowledge import Knowledge
from service.facts.model import Client
from service.facts.payers.payers import Payer
from service.fhir.fetch.access import Access
from service.fhir.sources.source import Plan, Source
from service.fhir.terminology.terminology import Terminology
from service.library.policies.succession import Review, gaps
from service.policy.model import Policy


@dataclass(frozen=True)
class Library:
    """Everything that answers rest on, with the hash that names it."""

    services: tuple[ServiceDescription, ...]
    drugs: Mapping[str, tuple[str, ...]]
    drug_names: Mapping[str, frozenset[str]]
    sources: tuple[Source, ...]
    terminology: Terminology
    knowledge: Knowledge
    payers: Mapping[str, Payer]
    policies: tuple[Policy, ...]
    clients: Mapping[str, Client]
    accesses: Mapping[str, Access]
    trusts: Mapping[str, Trust]  # by client, of those whose tokens are taken
    wording: Wording
    content: str
    counts: Mapping[str, int]
    reviews: tuple[Review, ...]
    clinical: Clinical = field(default_factory=Clinical)
    slips: tuple[Mistake, ...] = ()  # answers may rest on them; `check` refuses them

    def warnings(self, today: date) -> tuple[Mistake, ...]:
        """What is sound and still wants a person's eye."""
        due = (one.due(today) for one in self.reviews)
        return (*(one for one in due if one is not None), *gaps(self.reviews))

    @cached_property
    def plan(self) -> Plan:
        """How coverages say what they pay for."""
        return next((one.plan for one in self.sources if one.type == "Coverage"), Plan())

    @cached_property
    def source_names(self) -> Mapping[str, str]:
        """What cards call each prefetch key."""
        return {one.key: one.says for one in self.sources}

    @cached_property
    def _by_type(self) -> Mapping[str, Source]:
        return {one.type: one for one in reversed(self.sources)}

    def source_of(self, type_: str) -> Source:
        """The first source that holds a resource type."""
        return self._by_type[type_]

    def client(self, id_: str) -> Client:
        """A configured client; an unknown one is refused."""
        if id_ not in self.clients:
            raise RequestError(401, "security", "this client is not configured here")
        return self.clients[id_]

    def access(self, client_id: str) -> Access:
        """Which FHIR servers may be called for a client; none unless the clients file says so."""
        return self.accesses.get(client_id, Access())

    def policy(self, payer: str, drug: str, day: date) -> Policy | None:
        """The policy of that payer for that drug in force on that day; the newest wins."""
        fits = [
            one
            for one in self.policies
            if one.payer == payer and one.drug == drug and one.in_force(day)
        ]
        return max(fits, key=lambda one: one.effective, default=None)


def content_hash(content: Path, clients: Path | None, version: str) -> str:
    """The hash of every document and of the program's version."""
    digest = sha256(version.encode())
    paths = [
        path for folder in ("mappings", "cards") for path in (content / folder).rglob("*.yaml")
    ]
    for path in sorted(paths):
        digest.update(path.relative_to(content).as_posix().encode() + b"\0")
        digest.update(path.read_bytes())
    if clients is not None:
        digest.update(clients.read_bytes())
    return f"sha256:{digest.hexdigest()}"
