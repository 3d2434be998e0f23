"""Payers, told apart by identifier or exact name."""

from typing import Any

import pytest
from support.fact_case import patient

from service.facts.payer.payers import (
    Elsewhere,
    Payer,
    describe,
    elsewhere_of,
    in_network,
    is_doubted,
    is_payer,
    of_plan,
    payer_named,
)

RECORD = patient().record
STATE = Elsewhere("The state plan decides.", "3", ("State Plan",), frozenset({(None, "G-1")}))
ACME = Payer(
    id="acme",
    name="Acme Health Insurance",
    short="Acme",
    identifiers=frozenset({("urn:naic", "11111")}),
    names=("Acme Health Insurance", "Acme"),
    elsewhere=(STATE,),
    network_pharmacies=frozenset({("urn:ncpdp", "7")}),
)
PAYERS = {"acme": ACME}
Json = dict[str, Any]


def organization(display: str | None = None, value: str | None = None) -> Json:
    found: Json = {}
    if display:
        found["display"] = display
    if value:
        found["identifier"] = {"system": "urn:naic", "value": value}
    return found


@pytest.mark.parametrize(
    ("reference", "is_acme"),
    [
        (organization("acme  HEALTH insurance"), True),
        (organization("Acme"), True),
        (organization(value="11111"), True),
        (organization("Acme Dental"), False),
        (organization(value="22222"), False),
        (organization(), False),
    ],
)
def test_payer_is_known_by_its_exact_name_or_identifier(reference: Json, is_acme: bool) -> None:
    assert (payer_named(PAYERS, *describe(RECORD, reference, {})) is ACME) is is_acme


@pytest.mark.parametrize(
    ("name", "may_be"),
    [("ACME of Texas", True), ("AcmeCare", True), ("Other Health Insurance", False), ("", False)],
)
def test_name_may_be_a_payers_when_it_has_a_word_of_its_own(name: str, may_be: bool) -> None:
    assert ACME.may_be(name) is may_be


@pytest.mark.parametrize(
    ("reference", "doubted"),
    [
        (organization("Acme", "11111"), False),
        (organization("Acme", "22222"), True),
        (organization("Zenith Mutual", "11111"), True),
        (organization("Zenith", "11111"), True),
        (organization("Commercial Insurance", "11111"), False),
        (organization("Other insurance, unspecified", "11111"), False),
    ],
)
def test_payer_whose_number_or_name_is_anothers_is_doubted(reference: Json, doubted: bool) -> None:
    assert is_doubted(RECORD, ACME, reference, {}) is doubted


@pytest.mark.parametrize(
    ("insurer", "expected"),
    [
        (organization("Acme"), True),
        (organization(value="11111"), True),
        (organization("Zenith"), False),
        (organization("Zenith Health Insurance"), False),
        (organization(value="22222"), False),
        (organization("Acme of Texas", "22222"), False),
        (organization("Acme", "22222"), None),
        (organization("Zenith", "11111"), None),
        (organization("Acme of Texas"), None),
        (organization("AcmeCare"), None),
        (organization("Commercial Insurance"), None),
        (organization("Unknown"), None),
        (organization("Other"), None),
        (organization("N/A"), None),
        ({"identifier": {"system": "https://elsewhere.example", "value": "11111"}}, None),
        ({"identifier": {"value": "11111"}}, None),
        ({"display": "Zenith", "identifier": {"value": "7"}}, False),
        ({"reference": "Organization/1"}, None),
        ({}, None),
    ],
)
def test_insurer_of_an_authorization_is_this_payer_another_or_not_known(
    insurer: Json, expected: bool | None
) -> None:
    assert is_payer(RECORD, ACME, {"insurer": insurer}) is expected
    assert is_payer(RECORD, None, {"insurer": insurer}) is None


@pytest.mark.parametrize(
    ("organization_", "expected"),
    [
        ({"name": "Zenith"}, False),
        ({"name": "Zenith", "alias": ["Acme of Texas"]}, None),
        ({"name": "Zenith", "modifierExtension": [{"url": "urn:x", "valueBoolean": True}]}, None),
    ],
    ids=["another", "another that is called like this one", "not understood"],
)
def test_insurer_that_came_is_known_by_all_its_names(
    organization_: Json, expected: bool | None
) -> None:
    inside = {"resourceType": "Organization", "id": "o", **organization_}
    holder = {"contained": [inside], "insurer": {"reference": "#o", "display": "Zenith"}}
    assert is_payer(RECORD, ACME, holder) is expected


@pytest.mark.parametrize(
    ("coverage", "names", "elsewhere"),
    [
        ({}, {"the state plan of texas"}, STATE),
        ({"class": [{"value": "g-1"}]}, set(), STATE),
        ({"class": [{"name": "State Plan"}]}, set(), STATE),
        ({"type": {"text": "State Plan"}}, set(), STATE),
        ({"class": [{"value": "G-2"}]}, {"acme"}, None),
    ],
)
def test_members_of_a_plan_or_group_are_decided_on_elsewhere(
    coverage: Json, names: set[str], elsewhere: Elsewhere | None
) -> None:
    assert elsewhere_of(ACME, coverage, names) is elsewhere


def test_plan_names_the_payer_that_leaves_its_members_to_others() -> None:
    assert of_plan(PAYERS, {"the state plan of texas"}) is ACME
    assert of_plan(PAYERS, {"acme"}) is None


@pytest.mark.parametrize(("value", "listed"), [("7", True), ("8", False)])
def test_pharmacy_is_in_the_list_by_its_identifier(value: str, listed: bool) -> None:
    pharmacy = {"identifier": [{"system": "urn:ncpdp", "value": value}]}
    assert in_network(ACME, pharmacy) is listed
    assert in_network(None, pharmacy) is None
