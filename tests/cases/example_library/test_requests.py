"""Payers, days and drugs are told apart by data alone: one service judges every policy of the library."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import yaml
from support.cases.request import client, draft, request
from support.example_library import EXAMPLE, library
from support.paths import ROOT

from service.advise import advise
from service.cds.request import AsOf, parse_hook_request

POLICY = "example-health-plan/EHP-DUP-1"
DAY = date(2026, 11, 20)
EXAMPLIMAB = {"drug": "examplimab 250 mg syringe", "loading": "500 mg", "dose": "250 mg"}
EXAMPLIMAB |= {"every": "28 days", "quantity": "2 syringes"}
Json = dict[str, Any]


def _twins(given: Json, *orders: Json, day: date = DAY) -> list[Json]:
    sent = request(given, day)
    drafts = [draft(one, day) | {"id": f"rx{n}"} for n, one in enumerate(orders or ({},), start=1)]
    sent["context"]["draftOrders"]["entry"] = [{"resource": one} for one in drafts]
    hook = parse_hook_request(sent, frozenset(["order-sign"]))
    return advise(library(), hook, client(given, day), AsOf("day", day)).twins


@pytest.mark.parametrize(
    ("coverage", "policy"),
    [
        ("Example Health Plan", POLICY),
        ("EXAMPLE  health plan", POLICY),
        ("Example Health Plan by its number", POLICY),
        ("BCBSMS", "bcbsms/L.5.01.513"),
        ("BCBSMS by its number", "bcbsms/L.5.01.513"),
    ],
)
def test_the_coverage_tells_the_payer(coverage: str, policy: str) -> None:
    assert [one["policy"]["id"] for one in _twins({"coverage": coverage})] == [policy]


@pytest.mark.parametrize("coverage", ["Aetna", "Example Health Plan of Another State"])
def test_another_payer_has_no_policy_here(coverage: str) -> None:
    assert [one["outcome"] for one in _twins({"coverage": coverage})] == ["no_policy"]


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2024, 7, 1), "2024-07-01"),
        (date(2025, 12, 31), "2024-07-01"),
        (date(2026, 1, 1), "2026-01-01"),
        (DAY, "2026-01-01"),
    ],
)
def test_the_day_tells_the_version(day: date, version: str) -> None:
    twin = _twins({"coverage": "Example Health Plan"}, day=day)[0]
    assert twin["policy"]["effective"] == version


def test_before_the_first_version_there_is_none() -> None:
    twin = _twins({"coverage": "Example Health Plan"}, day=date(2024, 6, 30))[0]
    assert twin["outcome"] == "no_policy"


def test_one_answer_judges_two_drugs_by_two_policies() -> None:
    given = {"coverage": "Example Health Plan", "age": "12 years", "weight": "70 kg"}
    twins = {one["order"]: one for one in _twins(given, {}, EXAMPLIMAB)}
    assert {order: one["policy"]["id"] for order, one in twins.items()} == {
        "MedicationRequest/rx1": POLICY,
        "MedicationRequest/rx2": "example-health-plan/EHP-EXA-1",
    }
    found = {order: dict(_truths(one["criteria"])) for order, one in twins.items()}
    assert found["MedicationRequest/rx1"]["ad.initial.age"] == "met"
    assert found["MedicationRequest/rx2"]["ad.initial.age"] == "not_met"


def test_two_drugs_in_one_order_do_not_go_together() -> None:
    given = {"coverage": "Example Health Plan", "claims_held": "2015-01-01"}
    alone = dict(_truths(_twins(given, EXAMPLIMAB)[0]["criteria"]))
    assert alone["common.initial.no_dupilumab"] == "met"
    twins = _twins(given, {}, EXAMPLIMAB)
    other = next(one for one in twins if one["policy"]["id"].endswith("EXA-1"))
    assert dict(_truths(other["criteria"]))["common.initial.no_dupilumab"] != "met"


def test_a_drug_without_a_policy_of_this_payer_is_said_to_have_none() -> None:
    twins = _twins({"coverage": "BCBSMS"}, {}, EXAMPLIMAB)
    assert {one["outcome"] for one in twins if one["order"].endswith("rx2")} == {"no_policy"}


def test_an_approval_lasts_as_long_as_the_disease_and_the_phase_say() -> None:
    found = next(one for one in library().policies if one.id == POLICY and one.until is None)
    assert found.months("ad", "initial") == 4
    assert found.months("copd", "initial") == 6
    assert found.months("ad", "renewal") == 12


def test_the_example_says_of_itself_that_nobody_is_meant() -> None:
    text = (EXAMPLE / "mappings/payers/example-health-plan.yaml").read_text(encoding="utf-8")
    assert "fictitious" in yaml.safe_load(text)["name"]


@pytest.mark.parametrize("name", ["dupilumab-order-select", "dupilumab-order-sign"])
def test_the_example_services_differ_from_the_shipped_ones_in_drugs_alone(name: str) -> None:
    def read(folder: Any) -> Json:
        found: Json = yaml.safe_load((folder / f"mappings/services/{name}.yaml").read_text())
        return found

    assert read(EXAMPLE) | {"drugs": read(ROOT)["drugs"]} == read(ROOT)
    assert read(EXAMPLE)["drugs"] == ["dupilumab", "examplimab"]


def _truths(nodes: list[Json]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        yield node["id"], node["truth"]
        yield from _truths(node.get("children", []))
