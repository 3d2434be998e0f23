"""The shipped value sets: sourced, named, true to their names, and told in the documentation."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from support.paths import ROOT, yaml_of

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
LABA = ("formoterol", "salmeterol", "vilanterol", "olodaterol")
LAMA = ("tiotropium", "umeclidinium", "glycopyrr", "aclidinium", "revefenacin")
ICS = ("budesonide", "fluticasone", "mometasone", "beclomethasone", "ciclesonide", "flunisolide")
RELIEVER = "albuterol"
Line = dict[str, Any]


@cache
def sets() -> dict[str, Any]:
    """Every shipped value set by its name."""
    paths = sorted((ROOT / "mappings/value_sets").glob("*.yaml"))
    return {path.stem: yaml_of(path) for path in paths}


def lines(name: str, part: str = "codes", system: str | None = None) -> Iterator[Line]:
    for uri, found in sets()[name].get(part, {}).items():
        if system in (None, uri):
            yield from found


def codes(name: str, part: str = "codes") -> set[str]:
    return {one["code"] for one in lines(name, part, RXNORM)}


def products() -> Iterator[tuple[str, Line]]:
    """The inhalers of all sets that hold any, each with the set it stands in."""
    for name in sets():
        for one in lines(name):
            if " ACTUAT " in one["display"] and "Nasal" not in one["display"]:
                yield name, one


@pytest.mark.parametrize("name", sets())
def test_a_set_says_where_it_is_from_and_what_each_code_is(name: str) -> None:
    document = sets()[name]
    assert {"file", "release", "checked"} <= set(document["source"])
    assert all(str(value).strip() for value in document["source"].values())
    found = [*lines(name), *lines(name, "questions")]
    assert all(one["display"].strip() for one in found)
    assert all(one.get("why") for one in lines(name, "questions")), "a question says why"


def test_puffs_and_strength_are_those_of_the_name() -> None:
    found = list(products())
    assert len(found) > 500
    for name, one in found:
        puffs = re.search(r"(\d+) ACTUAT ", one["display"])
        assert puffs
        assert one.get("actuations") == int(puffs[1]) or name.startswith("eoe."), one
        if name.endswith(".ics"):
            parts = dict(
                re.findall(r"([a-z ]+?) ([\d.]+) MG/ACTUAT", one["display"].partition("ACTUAT ")[2])
            )
            stated = {word.strip(): float(mg) * 1000 for word, mg in parts.items()}
            assert one["ug_per_actuation"] == pytest.approx(stated[one["ingredient"]]), one
        else:
            assert "ug_per_actuation" not in one


@pytest.mark.parametrize("disease", ["asthma", "copd"])
def test_a_combination_stands_in_every_class_that_it_holds(disease: str) -> None:
    known = {name: codes(f"{disease}.{name}") for name in ("ics", "laba", "lama")}
    members = {"ics": ICS, "laba": LABA, "lama": LAMA}
    held = {
        one["code"]: one["display"]
        for name in known
        for one in lines(f"{disease}.{name}", "codes", RXNORM)
    }
    assert sum(display.count(" / ") == 2 for display in held.values()) > 10
    for code, display in held.items():
        for name, drugs in members.items():
            if any(drug in display for drug in drugs) and RELIEVER not in display:
                asked = codes(f"{disease}.{name}", "questions")
                assert code in known[name] | asked, f"{display} is not in {disease}.{name}"


def test_an_inhaler_proves_no_swallowed_use() -> None:
    assert codes("eoe.swallowed_corticosteroid", "questions") & codes("asthma.ics")
    assert not codes("eoe.swallowed_corticosteroid") & codes("asthma.ics")


@pytest.mark.parametrize(
    "name", ["asthma.ics", "copd.ics", "crs.incs", "eoe.swallowed_corticosteroid"]
)
@pytest.mark.parametrize("ingredient", ["19831", "41126"])
def test_an_ingredient_alone_proves_no_route(name: str, ingredient: str) -> None:
    assert ingredient in codes(name, "questions")
    assert ingredient not in codes(name)


def row(name: str) -> str:
    """The set's line in the table of docs/reference/terminology.md."""
    left = "; ".join(f"{one['what']} ({one['why']})" for one in sets()[name]["left_out"])
    return f"| `{name}` | {left} |"


def test_the_documentation_tells_what_every_set_leaves_out() -> None:
    page = (ROOT / "docs/reference/terminology.md").read_text(encoding="utf-8")
    table = page.split("### Set by set")[1].split("\n## ")[0].splitlines()
    told = [one for one in table if re.match(r"\| `[a-z_]+\.?[a-z_0-9.]*` \|", one)]
    assert told == [row(name) for name in sets() if sets()[name].get("left_out")]
