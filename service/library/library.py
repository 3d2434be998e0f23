"""The library: all documents, read once at start; any mistake in them refuses the start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from itertools import islice
from pathlib import Path

from service.auth.key_set import Trust
from service.auth.smart_configuration import Registration
from service.cards.crd.crd_document import CrdDocument
from service.cards.wording import Wording
from service.cds.discovery import CrdSupport, ServiceDescription
from service.clinical.therapies_and_pathways import Clinical
from service.errors import Mistake, RequestError
from service.facts.client import Client
from service.facts.knowledge import Knowledge
from service.facts.payer.payers import Payer
from service.fhir.fetch.access import Access
from service.fhir.sources.source import Plan, Source
from service.fhir.terminology.terminology import Terminology
from service.library.lookups.claim_codes import ClaimCodes
from service.library.policies.succession import Review, gaps
from service.library.policies.version_in_force import DRAFTS_TOO, JudgingVersions
from service.library.stored_policies import versions_of
from service.memo import cached_property
from service.policy.model import Policy, ReviewState

# So many policies are built before workers are forked, 8 ms each; others when an order needs them first.
POLICIES_PREPARED = 50


@dataclass(frozen=True)
class Library:
    """All documents in the form in which requests are judged; `content` is their hash."""

    services: tuple[ServiceDescription, ...]
    drugs: Mapping[str, tuple[str, ...]]
    drug_names: Mapping[str, frozenset[str]]
    sources: tuple[Source, ...]
    terminology: Terminology
    knowledge: Knowledge
    payers: Mapping[str, Payer]
    policies: Sequence[Policy]
    clients: Mapping[str, Client]
    accesses: Mapping[str, Access]
    trusts: Mapping[str, Trust]  # by client, of those whose tokens are accepted
    wording: Wording
    content: str
    counts: Mapping[str, int]
    reviews: tuple[Review, ...]
    clinical: Clinical = field(default_factory=Clinical)
    origins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of web pages, by client
    hosts: tuple[str, ...] = ()  # names by which `local` may call, beside ours
    claim_codes: ClaimCodes | None = None  # of requests for prior authorization
    registrations: Mapping[str, Registration] = field(
        default_factory=dict
    )  # as SMART app, by client
    judging: JudgingVersions = field(default_factory=JudgingVersions)
    crd: CrdDocument | None = None  # needed only if a service speaks Da Vinci CRD
    slips: tuple[Mistake, ...] = ()  # the service starts with them, `service check` fails on them

    def warnings(self, today: date) -> tuple[Mistake, ...]:
        """Reviews that are due and days without a policy: no mistakes, but a person should look."""
        found = [one for of in self.reviews for one in (of.without_state(), of.due(today))]
        return (*(mistake for mistake in found if mistake is not None), *gaps(self.reviews))

    def with_evaluation(self, allowed: bool) -> "Library":  # noqa: FBT001 - a setting, on or off
        """The library in which versions for evaluation judge orders only if that is allowed."""
        return self if allowed else replace(self, judging=self.judging.without_evaluation())

    def as_candidate(self) -> "Library":
        """The library in which drafts judge, as if they were in force."""
        return replace(self, judging=DRAFTS_TOO)

    def unreviewed(self) -> tuple[str, ...]:
        """The names of the versions that may judge here although two people have not reviewed them."""
        return tuple(
            f"{of.policy.policy}@{of.policy.effective}"
            for of in self.reviews
            if of.policy.state in self.judging.states
            and ReviewState(of.policy.state) is not ReviewState.ACTIVE
        )

    def judges(self, policy: Policy, day: date) -> bool:
        """Whether a version is in force on a day and of a state that may judge here."""
        return self.judging.judges(policy, day)

    def prepare(self) -> None:
        """Builds and compiles once, before workers share it, what else the first orders would wait for."""
        self.terminology.prepare()
        self.wording.prepare()
        self.knowledge.timings.prepare()
        for _ in islice(self.policies, POLICIES_PREPARED):
            pass

    @cached_property
    def plan(self) -> Plan:
        """Where a Coverage says what it pays for; an empty plan if no source reads coverages."""
        return next((source.plan for source in self.sources if source.type == "Coverage"), Plan())

    @property
    def crd_support(self) -> CrdSupport | None:
        """What discovery says of Da Vinci CRD; None if no service speaks it."""
        if self.crd is None:
            return None
        shown = ("code", "type", "name", "description", "default")
        options = [{name: getattr(one, name) for name in shown} for one in self.crd.options]
        return CrdSupport(tuple(self.crd.versions), options)

    @cached_property
    def source_names(self) -> Mapping[str, str]:
        """The words that cards use for each prefetch key."""
        return {source.key: source.says for source in self.sources}

    @property
    def hooks(self) -> frozenset[str]:
        """The hooks of all services."""
        return frozenset(service.hook for service in self.services)

    @cached_property
    def _by_type(self) -> Mapping[str, Source]:
        return {source.type: source for source in reversed(self.sources)}

    def source_of(self, type_: str) -> Source:
        """The first source that reads a resource type; KeyError if there is none."""
        return self._by_type[type_]

    def client(self, id_: str) -> Client:
        """A configured client by id; RequestError 401 for an unknown one."""
        if id_ not in self.clients:
            raise RequestError(401, "security", "this client is not configured here")
        return self.clients[id_]

    def access(self, client_id: str) -> Access:
        """The FHIR servers that may be called for a client; none unless the clients file names them."""
        return self.accesses.get(client_id, Access())

    def policy(self, payer: str, drug: str, day: date) -> Policy | None:
        """The newest policy of the payer for the drug that judges on the day; None if there is none."""
        return self.judging.newest(versions_of(self.policies, payer, drug), day)


def content_hash(content: Path, clients: Path | None, version: str) -> str:
    """SHA-256 of all documents, the clients file and the program's version, as `sha256:…`."""
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
