"""The tree of criteria on the page of an order."""

from collections.abc import Iterator

from support.order_stories import WORDS, advised, story_of

from service.pages.story.shown_tree import ShownCriterion, shown_tree
from service.policy.assessment import Assessment, Outcome


def all_of(shown: tuple[ShownCriterion, ...]) -> Iterator[ShownCriterion]:
    for each in shown:
        yield each
        yield from all_of(each.children)


def by_id(name: str, *, claims_held: bool = True) -> dict[str, ShownCriterion]:
    return {each.id: each for each in all_of(story_of(name, claims_held=claims_held).tree)}


def test_open_criterion_says_why_with_its_nearest_miss_and_evidence() -> None:
    shown = by_id("p001-initial", claims_held=False)
    supply = shown["ad.initial.trial.tcs_and_tci.tci.supply"]
    assert (supply.truth, supply.mark, supply.miss) == ("unknown", "?", "0 of 42 days")
    assert "pharmacy records" in supply.reason
    assert [proof.reference for proof in supply.evidence] == [
        "MedicationStatement/p001-statement-1"
    ]
    assert supply.evidence[0].date == "2026-04-01 to 2026-08-15"


def test_citation_leads_to_the_line_of_the_policy_page() -> None:
    age = by_id("p001-initial", claims_held=False)["ad.initial.age"]
    assert (age.truth, age.lines) == ("met", "line 22")
    assert age.link == "/policies/bcbsms/L.5.01.513@2025-10-01#c-ad.initial.age"


def test_what_would_change_the_answer_is_open_and_all_else_folded() -> None:
    shown = by_id("p001-initial", claims_held=False)
    assert shown["ad.initial.trial"].opened
    assert not shown["ad.initial.severity"].opened
    assert not shown["ad.initial.trial.systemic_or_phototherapy"].opened


def test_criterion_that_keeps_the_order_from_being_met_is_marked() -> None:
    shown = by_id("asthma-laba-90-days")
    assert shown["asthma.initial.controller.current.over_3m"].blocks
    assert not shown["asthma.initial"].blocks


def test_branch_that_a_known_test_excludes_has_no_part() -> None:
    weight = by_id("eoe-fully-met")["eoe.initial.age_weight.weight"]
    assert [each.applies for each in weight.children] == [True, True, False]
    assert all(each.branch for each in weight.children)


def test_both_paths_have_a_part_while_it_is_open_which_one_it_is() -> None:
    paths = by_id("p000-renewal", claims_held=False)["path"]
    assert all(each.applies for each in paths.children)


def test_order_that_no_policy_judged_has_no_tree() -> None:
    assert shown_tree(WORDS, Assessment(Outcome.NO_POLICY), "") == ()
    assert story_of("other-payer").tree == ()


def test_every_criterion_of_the_twin_is_shown_once() -> None:
    twin = advised("asthma-fully-met").twin
    ids: list[str] = []

    def collect(nodes: list[dict[str, object]]) -> None:
        for node in nodes:
            ids.append(str(node["id"]))
            collect(node.get("children", []))  # type: ignore[arg-type]

    collect(twin["criteria"])
    assert [each.id for each in all_of(story_of("asthma-fully-met").tree)] == ids
