"""Move a threshold by one unit: some case must flip, or it is said why none can."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from cases.mutants import Mutant, flipped, mutants_of, mutated, touches
from cases.run import ROOT, Case, all_cases, library, wrong

from service.facts.model import Band

VERSION = "mappings/policies/bcbsms/dupilumab/2025-10-01"
FILES = [f"{VERSION}/{name}.yaml" for name in ("ad", "crswnp", "eoe", "pn", "common", "policy")]
# Mutants that no case can tell from the rule, each with its reason.
ADULTS = "no adult row for atopic dermatitis asks for a weight"
SURVIVORS = {
    ("common.initial.quantity_limit", "child_below", "+1"): ADULTS,
    ("common.renewal.quantity_limit", "child_below", "+1"): ADULTS,
    ("common.initial.quantity_limit", "weight_within_adult", "-1"): ADULTS,
    ("common.initial.quantity_limit", "weight_within_adult", "+1"): ADULTS,
    ("common.renewal.quantity_limit", "weight_within_adult", "-1"): ADULTS,
    ("common.renewal.quantity_limit", "weight_within_adult", "+1"): ADULTS,
}


MUTANTS = [one for file in FILES for one in mutants_of(ROOT, file)]


@cache
def passing() -> tuple[Case, ...]:
    """The cases that the rules as written pass; only such a case can flip."""
    found = [one for one in all_cases() if not one.disputed]
    return tuple(one for one in found if _passes(one))


def _passes(case: Case) -> bool:
    try:
        return not wrong(case, library())
    except Exception:  # noqa: BLE001 - test_cases.py says which case breaks the engine, and how
        return False


def _candidates(mutant: Mutant) -> list[Case]:
    near = [one for one in passing() if mutant.about and touches(one, mutant.about)]
    return near or list(passing())


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the content folder to make mistakes in."""
    folder = tmp_path_factory.mktemp("content")
    for name in ("mappings", "cards"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


@pytest.mark.parametrize("mutant", MUTANTS, ids=[one.name for one in MUTANTS])
def test_a_moved_threshold_flips_a_case(mutant: Mutant, content: Path) -> None:
    flip = flipped(_candidates(mutant), mutated(mutant, content))
    reason = SURVIVORS.get((mutant.about, mutant.key, mutant.way))
    if reason is None:
        assert flip, f"{mutant.name}: no case flips"
    else:
        assert flip is None, (
            f"{mutant.name} is listed as a survivor, but a case flips: {flip}"
        )


def test_every_listed_survivor_is_a_mutant() -> None:
    assert set(SURVIVORS) <= {(one.about, one.key, one.way) for one in MUTANTS}


# The dose table: every bound and figure of the policy's diseases, moved in the table as read.
STEPS = {"weight_from": 0.1, "weight_below": 0.1}
FIGURES = ("age_from", "age_below", "weight_from", "weight_below", "loading_mg", "dose_mg")
FIGURES += ("interval_days", "unit_mg", "units_per_28_days", "units_first_28_days")
DEVICES = "a device one milligram stronger still allows no further device"
BAND_SURVIVORS = {
    ("ad.6y_17y.60plus", "age_below", "+1"): "the adult row says the same from 60 kg",
    ("ad.6mo_5y.15_30", "age_below", "+1"): "from 6 years it is within the next row",
    ("asthma.6y_11y.30_60.with_ad", "units_per_28_days", "-1"): "fits without eczema",
    ("asthma.6y_11y.15_30.with_ad", "units_per_28_days", "-1"): "fits without eczema",
}
ROWS = [one for one in library().knowledge.regimens["dupilumab"] if one.dose_mg]
OTHERS = [one for one in ROWS if one.indication in {"asthma", "copd", "crswnp", "eoe", "pn"}]
LIGHT = [one for one in ROWS if one.indication == "ad" and one.unit_mg == 200 and one.weight_below]
BAND_SURVIVORS |= {(one.id, "unit_mg", "+1"): DEVICES for one in (*OTHERS, *LIGHT)}


def _bands() -> Iterator[tuple[Band, str, str, Band]]:
    for band in (*(one for one in ROWS if one.indication == "ad"), *OTHERS):
        for figure in FIGURES:
            value = getattr(band, figure)
            step = STEPS.get(figure, 1)
            for way, by in (("-1", -step), ("+1", step)) if value else ():
                yield band, figure, way, replace(band, **{figure: round(value + by, 1)})


@pytest.mark.parametrize(
    ("band", "figure", "way", "moved"),
    [pytest.param(*one, id=f"{one[0].id}.{one[1]} {one[2]}") for one in _bands()],
)
def test_a_moved_figure_of_the_dose_table_flips_a_case(
    band: Band, figure: str, way: str, moved: Band
) -> None:
    known = library().knowledge
    rows = tuple(moved if one is band else one for one in known.regimens["dupilumab"])
    mutated = replace(library(), knowledge=replace(known, regimens={"dupilumab": rows}))
    asked = [one for one in passing() if any(i.endswith("quantity_limit") for i in one.expect)]
    judged = [one for one in asked if band not in OTHERS or "/regimens/" in one.file]
    flipped = next((one.says for one in judged if wrong(one, mutated)), None)
    if (band.id, figure, way) in BAND_SURVIVORS:
        assert flipped is None, f"listed as a survivor, but a case flips: {flipped}"
    else:
        assert flipped, f"{band.id}.{figure} {way}: no case flips"
