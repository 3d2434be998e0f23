"""The lanes, marks and windows of a timeline."""

from datetime import date

from support.order_stories import CLAIMS_HELD, RECORD_ONLY, WORDS, advised

from service.facts.client import Client
from service.pages.story.timeline_marks import Lane, OrderTimeline, order_timeline


def timeline(name: str, client: Client = CLAIMS_HELD) -> OrderTimeline | None:
    judgement = advised(name, client).judgement
    return order_timeline(WORDS, judgement.assessed.case, judgement.assessment)


def lanes(name: str, client: Client = CLAIMS_HELD) -> dict[str, Lane]:
    shown = timeline(name, client)
    assert shown is not None
    return {lane.title: lane for lane in shown.lanes}


def test_listed_cream_is_a_bar_against_the_days_asked_for() -> None:
    lane = lanes("p001-initial", RECORD_ONLY)["Topical calcineurin inhibitors"]
    [bar] = lane.marks
    assert (bar.kind, bar.first, bar.last) == ("chart", date(2026, 4, 1), date(2026, 8, 15))
    assert lane.lengths == {42: "42 days asked for"}
    assert lane.windows == {180: "the last 180 days", 365: "the last 12 months"}
    assert "tacrolimus" in bar.says
    assert bar.link == "ad.initial.trial.tcs_and_tci.tci.supply"


def test_claims_are_told_from_lists() -> None:
    kinds = [mark.kind for mark in lanes("p001-claims")["Topical calcineurin inhibitors"].marks]
    assert set(kinds) == {"chart", "claim"}


def test_scores_and_statements_are_points_on_their_day() -> None:
    shown = lanes("asthma-laba-90-days")
    [count] = shown["Blood eosinophils"].marks
    assert (count.last, count.label) == (None, "310 cells/uL")
    assert all(mark.kind == "attestation" for mark in shown["Statements"].marks)


def test_fill_is_drawn_in_the_lane_of_its_class_alone() -> None:
    shown = lanes("asthma-laba-90-days")
    assert len(shown["Inhaled corticosteroids"].marks) == 9
    assert all("fluticasone" not in mark.label for lane in shown.values() for mark in lane.marks)


def test_lane_without_marks_is_shown_only_if_its_supply_would_change_the_answer() -> None:
    assert "TNF inhibitors" not in lanes("p001-initial", RECORD_ONLY)
    assert not lanes("crswnp-saline-only")["Intranasal corticosteroids"].marks


def test_first_day_is_that_of_the_longest_window_or_of_a_value_before_it() -> None:
    shown, worse = timeline("p001-initial", RECORD_ONLY), timeline("renewal-worse")
    assert shown is not None
    assert worse is not None
    assert (shown.first, shown.day) == (date(2025, 11, 21), date(2026, 11, 21))
    assert worse.first <= date(2025, 11, 18)
    assert shown.left_out == 2


def test_order_that_no_policy_judged_has_no_timeline() -> None:
    assert timeline("other-payer") is None
