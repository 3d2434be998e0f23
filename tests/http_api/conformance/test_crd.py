"""The CRD services: every recorded request in every version, and cases of the policies."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from flask.testing import FlaskClient
from support import example_library
from support.cases.request import client, request
from support.cases.run import Case, all_cases, library
from support.crd.answered import DAY, VERSIONS, answered, asking, updated
from support.crd.coverage_information_rules import (
    TEMP,
    URL,
    extensions_of,
    faults,
    values_of,
)
from support.questionnaires import items
from support.sent import RECORDED, order, recorded, twins, with_order

from service.advise import advise
from service.advise.crd_answer import crd_answer
from service.cds.crd_request import CrdRequest
from service.cds.request import AsOf, parse_hook_request
from service.errors import RequestError

Json = dict[str, Any]
# Requests without a coverage of a payer whose policies are here: every version but 2.0 refuses them.
NOT_HANDLED = ("coverage-not-sent", "other-payer")
EACH = 60  # of the cases of the policies; all of them take some minutes
TOPIC_SYSTEMS = {"2.2": "http://terminology.hl7.org/CodeSystem/cdshooks-card-type"}
TOPICS = {
    *("claim", "insurance", "limits", "network", "appropriate-use", "cost", "guideline"),
    *("therapy-alternatives-opt", "therapy-alternatives-req", "clinical-reminder"),
    *("duplicate-therapy", "contraindication", "off-guideline"),
}
# 2.1 differs from 2.0 by little: a few requests show it
ASKED = [
    (name, version)
    for number, name in enumerate(RECORDED)
    for version in VERSIONS
    if (version != "2.1" or number % 6 == 0) and (version == "2.0" or name not in NOT_HANDLED)
]

# What no version changes is looked at in one of them.
IN_TURN = [
    (name, "2.2" if number % 2 and name not in NOT_HANDLED else "2.0")
    for number, name in enumerate(RECORDED)
]


@cache
def _answer(name: str, version: str) -> Json | int:
    """The answer to a recorded request, or the status with which it is refused; nobody may change it."""
    try:
        return answered(asking(recorded(name), version))
    except RequestError as error:
        return error.status


def _answered(name: str, version: str) -> Json:
    answer = _answer(name, version)
    assert not isinstance(answer, int), f"refused with status {answer}"
    return answer


def _informed(answer: Json) -> list[dict[str, list[Any]]]:
    """The values of the extensions of an answer."""
    return [values_of(one) for each in updated(answer) for one in extensions_of(each)]


def _agree(values: dict[str, list[Any]], twin: Json) -> None:
    """What the codes say of the coverage that decides, and what the assessment says, are the same."""
    outcome, covered = twin["outcome"], values["covered"][0]
    number = values.get("satisfied-pa-id", [None])[0]
    needed = values.get("pa-needed", [None])[0]
    assert covered != "covered" or outcome == "met"
    assert outcome != "met" or covered == "covered" or number
    if (outcome, number) == ("not_met", None) and "running" not in twin:
        assert covered == "not-covered"
    if outcome == "unknown":
        assert covered != "covered"
    assert number is None or number == twin["running"]["number"]
    if covered == "covered" and needed == "satisfied":
        assert outcome == "met"
        assert "attestation" not in _kinds(twin.get("criteria", []))


def _kinds(criteria: list[Json]) -> list[str]:
    found = []
    for one in criteria:
        found += [proof["kind"] for proof in one.get("evidence", [])]
        found += _kinds(one.get("children", []))
    return found


@pytest.mark.conforms(
    "CI-01",
    "CI-02",
    "CI-03",
    "CI-04",
    "CI-05",
    "CI-06",
    "CI-09",
    "CI-10",
    "CI-11",
    "CI-12",
    "CI-13",
    "CI-14",
    "CI-15",
    "CRD-03",
    "CRD-21",
    "RESP-03",
)
@pytest.mark.parametrize(("name", "version"), ASKED)
def test_coverage_information_keeps_every_rule_of_the_guide(name: str, version: str) -> None:
    for action in _answered(name, version)["systemActions"]:
        assert set(action) == {"type", "description", "resource"}
        assert action["type"] == "update"
        found = extensions_of(action["resource"])
        assert found
        assert [fault for one in found for fault in faults(one, version)] == []


@pytest.mark.conforms("CRD-01")
@pytest.mark.parametrize(("name", "version"), ASKED)
def test_each_order_of_the_drug_is_answered_and_agrees_with_its_assessment(
    name: str, version: str
) -> None:
    answer = _answered(name, version)
    assessed = {one["order"]: one for one in twins(answer)}
    for changed in updated(answer):
        reference = f"{changed['resourceType']}/{changed['id']}"
        named = order(recorded(name)).get("insurance", [{}])[0].get("reference")
        for one in extensions_of(changed):
            values = values_of(one)
            if reference in assessed and named in (None, values["coverage"][0]["reference"]):
                _agree(values, assessed[reference])
    if recorded(name)["hook"] == "order-sign" and name != "coverage-not-sent":
        assert {f"MedicationRequest/{one['id']}" for one in updated(answer)} == set(assessed)


@pytest.mark.conforms("CRD-04", "CRD-06", "ACT-06")
@pytest.mark.parametrize(("name", "version"), IN_TURN)
def test_draft_is_changed_in_nothing_but_the_extension(name: str, version: str) -> None:
    drafts = {
        entry["resource"].get("id"): entry["resource"]
        for entry in recorded(name)["context"]["draftOrders"]["entry"]
    }
    for changed in updated(_answered(name, version)):
        others = [one for one in changed["extension"] if one["url"] != URL]
        plain = {**changed, "extension": others}
        if not others:
            del plain["extension"]
        assert list(plain.items()) == list(drafts[changed["id"]].items())


@pytest.mark.conforms("CRD-20")
@pytest.mark.parametrize("name", NOT_HANDLED)
def test_version_decides_whether_other_payers_are_refused(name: str) -> None:
    first = _answered(name, "2.0")
    assert first["cards"]
    for values in _informed(first):
        assert values["covered"] == ["conditional"]
    assert [_answer(name, version) for version in ("2.1", "2.2")] == [400, 400]


def _of_case(case: Case, version: str) -> None:
    body = asking(request(case.given, case.as_of), version)
    try:
        answer = answered(body, library(), client(case.given, case.as_of), case.as_of)
    except RequestError:  # no patient, or in 2.2 no coverage that is known
        return
    for changed in updated(answer):
        for one in extensions_of(changed):
            assert faults(one, version) == [], case.says
    if len(_informed(answer)) == len(twins(answer)) == 1:
        _agree(_informed(answer)[0], twins(answer)[0])


@pytest.mark.conforms("CRD-21")
@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_cases_of_the_policies_keep_the_rules_and_agree(version: str) -> None:
    for case in all_cases()[::EACH]:
        _of_case(case, version)


@pytest.mark.conforms("CRD-02", "CRD-10", "CRD-12", "CRD-13", "CRD-14", "CRD-15", "CRD-16")
@pytest.mark.parametrize(("name", "version"), IN_TURN)
def test_each_card_is_of_one_response_type(name: str, version: str) -> None:
    system = TOPIC_SYSTEMS.get(version, TEMP)
    for card in _answered(name, version)["cards"]:
        topic = card["source"]["topic"]
        assert (topic["system"], topic["code"] in TOPICS) == (system, True)
        assert topic["display"].lower().split()[-1] in topic["code"]
        assert card["indicator"] != "critical"
        actions = [one["actions"] for one in card.get("suggestions", [])]
        if "links" in card:
            assert {link["type"] for link in card["links"]} == {"absolute"}
            assert not actions
        elif not actions:
            assert card["detail"]
        kinds = [sorted(action["type"] for action in one) for one in actions]
        assert all(kind in (["update"], ["create", "delete"]) for kind in kinds) or all(
            set(kind) == {"create"} for kind in kinds
        )


@pytest.mark.conforms("RESP-04")
@pytest.mark.parametrize("name", RECORDED)
def test_nothing_in_a_card_is_null_or_empty(name: str) -> None:
    def empty(value: object, path: str = "") -> list[str]:
        match value:
            case dict():
                return [
                    one for key, inner in value.items() for one in empty(inner, f"{path}.{key}")
                ]
            case list():
                return [one for inner in value for one in empty(inner, path)] if value else [path]
            case _:
                return [path] if value in (None, "", {}) else []

    assert [one for card in _answered(name, "2.0")["cards"] for one in empty(card)] == []


@pytest.mark.conforms("CRD-05")
def test_what_the_draft_says_already_is_not_said_again() -> None:
    body = asking(recorded("p001-claims"), "2.2")
    (changed,) = updated(answered(body))
    again = deepcopy(body)
    order(again)["extension"] = deepcopy(changed["extension"])
    assert answered(again)["systemActions"] == []
    order(again)["extension"][-1]["extension"][1]["valueCode"] = "covered"
    (corrected,) = updated(answered(again))
    assert corrected["extension"] == changed["extension"]


def test_extension_of_another_coverage_stays() -> None:
    body = asking(recorded("p001-claims"))
    (changed,) = updated(answered(body))
    other = deepcopy(changed["extension"][0])
    other["extension"][0]["valueReference"]["reference"] = "Coverage/other"
    order(body)["extension"] = [other]
    assert updated(answered(body))[0]["extension"] == [other, changed["extension"][0]]


@pytest.mark.conforms("CRD-04")
def test_numbers_of_the_draft_keep_their_digits(http: FlaskClient) -> None:
    body = asking(with_order(recorded("p001-claims"), note=[{"text": "x"}]))
    order(body)["dosageInstruction"][0]["doseAndRate"] = [
        {"doseQuantity": {"value": 12345.5, "unit": "mg"}}
    ]
    raw = json.dumps(body).replace("12345.5", "300.00")
    answer = http.post(
        "/cds-services/dupilumab-crd-order-sign", data=raw, content_type="application/json"
    )
    assert answer.status_code == 200
    assert answer.text.split('"systemActions"')[1].count('"value":300.00') == 1


@pytest.mark.parametrize("service", ["dupilumab-order-sign", "dupilumab-crd-order-sign"])
def test_suggested_draft_keeps_the_digits_of_what_is_not_changed(
    service: str, http: FlaskClient
) -> None:
    body = asking(recorded("wrong-dose-weekly"))
    ingredient = {"strength": {"numerator": {"value": 54321.5}}}
    draft = order(body)
    draft["extension"] = [{"url": "https://ehr.example/x", "valueDecimal": 12345.5}]
    draft["contained"] = [{"resourceType": "Medication", "id": "m", "ingredient": [ingredient]}]
    draft["unknown"] = 98765.5
    raw = json.dumps(body).replace("12345.5", "0.10000000000000000000001")
    raw = raw.replace("54321.5", "1.50").replace("98765.5", "1E+2")
    answer = http.post(f"/cds-services/{service}", data=raw, content_type="application/json")
    suggested = answer.text.partition('"suggestions":')[2]
    for written in (":0.10000000000000000000001}", ":1.50}", ":1E+2"):
        assert suggested.count(written) == (2 if "crd" in service else 1)


def test_id_is_the_same_for_the_same_case_alone() -> None:
    def id_of(body: Json, **more: Any) -> str:
        (values,) = _informed(answered(body, **more))
        found: str = values["coverage-assertion-id"][0]
        return found

    body = recorded("p001-claims")
    first = id_of(asking(body, "2.0"))
    assert id_of(asking(body, "2.2")) == first
    assert id_of(with_order(body, authoredOn="2026-11-19")) != first
    assert id_of(recorded("p001-initial")) != first


@pytest.mark.conforms("CRD-23")
@pytest.mark.parametrize("asked", ["2.0", "2.0.1", ["2.0"], None])
def test_version_is_told_by_its_first_two_numbers(asked: Any, http: FlaskClient) -> None:
    body = recorded("order-text-only")
    body["extension"] = {"davinci-crd.requestedVersion": asked, "other": 1}
    answer = http.post("/cds-services/dupilumab-crd-order-sign", json=body).get_json()
    (values,) = _informed(answer)
    assert values["info-needed"] == ["OTH"]  # 2.2 says detail-code


@pytest.mark.conforms("CRD-19", "CRD-23", "HTTP-15")
@pytest.mark.parametrize("asked", ["1.0", "3", "", 2.2, {}, ["2.0", "2.2"]])
def test_unknown_version_is_refused(asked: Any, http: FlaskClient) -> None:
    body = {**recorded("p001-claims"), "extension": {"davinci-crd.requestedVersion": asked}}
    answer = http.post("/cds-services/dupilumab-crd-order-sign", json=body)
    assert answer.status_code == 422
    assert "2.0, 2.1, 2.2" in answer.get_json()["issue"][0]["diagnostics"]


@pytest.mark.conforms("CRD-23", "CRD-24", "CRD-25", "DISC-11")
def test_discovery_tells_versions_and_options(http: FlaskClient) -> None:
    answer = http.get("/cds-services")
    services = answer.get_json()["services"]
    assert [one["id"].split("-")[1] for one in services] == ["crd", "order", "crd", "order"]
    for one in services:
        assert one["usageRequirements"]
        assert ("extension" in one) == ("crd" in one["id"])
    extension = services[0]["extension"]
    assert extension["davinci-crd.version"] == ["2.0", "2.1", "2.2"]
    options = extension["davinci-crd.configuration-options"]
    for name in ("code", "name", "description"):
        assert len({one[name] for one in options}) == len(options)
    for one in options:
        assert set(one) == {"code", "type", "name", "description", "default"}
        assert type(one["default"]) is {"boolean": bool, "integer": int}[one["type"]]
    kinds = {
        card["source"]["topic"]["code"]
        for name in RECORDED
        for card in _answer(name, "2.0")["cards"]  # type: ignore[index]  # 2.0 refuses none of them
    }
    assert kinds | {"coverage-info"} <= {one["code"] for one in options}


def test_discovery_is_sent_once(http: FlaskClient) -> None:
    first = http.get("/cds-services")
    assert first.headers["Cache-Control"] == "no-cache"
    assert first.headers["X-Content-Version"].startswith("sha256:")
    again = http.get("/cds-services", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert http.get("/cds-services", headers={"If-None-Match": '"other"'}).status_code == 200


def test_answer_names_the_version_of_its_content(http: FlaskClient) -> None:
    answer = http.post("/cds-services/dupilumab-order-sign", json=recorded("csu-order"))
    twin = twins(answer.get_json())[0]
    assert answer.headers["X-Content-Version"] == twin["content"]


@pytest.mark.parametrize("sent", ["1.0", "1.1", "3.0.0-ballot"])
def test_hook_version_of_cds_hooks_3_is_accepted(sent: str, http: FlaskClient) -> None:
    body = {**recorded("csu-order"), "hookVersion": sent}
    for service in ("dupilumab-crd-order-sign", "dupilumab-order-sign"):
        assert http.post(f"/cds-services/{service}", json=body).status_code == 200


@pytest.mark.conforms("CRD-26")
def test_option_keeps_its_kind_of_answer_away() -> None:
    body = recorded("crswnp-saline-only")
    whole = answered(asking(body))
    for topic in {card["source"]["topic"]["code"] for card in whole["cards"]}:
        less = answered(asking(body, None, **{topic: False}))
        assert [card["source"]["topic"]["code"] for card in less["cards"]] == [
            card["source"]["topic"]["code"]
            for card in whole["cards"]
            if card["source"]["topic"]["code"] != topic
        ]
    assert answered(asking(body, coverage_info=False))["systemActions"] == []
    for most in (0, 1, 2):
        assert len(answered(asking(body, max_cards=most))["cards"]) == most


@pytest.mark.conforms("CRD-26", "CI-12")
def test_number_of_an_authorization_is_left_out_for_a_what_if_call() -> None:
    body = recorded("renewal-stable")
    (told,) = _informed(answered(asking(body)))
    assert (told["pa-needed"], told["satisfied-pa-id"]) == (["satisfied"], ["SYN-PA-stable"])
    (untold,) = _informed(answered(asking(body, unsolicited_determ=False)))
    assert (untold["pa-needed"], "satisfied-pa-id" in untold) == (["conditional"], False)


@pytest.mark.conforms("CRD-27")
@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        "x",
        {"no-such": False, "max-cards": "2"},
        {"max-cards": -1, "coverage-info": 0},
        {"max-cards": True, "guideline": None},
    ],
)
def test_unknown_or_mistyped_options_change_nothing(given: Any) -> None:
    body = recorded("csu-order")
    plain = answered(body)
    odd = answered({**body, "extension": {"davinci-crd.configuration": given, "x": 1}})
    assert odd["systemActions"] == plain["systemActions"]
    assert [card["summary"] for card in odd["cards"]] == [
        card["summary"] for card in plain["cards"]
    ]


@pytest.mark.conforms("CRD-07")
@pytest.mark.parametrize("version", VERSIONS)
def test_order_select_asks_for_no_documents(version: str) -> None:
    answer = _answered("select-dupilumab", version)
    (values,) = _informed(answer)
    assert not {"doc-needed", "doc-purpose", "questionnaire"} & set(values)
    assert len(answer["cards"]) <= 1


def test_order_that_is_not_selected_is_not_answered() -> None:
    assert _answered("select-another-order", "2.0") == {"cards": [], "systemActions": []}


def test_client_without_system_actions_gets_the_plain_cards() -> None:
    known, body = library(), recorded("csu-order")
    request_ = parse_hook_request(body, frozenset({"order-sign"}))
    who = replace(known.client("local"), system_actions=False)
    advice = advise(known, request_, who, AsOf("day", DAY))
    answer = crd_answer(known, request_, CrdRequest("2.0"), advice)
    assert (answer.cards, answer.system_actions) == (advice.cards, [])


def _with_coverages(*coverages: tuple[str, str, int, str]) -> Json:
    """A request with these coverages: id, payer, order and status; none is named by the order."""
    body = with_order(recorded("initial-fully-met"), insurance=None)
    bundle = body["prefetch"]["coverage"]
    first = bundle["entry"][0]["resource"]
    bundle["entry"] = [
        {
            "resource": {
                **first,
                "id": id_,
                "order": rank,
                "status": status,
                "payor": [{"display": payer}],
            }
        }
        for id_, payer, rank, status in coverages
    ]
    return body


OURS = "Blue Cross & Blue Shield of Mississippi"


@pytest.mark.conforms("CI-14", "CRD-30")
@pytest.mark.parametrize("version", VERSIONS)
def test_each_coverage_is_answered_and_another_payer_says_so(version: str) -> None:
    body = _with_coverages(
        ("one", OURS, 1, "active"), ("two", "Aetna", 2, "active"), ("three", OURS, 3, "cancelled")
    )
    (changed,) = updated(answered(asking(body, version)))
    by_coverage = {
        values["coverage"][0]["reference"]: values
        for values in map(values_of, extensions_of(changed))
    }
    assert {name: values["covered"] for name, values in by_coverage.items()} == {
        "Coverage/one": ["covered"],
        "Coverage/two": ["indeterminate" if version == "2.2" else "conditional"],
        "Coverage/three": ["not-covered"],
    }
    assert "no policy of the payer" in by_coverage["Coverage/two"]["reason"][0]["text"]
    assert len({values["coverage-assertion-id"][0] for values in by_coverage.values()}) == 3
    if version == "2.2":
        (coding,) = by_coverage["Coverage/three"]["reason"][0]["coding"]
        assert coding["code"] == "no-active-coverage"
    for one in extensions_of(changed):
        assert faults(one, version) == []


@pytest.mark.conforms("CRD-18")
@pytest.mark.parametrize("version", VERSIONS)
def test_with_several_orders_each_card_names_its_own(version: str) -> None:
    body = recorded("wrong-dose-weekly")
    other = {
        "resourceType": "MedicationRequest",
        "id": "other",
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": {"text": "loratadine"},
        "subject": order(body)["subject"],
    }
    body["context"]["draftOrders"]["entry"].append({"resource": other})
    answer = answered(asking(body, version))
    reference = f"MedicationRequest/{order(body)['id']}"
    named: Any = reference if version == "2.0" else {"reference": reference}
    assert len(answer["cards"]) > 1
    for card in answer["cards"]:
        assert card["extension"]["davinci-crd.associated-resource"] == [named]
        assert ("davinci-associated-resource" in card["extension"]) == (version != "2.2")
        assert card["detail"].startswith("Order: ")
    assert [one["id"] for one in updated(answer)] == [order(body)["id"]]


def test_authorization_that_runs_is_named_with_its_last_day(
    ask_crd: Callable[[Json], Json],
) -> None:
    (values,) = _informed(ask_crd(asking(recorded("p000-renewal-approved"), "2.2")))
    assert values["satisfied-pa-id"] == ["SYN-PA-20251205"]
    assert values["expiry-date"][0] in values["reason"][0]["text"]


@pytest.fixture
def ask_crd(http: FlaskClient) -> Callable[[Json], Json]:
    """Posts a request to the CRD service of its hook, which must answer it."""

    def post(body: Json) -> Json:
        answer = http.post(f"/cds-services/dupilumab-crd-{body['hook']}", json=body)
        assert answer.status_code == 200, answer.text
        found: Json = answer.get_json()
        return found

    return post


def test_request_generator_opens_our_questionnaire(
    http: FlaskClient, ask_crd: Callable[[Json], Json]
) -> None:
    """HL7-DaVinci/crd-request-generator 1a184dab, src/components/RequestBox/RequestBox.js, submitAction."""
    answer = ask_crd(recorded("p001-claims"))
    resource = next(
        action["resource"]
        for action in answer["systemActions"]
        if any(one["url"] == URL for one in action["resource"].get("extension", []))
    )
    extension = next(one for one in resource["extension"] if one["url"] == URL)
    assert any(part["url"] == "doc-needed" for part in extension["extension"])
    form = next(part for part in extension["extension"] if part["url"] == "questionnaire")
    assert resource["insurance"][0]["reference"]
    # what a DTR app then asks for
    asked = {"name": "questionnaire", "valueCanonical": form["valueCanonical"]}
    package = http.post(
        "/fhir/Questionnaire/$questionnaire-package",
        json={"resourceType": "Parameters", "parameter": [asked]},
    )
    assert package.status_code == 200
    assert b'"resourceType":"Questionnaire"' in package.data


def _questions(http: FlaskClient, canonical: str) -> Iterator[Json]:
    """The items of a questionnaire that is served."""
    found = http.get("/fhir/Questionnaire", query_string={"url": canonical}).get_json()
    for entry in found["entry"]:
        yield from items(entry["resource"])


@pytest.mark.conforms("CI-09")
@pytest.mark.parametrize(("name", "version"), IN_TURN)
def test_questionnaire_is_named_where_a_statement_settles_what_is_open(
    name: str, version: str, http: FlaskClient
) -> None:
    answer = _answer(name, version)
    if isinstance(answer, int):
        return
    for twin, values in zip(twins(answer), _informed(answer), strict=False):
        cheapest: list[str] = next(iter(twin.get("open", [])), [])
        asked = set(cheapest) & set(twin.get("asked", {}))
        named = values.get("questionnaire", [])
        # a document that needs no form is asked for where nothing that is open can be stated
        assert bool(named) == bool(asked and "doc-needed" in values)
        questions = {item["linkId"] for each in named for item in _questions(http, each)}
        assert not named or asked & questions


@pytest.mark.conforms("CI-12")
@pytest.mark.parametrize(
    ("action", "needed"),
    [("A1", "satisfied"), ("A3", None), ("A4", None), ("CT", None)],
)
def test_what_the_payer_answered_decides_whether_an_authorization_satisfies(
    action: str, needed: str | None
) -> None:
    body = recorded("renewal-stable")
    decision = body["prefetch"]["authorizations"]["entry"][0]["resource"]
    del decision["preAuthRef"], decision["disposition"]
    review = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-reviewAction"
    decided = {"coding": [{"system": "https://codesystem.x12.org/005010/306", "code": action}]}
    decision["addItem"][0]["adjudication"][0]["extension"] = [
        {
            "url": review,
            "extension": [
                {"url": "number", "valueString": "ITEM-1"},
                {"url": f"{review}Code", "valueCodeableConcept": decided},
            ],
        }
    ]
    for values in _informed(answered(body)):
        if needed is None:
            assert "satisfied-pa-id" not in values
        else:
            assert (values["pa-needed"], values["satisfied-pa-id"]) == ([needed], ["ITEM-1"])


@pytest.mark.conforms("CRD-21")
@pytest.mark.parametrize("version", VERSIONS)
def test_coverages_that_are_as_likely_are_found_to_be_unclear(version: str) -> None:
    body = _with_coverages(("one", OURS, 1, "active"), ("two", "Example Health Plan", 1, "active"))
    (changed,) = updated(answered(asking(body, version), example_library.library()))
    for one in extensions_of(changed):
        values = values_of(one)
        assert faults(one, version) == []
        assert values["covered"] == ["not-covered" if version == "2.2" else "conditional"]
        assert "Name the coverage on the order" in values["reason"][0]["text"]
    assert len(extensions_of(changed)) == 2


@pytest.mark.conforms("CI-07")
@pytest.mark.parametrize("version", VERSIONS)
def test_contact_of_the_payer_is_sent_in_the_type_of_the_version(version: str) -> None:
    body = _with_coverages(("one", "Example Health Plan", 1, "active"))
    (changed,) = updated(answered(asking(body, version), example_library.library()))
    (extension,) = extensions_of(changed)
    assert faults(extension, version) == []
    phone = {"system": "phone", "value": "1-800-555-0100"}
    name = "Example Health Plan (fictitious)"
    detail = {"name": name, "telecom": [phone]}
    assert values_of(extension)["contact"] == [detail if version == "2.2" else phone]
