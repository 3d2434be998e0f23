"""Who made a statement, and why it does not count where somebody else than a prescriber here made it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from service.facts.knowledge import Knowledge
from service.fhir.elements import (
    first_object,
    literal_reference,
    objects,
    reference_parts,
    server_of,
    text,
    type_and_id,
)
from service.fhir.record import Record
from service.fhir.resource_types import PRESCRIBERS, ROLE
from service.fhir.values.human_name import name_of
from service.json_object import Json
from service.policy.finding import Remark, remark

LONGEST_NAME = 60
# How many organizations above one another are looked at.
LEVELS = 5
# Why a statement of others does not count, by the type of its author or of its source.
OTHERS: Mapping[str, Remark] = {
    "Patient": remark("by_patient"),
    "RelatedPerson": remark("by_related_person"),
    "Device": remark("by_device"),
    "Organization": remark("by_organization"),
}
UNKNOWN = remark("by_nobody_known")
ELSEWHERE = remark("by_another_practice")
NO_PRESCRIBER = remark("by_no_prescriber")


class StatementAuthor(NamedTuple):
    """Who stated it, as shown; `refused` is why the statement does not count, None if it does.

    `reference` is that of the person, empty for one who is known by `identifiers` alone: a contained
    resource has a name inside its response only.
    """

    name: str
    refused: Remark | None = None
    reference: str = ""
    identifiers: tuple[str, ...] = ()

    @property
    def filed_under(self) -> Iterator[str]:
        """The keys under which a statement of this author is found by `looked_up`."""
        if self.reference:
            yield self.reference
        for each in self.identifiers:
            yield f"any|{each}"
            if not self.reference:
                yield f"bare|{each}"

    @property
    def looked_up(self) -> Iterator[str]:
        """The keys of all statements of the same author.

        Two references are two people, whatever identifier both have: that of a practice may stand there.
        """
        if self.reference:
            yield self.reference
        kind = "bare" if self.reference else "any"
        yield from (f"{kind}|{each}" for each in self.identifiers)


@dataclass(frozen=True, slots=True)
class Authors:
    """Tells who made a statement about a patient; `order` and `user` tell whose practice orders."""

    record: Record
    knowledge: Knowledge
    order: Json = field(default_factory=dict)
    user: str | None = None

    def of(self, response: Json) -> StatementAuthor:
        """The author of a response: the first that may state it, else why the first one may not."""
        authors = objects(response.get("author"))
        read = [self.named(author, response) for author in authors] or [
            StatementAuthor("", UNKNOWN)
        ]
        first = next((one for one in read if one.refused is None), read[0])
        answering = self._answered_by(response)
        return first if answering is None else first._replace(refused=answering)

    def named(self, author: Json, response: Json) -> StatementAuthor:
        """Who is meant by a reference in a response, and why somebody like that may not state."""
        target, type_ = self._target(author, response)
        name = self._name(author, target)
        if type_ is not None and type_ in OTHERS:
            return StatementAuthor(name, OTHERS[type_])
        if type_ not in PRESCRIBERS or not self._is_somebody(author, target):
            return StatementAuthor(name, UNKNOWN)
        roles = self._roles(author, target)
        if self._is_of_another_server(author) or self._is_of_another_practice(roles):
            return StatementAuthor(name, ELSEWHERE)
        nothing = bool(roles) and all(map(self._prescribes_nothing, roles))
        refused = NO_PRESCRIBER if nothing else None
        return StatementAuthor(
            name, refused, self._reference(author, target), _identifiers(author, target)
        )

    def _answered_by(self, response: Json) -> Remark | None:
        """Why what somebody else answered does not count, whoever entered it (`source`)."""
        for source in objects(response.get("source")):
            _, type_ = self._target(source, response)
            if type_ is not None and type_ in OTHERS:
                return OTHERS[type_]
        return None

    def _target(self, reference: Json, holder: Json) -> tuple[Json | None, str | None]:
        """The resource that a reference points to, if it was sent, and its type; None if types differ."""
        target = self.record.resolve(reference, holder)
        literal = literal_reference(reference)
        found = text(target.get("resourceType")) if target else None
        written = reference_parts(literal)[0] if literal else None
        types = {found, written, text(reference.get("type"))} - {None}
        # a urn and a contained resource say their type only themselves
        return target, types.pop() if len(types) == 1 else None

    def _is_somebody(self, author: Json, target: Json | None) -> bool:
        """Whether an author can be told: a resource of the server or one that was sent, or an identifier."""
        literal = literal_reference(author)
        if literal is None:
            return text(first_object(author.get("identifier")).get("value")) is not None
        if literal.startswith(("#", "urn:")):
            return target is not None and bool(
                name_of(target) or objects(target.get("identifier")) or _whose(target)
            )
        return True

    def _reference(self, author: Json, target: Json | None) -> str:
        """The reference of the person, that of the practitioner for a role; empty for one inside."""
        practitioner = (target or {}).get("practitioner")
        literal = literal_reference(first_object(practitioner)) or literal_reference(author) or ""
        if literal.startswith(("#", "urn:")):
            return ""
        where = server_of(literal)
        return f"{where}/{_local(literal)}" if where and not self._here else _local(literal) or ""

    @property
    def _here(self) -> set[str]:
        """The addresses of the client's own server, where they are known."""
        return {server.rstrip("/") for server in (self.record.server, self.record.home) if server}

    def _is_of_another_server(self, author: Json) -> bool:
        where = server_of(literal_reference(author) or "")
        return where is not None and bool(self._here) and where not in self._here

    def _roles(self, author: Json, target: Json | None) -> list[Json]:
        """The roles of an author that are known: the one that signs, or all of the practitioner."""
        if target is not None and target.get("resourceType") == ROLE:
            return [target]
        named = {_local(literal_reference(author)), _local(type_and_id(target or {}))} - {None}
        return [
            role
            for role in self.record.resources.get(ROLE, ())
            if _local(literal_reference(role.get("practitioner"))) in named
        ]

    def _is_of_another_practice(self, roles: Iterable[Json]) -> bool:
        """Whether the organizations of the author and of the order's prescriber are known, and differ."""
        theirs, ours = self._organizations(roles), self._organizations(self._own_roles())
        return bool(theirs) and bool(ours) and theirs.isdisjoint(ours)

    def _own_roles(self) -> Iterator[Json]:
        """The roles of the order's requester, else of the user."""
        requester = first_object(self.order.get("requester"))
        if literal_reference(requester) is None:
            requester = {"reference": self.user} if self.user else {}
        yield from self._roles(requester, self.record.resolve(requester, self.order))

    def _organizations(self, roles: Iterable[Json]) -> set[str]:
        """The organizations of roles, and those that they are part of."""
        found: set[str] = set()
        for role in roles:
            holder, named = role, first_object(role.get("organization"))
            for _ in range(LEVELS):
                name = _local(literal_reference(named))
                if name is None:
                    break
                found.add(name)
                organization = self.record.resolve(named, holder)
                if organization is None:
                    break
                holder, named = organization, first_object(organization.get("partOf"))
        return found

    def _prescribes_nothing(self, role: Json) -> bool:
        """Whether a code of a role is that of somebody who prescribes nothing."""
        others = self.knowledge.of_kind("specialty").other_roles
        return any(
            entry.value_set in others
            for concept in objects(role.get("code"))
            for entry in self.record.entries_of_concept(concept)
        )

    def _name(self, author: Json, target: Json | None) -> str:
        """How an author is called: by the reference, else by the resource, else its reference."""
        shown = text(author.get("display")) or (target and self._name_of_target(target))
        identifier = text(first_object(author.get("identifier")).get("value"))
        return (shown or literal_reference(author) or identifier or "")[:LONGEST_NAME]

    def _name_of_target(self, target: Json) -> str | None:
        if name := name_of(target):
            return name
        practitioner = first_object(target.get("practitioner"))
        whose = self.record.resolve(practitioner, target) or {}
        return text(practitioner.get("display")) or name_of(whose)


def _identifiers(author: Json, target: Json | None) -> tuple[str, ...]:
    """The identifiers of an author with their systems, from the reference and from the resource."""
    written = [*objects(author.get("identifier")), *objects((target or {}).get("identifier"))]
    pairs = ((text(one.get("system")), text(one.get("value"))) for one in written)
    return tuple(dict.fromkeys(f"{system}|{value}" for system, value in pairs if system and value))


def _whose(role: Json) -> bool:
    return literal_reference(first_object(role.get("practitioner"))) is not None


def _local(reference: str | None) -> str | None:
    """Type and id of a reference without its server; None if there is no reference."""
    if not reference:
        return None
    type_, id_ = reference_parts(reference)
    return f"{type_}/{id_}" if type_ else id_
