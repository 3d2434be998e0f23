"""What references may point to: everything that came along, looked up only when one is followed."""

from collections.abc import Sequence

from service.fhir.elements import Json, objects
from service.fhir.reference import literal, parts

Pairs = Sequence[tuple[str | None, Json]]


class Referable:
    """Resources by type and id and by the URL of their entry; the first one of a name stays."""

    def __init__(self) -> None:
        self._waiting: list[Pairs] = []
        self._by_name: dict[str, Json] = {}

    def add(self, pairs: Pairs) -> None:
        """Resources with the URLs of their bundle entries."""
        self._waiting.append(pairs)

    def resolve(self, element: object, holder: Json | None = None) -> Json | None:
        """The resource that a Reference points to: contained, by URL, else by type and id."""
        reference = literal(element)
        if reference is None:
            return None
        if reference.startswith("#"):
            contained = objects(holder.get("contained")) if holder else []
            return next((one for one in contained if _is(one, reference[1:])), None)
        self._settle()
        if (found := self._by_name.get(reference)) is not None:
            return found
        type_, id_ = parts(reference)
        return self._by_name.get(f"{type_}/{id_}" if type_ else id_)

    def _settle(self) -> None:
        for pairs in self._waiting:
            for url, resource in pairs:
                self._name(url, resource)
        self._waiting.clear()

    def _name(self, url: object, resource: Json) -> None:
        id_ = resource.get("id")
        if isinstance(id_, str):
            self._by_name.setdefault(f"{resource.get('resourceType')}/{id_}", resource)
            self._by_name.setdefault(id_, resource)
        if isinstance(url, str):
            self._by_name.setdefault(url, resource)


def _is(resource: Json, id_: str) -> bool:
    return resource.get("id") in (id_, f"#{id_}")
