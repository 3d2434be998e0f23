"""What would change the answer, in words."""

from datetime import date

import orjson
import pytest
from support.order_stories import FIXTURES, WORDS, advised, story_of

from service.cards.assessment_json import MetByTime
from service.pages.story.changes_in_words import changes_of, time_in_words


def test_open_order_names_each_question_with_its_way() -> None:
    changes = story_of("p001-claims").changes
    assert [needed.way for needed in changes.sets[0]] == ["the prescriber says so"] * 3
    assert changes.sets[0][1].says.startswith("Will the patient use emollients")
    assert not changes.time_later


def test_other_sets_name_only_what_the_first_lacks() -> None:
    first, *others = story_of("p001-claims").changes.sets
    assert others
    assert all({one.id for one in first}.isdisjoint(one.id for one in some) for some in others)


def test_failed_order_names_what_would_have_to_be_met() -> None:
    changes = story_of("asthma-laba-90-days").changes
    assert [[one.id for one in some] for some in changes.sets] == [
        ["asthma.initial.controller.current.over_3m"],
        ["asthma.initial.controller.exception_all"],
    ]
    assert changes.sets[0][0].now == "90 of 91 days; earliest on 2026-11-22"
    assert changes.time_later


def test_nothing_changes_what_is_met() -> None:
    changes = story_of("pn-fully-met").changes
    assert (changes.sets, changes.lead) == ((), WORDS["change_none"])


@pytest.mark.parametrize("name", ["other-payer", "csu-order", "order-text-only"])
def test_order_that_no_policy_judged_leads_to_its_card(name: str) -> None:
    changes = story_of(name).changes
    assert (changes.sets, changes.lead) == ((), WORDS["change_unjudged"])


def test_no_answer_changes_an_order_that_is_held() -> None:
    body = orjson.loads((FIXTURES / "p001-claims.json").read_bytes())
    body["prefetch"]["patient"]["deceasedBoolean"] = True
    rendered = advised(orjson.dumps(body))
    assert rendered.judgement.assessed.held
    changes = changes_of(WORDS, rendered.judgement.assessment)
    assert (changes.sets, changes.lead) == ((), WORDS["change_unjudged"])


@pytest.mark.parametrize(
    ("met_on", "rest_on", "said"),
    [
        (date(2026, 12, 4), date(2026, 12, 1), "is met on 2026-12-04."),
        (None, date(2026, 12, 1), "on 2026-12-01 if the therapies in use go on"),
        (None, None, "Time alone"),
    ],
)
def test_day_is_said_with_what_it_rests_on(
    met_on: date | None, rest_on: date | None, said: str
) -> None:
    assert said in time_in_words(WORDS, MetByTime(met_on, rest_on))
