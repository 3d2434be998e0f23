"""What a payer's decision says of the drug: by its codes, else in words."""

from typing import Any

import pytest
from support.fact_case import patient_with

from service.facts.order.approval import decisions
from service.facts.order.payer_decision import (
    is_in_part,
    is_withdrawn,
    meant_by_code,
    says_of_drug,
)

DRUG = {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "1876401"}]}
OTHER = {"coding": [{"system": "http://hl7.org/fhir/sid/ndc", "code": "68382002801"}]}
PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"
X12 = "https://codesystem.x12.org/005010/306"
Json = dict[str, Any]


def action(code: str, display: str | None = None) -> Json:
    """A review action as Da Vinci PAS writes it."""
    coding = {"system": X12, "code": code, **({"display": display} if display else {})}
    inner = {
        "url": f"{PAS}/extension-reviewActionCode",
        "valueCodeableConcept": {"coding": [coding]},
    }
    return {"url": f"{PAS}/extension-reviewAction", "extension": [inner]}


def line(code: str | None = None, product: Json = DRUG, **more: Any) -> Json:
    decided = [{"category": {"coding": [{"code": "submitted"}]}, "extension": [action(code or "")]}]
    return {"productOrService": product, **({"adjudication": decided} if code else {}), **more}


def decision(*lines: Json, **more: Any) -> Json:
    return {
        "resourceType": "ClaimResponse",
        "id": "r1",
        "status": "active",
        "use": "preauthorization",
        "outcome": "complete",
        "patient": {"reference": "Patient/p1"},
        "created": "2026-08-12",
        "addItem": [*lines],
        **more,
    }


def says(*resources: Json) -> str:
    """What the first of these decisions says of the drug."""
    case = patient_with("authorizations", *resources)
    fact = case.knowledge.of_kind("approval")
    hit, _ = next(iter(decisions(case, fact)))
    return says_of_drug(case, fact, hit)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("A1", "approved"),
        ("A2", "approved"),
        ("A3", "denied"),
        ("A4", "unclear"),
        ("A6", "unclear"),
        ("CT", "unclear"),
        ("NA", "unclear"),
        ("C", "unclear"),
        ("of no list", "unclear"),
        (None, "unclear"),
    ],
)
def test_review_action_says_whether_the_drug_is_approved(code: str | None, expected: str) -> None:
    assert says(decision(line(code))) == expected


@pytest.mark.parametrize(
    ("disposition", "coded", "numbered"),
    [
        (None, "approved", "approved"),
        ("Approved for six months", "approved", "approved"),
        ("Not approved", "denied", "denied"),
        ("Pending", "unclear", "unclear"),
        ("Withdrawn", "unclear", "unclear"),
        ("strange zebra", "unclear", "unclear"),
        ("approval of request", "approved", "unclear"),
    ],
)
def test_words_beside_an_approval_must_not_contradict_it(
    disposition: str | None, coded: str, numbered: str
) -> None:
    words = {"disposition": disposition} if disposition else {}
    expected = {"denied": "unclear"}.get(coded, coded)
    assert says(decision(line("A1"), **words)) == expected
    assert says(decision(line(), preAuthRef="PA-1", **words)) == numbered


@pytest.mark.parametrize(
    ("disposition", "expected"),
    [("Denied", "denied"), ("Approved", "unclear"), ("Pending", "unclear")],
)
def test_words_beside_a_refusal_must_not_contradict_it(disposition: str, expected: str) -> None:
    assert says(decision(line("A3"), disposition=disposition)) == expected


def test_refusal_in_words_or_codes_of_the_drug_s_line_denies_it() -> None:
    why = {"category": {"coding": [{"code": "x"}]}, "reason": {"text": "not medically necessary"}}
    assert says(decision(line(adjudication=[why]))) == "denied"
    denied = {"category": {"coding": [{"code": "denied"}]}}
    assert says(decision(line(adjudication=[denied]), preAuthRef="PA-1")) == "denied"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([line("A1"), line("A3", OTHER)], "approved"),
        ([line("A3"), line("A1", OTHER)], "denied"),
        ([line("A1"), line("A3")], "unclear"),
        ([line(), line("A1", OTHER)], "unclear"),
    ],
    ids=["the other refused", "the other approved", "both", "the other alone"],
)
def test_lines_of_the_drug_decide_and_those_of_others_do_not(
    lines: list[Json], expected: str
) -> None:
    assert says(decision(*lines)) == expected


def test_part_that_is_certified_of_a_whole_with_other_lines_is_not_clear() -> None:
    whole = {"extension": [action("A2")]}
    assert says(decision(line(), line(product=OTHER), **whole)) == "unclear"


def test_decision_of_tomorrow_or_with_an_error_is_not_clear() -> None:
    assert says(decision(line("A1"), created="2026-11-20")) == "approved"
    assert says(decision(line("A1"), created="2026-11-21")) == "unclear"
    assert says(decision(line("A1"), error=[{"code": {"text": "wrong"}}])) == "unclear"


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("Approved.", "approved"),
        ("Revoked.", "unclear"),
        ("May be revoked if found fraudulent.", "approved"),
    ],
)
def test_note_counts_unless_its_sentence_is_conditional(note: str, expected: str) -> None:
    assert says(decision(line("A1"), processNote=[{"text": note}])) == expected


def test_certification_whose_number_another_decision_cancels_is_not_clear() -> None:
    certified = decision(line("A1"), preAuthRef="PA-1")
    cancelled = decision(line("C"), preAuthRef="PA-1", id="r2")
    assert says(certified) == "approved"
    assert says(certified, cancelled) == "unclear"
    assert says(certified, {**cancelled, "preAuthRef": "PA-2"}) == "approved"
    assert says(certified, {**cancelled, "status": "cancelled"}) == "approved"


@pytest.mark.parametrize(
    ("lines", "whole", "in_part"),
    [
        ([line("A1")], {}, False),
        ([line("A2")], {}, True),
        ([line("A1"), line("A2", OTHER)], {}, False),
        ([line("A1")], {"extension": [action("A2")]}, False),
        ([line()], {"extension": [action("A2")]}, True),
        ([line()], {"disposition": "Approved in part", "preAuthRef": "PA-1"}, True),
        ([line()], {"disposition": "Approved", "preAuthRef": "PA-1"}, False),
    ],
)
def test_approval_of_a_part_is_one_by_code_or_word(
    lines: list[Json], whole: Json, in_part: bool
) -> None:
    case = patient_with("authorizations", decision(*lines, **whole))
    fact = case.knowledge.of_kind("approval")
    hit, _ = next(iter(decisions(case, fact)))
    assert is_in_part(case, fact, hit) is in_part


def test_what_the_code_means_is_known_where_it_is_one() -> None:
    for lines, called in (
        ([line("A4")], "Pended"),
        ([line("A4"), line("A1", OTHER)], "Pended"),
        ([line("A4"), line("A6")], None),
        ([line("of no list")], None),
        ([line()], None),
    ):
        case = patient_with("authorizations", decision(*lines))
        fact = case.knowledge.of_kind("approval")
        hit, _ = next(iter(decisions(case, fact)))
        entry = meant_by_code(case, fact, hit)
        assert (entry.display if entry else None) == called


def test_cancelled_line_of_another_drug_cancels_nothing_of_ours() -> None:
    shared = decision(line("A1"), line("C", OTHER), preAuthRef="PA-1")
    assert says(shared) == "approved"
    assert says(decision(line("A1"), line("C"), preAuthRef="PA-1")) == "unclear"
    case = patient_with("authorizations", decision(line("A1"), preAuthRef="PA-1"))
    fact = case.knowledge.of_kind("approval")
    hit, _ = next(iter(decisions(case, fact)))
    assert not is_withdrawn(case, fact, hit)
