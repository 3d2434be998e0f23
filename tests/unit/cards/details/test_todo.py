"""What is to be done: by how it is settled, in the order of doing; the usual way is always named."""

from datetime import date
from typing import Any

from support.cases.request import client, request
from support.cases.run import library

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request

DAY = date(2026, 11, 20)
HELD = {"claims_held": "2015-01-01"}
TOPICALS = [
    {"drug": "triamcinolone cream", "days": 28, "on": "60 days ago"},
    {"drug": "tacrolimus ointment", "days": 42, "on": "80 days ago"},
]
USUAL = (
    "**The usual way, not shown so far**\n"
    "- Topical steroid (medium or higher), 28 days, ended within 180 days: 0 of 28 days\n"
    "- Topical calcineurin inhibitor, 42 days, ended within 180 days: 0 of 42 days\n"
)


def detail(given: dict[str, Any], **draft: object) -> str:
    """The detail of the coverage card; `draft` are elements of the draft order."""
    sent = request(given, DAY)
    sent["context"]["draftOrders"]["entry"][0]["resource"] |= draft
    read = parse_hook_request(sent, frozenset({"order-sign"}))
    return str(advise(library(), read, client(given, DAY), AsOf("day", DAY)).cards[0]["detail"])


def test_what_is_on_the_screen_comes_first_then_answers_then_records() -> None:
    said = detail({}, dosageInstruction=[{"text": "as directed"}])
    places = [
        said.index(f"**{name}") for name in ("On the order", "Please answer", "Get the records")
    ]
    assert places == sorted(places)


def test_the_usual_way_is_named_with_what_it_takes_where_another_one_is_asked() -> None:
    said = detail(HELD)
    assert "All ruled out: systemic drugs, phototherapy, both topicals?" in said
    assert USUAL in said


def test_the_usual_way_is_not_named_again_where_it_is_asked() -> None:
    assert "usual way" not in detail({})
    assert "usual way" not in detail({**HELD, "claims": TOPICALS})


def test_one_question_asks_for_the_outcome_of_both_trials() -> None:
    said = detail({**HELD, "claims": TOPICALS})
    assert said.count("Did both topicals fail") == 1
    assert "(triamcinolone cream 0.1 %, Sep 21; tacrolimus ointment 0.03 %, Sep 1)" in said


def test_what_the_record_has_against_the_order_is_asked_first() -> None:
    said = detail(
        {**HELD, "claims": TOPICALS, "chart": [{"drug": "adalimumab", "from": "60 days ago"}]}
    )
    assert said.split("\n")[1].startswith("- No other immunomodulator, or does it stop first? (")
    assert "adalimumab" in said.split("\n")[1]
