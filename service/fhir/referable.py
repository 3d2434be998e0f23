"""What references may point to: everything that came along, looked up only when one is followed."""

from collections.abc import Sequence

from service.fhir.elements import Json, objects
from service.fhir.reference import base, literal, parts

Pairs = Sequence[tuple[str | None, Json]]


class Referable:
    """Resources by type and id and by the URL of their entry; the first one of a name stays.

    What is on another server than the client's own is found by the URL of its entry alone.
    """

    def __init__(self, server: str | None = None) -> None:
        self._server = server.rstrip("/") if server else None
        self._all: list[tuple[Pairs, str | None]] = []
        self._waiting: list[tuple[Pairs, str | None]] = []
        self._by_name: dict[str, Json] = {}
        self._by_id: dict[str, Json] | None = None
        self._inside: dict[int, dict[str, Json]] = {}

    def add(self, pairs: Pairs, type_: str | None = None) -> None:
        """Resources with the URLs of their bundle entries; of one type, if that is told."""
        self._all.append((pairs, type_))
        self._waiting.append((pairs, type_))
        self._by_id = None

    def resolve(self, element: object, holder: Json | None = None) -> Json | None:
        """The resource that a Reference points to: contained, by URL, else by type and id."""
        reference = literal(element)
        if reference is None:
            return None
        if reference.startswith("#"):
            return self._contained(holder).get(reference[1:]) if holder else None
        type_, id_ = parts(reference)
        self._settle(type_)
        if (found := self._by_name.get(reference)) is not None:
            return found
        if self._server and base(reference) not in (None, self._server):
            return None
        return self._by_name.get(f"{type_}/{id_}") if type_ else self._of_id(id_)

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
            self._by_name.setdefault(f"{resource.get('resourceType')}/{id_}", resource)
        if isinstance(url, str):
            self._by_name.setdefault(url, resource)

    def _of_id(self, wanted: str) -> Json | None:
        """A reference without a type, as some senders write it: the first resource of that id."""
        if self._by_id is None:
            self._by_id = {}
            for pairs, _ in self._all:
                for _, resource in pairs:
                    if isinstance(id_ := resource.get("id"), str):
                        self._by_id.setdefault(id_, resource)
        return self._by_id.get(wanted)
