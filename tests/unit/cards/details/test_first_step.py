"""What a coverage card asks for first."""

from datetime import date
from typing import Any

import pytest
from support.cases.request import client, request
from support.cases.run import library

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request

DAY = date(2026, 11, 20)
HELD = {"claims_held": "2015-01-01"}
TWO = {"order": {"reason": None}, "diagnoses": [{"is": "atopic dermatitis"}, {"is": "asthma"}]}
ON_IT: dict[str, Any] = {
    "order": {"loading": None, "quantity": "2 syringes"},
    "chart": [{"drug": "dupilumab", "from": "100 days ago"}],
}


def detail(given: dict[str, Any]) -> str:
    read = parse_hook_request(request(given, DAY), frozenset({"order-sign"}))
    return str(advise(library(), read, client(given, DAY), AsOf("day", DAY)).cards[0]["detail"])


def test_of_an_unknown_path_the_question_comes_first_and_both_lists_are_short() -> None:
    said = detail(ON_IT)
    assert said.startswith("**First**\n- Did this payer (no other) approve dupilumab before?")
    either, initial = said.index("**Either way ("), said.index("**If no (initial), also (")
    assert said.index("**First**") < either < initial
    assert said.count("skin care with dupilumab") == 1


def test_two_diseases_have_a_heading_each_and_naming_one_comes_first() -> None:
    said = detail(TWO)
    assert said.startswith(
        "**First**\n- Name the disease on the order: atopic dermatitis or asthma."
    )
    assert said.index("**Atopic dermatitis (") < said.index("**Asthma (")
    assert "Name the disease" not in detail({**TWO, "order": {"reason": "atopic dermatitis"}})


@pytest.mark.parametrize(
    ("given", "first"),
    [
        ({"order": {"every": "7 days"}}, "Correct the dose."),
        ({"age": "5 months"}, "From "),
        ({"allergies": [{"to": "dupilumab"}]}, "Correct the record if it is wrong"),
    ],
    ids=["dose", "waiting", "otherwise"],
)
def test_what_to_do_comes_first_where_something_is_not_met(
    given: dict[str, Any], first: str
) -> None:
    assert detail({**HELD, **given}).startswith(f"**To do**\n- {first}")
