"""Tables of labelled doses: bounds of bands, rows that are whole, and what is built of them."""

from typing import Any

import pytest

from service.library.checks.regimens import (
    bound,
    build_bands,
    build_devices,
    build_label,
    check_regimens,
)
from service.library.documents.folders import Folder
from service.library.documents.yaml import Document
from service.library.shapes import FactShape, RegimenShape, ValueSetShape

ROW = {
    "id": "adult",
    "indication": "ad",
    "dose_mg": 300,
    "interval_days": 14,
    "unit_mg": 300,
    "units_per_28_days": 2,
    "units_first_28_days": 3,
}
DRUG = ValueSetShape.model_validate(
    {"value_set": "dupilumab", "kind": "drug", "says": "x", "source": {}}
)
SETS = Folder({"dupilumab": (Document("x"), DRUG)})


def table(*rows: dict[str, Any], **more: Any) -> RegimenShape:
    given = {"regimen": "r", "drug": "dupilumab", "source": {}, "regimens": rows, **more}
    return RegimenShape.model_validate(given)


def told(*rows: dict[str, Any], **more: Any) -> list[str]:
    folder = Folder({"r": (Document("r.yaml"), table(*rows, **more))})
    facts: Folder[FactShape] = Folder()
    return [one.what for one in check_regimens(folder, SETS, {"ad"}, facts)]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("6 months", "age", 6),
        ("2 years", "age", 24),
        ("0.5 years", "age", 6),
        ("30 kg", "weight", 30),
        ("30.5 kg", "weight", 30.5),
        ("30 kg", "age", None),
        ("6 months", "weight", None),
        ("6 weeks", "age", None),
        ("6months", "age", None),
        ("", "age", None),
    ],
)
def test_end_of_a_band_is_read_in_months_or_kilograms(
    text: str, name: str, expected: float | None
) -> None:
    assert bound(text, name) == expected


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([ROW], []),
        ([{"id": "x", "indication": "ad", "table": "missing"}], []),
        ([ROW, ROW], ["the id 'adult' stands twice"]),
        ([{**ROW, "dose_mg": 0}], ["a row has dose_mg above 0, or table: missing"]),
        ([{**ROW, "indication": "zzz"}], ["no indication 'zzz'"]),
        (
            [{**ROW, "age": {"from": "6 years", "below": "6 years"}}],
            ["age: the band begins at or above its end"],
        ),
        (
            [{**ROW, "weight": {"below": "30"}}],
            ["'30' is no bound like '6 months' or '30 kg'"],
        ),
        (
            [{**ROW, "age": {"from": "1.5 months"}}],
            ["'1.5 months' is no whole number of months"],
        ),
        (
            [{**ROW, "labelled_with": [{"recorded": "zzz", "says": "x"}]}],
            ["labelled_with: no fact 'zzz'"],
        ),
    ],
)
def test_row_of_a_table_is_whole_and_its_bands_rise(
    rows: list[dict[str, Any]], says: list[str]
) -> None:
    assert told(*rows) == says


def test_source_of_a_row_is_one_of_the_references_where_they_are_listed() -> None:
    row = {**ROW, "cite": ["S22"]}
    assert told(row) == []
    source = {"references": {"S21": {"title": "x"}}}
    assert told(row, source=source) == ["no reference 'S22'; did you mean 'S21'?"]
    assert told({**ROW, "cite": ["S21"]}, source=source) == []


def test_drug_of_a_table_is_a_value_set_of_a_drug() -> None:
    assert told(ROW, drug="dupilumb") == ["no value set 'dupilumb'; did you mean 'dupilumab'?"]


def test_band_is_built_in_months_and_open_where_nothing_is_said() -> None:
    age, weight = {"from": "6 years", "below": "18 years"}, {"from": "30 kg"}
    (band, missing) = build_bands(
        table(
            {**ROW, "age": age, "weight": weight},
            {"id": "x", "indication": "ad", "table": "missing", "dose_mg": 5},
        )
    )
    assert (band.age_from, band.age_below) == (72, 216)
    assert (band.weight_from, band.weight_below) == (30, None)
    assert (band.dose_mg, missing.dose_mg) == (300, None)
    assert (missing.age_from, missing.age_below, missing.weight_from) == (0, None, 0)


def test_device_from_general_knowledge_is_left_out() -> None:
    device = {"dose_mg": 300, "device": "pen", "from_age": "2 years", "source": ["label"]}
    shape = table(
        ROW,
        products=[{**device, "confidence": "seen"}, {**device, "confidence": "general"}],
    )
    assert [(one.dose_mg, one.device, one.from_age) for one in build_devices(shape)] == [
        (300, "pen", 24)
    ]


def test_table_without_a_label_asks_nothing_where_no_policy_judges() -> None:
    assert build_label(table(ROW)) is None
