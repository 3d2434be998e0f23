"""Trends: of numbers, by an amount that can be reached in their unit."""

from typing import Any

import pytest
from support.written_operators import written

from service.errors import Mistake
from service.library.criteria.scope import CriterionReader, Names
from service.library.criteria.trends import check_dose_trend, check_trend
from service.library.documents.yaml import Document
from service.library.policies.policy_head import head_for
from service.library.shapes import FactShape
from service.policy.operators import DoseTrend, Trend


def fact(name: str, kind: str, **more: Any) -> FactShape:
    words = dict.fromkeys(("says", "label", "supply"), "x")
    return FactShape.model_validate({**words, "fact": name, "kind": kind, "way": "data", **more})


FACTS = {
    "easi": fact("easi", "quantity", unit="points", range=[0, 72]),
    "fev1": fact("fev1", "quantity", unit="%"),
    "disease": fact("disease", "diagnosis"),
}


def reader() -> CriterionReader:
    nothing: frozenset[str] = frozenset()
    names = Names(FACTS, {}, {}, nothing, nothing, nothing)
    mistakes: list[Mistake] = []
    return CriterionReader(Document("x.yaml"), "ad", head_for("drug"), names, mistakes)


def told(**given: Any) -> list[str]:
    reading = reader()
    asked = written(Trend, {"of": ["easi"], "better": "lower", **given})
    check_trend(reading, asked, ())
    return [one.what for one in reading.mistakes]


@pytest.mark.parametrize(
    "given",
    [{}, {"by": "50 %"}, {"by": "100 %"}, {"by": "72 points"}, {"stable_counts": True}],
)
def test_amount_that_can_be_reached_is_right(given: dict[str, Any]) -> None:
    assert told(**given) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"of": []}, "a list of facts is needed here"),
        ({"by": "0 points"}, "'by' is an amount above nothing"),
        ({"by": "101 %"}, "nothing is lower by 101 %"),
        ({"by": "73 points"}, "'easi' goes from 0 to 72 points; nothing moves by 73 points"),
        (
            {"by": "5 kg"},
            "the unit is 'kg', 'easi' is in 'points'; a share of the value before is written with '%' alone",
        ),
        (
            {"by": "5 points", "stable_counts": True},
            "an unchanged value is not lower by 5 points; leave out 'stable_counts'",
        ),
    ],
)
def test_amount_that_cannot_be_reached_is_told(given: dict[str, Any], says: str) -> None:
    assert told(**given) == [says]


def test_value_may_be_higher_by_more_than_itself() -> None:
    assert told(by="150 %", better="higher") == []


def test_percentage_of_a_fact_in_percent_is_unclear() -> None:
    (message,) = told(of=["fev1"], by="10 %", better="higher")
    assert message.startswith("'fev1' is itself in '%'")


def test_trend_of_what_is_no_number_is_told() -> None:
    (message,) = told(of=["disease"])
    assert "disease" in message


@pytest.mark.parametrize(
    ("by", "says"),
    [
        (None, []),
        ("50 %", []),
        ("120 %", ["nothing is lower by 120 %"]),
        ("5 mg", ["a dose moves by a percent, like '50 %', not by '5 mg'"]),
    ],
)
def test_dose_changes_by_a_percentage(by: str | None, says: list[str]) -> None:
    reading = reader()
    asked = written(DoseTrend, {"of": ["steroids"], "better": "lower", "by": by})
    check_dose_trend(reading, asked, ())
    assert [one.what for one in reading.mistakes] == says
