"""The ways in which a document of criteria can be wrong by one word or one unit."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple

Address = tuple[str | int, ...]
DROPPED = object()
AMOUNT = re.compile(r"^(-?\d+(?:\.(\d+))?)( \S.*)?$")
# What is only read by people, or is held against other documents by `check`.
SILENT = {"id", "says", "cite", "short", "asks", "reading", "usual", "with", "use", "indication"}
SILENT |= {
    "on_card",
    "supply_says",
    "sessions_says",
    "outcome_says",
    "outcome_asks",
    "title",
    "class",
}
# Of `policy.yaml`: the rest of the head names the document, its days and its readings.
HEAD = {"statements_valid", "renewal_after", "accepts", "trial", "define", "indications"}
OTHERS: Mapping[str, tuple[object, ...]] = {
    "statement": ("decides", "overrides", "outcome", "review", True),
    "pick": ("latest", "any", "baseline_if_treated"),
    "better": ("lower", "higher"),
    "stable_counts": (True, False),
    "is": (True, False),
    "elsewhere": ("weak", "doubt", "review"),
    "at_dose": ("low", "medium", "high"),
    "nothing_found": ("none", "unknown"),
}
RENAMED = {"at_least": "more_than", "more_than": "at_least", "at_most": "less_than"}
RENAMED |= {"less_than": "at_most"}
SWAPPED = {"all": "any", "any": "all"}


class Edit(NamedTuple):
    """One part of a document changed: where, in which criterion, how, and what it becomes."""

    at: Address
    about: str
    key: str
    way: str
    value: Any

    @property
    def name(self) -> str:
        """The edit in words."""
        return f"{self.about}: {self.key} {self.way}".replace(":  ", ": ")


class Place(NamedTuple):
    """Where the walk through a document stands; `key` is the way from the criterion `about`."""

    at: Address = ()
    about: str = ""
    key: str = ""

    def down(self, step: str | int) -> "Place":
        """One step down."""
        return Place((*self.at, step), self.about, f"{self.key}.{step}".strip("."))

    def edit(self, way: str, value: object) -> Edit:
        """What stands here replaced."""
        return Edit(self.at, self.about, self.key, way, value)


def changed(data: Any, at: Address, value: Any) -> Any:
    """A document with one part replaced or left out; the document itself stays as it is."""
    if not at:
        return value
    step, rest = at[0], at[1:]
    found = data.copy()
    if rest or value is not DROPPED:
        found[step] = changed(data[step], rest, value)
    else:
        del found[step]
    return found


def edits_of(data: Mapping[str, Any], file: str) -> Iterator[Edit]:
    """Every edit of one document of a policy version."""
    head = file == "policy.yaml"
    for key, value in data.items():
        if key == "define":
            for name, one in value.items():
                yield from _edits(one, Place(("define", name), f"define.{name}"))
        elif key not in SILENT and (not head or key in HEAD):
            yield from _edits(value, Place((key,), key))


def _edits(node: Any, place: Place) -> Iterator[Edit]:
    if isinstance(node, dict):
        yield from _of_mapping(node, place)
    elif isinstance(node, list):
        yield from _of_list(node, place)
    else:
        yield from (place.edit(way, moved) for way, moved in steps(node))


def _of_mapping(node: dict[str, Any], place: Place) -> Iterator[Edit]:
    if "id" in node:
        place = Place(place.at, str(node["id"]), "")
    for change in (_renamed, _regrouped, _chosen, _unbound):
        yield from (place.edit(way, value) for way, value in change(node))
    for key, value in node.items():
        if key in SILENT:
            continue
        yield _dropped(node, place, key)
        for other in OTHERS.get(key, ()):
            if other is not value and other != value:
                yield place.down(key).edit(f"{other}", other)
        yield from _edits(value, place.down(key))


def _dropped(node: dict[str, Any], place: Place, key: str) -> Edit:
    """One key left out; a statement with its question, for `check` refuses a question alone."""
    below = place.down(key)
    if key == "statement" and "asks" in node:
        left = {name: one for name, one in node.items() if name not in ("statement", "asks")}
        return Edit(place.at, below.about, below.key, "dropped", left)
    return below.edit("dropped", DROPPED)


def _of_list(node: list[Any], place: Place) -> Iterator[Edit]:
    for index, one in enumerate(node):
        below = place.down(index)
        if len(node) > 1:
            name = one.get("id", index) if isinstance(one, dict) else one
            yield Edit(below.at, below.about, place.key, f"without {name}", DROPPED)
        yield from _edits(one, below)


def steps(written: object) -> list[tuple[str, object]]:
    """A number one unit down and up: of the last place that is written; a year moves by a month."""
    if isinstance(written, bool) or not isinstance(written, str | int | float):
        return []
    found = AMOUNT.match(str(written))
    if found is None or (isinstance(written, str) and not found[3]):
        return []
    value, places, unit = float(found[1]), len(found[2] or ""), found[3] or ""
    if unit in (" year", " years"):
        value, unit = value * 12, " months"
    moved = ((way, round(value + by * 10**-places, places)) for way, by in (("-1", -1), ("+1", 1)))
    if isinstance(written, str):
        return [(way, f"{one:g}{unit}") for way, one in moved]
    return [(way, type(written)(one)) for way, one in moved]


Changed = Iterator[tuple[str, dict[str, Any]]]


def _with(node: dict[str, Any], key: str, **new: Any) -> dict[str, Any]:
    """The mapping with one key replaced by others."""
    return {name: value for name, value in node.items() if name != key} | new


def _renamed(node: dict[str, Any]) -> Changed:
    """A bound that loses, or gains, its own value."""
    for key in RENAMED.keys() & node.keys():
        if isinstance(node[key], str) and RENAMED[key] not in node:
            yield f"{key} is {RENAMED[key]}", _with(node, key, **{RENAMED[key]: node[key]})


def _regrouped(node: dict[str, Any]) -> Changed:
    for key in SWAPPED.keys() & node.keys():
        if isinstance(node[key], list) and isinstance(node[key][0], dict) and "of" not in node:
            yield f"{key} is {SWAPPED[key]}", _with(node, key, **{SWAPPED[key]: node[key]})
    if isinstance(node.get("not"), dict):
        yield "not removed", _with(node, "not", all=[node["not"]])


def _chosen(node: dict[str, Any]) -> Changed:
    branches = node.get("choose")
    if isinstance(branches, dict):
        swapped = branches | {"met": branches["not_met"], "not_met": branches["met"]}
        yield "branches swapped", node | {"choose": swapped}
        for name in ("met", "not_met"):
            yield f"always {name}", _with(node, "choose", all=[branches[name]])


def _unbound(node: dict[str, Any]) -> Changed:
    """Each part met by whatever class, in place of all by one and the same."""
    bound = node.get("one_class")
    if isinstance(bound, dict):
        yield "unbound", _with(node, "one_class", all=_put(bound["all"], "$class", bound["of"]))


def _put(node: Any, mark: str, value: Any) -> Any:
    walk: Callable[[Any], Any] = lambda one: _put(one, mark, value)  # noqa: E731
    if isinstance(node, dict):
        return {key: walk(one) for key, one in node.items()}
    if isinstance(node, list):
        return list(chain.from_iterable([walk(one)] for one in node))
    return value if node == mark else node
