"""One prefetch value read key by key: its resources, and whether it came whole."""

from dataclasses import dataclass
from enum import StrEnum

from service.fhir.elements import Json, items, objects, text
from service.fhir.quantity import number

SUPPORTING = frozenset(
    {
        "Patient",
        "Medication",
        "Organization",
        "Practitioner",
        "PractitionerRole",
        "Location",
        "Provenance",
    }
)
FAILED = frozenset({"error", "fatal"})


class State(StrEnum):
    """How a prefetch key came (DESIGN.md sections 4 and 9)."""

    COMPLETE = "complete"
    EMPTY = "empty"
    NOT_SUPPLIED = "not_supplied"
    FAILED = "failed"
    INCOMPLETE = "incomplete"
    INVALID = "invalid"
    FOREIGN = "foreign"


WHOLE = frozenset({State.COMPLETE, State.EMPTY})


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one key brought: entries of wanted resources, others that references may point to, its state."""

    wanted: list[Json]
    supporting: list[tuple[str | None, Json]]
    state: State


def deliver(value: object, type_: str, *, search: bool = True) -> Delivered:
    """A prefetch value sorted into resources, with its state; garbage becomes a state, no error."""
    if value is None:
        return Delivered([], [], State.EMPTY)
    if not isinstance(value, dict):
        return Delivered([], [], State.INVALID)
    kind = value.get("resourceType")
    if kind == "OperationOutcome":
        return Delivered([], [], State.FAILED)
    if kind == type_:
        # One resource where a search was asked for says nothing of the others.
        return Delivered([{"resource": value}], [], State.INCOMPLETE if search else State.COMPLETE)
    if kind != "Bundle":
        return Delivered([], [], State.INVALID)
    return _deliver_bundle(value, type_)


def _deliver_bundle(bundle: Json, type_: str) -> Delivered:
    wanted: list[Json] = []
    supporting: list[tuple[str | None, Json]] = []
    state = State.COMPLETE
    entries = bundle.get("entry")
    if entries is not None and not isinstance(entries, list | dict):
        return Delivered([], [], State.INVALID)
    for entry in items(entries):
        try:
            if entry["resource"]["resourceType"] == type_:  # any shape may come
                wanted.append(entry)
                continue
        except (KeyError, TypeError):
            pass
        state = _worse(state, _beside(entry, supporting))
    if state is State.COMPLETE:
        state = _bundle_state(bundle, len(wanted))
    return Delivered(wanted, supporting, state)


def _beside(entry: object, supporting: list[tuple[str | None, Json]]) -> State:
    """What an entry that is not of the wanted type says of the whole."""
    resource = entry.get("resource") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(resource, dict):
        return State.INCOMPLETE
    kind = text(resource.get("resourceType"))
    if kind in SUPPORTING or _is_included(entry):
        supporting.append((entry.get("fullUrl"), resource))
        return State.COMPLETE
    return _outcome_state(resource) if kind == "OperationOutcome" else State.INVALID


def _is_included(entry: Json) -> bool:
    """An entry that the search brought along beside what it was asked for."""
    search = entry.get("search")
    return isinstance(search, dict) and search.get("mode") == "include"


def _outcome_state(outcome: Json) -> State:
    severities = {text(issue.get("severity")) for issue in objects(outcome.get("issue"))}
    if severities & FAILED or not severities:
        return State.FAILED
    return State.INCOMPLETE if "warning" in severities else State.COMPLETE


def _worse(one: State, other: State) -> State:
    order = (State.COMPLETE, State.INVALID, State.INCOMPLETE, State.FAILED)
    return max(one, other, key=order.index)


def _bundle_state(bundle: Json, count: int) -> State:
    links = items(bundle.get("link"))
    if any(not isinstance(link, dict) or link.get("relation") == "next" for link in links):
        return State.INCOMPLETE
    total = number(bundle.get("total"))
    if total is not None and total > count:
        return State.INCOMPLETE
    return State.COMPLETE if count else State.EMPTY
