"""The detail of the coverage card: by path, by disease, and what to do where something is not met."""

from datetime import date
from typing import Any

from support.cases.request import client, request
from support.cases.run import library

from service.advise import advise
from service.cards.card_lengths import LONGEST_COVERAGE
from service.cds.request import AsOf, parse_hook_request

DAY = date(2026, 11, 20)
HELD = {"claims_held": "2015-01-01"}


def detail(given: dict[str, Any]) -> str:
    read = parse_hook_request(request(given, DAY), frozenset({"order-sign"}))
    return str(advise(library(), read, client(given, DAY), AsOf("day", DAY)).cards[0]["detail"])


def test_ways_of_one_choice_that_all_fail_are_told_as_a_choice() -> None:
    findings = [
        {"what": "affected body surface", "value": "8 %"},
        {"what": "palms or soles", "value": "no"},
    ]
    said = detail({**HELD, "findings": findings})
    assert (
        "**Not met; one of these is enough**\n- At least 10 % of the body surface affected: 8 % BSA"
        in said
    )


def test_what_is_met_is_one_line_with_its_number() -> None:
    (line,) = (line for line in detail({}).split("\n") if "**Met (" in line)
    assert line.startswith("**Met (")


def test_names_of_a_chart_that_are_too_long_do_not_reach_the_card() -> None:
    long = "Adalimumab with a very long name that an interface engine wrote " * 5
    sent = request({**HELD, "chart": [{"drug": "adalimumab", "from": "60 days ago"}]}, DAY)
    (entry,) = sent["prefetch"]["medicationStatements"]["entry"]
    entry["resource"]["medicationCodeableConcept"]["text"] = long
    entry["resource"]["medicationCodeableConcept"]["coding"][0]["display"] = long
    read = parse_hook_request(sent, frozenset({"order-sign"}))
    said = advise(library(), read, client(HELD, DAY), AsOf("day", DAY)).cards[0]["detail"]
    assert long not in said
    assert len(said) <= LONGEST_COVERAGE
