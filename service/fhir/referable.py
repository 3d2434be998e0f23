"""What references may point to: everything that came along, looked up only when one is followed."""

from collections.abc import Iterator, Sequence

from service.fhir.elements import Json, objects, text
from service.fhir.reference import base, literal, parts

Pairs = Sequence[tuple[str | None, Json]]
# The server of a resource, as its entry tells it, and the resource.
Placed = tuple[str | None, Json]


class Referable:
    """Resources by the URL of their entry, and by server, type and id; the first one of a name stays.

    An id is one server's own: a resource whose entry names another server is found by a reference to
    that server alone, or by a relative one of a holder that came from there (FHIR R4, Bundle,
    resolving references).
    """

    def __init__(self, server: str | None = None) -> None:
        self._server = server.rstrip("/") if server else None
        self._all: list[tuple[Pairs, str | None]] = []
        self._waiting: list[tuple[Pairs, str | None]] = []
        self._by_url: dict[str, Json] = {}
        self._by_name: dict[str, list[Placed]] = {}
        self._by_id: dict[str, Placed] | None = None
        self._holders: dict[int, str | None] | None = None
        self._inside: dict[int, dict[str, Json]] = {}

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
        named = self._by_name.get(f"{type_}/{id_}", []) if type_ else self._of_id(id_)
        return self._on_its_server(named, base(reference), holder)

    def _on_its_server(
        self, named: Sequence[Placed], where: str | None, holder: Json | None
    ) -> Json | None:
        """Of what has the name, the one of the server that is meant."""
        if not named:
            return None
        where = where or self._server_of(holder) or self._server
        if where is not None and not self._is_ours(where):
            return next((resource for one, resource in named if one == where), None)
        ours = [(one, resource) for one, resource in named if self._is_ours(one)]
        exact = (resource for one, resource in ours if one is not None)
        return next(exact, ours[0][1] if ours else None)

    def _is_ours(self, server: str | None) -> bool:
        """Whether a resource of that server is the client's own; without a server told all are."""
        return self._server is None or server in (None, self._server)

    def _server_of(self, holder: Json | None) -> str | None:
        """The server of the entry that a resource came in."""
        if self._holders is None:
            self._holders = {id(resource): url for url, resource in self._each()}
        return _server(self._holders.get(id(holder)))

    def _contained(self, holder: Json) -> dict[str, Json]:
        """What a resource contains by id, with or without the `#` that some write into it."""
        known = self._inside.get(id(holder))
        if known is None:
            known = self._inside[id(holder)] = {}
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
                self._name(url, resource)

    def _name(self, url: object, resource: Json) -> None:
        id_ = resource.get("id")
        if isinstance(id_, str):
            name = f"{resource.get('resourceType')}/{id_}"
            self._by_name.setdefault(name, []).append((_server(url), resource))
        if isinstance(url, str):
            self._by_url.setdefault(url, resource)

    def _of_id(self, wanted: str) -> Sequence[Placed]:
        """A reference without a type, as some senders write it: the first resource of that id."""
        if self._by_id is None:
            self._by_id = {}
            for url, resource in self._each():
                if isinstance(id_ := resource.get("id"), str) and self._is_ours(_server(url)):
                    self._by_id.setdefault(id_, (_server(url), resource))
        found = self._by_id.get(wanted)
        return [found] if found else []

    def _each(self) -> Iterator[tuple[str | None, Json]]:
        return (pair for pairs, _ in self._all for pair in pairs)


def _server(url: object) -> str | None:
    """The server that the URL of an entry names; None for a urn or none at all."""
    return base(said) if (said := text(url)) else None
