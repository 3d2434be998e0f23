"""The order put right on the card: only where the label names one regimen that was seen."""

from datetime import date
from typing import Any

import pytest
from support.cases.request import client, request
from support.cases.run import library
from support.fact_case import patient

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request
from service.clinical.orders.corrected_dose import in_strength

DAY = date(2026, 11, 20)
SYRINGE_200 = "dupilumab 200 mg syringe"


def doses(given: dict[str, Any]) -> list[float] | None:
    """The doses in mg of the order that the card proposes; None where it proposes none."""
    hook = parse_hook_request(request(given, DAY), frozenset(["order-sign"]))
    advice = advise(library(), hook, client(given, DAY), AsOf("day", DAY))
    found = [
        one
        for told in advice.shown_cards
        for one in told.card.get("suggestions", ())
        if told.about[one["uuid"]] == "repair"
    ]
    if not found:
        return None
    resource = found[0]["actions"][0]["resource"]
    return [one["doseAndRate"][0]["doseQuantity"]["value"] for one in resource["dosageInstruction"]]


@pytest.mark.parametrize(
    ("given", "proposed"),
    [
        pytest.param({"order": {"dose": "301 mg"}}, [600, 300], id="eczema"),
        pytest.param(
            {"order": {"reason": "asthma", "dose": "301 mg"}}, [600, 300], id="asthma, 300 mg"
        ),
        pytest.param(
            {
                "diagnoses": [{"is": "asthma"}],
                "order": {"reason": "asthma", "drug": SYRINGE_200, "dose": "200 mg"},
            },
            [400, 200],
            id="asthma, 200 mg with too high a loading dose",
        ),
        pytest.param(
            {
                "diagnoses": [{"is": "asthma"}],
                "order": {"reason": "asthma", "drug": SYRINGE_200},
            },
            [600, 300],
            id="asthma, 300 mg from a device that cannot give it",
        ),
        pytest.param(
            {
                "diagnoses": [{"is": "asthma"}],
                "order": {"reason": "asthma", "drug": "dupilumab", "dose": "301 mg"},
            },
            None,
            id="asthma, either regimen",
        ),
        pytest.param(
            {"order": {"reason": "asthma", "drug": "dupilumab", "dose": "301 mg"}},
            [600.0, 300.0],
            id="asthma with severe dermatitis on record",
        ),
        pytest.param(
            {
                "age": "8 years",
                "weight": "40 kg",
                "diagnoses": [{"is": "asthma"}],
                "order": {"reason": "asthma", "dose": "301 mg"},
            },
            [200.0],
            id="a child's asthma, a device of another strength",
        ),
        pytest.param(
            {"order": {"reason": "COPD", "dose": None, "loading": None}},
            None,
            id="COPD, whose label was not seen",
        ),
    ],
)
def test_the_card_proposes_the_labelled_order(
    given: dict[str, Any], proposed: list[float] | None
) -> None:
    assert doses(given) == proposed


@pytest.mark.parametrize(
    ("dose", "device", "display"),
    [
        (300, "syringe", "2 ML dupilumab 150 MG/ML Prefilled Syringe"),
        (200, "syringe", "1.14 ML dupilumab 175 MG/ML Prefilled Syringe"),
    ],
)
def test_product_of_another_strength_is_named_in_the_system_of_the_draft(
    dose: float, device: str, display: str
) -> None:
    found = in_strength(patient(), dose, device)
    assert found is not None
    (coding,) = found.concept["coding"]
    assert coding["system"] == "http://www.nlm.nih.gov/research/umls/rxnorm"
    assert coding["display"] == found.concept["text"] == display
    assert found.attributes["dose_mg"] == dose


@pytest.mark.parametrize(("dose", "device"), [(301, "syringe"), (300, "tablet"), (300, None)])
def test_strength_or_device_that_does_not_exist_has_no_product(dose: float, device: object) -> None:
    assert in_strength(patient(), dose, device) is None
