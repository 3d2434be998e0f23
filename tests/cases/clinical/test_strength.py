"""A dose that needs another strength: the repaired order names the product of that strength."""

from datetime import date
from typing import Any

import pytest
from support.cases.request import client, request
from support.cases.run import library

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request

DAY = date(2026, 11, 20)
SYRINGE_200, SYRINGE_300 = "2099300", "1876401"


def repairs(weight: str, drug: str, dose: str) -> list[dict[str, Any]]:
    """What the coverage card makes of the draft for a child of ten."""
    order = {"drug": drug, "dose": dose, "loading": "400 mg", "every": "14 days"}
    given = {"age": "10 years", "weight": weight, "order": order}
    hook = parse_hook_request(request(given, DAY), frozenset(["order-sign"]))
    card = advise(library(), hook, client(given, DAY), AsOf("day", DAY)).cards[0]
    return [
        action["resource"]
        for one in card.get("suggestions", ())
        if one["label"].startswith("Labelled ")
        for action in one["actions"]
    ]


@pytest.mark.parametrize(
    ("weight", "drug", "dose", "code", "milligrams"),
    [
        ("29.9 kg", "dupilumab 200 mg syringe", "200 mg", SYRINGE_300, [600, 300]),
        ("59.9 kg", "dupilumab 300 mg syringe", "300 mg", SYRINGE_200, [400, 200]),
    ],
)
def test_the_product_of_the_labelled_strength_is_ordered(
    weight: str, drug: str, dose: str, code: str, milligrams: list[int]
) -> None:
    (order,) = repairs(weight, drug, dose)
    assert order["medicationCodeableConcept"]["coding"][0]["code"] == code
    doses = [one["doseAndRate"][0]["doseQuantity"] for one in order["dosageInstruction"]]
    assert [one["value"] for one in doses] == milligrams


def test_an_ingredient_alone_keeps_its_code() -> None:
    (order,) = repairs("29 kg", "dupilumab", "200 mg")
    assert order["medicationCodeableConcept"]["coding"][0]["code"] == "1876376"
