"""Case files of therapies and notes: a patient in the words of examples/cases, and what is offered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from support.cases.request import client, request
from support.paths import ROOT

from service.advise import Advice, advise
from service.cards.assessment_json import walk_twin
from service.cases.strict_yaml import only
from service.cases.strict_yaml import read_case_file as read
from service.cds.request import AsOf, parse_hook_request
from service.errors import CaseError
from service.library import Library

YES = {"yes": True, "no": False}
FOLDER = ROOT / "tests/cases/clinical/patients"
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
    "criteria",
    "tests",
    "no_tests",
    "replaces",
    "indicator",
    "repair",
    "product",
}
Json = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A sentence, a day, what is given, what is expected, and the statements it shows."""

    file: str
    says: str
    as_of: date
    given: Json
    expect: Json
    shows: tuple[str, ...] = ()


@cache
def all_cases() -> tuple[Case, ...]:
    """Every case of every file."""
    return tuple(_cases())


def _cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.yaml")):
        raw = only(read(path), {"as_of", "given", "cases"}, path.name)
        for one in raw["cases"]:
            only(one, {"says", "shows", "given", "expect"}, path.name)
            only(one["expect"], EXPECT, f"{path.name}: {one['says']}")
            if not one["expect"]:
                raise CaseError(f"{path.name}: {one['says']} expects nothing")
            given = {**(raw.get("given") or {}), **(one.get("given") or {})}
            day = date.fromisoformat(str(raw["as_of"]))
            shows = tuple(one.get("shows", ()))
            yield Case(path.name, one["says"], day, given, one["expect"], shows)


def answer(case: Case, library: Library) -> Advice:
    """What the service answers."""
    hook = parse_hook_request(request(case.given, case.as_of), frozenset(["order-sign"]))
    return advise(library, hook, client(case.given, case.as_of), AsOf("day", case.as_of))


def differences(case: Case, advice: Advice) -> Iterator[str]:
    """What of the expectation the answer does not keep."""
    yield from _whole(case.expect, advice)
    yield from _offered(case.expect, advice)
    yield from _said(case.expect, advice)
    yield from _repaired(case.expect, advice)


def _whole(expect: Json, advice: Advice) -> Iterator[str]:
    twin, about = advice.twins[0], [one.kind for one in advice.shown_cards]
    indicators = [card["indicator"] for card, kind in zip(advice.cards, about, strict=True)]
    for key, found in (
        ("situation", twin["situation"]),
        ("order", [one["therapy"] for one in twin["alternatives"]]),
        ("notes", [one["id"] for one in twin["notes"]]),
        ("cards", len(advice.cards)),
        ("outcome", twin["outcome"]),
        ("replaces", any(act["type"] == "update" for act in ordered(advice))),
        ("indicator", dict(zip(about, indicators, strict=True)).get("alternatives")),
    ):
        wanted = expect.get(key)
        if key == "replaces":
            wanted = YES.get(str(wanted), wanted)
        if key in expect and wanted != found:
            yield f"{key}: expected {wanted}, got {found}"
    truths = {one["id"]: one["truth"] for one in walk_twin(twin["criteria"])}
    for name, truth in expect.get("criteria", {}).items():
        if truths.get(name) != truth:
            yield f"{name}: expected {truth}, got {truths.get(name)}"


def _offered(expect: Json, advice: Advice) -> Iterator[str]:
    twin, orders = advice.twins[0], dict(_orders(advice))
    offered = [one["therapy"] for one in twin["alternatives"]]
    out = {one["therapy"]: one["why"] for one in twin["ruledOut"]}
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
    tests = {code for about, code in _created(advice) if about.startswith("tests:")}
    yield from (f"no test {one}" for one in expect.get("tests", []) if one not in tests)
    yield from (f"test {one}" for one in expect.get("no_tests", []) if one in tests)


def _said(expect: Json, advice: Advice) -> Iterator[str]:
    text = "\n".join(f"{one['summary']}\n{one['detail']}" for one in advice.cards)
    # What a card has no room for is in the twin.
    whole = "\n".join([text, *texts(advice.twins)])
    yield from (
        f"cards and twin do not say '{one}'" for one in expect.get("says", []) if one not in whole
    )
    yield from (f"the cards say '{one}'" for one in expect.get("not_says", []) if one in text)


def texts(value: Any) -> Iterator[str]:
    """Every text of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts(one)


def _repaired(expect: Json, advice: Advice) -> Iterator[str]:
    """The corrected order that is offered, by its regimen (`null`: none), and the code of its product."""
    found = [
        one
        for told in advice.shown_cards
        for one in told.card.get("suggestions", ())
        if told.about[one["uuid"]].startswith("repair")
    ]
    said = found[0]["actions"][0]["description"].partition(": ")[2] if found else None
    said = said.partition("; and name ")[0] if said else None
    if "repair" in expect and expect["repair"] != said:
        yield f"repair: expected {expect['repair']}, got {said}"
    if "product" in expect:
        resource = found[0]["actions"][0]["resource"] if found else {}
        concept = resource.get("medicationCodeableConcept", {})
        codes = [one["code"] for one in concept.get("coding", ())]
        if codes != [expect["product"]]:
            yield f"product: expected {expect['product']}, got {codes}"


def suggestions(advice: Advice) -> Iterator[Json]:
    """Every suggestion of every card."""
    for one in advice.shown_cards:
        yield from one.card.get("suggestions", ())


def _orders(advice: Advice) -> Iterator[tuple[str, str]]:
    """Therapy to the code of the product that its suggestion orders."""
    for about, code in _created(advice):
        if about.startswith("therapy:"):
            yield about.removeprefix("therapy:"), code


def ordered(advice: Advice) -> Iterator[Json]:
    """Every action that orders something new: a new order, or a draft that becomes another therapy."""
    for _, act in _ordered(advice):
        yield act


def _ordered(advice: Advice) -> Iterator[tuple[str, Json]]:
    for told in advice.shown_cards:
        for one in told.card.get("suggestions", ()):
            about = told.about[one["uuid"]]
            for act in one["actions"]:
                if act["type"] == "create" or (act["type"] == "update" and "therapy:" in about):
                    yield about, act


def _created(advice: Advice) -> Iterator[tuple[str, str]]:
    """What each suggestion is about, with the code of each resource that it orders."""
    for about, act in _ordered(advice):
        concept = act["resource"].get("medicationCodeableConcept")
        concept = concept or act["resource"].get("code") or {}
        for coding in concept.get("coding", [])[:1]:
            yield about, coding["code"]
