"""A value of many years before the first dose is no baseline of a renewal: the reviewer sees both (O31)."""

from typing import Any

import pytest
from support.changed import Json, answer, entries
from support.paths import ROOT

from service.cds.strict_json import parse_body

RENEWALS = {
    "asthma.renewal.response.fev1": ("asthma-renewal", "predicted"),
    "ad.renewal.response.bsa": ("renewal-stable", "BSA_PCT"),
}


def every(criteria: list[Json]) -> list[Json]:
    return [one for each in criteria for one in (each, *every(each.get("children", [])))]


def judged(id_: str, *values: tuple[str, float]) -> Json:
    """The criterion with these values, and no others, under the code of the fixture."""
    name, said = RENEWALS[id_]
    asked: Any = parse_body((ROOT / f"fixtures/{name}.json").read_bytes())
    held = entries(asked, "observations")
    mine = [one for one in held if said in str(one["resource"])]
    kept = [one for one in held if one not in mine]
    for index, (day, value) in enumerate(values):
        quantity = {**mine[0]["resource"]["valueQuantity"], "value": value}
        more = {"id": f"v{index}", "effectiveDateTime": day, "valueQuantity": quantity}
        kept.append({"resource": {**mine[0]["resource"], **more}})
    asked["prefetch"]["observations"]["entry"] = kept
    (found,) = answer(asked).twins
    return next(one for one in every(found["criteria"]) if one["id"] == id_)


@pytest.mark.parametrize("id_", RENEWALS)
@pytest.mark.parametrize(("day", "truth"), [("2012-03-01", "unknown"), ("2025-09-15", "met")])
def test_a_baseline_is_of_the_year_before_the_first_dose(id_: str, day: str, truth: str) -> None:
    before, now = (52.0, 71.0) if "fev1" in id_ else (40.0, 12.0)
    found = judged(id_, (day, before), ("2026-11-05", now))
    assert found["truth"] == truth, found
    if truth == "unknown":
        assert found["reason"] == "review"
        assert [one["date"] for one in found["evidence"]] == ["2026-11-05", day]


@pytest.mark.parametrize("id_", RENEWALS)
def test_baseline_older_than_a_year_does_not_count_as_worse(id_: str) -> None:
    before, now = (90.0, 71.0) if "fev1" in id_ else (2.0, 12.0)
    assert judged(id_, ("2012-03-01", before), ("2026-11-05", now))["truth"] == "unknown"


def test_baseline_older_than_a_year_beside_a_recent_one_changes_nothing() -> None:
    id_ = "ad.renewal.response.bsa"
    assert judged(id_, ("2012-03-01", 5), ("2025-09-15", 40), ("2026-11-05", 12))["truth"] == "met"
    assert (
        judged(id_, ("2012-03-01", 90), ("2025-09-15", 4), ("2026-11-05", 12))["truth"] == "not_met"
    )
