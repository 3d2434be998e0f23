"""What PAS answered, at the next sign: number and period of our line on the card and in the twin."""

import copy
from typing import Any

import pytest
from record.facts.test_decisions import (
    BOTH,
    GIVEN,
    PAYER,
    action,
    decision,
    judged,
    line,
    request,
)
from support.claims import DUPILUMAB, METFORMIN, PAS, Json, ordered, whole_answer

RUNS = {"start": "2026-05-01", "end": "2027-04-30"}
ENDED = {"start": "2025-11-21", "end": "2026-11-20"}


def period(value: Json) -> Json:
    """The extension with the period of one line."""
    return {"url": f"{PAS}/extension-itemPreAuthPeriod", "valuePeriod": value}


def item(code: str, number: str | None = None, valid: Json | None = None, at: int = 1) -> Json:
    """A line of the answer, as Da Vinci PAS writes it."""
    adjudication = copy.deepcopy(judged(code))
    inner = adjudication[0]["extension"][0]["extension"]
    inner[0:1] = [{"url": "number", "valueString": number}] if number else []
    more = {"extension": [period(valid)]} if valid else {}
    return {"itemSequence": at, "adjudication": adjudication, **more}


def asked(*drugs: Json, **more: Any) -> Json:
    """The answer to a request for these products."""
    return decision(contained=[{**request(*drugs), "id": "c"}], request={"reference": "#c"}, **more)


def signed(*decisions: Json) -> tuple[Json, str]:
    """The twin and the detail of the coverage card at the next sign."""
    answer = whole_answer(ordered(), BOTH, claims=[GIVEN], authorizations=decisions)
    return answer.twins[0], answer.cards[0]["detail"]


@pytest.mark.parametrize(
    "resource",
    [
        asked(DUPILUMAB, item=[item("A1", "PA-77", RUNS)]),
        asked(DUPILUMAB, item=[item("A1", "PA-77")], preAuthPeriod=RUNS),
        asked(DUPILUMAB, item=[item("A1", valid=RUNS)], preAuthRef="PA-77"),
        asked(DUPILUMAB, item=[item("A1", "PA-77", RUNS)], preAuthPeriod=ENDED, preAuthRef="PA-7"),
        asked(
            DUPILUMAB,
            item=[item("A1", valid=RUNS)],
            extension=[{"url": f"{PAS}/extension-authorizationNumber", "valueString": "PA-77"}],
        ),
        decision(
            addItem=[
                line(extension=[period(RUNS)], adjudication=item("A1", "PA-77")["adjudication"])
            ]
        ),
        asked(
            METFORMIN,
            DUPILUMAB,
            item=[item("A3", "PA-1", RUNS), item("A1", "PA-77", RUNS, at=2)],
        ),
        asked(METFORMIN, DUPILUMAB, item=[item("C", "PA-1"), item("A1", "PA-77", RUNS, at=2)]),
    ],
)
def test_number_and_last_day_of_an_approval_stand_on_the_card(resource: Json) -> None:
    twin, detail = signed(resource)
    assert twin["running"] == {"until": "2027-04-30", "number": "PA-77"}
    assert "decision" not in twin
    assert "until Apr 30, 2027" in detail
    assert "(PA-77)" in detail


@pytest.mark.parametrize(
    ("resource", "says", "on_card"),
    [
        (asked(DUPILUMAB, item=[item("A1", "PA-77", ENDED)]), "approved", "ended on Nov 20"),
        (asked(DUPILUMAB, item=[item("A1", "PA-77")]), "approved", "no last day is stated"),
        (asked(DUPILUMAB, item=[item("A2", "PA-77", RUNS)]), "in_part", "Approved in part"),
        (asked(DUPILUMAB, item=[item("A3", "PA-77")]), "refused", "Not approved"),
        (asked(DUPILUMAB, item=[item("A4", "PA-77")]), "open", "Pended"),
        (asked(DUPILUMAB, item=[item("A6", "PA-77", RUNS)]), "open", "Modified"),
        (asked(DUPILUMAB, item=[item("CT", "PA-77", RUNS)]), "open", "Contact Payer"),
        (asked(DUPILUMAB, item=[item("C", "PA-77", RUNS)]), "withdrawn", "cancelled"),
        (asked(DUPILUMAB, item=[item("X9", "PA-77", RUNS)]), "open", "No clear decision"),
        (
            asked(METFORMIN, DUPILUMAB, item=[item("A1", "PA-1", RUNS), item("A4", "PA-77", at=2)]),
            "open",
            "Pended",
        ),
    ],
)
def test_any_other_decision_is_told_and_authorizes_nothing(
    resource: Json, says: str, on_card: str
) -> None:
    twin, detail = signed(resource)
    assert "running" not in twin
    assert (twin["decision"]["says"], twin["decision"]["number"]) == (says, "PA-77")
    assert on_card in detail
    assert "PA-77" in detail
    assert "PA-1)" not in detail


@pytest.mark.parametrize(
    "resource",
    [
        asked(METFORMIN, item=[item("A1", "PA-77", RUNS)]),
        asked(DUPILUMAB, item=[item("A1", "PA-77", RUNS)], patient={"reference": "Patient/oak"}),
        asked(DUPILUMAB, item=[item("A1", "PA-77", RUNS)], insurer={"display": "Aetna"}),
        asked(DUPILUMAB, item=[item("A1", "PA-77", RUNS)], status="cancelled"),
        asked(DUPILUMAB, item=[item("A1", "PA-77", RUNS)], use="claim"),
        decision(request={"reference": "Claim/elsewhere"}, item=[item("A1", "PA-77", RUNS)]),
    ],
    ids=["another drug", "another patient", "another payer", "cancelled", "a claim", "no product"],
)
def test_decision_that_is_not_this_payer_s_on_this_drug_is_not_told(resource: Json) -> None:
    twin, detail = signed(resource)
    assert not {"running", "decision"} & twin.keys()
    assert "PA-77" not in detail


def test_decision_after_the_one_that_runs_is_told_beside_it() -> None:
    runs = asked(DUPILUMAB, item=[item("A1", "PA-77", RUNS)], created="2026-04-30")
    later = asked(DUPILUMAB, item=[item("A4", "PEND-1")], created="2026-11-01", id="r2")
    twin, detail = signed(runs, later)
    assert twin["running"]["number"] == "PA-77"
    assert twin["decision"]["says"] == "open"
    assert "PEND-1" in detail
    earlier = {**later, "created": "2026-04-01"}
    assert "decision" not in signed(runs, earlier)[0]


def test_of_several_decisions_the_last_counts_and_of_one_day_the_least_favourable() -> None:
    refused = asked(DUPILUMAB, item=[item("A3")], created="2026-06-01")
    pended = asked(DUPILUMAB, item=[item("A4")], created="2026-05-01", id="r2")
    assert signed(refused, pended)[0]["decision"]["says"] == "refused"
    assert signed(refused, {**pended, "created": "2026-06-02"})[0]["decision"]["says"] == "open"
    assert signed(refused, {**pended, "created": "2026-06-01"})[0]["decision"]["says"] == "refused"


def test_two_authorizations_that_end_together_have_no_single_number() -> None:
    first = asked(DUPILUMAB, item=[item("A1", "PA-1", RUNS)])
    second = asked(DUPILUMAB, item=[item("A1", "PA-2", RUNS)], id="r2")
    assert signed(first, second)[0]["running"] == {"until": "2027-04-30", "number": None}
    longer = asked(DUPILUMAB, item=[item("A1", "PA-2", {**RUNS, "end": "2027-05-01"})], id="r2")
    assert signed(first, longer)[0]["running"] == {"until": "2027-05-01", "number": "PA-2"}


def test_the_code_counts_with_and_without_its_display() -> None:
    for display in (None, "Certified in total"):
        adjudication = [{"extension": action("A1", display)}]
        line_ = {"itemSequence": 1, "adjudication": adjudication, "extension": [period(RUNS)]}
        twin, _ = signed(asked(DUPILUMAB, item=[line_], insurer=PAYER))
        assert twin["running"] == {"until": "2027-04-30", "number": "AUTH0001"}
