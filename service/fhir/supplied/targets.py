"""What references may point to: everything that came along, looked up only when one is followed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from service.fhir.elements import objects, text
from service.fhir.reference import base, literal, parts
from service.fhir.supplied.superseded import newer
from service.json_object import Json
from service.memo import IdentityMap, IdentitySet

Pairs = Sequence[tuple[str | None, Json]]
# What has one name, by the server that its entry tells.
Placed = Mapping[str | None, Json]
Name = TypeVar("Name")


class Referable:
    """Resources by the URL of their entry, and by server, type and id; of one name the newest stays.

    An id is one server's own: a resource whose entry names another server is found by a reference to
    that server alone, or by a relative one of a holder that came from there (FHIR R4, Bundle,
    resolving references).
    """

    def __init__(self, server: str | None = None) -> None:
        self._server = server.rstrip("/") if server else None
        self._all: list[tuple[Pairs, str | None]] = []
        self._waiting: list[tuple[Pairs, str | None]] = []
        self._by_url: dict[str, Json] = {}
        self._by_name: dict[str, dict[str | None, Json]] = {}
        self._by_id: dict[str, Json] | None = None
        self._holders: IdentityMap[Json | None, str | None] | None = None
        self._gone: IdentitySet[Json] = IdentitySet()
        self._inside: IdentityMap[Json, dict[str, Json]] = IdentityMap()

    def at(self, server: str | None) -> None:
        """The client's own server, where only the entries tell it."""
        self._server = server

    def forget(self, gone: IdentitySet[Json]) -> None:
        """Nothing leads to these any more, for newer versions of them came."""
        self._gone.update(gone)
        self._by_url, self._by_name, self._by_id = {}, {}, None
        self._waiting = [*self._all]

    def add(self, pairs: Pairs, type_: str | None = None) -> None:
        """Resources with the URLs of their bundle entries; of one type, if that is told."""
        self._all.append((pairs, type_))
        self._waiting.append((pairs, type_))
        self._by_id = self._holders = None

    def resolve(self, element: object, holder: Json | None = None) -> Json | None:
        """The resource that a Reference points to: contained, by URL, else by type and id."""
        reference = literal(element)
        if reference is None:
            return None
        if reference.startswith("#"):
            return self._contained(holder).get(reference[1:]) if holder else None
        type_, id_ = parts(reference)
        self._settle(type_)
        if (found := self._by_url.get(reference)) is not None:
            return found
        named = self._by_name.get(f"{type_}/{id_}", {}) if type_ else self._of_id(id_)
        return self._on_its_server(named, base(reference), holder)

    def _on_its_server(self, named: Placed, where: str | None, holder: Json | None) -> Json | None:
        """Of what has the name, the one of the server that is meant."""
        if not named:
            return None
        where = where or self._server_of(holder) or self._server
        if where is not None and not self._is_ours(where):
            return named.get(where)
        ours = [one for one in named if self._is_ours(one)]
        exact = next((one for one in ours if one is not None), None)
        return named[exact] if ours else None

    def _is_ours(self, server: str | None) -> bool:
        """Whether a resource of that server is the client's own; without a server told all are."""
        return self._server is None or server in (None, self._server)

    def _server_of(self, holder: Json | None) -> str | None:
        """The server of the entry that a resource came in."""
        if self._holders is None:
            self._holders = IdentityMap((resource, url) for url, resource in self._each())
        return _server(self._holders.get(holder))

    def _contained(self, holder: Json) -> dict[str, Json]:
        """What a resource contains by id, with or without the `#` that some write into it."""
        known = self._inside.get(holder)
        if known is None:
            known = self._inside[holder] = {}
            for one in objects(holder.get("contained")):
                if isinstance(id_ := one.get("id"), str):
                    known.setdefault(id_, one)
                    known.setdefault(id_.removeprefix("#"), one)
        return known

    def _settle(self, wanted: str | None) -> None:
        """Names what may be meant: hundreds of results need no names to find a practitioner."""
        waiting, self._waiting = self._waiting, []
        for pairs, type_ in waiting:
            if wanted is not None and type_ not in (None, wanted):
                self._waiting.append((pairs, type_))
                continue
            for url, resource in pairs:
                if resource not in self._gone:
                    self._name(url, resource)

    def _name(self, url: object, resource: Json) -> None:
        id_ = resource.get("id")
        if isinstance(id_, str):
            name = f"{resource.get('resourceType')}/{id_}"
            _keep_newest(self._by_name.setdefault(name, {}), _server(url), resource)
        if isinstance(url, str):
            _keep_newest(self._by_url, url, resource)

    def _of_id(self, wanted: str) -> Placed:
        """A reference without a type, as some senders write it: the first resource of that id."""
        if self._by_id is None:
            self._by_id = {}
            for url, resource in self._each():
                if isinstance(id_ := resource.get("id"), str) and self._is_ours(_server(url)):
                    self._by_id.setdefault(id_, resource)
        found = self._by_id.get(wanted)
        if found is None:
            return {}
        type_ = text(found.get("resourceType"))
        self._settle(type_)
        return self._by_name.get(f"{type_}/{wanted}", {})

    def _each(self) -> Iterator[tuple[str | None, Json]]:
        pairs = (pair for pairs, _ in self._all for pair in pairs)
        return (pair for pair in pairs if pair[1] not in self._gone)


def _keep_newest(kept: dict[Name, Json], name: Name, resource: Json) -> None:
    known = kept.get(name)
    kept[name] = resource if known is None else newer(known, resource)


def _server(url: object) -> str | None:
    """The server that the URL of an entry names; None for a urn or none at all."""
    return base(said) if (said := text(url)) else None
