"""One prefetch value read key by key: its resources, and whether it came whole."""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from operator import countOf, itemgetter
from typing import Any

from service.fhir.elements import first_object, items, objects, text
from service.fhir.reference import base, parts
from service.fhir.values.quantity import number
from service.json_object import Json

# Types that come beside what was asked for and are never all of an answer.
ONLY_BESIDE = frozenset({"Claim", "Coverage"})
SUPPORTING = frozenset(
    {
        "Claim",  # with the decision on it, as Da Vinci PAS answers
        "Coverage",
        "Patient",
        "Medication",
        "Organization",
        "Practitioner",
        "PractitionerRole",
        "Location",
        "Provenance",
    }
)
SEVERE = frozenset({"error", "fatal"})


class State(StrEnum):
    """How a prefetch key came (DESIGN.md sections 4 and 9)."""

    COMPLETE = "complete"
    EMPTY = "empty"
    NOT_SUPPLIED = "not_supplied"
    FAILED = "failed"
    INCOMPLETE = "incomplete"
    INVALID = "invalid"
    FOREIGN = "foreign"


# Had sooner by names of their own than as members: a state is looked at for each key and entry.
COMPLETE, EMPTY, NOT_SUPPLIED, FAILED, INCOMPLETE, INVALID, FOREIGN = State
WHOLE = frozenset({COMPLETE, EMPTY})


class PrefetchValue:
    """One key's value, for its reader to go through entry by entry; garbage becomes a state, no error.

    Told of each entry that is none of the wanted ones (`pass_over`) and of the end (`close`).
    """

    def __init__(self, value: object, type_: str, *, search: bool = True) -> None:
        self.entries: Sequence[Any] = ()
        self.supporting: list[tuple[str | None, Json]] = []
        self.state = EMPTY
        self._type = type_
        self._bundle: Json | None = None
        if isinstance(value, dict):
            self._open(value, search=search)
        elif value is not None:
            self.state = INVALID

    def _open(self, value: Json, *, search: bool) -> None:
        kind, entries = value.get("resourceType"), value.get("entry")
        self.state = INVALID
        if kind == "OperationOutcome":
            self.state = FAILED
        elif kind == self._type:
            self.entries = ({"resource": value},)
            # One resource where a search was asked for says nothing of the others.
            self.state = INCOMPLETE if search else COMPLETE
        elif kind == "Bundle" and value.get("implicitRules"):
            return  # rules that we do not know may change what all of it means
        elif kind == "Bundle" and (entries is None or isinstance(entries, list | dict)):
            self._bundle, self.entries, self.state = value, items(entries), COMPLETE

    @property
    def newest_first(self) -> bool:
        """Whether it is a history, which begins with what was changed last."""
        return self._bundle is not None and self._bundle.get("type") == "history"

    def pass_over(self, entry: object) -> None:
        """An entry that is not of the wanted type; what it says of the whole is kept."""
        self.state = _worse(self.state, _state_after(entry, self.supporting))

    def break_off(self) -> None:
        """An entry that nobody can understand: what it holds is missing."""
        self.state = _worse(self.state, INCOMPLETE)

    def close(self, count: int) -> None:
        """All entries are gone through, and so many were of the wanted type."""
        beside = {text(resource.get("resourceType")) for _, resource in self.supporting}
        if not count and not beside.isdisjoint(ONLY_BESIDE):
            self.state = INVALID  # another type than was asked for is no answer, and no "none"
            return
        if self._bundle is not None and self.state is COMPLETE:
            self.state = _bundle_state(self._bundle, count)


def _state_after(entry: object, supporting: list[tuple[str | None, Json]]) -> State:
    """What an entry that is not of the wanted type says of the whole."""
    resource = entry.get("resource") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(resource, dict):
        return INCOMPLETE
    kind = text(resource.get("resourceType"))
    if kind in SUPPORTING or _is_included(entry):
        supporting.append((entry.get("fullUrl"), resource))
        return COMPLETE
    return _outcome_state(resource) if kind == "OperationOutcome" else INVALID


def _is_included(entry: Json) -> bool:
    """An entry that the search brought along beside what it was asked for."""
    search = entry.get("search")
    return isinstance(search, dict) and search.get("mode") == "include"


def _outcome_state(outcome: Json) -> State:
    severities = {text(issue.get("severity")) for issue in objects(outcome.get("issue"))}
    if severities & SEVERE or not severities:
        return FAILED
    return INCOMPLETE if "warning" in severities else COMPLETE


def _worse(one: State, other: State) -> State:
    order = (COMPLETE, INVALID, INCOMPLETE, FAILED)
    return max(one, other, key=order.index)


def _bundle_state(bundle: Json, count: int) -> State:
    links = items(bundle.get("link"))
    if any(not isinstance(link, dict) or link.get("relation") == "next" for link in links):
        return INCOMPLETE
    total = number(bundle.get("total"))
    if total is not None and total > count:
        return INCOMPLETE
    return COMPLETE if count else EMPTY


# The usual members of an entry; of any other the entry is looked at by itself.
USUAL = frozenset({"resource", "fullUrl", "search"})
MATCH = {"mode": "match"}


FULL_URL, SEARCH = itemgetter("fullUrl"), itemgetter("search")


GONE = ("404", "410")


DELETED, UNCLEAR = "deleted", "unclear"


def all_usual(block: Sequence[Any], type_: str, home: str | None) -> bool:
    """Whether no entry of a block says anything odd: all matches of the search, of one server.

    Column by column, like the resources; the URLs as one text, for to begin each by itself takes
    three times as long.
    """
    members = frozenset(block[0])
    if not members <= USUAL or countOf(map(len, block), len(members)) < len(block):
        return False
    if "search" in members and countOf(map(SEARCH, block), MATCH) < len(block):
        return False
    if home is None or "fullUrl" not in members:
        return True
    urls = "\n".join(["", *map(FULL_URL, block)])
    begins = (f"\n{home}/{type_}/", "\nurn:")
    return any(urls.count(begin) == len(block) == urls.count("\n") for begin in begins)


def entry_mark(entry: Json) -> str | None:
    """Whether an entry says that its resource is deleted or gone, or says what is not understood."""
    if entry.keys() <= USUAL and entry.get("search") == MATCH:
        return None
    method = text(first_object(entry.get("request")).get("method"))
    status = text(first_object(entry.get("response")).get("status")) or ""
    if (method or "").upper() == "DELETE" or status.startswith(GONE):
        return DELETED
    parts = (entry, *(entry.get(name) for name in ("search", "request", "response")))
    if any(isinstance(part, dict) and part.get("modifierExtension") for part in parts):
        return UNCLEAR
    kind = first_object(entry.get("resource")).get("resourceType")
    return UNCLEAR if is_mode(entry, "outcome") and kind != "OperationOutcome" else None


def is_mode(entry: Json, mode: str) -> bool:
    """Whether the search brought the entry in that way."""
    return first_object(entry.get("search")).get("mode") == mode


def type_and_id(entry: Json, type_: str) -> tuple[str, str] | None:
    """Type and id of what an entry is about; without a resource its request, or its URL, names it."""
    resource = entry.get("resource")
    if isinstance(resource, dict):
        kind, id_ = text(resource.get("resourceType")), resource.get("id")
        return (kind, id_) if kind and isinstance(id_, str) else None
    url = text(first_object(entry.get("request")).get("url")) or text(entry.get("fullUrl"))
    kind, id_ = parts(url or "")
    return (kind or type_, id_) if id_ else None


def own_server(server: str | None, values: Iterable[object]) -> str | None:
    """The client's own server: the one that is told, else the one that most bundles come from.

    Where all bundles, and more than one, come from another one, that is what the client's own calls
    itself, as a server behind a proxy does.
    """
    servers: Counter[str | None] = Counter()
    bundles = 0
    for value in values:
        entries = value.get("entry") if isinstance(value, dict) else None
        if entries.__class__ is list and entries:
            ends = {_server_of(entries[0]), _server_of(entries[-1])}
            if ends == {None}:
                continue  # without addresses it tells nothing of the server
            bundles += 1
            servers.update(ends)
    named = [server_name for server_name, _ in servers.most_common() if server_name is not None]
    if server is None:
        return named[0] if named else None
    own_server = server.rstrip("/")
    if bundles > 1 and named and own_server not in servers and None not in servers:
        return named[0] if servers[named[0]] == bundles else own_server
    return own_server


def _server_of(entry: object) -> str | None:
    url = text(entry.get("fullUrl")) if isinstance(entry, dict) else None
    return base(url) if url is not None else None


def is_elsewhere(entry: Json, home: str | None) -> bool:
    """Whether an entry comes from another server than the client's own."""
    url = text(entry.get("fullUrl"))
    where = base(url) if url is not None and home is not None else None
    return where is not None and where != home
