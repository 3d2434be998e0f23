"""Evidence of the kinds that a policy accepts decides, any other keeps the question open."""

import pytest
from support.fact_case import patient, said

from service.facts.evidence import by_accepted
from service.policy.amount import Amount
from service.policy.finding import Finding
from service.policy.operators import Compare, Recorded

RECORD_ONLY = Recorded(fact=("ad.diagnosis",), accepts=("record",))
CLAIMS_ONLY = Recorded(fact=("ad.diagnosis",), accepts=("claim",))
ECZEMA = {"is": "atopic dermatitis"}


def found(asked: Recorded | Compare, **given: object) -> Finding:
    return by_accepted(patient("asthma", **given), asked)


def test_evidence_of_an_accepted_kind_decides() -> None:
    finding = found(RECORD_ONLY, diagnoses=[ECZEMA])
    assert said(finding) == "met"
    assert {one.kind for one in finding.evidence} == {"record"}


def test_evidence_of_another_kind_is_weak() -> None:
    assert said(found(CLAIMS_ONLY, diagnoses=[ECZEMA])) == "unknown weak_evidence"


def test_question_without_any_evidence_stays_as_it_is() -> None:
    assert found(RECORD_ONLY, diagnoses=[]).evidence == ()
    assert said(found(RECORD_ONLY, diagnoses=[])) == "unknown not_found"


@pytest.mark.parametrize(
    ("value", "accepts", "expected"),
    [
        ("12 %", ("record",), "met"),
        ("8 %", ("record",), "not_met"),
        ("12 %", ("claim",), "unknown weak_evidence"),
    ],
)
def test_measured_value_decides_where_its_kind_is_accepted(
    value: str, accepts: tuple[str, ...], expected: str
) -> None:
    bound = Amount(value=10, unit="% BSA")
    asked = Compare(fact="ad.bsa", at_least=bound, accepts=accepts)
    assert said(found(asked, findings=[{"what": "affected body surface", "value": value}])) == (
        expected
    )
