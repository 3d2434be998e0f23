"""Missing tests and scores become orders where a new result can settle an open question."""

from typing import Any

import pytest
from support.cases.run import library
from support.visits import Json, body_of, question_in, visit_of

from service.advise.assessed_order import assess_order
from service.clinical.orders import missing_tests

GAPS = library().clinical.gaps
HELD: Json = {"claims_held": "2015-01-01", "record_held": "yes"}
ASTHMA: Json = {
    "prescriber": "pulmonology",
    "diagnoses": [{"is": "asthma"}],
    "order": {"reason": "asthma"},
}


def ordered_for(given: Json, drafts: tuple[Json, ...] = (), gaps: Any = GAPS) -> list[str]:
    """The facts for which a test is ordered."""
    visit = visit_of(body_of(given), **HELD)
    question = question_in(visit)
    assessed = assess_order(visit, question)
    case = assessed.case
    return [
        fix.about for fix in missing_tests.tests_missing(case, assessed.assessment, gaps, drafts)
    ]


def measured(what: str, value: str, on: str = "10 days ago") -> Json:
    return {"findings": [{"what": what, "value": value, "on": on}]}


def test_missing_results_are_ordered_up_to_a_number() -> None:
    three = ["lab.blood_eosinophils", "lung.fev1", "lab.feno"]
    assert sorted(kinds_for(ASTHMA, "test")) == sorted(three)
    assert len(three) == missing_tests.MOST_TESTS


def test_scores_are_entered_in_the_chart_however_many_there_are() -> None:
    assert kinds_for({}, "test") == []
    assert {"ad.bsa", "ad.pruritus_nrs", "ad.signs"} < set(kinds_for({}, "record"))


def kinds_for(given: Json, kind: str) -> list[str]:
    """The facts for which this kind of correction is offered."""
    visit = visit_of(body_of(given), **HELD)
    assessed = assess_order(visit, question_in(visit))
    fixes = missing_tests.tests_missing(assessed.case, assessed.assessment, GAPS, ())
    return [fix.about for fix in fixes if fix.kind == kind]


@pytest.mark.parametrize(
    ("value", "on", "ordered"),
    [
        ("12 %", "10 days ago", False),
        ("12 %", "90 days ago", False),
        ("12 %", "91 days ago", True),
        ("8 %", "10 days ago", False),
    ],
)
def test_result_that_is_recent_enough_is_not_ordered_again(
    value: str, on: str, ordered: bool
) -> None:
    assert ("ad.bsa" in ordered_for(measured("affected body surface", value, on))) is ordered


def test_result_that_may_be_among_data_that_were_not_sent_is_not_ordered() -> None:
    assert "ad.bsa" in ordered_for({})
    assert "ad.bsa" not in ordered_for({"not_sent": "observations"})


def test_test_that_is_drafted_already_is_not_ordered_again() -> None:
    found = ordered_for(ASTHMA)
    assert "lab.blood_eosinophils" in found
    order = GAPS["lab.blood_eosinophils"].order
    assert order is not None
    coding = {"system": order.system, "code": order.code}
    drafted = {"resourceType": "ServiceRequest", "code": {"coding": [coding]}}
    assert "lab.blood_eosinophils" not in ordered_for(ASTHMA, (drafted,))
    other = {"resourceType": "ServiceRequest", "code": {"coding": [{**coding, "code": "other"}]}}
    assert ordered_for(ASTHMA, (other,)) == found


def test_fact_that_no_document_names_is_not_asked_for() -> None:
    assert ordered_for({}, gaps={}) == []


def test_value_from_before_the_first_dose_is_not_ordered_once_the_drug_was_given() -> None:
    taken = [{"drug": "dupilumab 300 mg syringe", "days": 28, "on": "60 days ago"}]
    assert "lab.blood_eosinophils" in ordered_for(ASTHMA)
    assert "lab.blood_eosinophils" not in ordered_for({**ASTHMA, "claims": taken})
