"""No accepted supply is shown: surely none, or still open."""

from typing import Any

import pytest
from support.fact_case import CLAIMS_HELD, Answer, patient, said, worded

from service.facts.case import Case
from service.facts.fills.fills_of_class import fills_of
from service.facts.supply.covered_days_of_classes import handovers_by_class
from service.facts.supply.no_supply_shown import (
    is_listed_now,
    list_cut_short,
    not_shown,
    supports_therapy,
    why_silence_proves_nothing,
)
from service.policy.finding import not_met, remark
from service.policy.operators import Supply

SET = "ad.oral_jak"
NOW = Supply(of=(SET,), now=True)
EVER = Supply(of=(SET,), ever=True)
DOUBT = Supply(of=(SET,), now=True, elsewhere="doubt")
REVIEW = Supply(of=(SET,), now=True, elsewhere="review")
Json = dict[str, Any]
LISTED: Json = {"chart": [{"drug": "upadacitinib", "from": "60 days ago"}]}
SAMPLE: Json = {
    "dispenses": [{"drug": "upadacitinib", "days": 28, "on": "10 days ago", "sample": "yes"}]
}


def case(**given: object) -> Case:
    return patient(**{**CLAIMS_HELD, "dispenses_held": "yes", **given})


def found(asked: Supply = NOW, **given: Any) -> Answer:
    """The answer where nothing that counts was found, and the rest is what there is."""
    known = case(**given)
    rest = handovers_by_class(known, asked)
    return worded(not_shown(known, asked, not_met(miss=remark("recorded_as_no")), [], rest))


def test_complete_lists_without_the_drug_show_that_there_was_none() -> None:
    finding = found()
    assert (said(finding), finding.miss) == ("not_met", "recorded as no")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"claims_held": "no", "dispenses_held": "no"}, "unknown not_held"),
        ({"not_sent": "claims"}, "unknown not_supplied"),
        ({"paged": "claims"}, "unknown incomplete"),
        ({"failed": "claims"}, "unknown not_supplied"),
    ],
)
def test_lists_that_may_miss_something_show_nothing(given: Json, expected: str) -> None:
    assert said(found(**given)) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [(NOW, "not_met"), (DOUBT, "unknown weak_evidence"), (REVIEW, "unknown review")],
)
def test_drug_on_a_list_alone_is_judged_as_the_test_says(asked: Supply, expected: str) -> None:
    finding = found(asked, **LISTED)
    assert said(finding) == expected
    assert len(finding.evidence) == 1


def test_drug_on_a_list_is_weak_evidence_where_the_pharmacy_records_are_not_held() -> None:
    open_ = {"claims_held": "no", "dispenses_held": "no"}
    assert said(found(NOW, **LISTED, **open_)) == "unknown weak_evidence"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [(NOW, "not_met"), (DOUBT, "unknown weak_evidence"), (REVIEW, "unknown review")],
)
def test_sample_keeps_a_drug_from_being_ruled_out_only_where_doubt_counts(
    asked: Supply, expected: str
) -> None:
    assert said(found(asked, **SAMPLE)) == expected


def test_hand_over_that_cannot_be_read_leaves_the_answer_open_if_it_would_suffice() -> None:
    unread = {"drug": "unlisted drug", "days": 30, "on": "10 days ago"}
    assert said(found(claims=[unread])) == "unknown unmapped"
    assert said(found(claims=[{**unread, "on": "300 days ago"}])) == "not_met"
    assert said(found(EVER, claims=[{**unread, "on": "300 days ago"}])) == "unknown unmapped"


@pytest.mark.parametrize(
    ("since", "expected"), [("360 days ago", "not_held"), ("12 months ago", None)]
)
def test_silence_proves_something_if_the_lists_reach_back_a_year(
    since: str, expected: str | None
) -> None:
    reaching = {"claims_held": since, "dispenses_held": since}
    reason = why_silence_proves_nothing(case(**reaching), Supply(of=(SET,), ever=True))
    assert (str(reason) if reason else None) == expected
    assert why_silence_proves_nothing(case(**reaching), NOW) is None


def test_list_that_was_cut_short_is_told_by_its_kind() -> None:
    lists = case(paged="medicationStatements")
    assert list_cut_short(lists, ("claim", "dispense"), every=False) is None
    finding = list_cut_short(lists, ("claim", "dispense"), every=True)
    assert finding is not None
    assert said(worded(finding)) == "unknown incomplete"
    assert list_cut_short(case(), ("claim",), every=True) is None


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({}, True),
        ({"status": "completed"}, False),
        ({"from": "60 days ago", "to": "1 day ago"}, True),
        ({"status": "unknown", "from": "60 days ago", "to": "1 day ago"}, False),
        ({"status": "unknown", "from": "60 days ago"}, True),
        ({"from": "1 day ahead"}, False),
    ],
    ids=["active", "completed", "active and over", "over", "no end", "of tomorrow"],
)
def test_list_says_that_a_drug_is_taken_today(entry: Json, expected: bool) -> None:
    known = case(chart=[{"drug": "upadacitinib", **entry}])
    (hit,) = known.record.hits(SET)
    assert is_listed_now(known, hit) is expected


@pytest.mark.parametrize(
    ("asked", "on", "expected"),
    [
        (NOW, "29 days ago", True),
        (NOW, "30 days ago", False),
        (EVER, "3000 days ago", True),
    ],
)
def test_hand_over_supports_a_use_today_as_long_as_it_may_last(
    asked: Supply, on: str, expected: bool
) -> None:
    known = case(claims=[{"drug": "upadacitinib", "days": 30, "on": on}])
    ((_, handover),) = fills_of(known, (SET,))
    assert supports_therapy(known, asked, handover) is expected


def test_question_that_would_suffice_names_the_product() -> None:
    cream = {"drug": "tacrolimus, ingredient only", "days": 30, "on": "today"}
    finding = found(Supply(of=("ad.tci",), now=True), claims=[cream])
    assert said(finding) == "unknown review"
    assert "tacrolimus" in str(finding.miss)
