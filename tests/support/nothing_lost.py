"""Whether the cards of an order say or count everything that its twin says."""

import re
from collections.abc import Iterator
from typing import Any

from service.advise import Advice

Json = dict[str, Any]
MET = re.compile(r"\*\*Met(?: by the record)? \((\d+)\)")
FIRST = {
    "met": re.compile(r"\*\*Nothing is missing"),
    "not_met": re.compile(r"\*\*To do\*\*\n- "),
    # by how it is settled, by path, or by disease
    "unknown": re.compile(r"\*\*[A-Z][^*]*\*\*\n- "),
}
MORE = re.compile(r"and (\d+) more")


def lost(advice: Advice) -> list[str]:
    """What the twin of the first order has and its cards neither say nor count."""
    twin = advice.twins[0]
    details = {one.kind: str(one.card["detail"]) for one in reversed(advice.shown_cards)}
    return [
        *_coverage(details["coverage"], twin),
        *_alternatives(details, twin),
        *_notes(details, twin),
    ]


def _coverage(detail: str, twin: Json) -> Iterator[str]:
    """What is open is asked or counted, and what is met has its number."""
    if not twin["criteria"] or twin["reason"]:
        return
    met = {node["says"] for node in nodes(twin["criteria"]) if node["truth"] == "met"}
    if (found := MET.search(detail)) and not 0 < int(found[1]) <= len(met):
        yield f"{found[1]} are said to be met, in the twin {len(met)}"
    if twin["outcome"] == "met" and not found:
        yield "no number of what is met"
    for heading in re.finditer(
        r"\*\*(?:Please answer|Get the records|Also open) \((\d+)\)", detail
    ):
        lines = detail[heading.end() :].split("\n\n", maxsplit=1)[0]
        shown = lines.count("\n- ") if "\n- " in lines else lines.count(", ") + 1
        more = MORE.search(lines)
        counted = shown - 1 + int(more[1]) if more else shown
        if counted != int(heading[1]):
            yield f"{heading[0]}: {counted} are said or counted"
    if not FIRST[twin["outcome"]].search(detail):
        yield "what is first to do"


def _alternatives(details: dict[str, str], twin: Json) -> Iterator[str]:
    if not twin["alternatives"]:
        return
    detail = details["alternatives"]
    named = [one["name"] for one in twin["alternatives"] if one["name"] in detail]
    left = re.search(r"\*\*Also:\*\*.*and \d+ more", detail)
    hidden = re.search(r"(\d+) lines? not shown", detail)
    if len(named) < len(twin["alternatives"]) and not (left or hidden):
        yield "therapies are neither named nor counted"
    if twin["alternatives"][0]["name"] not in detail:
        yield "the first therapy"


def _notes(details: dict[str, str], twin: Json) -> Iterator[str]:
    if not twin["notes"]:
        return
    detail = details["considerations"]
    shown = detail.count("\n- ") + detail.startswith("- ")
    more = re.search(r"(?m)^- and (\d+) more$", detail)
    counted = shown - 1 + int(more[1]) if more else shown
    if counted != len(twin["notes"]):
        yield f"{len(twin['notes'])} considerations, said or counted {counted}"


def nodes(criteria: list[Json]) -> Iterator[Json]:
    """Every criterion of a twin."""
    for one in criteria:
        yield one
        yield from nodes(one.get("children", []))
