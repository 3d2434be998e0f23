"""Case files of therapies and notes: a patient in the words of tests/cases, and what is offered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cases.documents import CaseError, only, read
from cases.request import client, request

from service.advise import Advice, advise
from service.cds.as_of import AsOf
from service.cds.request import parse_hook_request
from service.library import Library

FOLDER = Path(__file__).parent / "cases"
EXPECT = {
    "situation",
    "order",
    "first",
    "absent",
    "out",
    "orders",
    "no_order",
    "notes",
    "cards",
    "says",
    "not_says",
    "outcome",
}
Json = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A sentence, a day, what is given, what is expected."""

    file: str
    says: str
    as_of: date
    given: Json
    expect: Json


def all_cases() -> Iterator[Case]:
    """Every case of every file."""
    for path in sorted(FOLDER.glob("*.yaml")):
        raw = only(read(path), {"as_of", "given", "cases"}, path.name)
        for one in raw["cases"]:
            only(one, {"says", "given", "expect"}, path.name)
            only(one["expect"], EXPECT, f"{path.name}: {one['says']}")
            if not one["expect"]:
                raise CaseError(f"{path.name}: {one['says']} expects nothing")
            given = {**(raw.get("given") or {}), **(one.get("given") or {})}
            day = date.fromisoformat(str(raw["as_of"]))
            yield Case(path.name, one["says"], day, given, one["expect"])


def answer(case: Case, library: Library) -> Advice:
    """What the service answers."""
    hook = parse_hook_request(request(case.given, case.as_of), frozenset(["order-sign"]))
    return advise(library, hook, client(case.given, case.as_of), AsOf("day", case.as_of))


def differences(case: Case, advice: Advice) -> Iterator[str]:
    """What of the expectation the answer does not keep."""
    twin, expect = advice.twins[0], case.expect
    offered = [one["therapy"] for one in twin["alternatives"]]
    out = {one["therapy"]: one["why"] for one in twin["ruledOut"]}
    text = "\n".join([*(one["summary"] + "\n" + one["detail"] for one in advice.cards)])
    orders = dict(_orders(advice))
    for key, found in (
        ("situation", twin["situation"]),
        ("order", offered),
        ("notes", [one["id"] for one in twin["notes"]]),
        ("cards", len(advice.cards)),
        ("outcome", twin["outcome"]),
    ):
        if key in expect and expect[key] != found:
            yield f"{key}: expected {expect[key]}, got {found}"
    first = expect.get("first", [])
    if offered[: len(first)] != first:
        yield f"first: expected {first}, got {offered}"
    yield from (f"{one} is offered" for one in expect.get("absent", []) if one in offered)
    for name, why in expect.get("out", {}).items():
        if why not in out.get(name, ""):
            yield f"out {name}: expected '{why}', got {out.get(name)}"
    for name, code in expect.get("orders", {}).items():
        if orders.get(name) != code:
            yield f"order of {name}: expected {code}, got {orders.get(name)}"
    yield from (f"{one} is ordered" for one in expect.get("no_order", []) if one in orders)
    yield from (
        f"the cards do not say '{one}'" for one in expect.get("says", []) if one not in text
    )
    yield from (f"the cards say '{one}'" for one in expect.get("not_says", []) if one in text)


def _orders(advice: Advice) -> Iterator[tuple[str, str]]:
    """Therapy to the code of the product that its suggestion orders."""
    for told in advice.told:
        for one in told.card.get("suggestions", ()):
            about = told.about[one["uuid"]]
            created = [act["resource"] for act in one["actions"] if act["type"] == "create"]
            if about.startswith("therapy:"):
                concept = created[0].get("medicationCodeableConcept") or created[0]["code"]
                yield about.removeprefix("therapy:"), concept["coding"][0]["code"]
