"""The answer of a CRD service where no recorded request shows it."""

from typing import Any

import pytest
from support.cases.run import library
from support.crd.answered import answered, asking, updated
from support.crd.coverage_information_rules import extensions_of, values_of
from support.sent import order, recorded, with_order

from service.errors import RequestError
from service.questionnaires.published import questionnaires_of_url

Json = dict[str, Any]


def told(body: Json) -> list[dict[str, list[Any]]]:
    return [values_of(one) for each in updated(answered(body)) for one in extensions_of(each)]


def test_contained_coverage_is_named_inside_the_order() -> None:
    body = recorded("initial-fully-met")
    coverage = body["prefetch"].pop("coverage")["entry"][0]["resource"]
    coverage["payor"] = [{"display": "Blue Cross & Blue Shield of Mississippi"}]
    body = with_order(body, contained=[{**coverage, "id": "c"}], insurance=[{"reference": "#c"}])
    assert [values["coverage"] for values in told(body)] == [[{"reference": "#c"}]]


def test_order_or_coverage_without_an_id_is_not_answered() -> None:
    assert answered(with_order(recorded("csu-order"), id=None))["systemActions"] == []
    body = with_order(recorded("csu-order"), insurance=None)
    del body["prefetch"]["coverage"]["entry"][0]["resource"]["id"]
    assert answered(body)["systemActions"] == []


def test_coverage_that_did_not_come_is_answered_only_if_its_reference_names_one() -> None:
    body = with_order(
        recorded("csu-order"), insurance=[{"reference": "Coverage/not-sent"}, {"reference": "x"}]
    )
    by_coverage = {values["coverage"][0]["reference"]: values["reason"] for values in told(body)}
    assert "was not supplied" in by_coverage["Coverage/not-sent"][0]["text"]
    assert "x" not in by_coverage


def test_questionnaires_of_both_paths_are_named_where_the_path_is_unknown() -> None:
    (values,) = told(recorded("p000-renewal"))
    paths = [one.split("|")[0].rsplit("-", 1)[1] for one in values["questionnaire"]]
    assert sorted(paths) == ["initial", "renewal"]


def test_questionnaire_is_ours_and_served() -> None:
    (values,) = told(recorded("p001-claims"))
    (canonical,) = values["questionnaire"]
    assert len(questionnaires_of_url(library(), canonical)) == 1


def test_several_orders_of_the_drug_are_answered_each() -> None:
    body = recorded("wrong-dose-weekly")
    second = {**order(body), "id": "second", "authoredOn": "2026-11-20"}
    body["context"]["draftOrders"]["entry"].append({"resource": second})
    answer = answered(body)
    assert [one["id"] for one in updated(answer)] == [order(body)["id"], "second"]
    assert [card["source"]["topic"]["code"] for card in answer["cards"]][:2] == [
        "appropriate-use",
        "appropriate-use",
    ]
    links = [card for card in answer["cards"] if "links" in card]
    assert len(links) == 1


def test_order_of_another_drug_is_passed_over() -> None:
    body = recorded("csu-order")
    body["prefetch"].pop("coverage")
    body = with_order(body, medicationCodeableConcept={"text": "loratadine"})
    assert answered(asking(body, "2.2")) == {"cards": [], "systemActions": []}


def test_call_without_a_known_payer_is_refused_with_what_to_do() -> None:
    with pytest.raises(RequestError, match="no Coverage of a payer") as refused:
        answered(asking(recorded("other-payer"), "2.2"))
    assert (refused.value.status, refused.value.code) == (400, "business-rule")
