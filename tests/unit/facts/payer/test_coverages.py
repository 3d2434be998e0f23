"""Which coverage decides: active, paying for drugs, the first in order; and what else there is."""

from typing import Any

import pytest
from support.cases.run import library
from support.clinical.patient import DAY
from support.fact_case import in_words, patient

from service.facts.payer.coverage_reading import KnownPayers
from service.facts.payer.coverages import PayerOfOrder, payer_of_order

DOCUMENTS = library()
KNOWN = KnownPayers(DOCUMENTS.payers, DOCUMENTS.plan, DOCUMENTS.knowledge.pointing)
AETNA = "Aetna"
Json = dict[str, Any]


def coverage(payer: str = "BCBSMS", id_: str = "c1", **more: Any) -> Json:
    """An active coverage; what is None is left out."""
    whole = {
        "resourceType": "Coverage",
        "id": id_,
        "status": "active",
        "beneficiary": {"reference": "Patient/p1"},
        "payor": [{"display": payer}],
        **more,
    }
    return {name: value for name, value in whole.items() if value is not None}


def found(*coverages: Json, order: Json | None = None, default: str | None = None) -> PayerOfOrder:
    given = {"resourceType": "Bundle", "entry": [{"resource": one} for one in coverages]}
    record = patient(coverage=None).record
    record.load({"coverage": given}, DOCUMENTS.sources)
    return payer_of_order(record, order or {}, KNOWN, default, DAY)


def payer(of: PayerOfOrder) -> str | None:
    return of.payer.id if of.payer else None


def uses(of: PayerOfOrder) -> dict[str | None, str]:
    """What each coverage has to do with the answer."""
    return {one.reference: one.use for one in of.coverages}


@pytest.mark.parametrize(
    ("given", "expected", "use"),
    [
        (coverage(), "bcbsms", None),
        (coverage(AETNA), None, None),
        (coverage(status="cancelled"), None, "not_active"),
        (coverage(status=None), None, "not_read"),
        (coverage(period={"end": "2026-11-20"}), "bcbsms", None),
        (coverage(period={"end": "2026-11-19"}), None, "ended"),
        (coverage(period={"end": "some day"}), None, "not_read"),
        (coverage(type={"coding": [{"code": "DENTAL"}]}), None, "no_drugs"),
        (coverage(type={"text": "dental"}), None, "no_drugs"),
        (coverage("Self pay"), None, "self_pay"),
        (coverage(payor=[{"reference": "Patient/p1"}]), None, "self_pay"),
    ],
)
def test_coverage_decides_if_it_is_active_and_pays_for_drugs_today(
    given: Json, expected: str | None, use: str | None
) -> None:
    answer = found(given)
    assert payer(answer) == expected
    assert uses(answer) == ({"Coverage/c1": use} if use else {})
    assert answer.passed_over is (use is not None)


@pytest.mark.parametrize(
    ("first", "second", "expected", "use"),
    [
        (1, 2, "bcbsms", {"Coverage/c1": "decides", "Coverage/c2": "second"}),
        (2, 1, None, {"Coverage/c1": "second", "Coverage/c2": "decides"}),
        (None, None, "bcbsms", {"Coverage/c1": "decides", "Coverage/c2": "beside"}),
        (1, None, "bcbsms", {"Coverage/c1": "decides", "Coverage/c2": "second"}),
        (2, None, None, {"Coverage/c1": "second", "Coverage/c2": "decides"}),
    ],
)
def test_first_coverage_in_order_decides(
    first: int | None, second: int | None, expected: str | None, use: Json
) -> None:
    one, two = coverage(order=first), coverage(AETNA, "c2", order=second)
    answer = found(one, two)
    assert (payer(answer), uses(answer)) == (expected, use)


def test_coverage_that_may_have_ended_leaves_the_payer_open_unless_it_changes_nothing() -> None:
    doubtful = coverage(AETNA, "c2", status=None, order=1)
    open_ = found(coverage(order=2), doubtful)
    assert (payer(open_), open_.readable) == (None, False)
    assert uses(open_) == {"Coverage/c1": "beside", "Coverage/c2": "not_read"}
    same = coverage(id_="c2", status=None, order=1)
    assert payer(found(coverage(order=2), same)) == "bcbsms"


def named(*references: Json) -> Json:
    return {"resourceType": "MedicationRequest", "id": "rx1", "insurance": [*references]}


def test_coverage_that_the_order_names_decides_alone() -> None:
    order = named({"reference": "Coverage/c2"})
    answer = found(coverage(), coverage(AETNA, "c2"), order=order)
    assert payer(answer) is None
    assert uses(answer)["Coverage/c2"] == "decides"
    assert {one.reference: one.named for one in answer.coverages} == {
        "Coverage/c2": True,
        "Coverage/c1": False,
    }


def test_coverage_that_the_order_names_and_that_did_not_come_is_told() -> None:
    order = named({"reference": "Coverage/c9", "display": "Another plan"})
    answer = found(coverage(), order=order)
    assert payer(answer) == "bcbsms"
    told = {one.reference: in_words(one.name) for one in answer.coverages if one.use == "not_sent"}
    assert told == {"Coverage/c9": "Another plan"}
    assert not answer.passed_over


@pytest.mark.parametrize(
    ("coverages", "expected"),
    [
        ([], "bcbsms"),
        ([coverage(status="cancelled")], "bcbsms"),
        ([coverage(AETNA)], None),
    ],
)
def test_client_s_own_payer_decides_where_no_coverage_is_active(
    coverages: list[Json], expected: str | None
) -> None:
    assert payer(found(*coverages, default="bcbsms")) == expected
    if not coverages:
        assert payer(found(*coverages)) is None
        assert payer(found(*coverages, default="unheard")) is None


def test_plan_that_another_company_decides_is_told() -> None:
    name = "Blue Cross & Blue Shield of Mississippi"
    plan = {"type": {"coding": [{"code": "plan"}]}}
    own = coverage(name) | {"class": [{**plan, "name": "Gold"}]}
    state = coverage(name) | {"class": [{**plan, "name": "State Health Plan"}]}
    answers = [found(one) for one in (own, state)]
    assert [payer(one) for one in answers] == ["bcbsms", "bcbsms"]
    assert answers[0].elsewhere is None
    assert answers[1].elsewhere is not None
    assert "State" in answers[1].elsewhere.says
