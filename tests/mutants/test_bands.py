"""Every bound and figure of the dose table moved by one unit: some case flips, or it is said why none can."""

from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

from mutants.changed import unchanged
from mutants.killing import fails, without_alternatives
from mutants.shipped import seen
from mutants.tally import Count, Tally
from support.cases.run import Case, library

from service.facts.fact import Band

STEPS = {"weight_from": 0.1, "weight_below": 0.1}
FIGURES = (
    *("age_from", "age_below", "weight_from", "weight_below", "loading_mg", "dose_mg"),
    *("interval_days", "unit_mg", "units_per_28_days", "units_first_28_days"),
)
TOO_HEAVY = "so heavy a child is older (by_age of patient.weight)"
DEVICES = "a device one milligram stronger still allows no further device"
BAND_SURVIVORS = {
    ("ad.6y_17y.60plus", "age_below", "+1"): "the adult row says the same from 60 kg",
    ("ad.6mo_5y.15_30", "age_below", "+1"): "from 6 years it is within the next row",
    ("ad.6mo_5y.15_30", "age_from", "+1"): TOO_HEAVY,
    ("eoe.1plus.40plus", "age_from", "+1"): TOO_HEAVY,
    ("eoe.1plus.30_40", "age_from", "+1"): TOO_HEAVY,
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


def _cases(band: Band) -> list[Case]:
    """The cases of the disease that expect something of a dose."""
    paths = {f"{band.indication}.{path}" for path in ("initial", "renewal")}
    judged = (one for one in seen() if paths & one.shown)
    found = [
        one.case for one in judged if any(i.endswith("quantity_limit") for i in one.case.expect)
    ]
    # the cases of the table itself first: most mutants fail there
    return sorted(found, key=lambda one: "/regimens/" not in one.file)


def _killer(band: Band, moved: Band) -> str | None:
    known = library().knowledge
    rows = tuple(moved if one is band else one for one in known.regimens["dupilumab"])
    mutated = replace(
        without_alternatives(library()), knowledge=replace(known, regimens={"dupilumab": rows})
    )
    return next((one.says for one in _cases(band) if fails(one, mutated)), None)


@unchanged("dose table")
def test_a_moved_figure_of_the_dose_table_flips_a_case(mutants_tally: Tally) -> None:
    began, wrong, alive, count = perf_counter(), [], 0, 0
    for band, figure, way, moved in _bands():
        killer, count = _killer(band, moved), count + 1
        alive += killer is None
        if killer is None and (band.id, figure, way) not in BAND_SURVIVORS:
            wrong.append(f"{band.id}.{figure} {way}: no case flips")
        if killer is not None and (band.id, figure, way) in BAND_SURVIVORS:
            wrong.append(f"{band.id}.{figure} {way}: listed as a survivor, killed by {killer}")
    mutants_tally.counts["dose table"] = Count(count, 0, alive, perf_counter() - began)
    assert not wrong, "\n".join(wrong)
