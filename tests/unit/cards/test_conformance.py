"""Every card of every story keeps the rules of CDS Hooks and CRD; one that does not is found.

The cards of the clinical cases are held against the same rules in tests/cases/clinical/test_cases.py.
"""

import re
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

import orjson
import pytest
from support.boundary import answered
from support.card_rules import faults
from support.cases.request import request
from support.cases.run import library
from support.clinical.run import all_cases, answer
from support.nothing_lost import lost
from support.paths import ROOT, yaml_of

from service.advise import Advice, advise
from service.cds.request import AsOf, parse_hook_request
from service.cds.strict_json import parse_body

HOOKS = frozenset({"order-sign", "order-select"})
STORIES = yaml_of(ROOT / "tests/cases/fixtures/expected.yaml")["stories"]
Json = dict[str, Any]


def told(name: str) -> tuple[Advice, Json]:
    """The answer to one recorded request, and the request."""
    body = (ROOT / "fixtures" / f"{name}.json").read_bytes()
    day: date = STORIES[name]["as_of"]
    known = library()
    hook = parse_hook_request(parse_body(body), HOOKS)
    return advise(known, hook, known.client("local"), AsOf("day", day)), orjson.loads(body)


@pytest.mark.conforms("CARD-11", "ACT-04", "ACT-05", "ACT-07", "ACT-08", "CRD-15")
@pytest.mark.parametrize("name", STORIES)
def test_the_cards_of_a_story_keep_the_rules(name: str) -> None:
    advice, sent = told(name)
    assert faults(advice.cards, sent) == []
    assert not (advice.cards and lost(advice))


@pytest.mark.parametrize("name", STORIES)
def test_what_is_met_because_of_a_statement_is_named_once(name: str) -> None:
    for card in told(name)[0].shown_cards:
        blocks = re.findall(r"\*\*(?:Stated|Met).*", card.card["detail"])
        names = [each for block in blocks for each in block.partition(": ")[2].split(", ")]
        named = [each for each in names if each and not each.startswith("and ")]
        assert sorted({*named}) == sorted(named)


@pytest.mark.parametrize(
    ("disease", "path", "ids"),
    [
        ("ad", "initial", ["ad.initial.severity.bsa10", "ad.initial.trial.tcs_and_tci.tci.supply"]),
        ("ad", "renewal", ["ad.renewal.response.bsa", "common.renewal.previously_approved"]),
        ("asthma", "initial", ["asthma.initial.age", "asthma.initial.uncontrolled.two_bursts"]),
        ("copd", "renewal", ["copd.renewal.response.exacerbations"]),
    ],
)
def test_the_cards_of_generated_patients_keep_the_rules(
    disease: str, path: str, ids: list[str]
) -> None:
    for sent, advice in answered(disease, path, ids):
        assert faults(advice.cards, sent) == []
        assert lost(advice) == []


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("coverage", "**Met (5)", "**Met (99)"),
        ("coverage", "**To do**", "To be done"),
        ("alternatives", "**Also:** lebrikizumab, tralokinumab", ""),
        ("alternatives", "upadacitinib", "a drug"),
    ],
)
def test_what_a_card_loses_is_found(kind: str, old: str, new: str) -> None:
    advice = deepcopy(told("renewal-worse")[0])
    card = next(one.card for one in advice.shown_cards if one.kind == kind)
    assert old in card["detail"]
    card["detail"] = card["detail"].replace(old, new)
    assert lost(advice)


@cache
def offered() -> tuple[list[Json], Json]:
    """Cards that replace the draft by a delete and a create, as some clients take it."""
    (case,) = (one for one in all_cases() if one.says.startswith("a recorded allergy to dupilumab"))
    cards = answer(case, library()).cards
    (card,) = (one for one in cards if len(one.get("suggestions", ())) > 1)
    for suggestion in card["suggestions"]:
        (update,) = suggestion["actions"]
        made = {**update, "type": "create", "resource": {**update["resource"]}}
        id_ = made["resource"].pop("id")
        removed = {"type": "delete", "description": "x", "resourceId": f"MedicationRequest/{id_}"}
        suggestion["actions"] = [removed, made]
    return cards, request(case.given, case.as_of)


def first(card: Json) -> Json:
    found: Json = card["suggestions"][0]
    return found


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (lambda card: card.update(uuid="1"), "CARD-01"),
        (lambda card: first(card).update(uuid=card["uuid"]), "CARD-01"),
        (lambda card: card.update(summary="x" * 140), "CARD-02"),
        (lambda card: card.update(summary="a\nb"), "CARD-02"),
        (lambda card: card.update(indicator="hard-stop"), "CARD-04"),
        (lambda card: card["source"].update(label=""), "CARD-05"),
        (lambda card: card["source"].update(url="x"), "CARD-06"),
        (lambda card: card["source"].update(topic="x"), "CARD-07"),
        (lambda card: card.update(detail=" "), "CARD-08"),
        (lambda card: card["overrideReasons"][0].pop("system"), "CARD-11"),
        (lambda card: card.update(overrideReasons=[]), "CARD-12"),
        (lambda card: card.pop("selectionBehavior"), "CARD-10"),
        (lambda card: card.update(links=[{}]), "links"),
        (lambda card: first(card).update(label=" "), "SUG-01"),
        (lambda card: first(card)["actions"].reverse(), "CRD-15"),
        (lambda card: first(card)["actions"][0].pop("description"), "ACT-02"),
        (lambda card: first(card)["actions"][0].update(resourceId="x/1"), "ACT-04"),
        (lambda card: first(card)["actions"][0].update(resource={}), "ACT-04"),
        (lambda card: first(card)["actions"][1].update(resourceId="x/1"), "ACT-03"),
        (lambda card: first(card)["actions"][1].update(type="update"), "ACT-05"),
        (lambda card: first(card)["actions"][1]["resource"].update(id="x"), "ACT-08"),
        (lambda card: first(card)["actions"][1]["resource"].update(subject={}), "ACT-08"),
        (
            lambda card: first(card)["actions"][1]["resource"].update(medicationReference={}),
            "ACT-08",
        ),
        (lambda card: first(card)["actions"][1]["resource"].update(authoredOn="x"), "R4"),
    ],
)
def test_a_card_that_breaks_a_rule_is_found(spoil: Callable[[Json], None], rule: str) -> None:
    cards, sent = deepcopy(offered())
    (card,) = (one for one in cards if len(one.get("suggestions", ())) > 1)
    spoil(card)
    assert rule in " ".join(faults(cards, sent))
