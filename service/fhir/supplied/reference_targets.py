"""Finds the targets of references among all supplied resources; indexed only when a reference is followed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from service.fhir.elements import literal_reference, objects, reference_parts, server_of, text
from service.fhir.supplied.superseded_versions import newer
from service.json_object import Json
from service.memo import IdentityMap, IdentitySet

Pairs = Sequence[tuple[str | None, Json]]
# Resources of one type and id, by the server of their entries.
ByServer = Mapping[str | None, Json]
Name = TypeVar("Name")


class ReferenceTargets:
    """Resources by fullUrl, and by server, type and id; only the newest of one name is kept.

    Ids are unique per server: a resource from another server is found only by a reference to
    that server, or by a relative reference of a resource from there (FHIR R4, Bundle,
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
        """Sets the client's own server, if only the entries show it."""
        self._server = server

    def forget(self, gone: IdentitySet[Json]) -> None:
        """Removes resources that newer versions have replaced."""
        self._gone.update(gone)
        self._by_url, self._by_name, self._by_id = {}, {}, None
        self._waiting = [*self._all]

    def add(self, pairs: Pairs, type_: str | None = None) -> None:
        """Adds resources with the fullUrls of their entries; `type_` if all are of one type."""
        self._all.append((pairs, type_))
        self._waiting.append((pairs, type_))
        self._by_id = self._holders = None

    def resolve(self, element: object, holder: Json | None = None) -> Json | None:
        """The resource that a Reference points to: contained, by URL, else by type and id; else None."""
        reference = literal_reference(element)
        if reference is None:
            return None
        if reference.startswith("#"):
            return self._contained(holder).get(reference[1:]) if holder else None
        type_, id_ = reference_parts(reference)
        self._settle(type_)
        if (by_url := self._by_url.get(reference)) is not None:
            return by_url
        named = self._by_name.get(f"{type_}/{id_}", {}) if type_ else self._of_id(id_)
        return self._on_its_server(named, server_of(reference), holder)

    def _on_its_server(
        self, named: ByServer, where: str | None, holder: Json | None
    ) -> Json | None:
        """Among resources of one name, the one on the server that the reference means."""
        if not named:
            return None
        where = where or self._server_of(holder) or self._server
        if where is not None and not self._is_ours(where):
            return named.get(where)
        ours = [server for server in named if self._is_ours(server)]
        exact = next((server for server in ours if server is not None), None)
        return named[exact] if ours else None

    def _is_ours(self, server: str | None) -> bool:
        """Whether a server is the client's own; if the own server is unknown, every server is."""
        return self._server is None or server in (None, self._server)

    def _server_of(self, holder: Json | None) -> str | None:
        """The server of the entry in which a resource came."""
        if self._holders is None:
            self._holders = IdentityMap((resource, url) for url, resource in self._each())
        return _server(self._holders.get(holder))

    def _contained(self, holder: Json) -> dict[str, Json]:
        """Contained resources by id, with and without a leading `#`."""
        known = self._inside.get(holder)
        if known is None:
            known = self._inside[holder] = {}
            for contained in objects(holder.get("contained")):
                if isinstance(id_ := contained.get("id"), str):
                    known.setdefault(id_, contained)
                    known.setdefault(id_.removeprefix("#"), contained)
        return known

    def _settle(self, wanted: str | None) -> None:
        """Indexes waiting resources of the wanted type only; others stay unindexed until they are needed."""
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
            _put_newest(self._by_name.setdefault(name, {}), _server(url), resource)
        if isinstance(url, str):
            _put_newest(self._by_url, url, resource)

    def _of_id(self, wanted: str) -> ByServer:
        """Resources for a reference without type: those of the first resource with that id."""
        if self._by_id is None:
            self._by_id = {}
            for url, resource in self._each():
                if isinstance(id_ := resource.get("id"), str) and self._is_ours(_server(url)):
                    self._by_id.setdefault(id_, resource)
        named_resource = self._by_id.get(wanted)
        if named_resource is None:
            return {}
        type_ = text(named_resource.get("resourceType"))
        self._settle(type_)
        return self._by_name.get(f"{type_}/{wanted}", {})

    def _each(self) -> Iterator[tuple[str | None, Json]]:
        pairs = (pair for pairs, _ in self._all for pair in pairs)
        return (pair for pair in pairs if pair[1] not in self._gone)


def _put_newest(kept: dict[Name, Json], name: Name, resource: Json) -> None:
    known = kept.get(name)
    kept[name] = resource if known is None else newer(known, resource)


def _server(url: object) -> str | None:
    """The server that a fullUrl names; None for a urn or a missing URL."""
    return server_of(address) if (address := text(url)) else None
