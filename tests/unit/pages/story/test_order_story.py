"""The page of one order as a whole."""

from support.cases.run import library
from support.order_stories import advised, known, story_of

from service.pages.story.order_story import order_picture


def test_head_says_outcome_path_day_and_policy() -> None:
    story = story_of("p001-initial", claims_held=False)
    assert story.title == "dupilumab for atopic dermatitis: Payer"
    assert (story.outcome, story.mark, story.word) == ("unknown", "?", "open")
    assert story.path == "first request"
    assert story.as_of == "judged as of 2026-11-21"
    assert story.policy_link == "/policies/bcbsms/L.5.01.513@2025-10-01"
    assert story.has_picture
    assert story.picture is None


def test_order_without_a_policy_has_a_head_and_what_was_sent() -> None:
    story = story_of("other-payer")
    assert (story.outcome, story.policy, story.path) == ("no_policy", "", "")
    assert story.title == "dupilumab: Payer"
    assert not story.has_picture
    assert ("Insurance coverage", "complete") in story.data
    assert order_picture(library(), known(advised("other-payer"))) is None


def test_other_therapies_are_named_with_their_reason() -> None:
    assert all(name and why for name, why in story_of("renewal-worse").alternatives)
    assert story_of("renewal-worse").alternatives
