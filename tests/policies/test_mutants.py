"""Move a threshold by one unit: some case must flip, or it is said why none can."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
import yaml
from cases.run import ROOT, Case, all_cases, library, wrong

from service.facts.model import Band
from service.library import load_library

VERSION = "mappings/policies/bcbsms/dupilumab/2025-10-01"
FILES = [
    f"{VERSION}/{name}.yaml"
    for name in ("ad", "asthma", "copd", "crswnp", "eoe", "pn", "common", "policy")
]
AMOUNT = re.compile(r"^(-?\d+(?:\.\d+)?)( \S.*)?$")
PLAIN = {"best"}
WORDS = {
    "says",
    "asks",
    "cite",
    "short",
    "effective",
    "last_checked",
    "review_by",
    "approval_months",
}
WORDS |= {"readings", "not_encoded", "source"}

# Mutants that no case can tell from the rule, each with its reason.
ADULTS = "no adult row for atopic dermatitis asks for a weight"
ELSEWHERE = (
    "visits elsewhere are in no source of ours: only a statement tells whether there are fewer"
)
NEVER_KNOWN = ("asthma.renewal.response.acute_care", "copd.renewal.response.exacerbations")
SURVIVORS = {
    (about, key, way): ELSEWHERE
    for about in NEVER_KNOWN
    for key in ("per", "at_least_observed")
    for way in ("-1", "+1")
}
SURVIVORS |= {
    ("common.initial.quantity_limit", "child_below", "+1"): ADULTS,
    ("common.renewal.quantity_limit", "child_below", "+1"): ADULTS,
    ("common.initial.quantity_limit", "weight_within_adult", "-1"): ADULTS,
    ("common.initial.quantity_limit", "weight_within_adult", "+1"): ADULTS,
    ("common.renewal.quantity_limit", "weight_within_adult", "-1"): ADULTS,
    ("common.renewal.quantity_limit", "weight_within_adult", "+1"): ADULTS,
}


@dataclass(frozen=True)
class Mutant:
    """One number of one document moved by one unit."""

    file: str
    about: str
    key: str
    way: str
    start: int
    end: int
    written: str

    @property
    def name(self) -> str:
        """The mutant in words: which number of which criterion, and what it became."""
        return f"{Path(self.file).name}: {self.about}.{self.key} {self.way} ({self.written})"


def _mutants_of(file: str) -> Iterator[Mutant]:
    root = yaml.compose((ROOT / file).read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    yield from _walk(file, root, "", "")


def _walk(file: str, node: yaml.Node, about: str, key: str) -> Iterator[Mutant]:
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _walk(file, child, about, key)
    elif isinstance(node, yaml.MappingNode):
        said = {one.value: value for one, value in node.value}
        about = said["id"].value if "id" in said else about
        for one, value in node.value:
            if one.value not in WORDS:
                yield from _walk(file, value, about, f"{key}.{one.value}".lstrip("."))
    elif found := _moved(node, key):
        for way, written in found:
            start, end = node.start_mark.index, node.end_mark.index
            yield Mutant(file, about, key.rsplit(".", 1)[-1], way, start, end, written)


def _moved(node: yaml.Node, key: str) -> list[tuple[str, str]]:
    """The number one unit down and one unit up; a year moves by a month."""
    found = AMOUNT.match(str(node.value))
    if found is None or (found[2] is None and key.rsplit(".", 1)[-1] not in PLAIN):
        return []
    value, unit = float(found[1]), found[2] or ""
    if unit in (" year", " years"):
        value, unit = value * 12, " months"
    step = 0.01 if unit == " ratio" else 1
    moved = [(way, round(value + by * step, 2)) for way, by in (("-1", -1), ("+1", 1))]
    return [(way, f"{one:g}{unit}") for way, one in moved if one > 0 or not unit]


MUTANTS = [one for file in FILES for one in _mutants_of(file)]


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


def _touches(case: Case, about: str) -> bool:
    """Whether a case expects something of the criterion, of a part of it or of what it is part of."""
    return any(
        id_ == about or id_.startswith(f"{about}.") or about.startswith(f"{id_}.")
        for id_ in case.expect
    )


def _candidates(mutant: Mutant) -> list[Case]:
    near = [one for one in passing() if mutant.about and _touches(one, mutant.about)]
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
    path = content / mutant.file
    written = path.read_text(encoding="utf-8")
    moved = f"{written[: mutant.start]}{mutant.written}{written[mutant.end :]}"
    try:
        path.write_text(moved, encoding="utf-8")
        mutated = load_library(content, None)
    finally:
        path.write_text(written, encoding="utf-8")
    flipped = next((one.says for one in _candidates(mutant) if wrong(one, mutated)), None)
    reason = SURVIVORS.get((mutant.about, mutant.key, mutant.way))
    if reason is None:
        assert flipped, f"{mutant.name}: no case flips"
    else:
        assert flipped is None, (
            f"{mutant.name} is listed as a survivor, but a case flips: {flipped}"
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
