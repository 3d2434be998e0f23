"""Each questionnaire is sound FHIR, asks what statements answer, and its answers count."""

from typing import Any

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire
from fhir.resources.R4B.valueset import ValueSet
from support.questionnaires import (
    FORMS,
    counted,
    fhir_client,
    fixture,
    form,
    items,
    looked_up,
    questions,
    response,
)

from service.questionnaires.form import Form

Json = dict[str, Any]
DETAILS = (":trial", ":drug", ":started", ":ended", ":why", ":value", ":measured")
each_form = pytest.mark.parametrize("of", FORMS, ids=lambda of: of.id)


def test_every_indication_and_path_has_a_questionnaire() -> None:
    assert len(FORMS) == 12
    assert len({of.id for of in FORMS}) == 12


@each_form
def test_questionnaire_and_its_lists_are_r4(of: Form) -> None:
    questionnaire = of.questionnaire()
    Questionnaire.model_validate(questionnaire)
    for one in (*of.value_sets(), *questionnaire.get("contained", [])):
        ValueSet.model_validate(one)
    assert f"{questionnaire['url']}|{questionnaire['version']}" == of.policy.questionnaire(
        of.indication, of.path
    )


@each_form
def test_ids_stand_once_and_each_question_is_a_criterion_that_statements_read(of: Form) -> None:
    questionnaire = of.questionnaire()
    ids = [item["linkId"] for item in items(questionnaire)]
    assert len(ids) == len({*ids})
    asked = questions(questionnaire)
    assert asked
    assert {*asked} <= looked_up(of)
    own = {*asked, *(item["linkId"] for item in items(questionnaire) if item["type"] == "group")}
    details = {id_ for id_ in ids if id_.endswith(DETAILS)}
    assert {id_.rpartition(":")[0] for id_ in details} <= {*asked}
    assert {*ids} - details <= own


@each_form
def test_every_answer_counts_under_its_criterion(of: Form) -> None:
    questionnaire = of.questionnaire()
    asked = questions(questionnaire)
    for yes, truth in ((True, "met"), (False, "not_met")):
        found = counted(of, response(questionnaire, dict.fromkeys(asked, yes)))
        assert {id_: str(one.truth) for id_, one in found.items()} == dict.fromkeys(asked, truth)


@each_form
def test_condition_names_an_earlier_question(of: Form) -> None:
    seen: list[str] = []
    for item in items(of.questionnaire()):
        conditions = item.get("enableWhen", [])
        assert {condition["question"] for condition in conditions} <= {*seen}
        assert ("enableBehavior" in item) == (len(conditions) > 1)
        if item["type"] == "boolean":
            seen.append(item["linkId"])


@each_form
def test_every_question_cites_the_policy_and_nothing_is_answered_before(of: Form) -> None:
    for item in items(of.questionnaire()):
        assert not {"initial", "answerOption"} & {*item}
        if item["type"] == "boolean":
            assert of.policy.document in item["extension"][0]["valueMarkdown"]
            assert item["prefix"].startswith("Line")


def test_questions_are_in_the_words_of_the_policy() -> None:
    texts = {item["linkId"]: item["text"] for item in items(form().questionnaire())}
    assert texts["ad.initial.severity.bsa10"].startswith("Was at least 10 % of the body surface")
    assert "ad.initial.age" not in texts
    assert "ad.initial.trial.prior_biologic" not in texts


def test_yes_to_one_way_hides_the_others_and_a_trial_alone_hides_none() -> None:
    conditions = {
        item["linkId"]: item.get("enableWhen", []) for item in items(form().questionnaire())
    }
    assert conditions["ad.initial.severity.palms_soles"] == [
        {"question": "ad.initial.severity.bsa10", "operator": "!=", "answerBoolean": True}
    ]
    assert conditions["ad.initial.trial.all_four_classes_excluded"] == []


def test_bound_on_a_value_asks_for_the_value_in_its_unit_and_its_day() -> None:
    by_id = {item["linkId"]: item for item in items(form().questionnaire())}
    value = by_id["ad.initial.severity.bsa10:value"]
    assert value["type"] == "quantity"
    assert value["extension"][0]["valueCoding"]["code"] == "%"
    assert by_id["ad.initial.severity.bsa10:measured"]["type"] == "date"
    assert "ad.initial.severity.palms_soles:value" not in by_id


def test_title_names_disease_and_path() -> None:
    assert form("pn", "renewal").questionnaire()["title"].endswith("prurigo nodularis, renewal")


@pytest.mark.parametrize("name", ["initial", "asthma", "copd", "crswnp", "eoe", "pn"])
def test_answers_to_its_questions_settle_what_recorded_statements_settle(name: str) -> None:
    request = fixture(f"{name}-fully-met")
    http = fhir_client()

    def truths() -> dict[str, str]:
        answer = http.post("/cds-services/dupilumab-order-sign", json=request).get_json()
        return truths_in(answer["cards"][0]["extension"]["org.dupilumab-cds.assessment"])

    recorded = truths()
    entry = request["prefetch"]["answers"]["entry"][0]
    answered = entry["resource"]
    questionnaire = form("ad" if name == "initial" else name).questionnaire()
    given = {item["linkId"] for item in answered["item"]}
    assert given <= {*questions(questionnaire)}
    made = response(questionnaire, dict.fromkeys(given, True))
    entry["resource"] = {**made, "subject": answered["subject"], "authored": answered["authored"]}
    assert truths() == recorded
    entry["resource"] = {**entry["resource"], "item": []}
    assert truths() != recorded


def truths_in(twin: Json) -> dict[str, str]:
    """The truth of every criterion of a twin, by id."""
    found: dict[str, str] = {"outcome": twin["outcome"]}
    waiting = list(twin["criteria"])
    while waiting:
        one = waiting.pop()
        found[one["id"]] = one["truth"]
        waiting += one.get("children", [])
    return found
