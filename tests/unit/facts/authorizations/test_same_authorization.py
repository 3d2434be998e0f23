"""What other decisions on the same authorization do to one."""

from dataclasses import replace
from typing import Any

import pytest
from support.cases.run import library
from support.fact_case import patient_with
from support.payer_decisions import OTHER, Json, decided, decision, line

from service.facts.authorizations.decisions_on_drug import decisions
from service.facts.authorizations.same_authorization import contradicting, is_changed

DAY, EARLIER, LATER = "2026-06-15", "2026-06-14", "2026-06-16"
APPROVAL = decided("A1", "PA-1", DAY)
UNKNOWN_ELEMENT = [{"url": "urn:x", "valueBoolean": True}]


def against(one: Json, *others: Json, **insurers: bool | None) -> tuple[str | None, bool]:
    """The decision that contradicts the first one, and whether one changed it, in both orders of arrival."""
    answers = set()
    for sent in ((one, *others), (*others, one)):
        case = patient_with("authorizations", *sent)
        case = replace(case, is_payer=lambda holder: insurers.get(holder["id"], True))
        fact = case.knowledge.of_kind("approval")
        hit = next(hit for hit, _ in decisions(case, fact) if hit.resource["id"] == one["id"])
        other = contradicting(case, fact, hit)
        answers.add((other.resource["id"] if other else None, is_changed(case, fact, hit)))
    assert len(answers) == 1
    return answers.pop()


def other(code: str, on: str | None, number: str | None = "PA-1", **more: Any) -> Json:
    return decided(code, number, on or "", **{"created": on, "id": "o", **more})


NOTHING, CHANGED, CONTRADICTED = (None, False), (None, True), ("o", True)


@pytest.mark.parametrize(
    ("code", "earlier", "same_day", "later", "undated"),
    [
        ("A1", NOTHING, NOTHING, CHANGED, NOTHING),
        ("A2", NOTHING, CHANGED, CHANGED, CHANGED),
        ("A3", NOTHING, CONTRADICTED, CONTRADICTED, CONTRADICTED),
        ("A4", NOTHING, NOTHING, CHANGED, CHANGED),
        ("A6", NOTHING, NOTHING, CHANGED, CHANGED),
        ("X9", NOTHING, CONTRADICTED, CONTRADICTED, CONTRADICTED),
    ],
)
def test_approval_is_contradicted_or_changed_by_what_is_not_earlier(
    code: str,
    earlier: tuple[str | None, bool],
    same_day: tuple[str | None, bool],
    later: tuple[str | None, bool],
    undated: tuple[str | None, bool],
) -> None:
    assert against(APPROVAL, other(code, EARLIER)) == earlier
    assert against(APPROVAL, other(code, DAY)) == same_day
    assert against(APPROVAL, other(code, LATER)) == later
    assert against(APPROVAL, other(code, "2026-06")) == undated
    assert against(APPROVAL, other(code, LATER, "PA-2")) == NOTHING
    assert against(APPROVAL, other(code, LATER), o=False) == NOTHING
    assert against(APPROVAL, other(code, LATER), o=None) == later


def test_refusal_is_contradicted_by_an_approval_that_is_not_earlier() -> None:
    refusal = decided("A3", "PA-1", DAY)
    for code in ("A1", "A2"):
        assert against(refusal, other(code, DAY))[0] == "o"
        assert against(refusal, other(code, LATER))[0] == "o"
        assert against(refusal, other(code, EARLIER))[0] is None
    assert against(refusal, other("A3", DAY))[0] is None
    assert against(refusal, other("A4", DAY))[0] is None


@pytest.mark.parametrize(
    "more",
    [
        {"status": "unheard"},
        {"status": None},
        {"modifierExtension": UNKNOWN_ELEMENT},
        {"outcome": "unheard"},
        {"outcome": None},
        {"use": "unheard"},
        {"disposition": "Terminated"},
        {"error": [{"code": {"text": "wrong"}}]},
    ],
)
def test_decision_that_cannot_be_understood_contradicts_an_approval(more: Json) -> None:
    for code in ("A1", "A4"):
        assert against(APPROVAL, other(code, LATER, **more)) == CONTRADICTED
        assert against(APPROVAL, other(code, DAY, **more)) == CONTRADICTED
        assert against(APPROVAL, other(code, EARLIER, **more)) == NOTHING


@pytest.mark.parametrize(
    "more",
    [
        {"status": "entered-in-error"},
        {"status": "cancelled"},
        {"status": "draft"},
        {"use": "claim"},
        {"outcome": "queued"},
        {"outcome": "error"},
        {"patient": {"reference": "Patient/p2"}},
        {"addItem": [line("A3", OTHER, number="PA-1")]},
    ],
)
def test_what_is_no_decision_on_the_drug_contradicts_nothing(more: Json) -> None:
    assert against(APPROVAL, other("A3", LATER, **more)) == NOTHING


def test_decisions_on_one_request_are_on_one_authorization() -> None:
    request = {"reference": "Claim/c1"}
    approval = decided("A1", "PA-1", DAY, request=request)
    for code, expected in (("A3", CONTRADICTED), ("X9", CONTRADICTED), ("A4", CHANGED)):
        assert against(approval, other(code, LATER, None, request=request)) == expected
        elsewhere = {"reference": "Claim/c2"}
        unknown = CHANGED if code == "X9" else NOTHING
        assert against(approval, other(code, LATER, None, request=elsewhere)) == unknown
    inside = {"reference": "#c"}
    approval = decided("A1", "PA-1", DAY, request=inside)
    assert against(approval, other("A3", LATER, None, request=inside)) == NOTHING


def test_answer_to_other_lines_of_one_request_changes_nothing() -> None:
    lines = [
        {"sequence": 1, "productOrService": line()["productOrService"]},
        {"sequence": 2, "productOrService": OTHER},
    ]
    claim = {"resourceType": "Claim", "id": "c1", "item": lines}
    request = {"reference": "Claim/c1"}

    def answer(sequence: int, code: str, **more: Any) -> Json:
        item = {"itemSequence": sequence, **{k: v for k, v in line(code).items() if k[0] == "a"}}
        return decision(request=request, preAuthRef="PA-1", item=[item], **more)

    approval = answer(1, "A1", created=DAY)
    assert against(approval, claim, answer(2, "A3", created=LATER, id="o")) == NOTHING
    assert against(approval, claim, answer(1, "A3", created=LATER, id="o")) == CONTRADICTED


@pytest.mark.parametrize(
    ("code", "more", "expected"),
    [
        ("C", {}, CHANGED),
        ("X9", {}, CHANGED),
        ("X9", {"addItem": [line("X9", None)]}, NOTHING),
        ("A1", {"status": "unheard"}, CHANGED),
        ("A1", {"disposition": "Terminated"}, CHANGED),
        ("A3", {}, NOTHING),
        ("A4", {}, NOTHING),
        ("A1", {}, NOTHING),
        ("A4", {"addItem": [line()]}, NOTHING),
    ],
)
def test_later_decision_of_no_number_changes_any_approval_if_it_cancels_or_is_not_understood(
    code: str, more: Json, expected: tuple[str | None, bool]
) -> None:
    assert against(APPROVAL, other(code, LATER, None, **more)) == expected
    assert against(APPROVAL, other(code, EARLIER, None, **more)) == NOTHING


def test_decision_as_an_explanation_of_benefit_contradicts_too() -> None:
    refused = other("A3", LATER) | {"resourceType": "ExplanationOfBenefit"}
    refused["item"] = refused.pop("addItem")
    case = replace(patient_with("authorizations"), is_payer=lambda _: True)
    given = {"authorizations": APPROVAL, "claims": refused}
    bundles = {
        key: {"resourceType": "Bundle", "entry": [{"resource": one}]} for key, one in given.items()
    }
    case.record.load(bundles, library().sources)
    fact = case.knowledge.of_kind("approval")
    hits = [hit for hit, _ in decisions(case, fact) if hit.source.key == "authorizations"]
    found = [contradicting(case, fact, hit) for hit in hits]
    assert [one.resource["id"] for one in found if one] == ["o"]
