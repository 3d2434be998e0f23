"""Cards of a CRD service: each of one response type."""

from dataclasses import replace
from typing import Any

from support.card_context import CONTEXT
from support.cases.run import library

from service.cards.card import Card
from service.cards.crd.crd_cards import CrdCards

UPDATE = {"label": "dose", "uuid": "u1", "actions": [{"type": "update"}]}
TEST = {"label": "test", "uuid": "u2", "actions": [{"type": "create"}]}
REPLACE = {"label": "swap", "uuid": "u3", "actions": [{"type": "delete"}, {"type": "create"}]}


def card(kind: str, *suggestions: dict[str, Any], **more: Any) -> Card:
    shown = {"uuid": kind, "summary": kind, "detail": "d", "source": {"label": "x"}, **more}
    if suggestions:
        shown |= {"suggestions": [*suggestions], "selectionBehavior": "any"}
    return Card(shown, kind, {one["uuid"]: one["label"] for one in suggestions}, ("c",))


def maker(**more: Any) -> CrdCards:
    known = library()
    assert known.crd is not None
    policy = known.policies[0]
    context = replace(CONTEXT, reference="MedicationRequest/1", order="drug")
    return CrdCards(known.wording, known.crd, known.crd.versions["2.2"], context, policy, **more)


def test_coverage_card_is_taken_apart_by_what_it_suggests() -> None:
    links = [{"url": "https://example.org"}]
    made = maker().made_of([card("coverage", UPDATE, TEST, links=links), card("considerations")])
    assert [one.kind for one in made] == [
        *("criteria", "corrections", "policy", "tests", "considerations")
    ]
    criteria, corrections, policy, tests, _ = made
    assert not {"suggestions", "links"} & set(criteria.card)
    assert (corrections.card["suggestions"], corrections.about) == ([UPDATE], {"u1": "dose"})
    assert (tests.card["suggestions"], tests.about) == ([TEST], {"u2": "test"})
    assert [link["type"] for link in policy.card["links"]] == ["absolute"]
    assert criteria.card["source"]["topic"]["code"] == "appropriate-use"


def test_alternatives_keep_what_replaces_and_leave_what_is_added() -> None:
    alternatives, policy, tests = maker().made_of([card("alternatives", REPLACE, TEST)])[0:3]
    kinds = {alternatives.kind: alternatives, policy.kind: policy, tests.kind: tests}
    assert kinds["alternatives"].card["suggestions"] == [REPLACE]
    assert kinds["alternatives"].card["selectionBehavior"] == "at-most-one"
    assert kinds["tests"].card["suggestions"] == [TEST]


def test_page_of_the_order_is_a_second_link() -> None:
    (_, policy) = maker(page="https://cds.example.org/orders/x").made_of([card("coverage")])
    assert policy.card["links"][1]["url"] == "https://cds.example.org/orders/x"


def test_order_is_named_in_words_and_by_reference_where_there_are_several() -> None:
    for one in maker(named=True).made_of([card("coverage", UPDATE)]):
        assert one.card["detail"].startswith("Order: drug")
        assert one.card["extension"]["davinci-crd.associated-resource"] == [
            {"reference": "MedicationRequest/1"}
        ]
    assert "extension" not in maker().made_of([card("coverage")])[0].card


def test_lighter_answer_is_the_card_of_the_criteria() -> None:
    alone = maker().criteria_alone([card("coverage", UPDATE), card("considerations")])
    assert [one.kind for one in alone] == ["criteria"]
