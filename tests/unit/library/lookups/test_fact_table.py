"""A fact's document in the form in which findings use it."""

from typing import Any

from service.library.lookups.fact_table import build_fact
from service.library.shapes import FactShape


def shape(**given: Any) -> FactShape:
    words = dict.fromkeys(("fact", "says", "label", "supply"), "x")
    return FactShape.model_validate({**words, "kind": "quantity", "way": "data", **given})


def test_what_a_document_leaves_out_is_open_or_empty() -> None:
    fact = build_fact(shape())
    assert (fact.low, fact.high, fact.least) == (None, None, None)
    assert (fact.unit, fact.value_sets, fact.sources) == ("", (), ())
    assert (fact.unknown_supply_days, fact.decided, fact.built_from) == (0, {}, ())


def test_range_of_a_fact_has_two_ends() -> None:
    fact = build_fact(shape(range=[0, 72], unit="points"))
    assert (fact.low, fact.high, fact.unit) == (0, 72, "points")


def test_possible_values_by_age_are_in_months_and_a_change_in_days() -> None:
    row = {"below": "2 years", "range": [3, 21]}
    fact = build_fact(
        shape(by_age=[row], growth={"below": "18 years", "within": "4 weeks", "times": 1.5})
    )
    assert [(at.below, at.low, at.high) for at in fact.by_age] == [(24, 3, 21)]
    assert fact.growth is not None
    assert (fact.growth.below, fact.growth.within_days, fact.growth.times) == (216, 28, 1.5)


def test_silence_of_a_source_means_none_only_where_the_document_says_so() -> None:
    fact = build_fact(
        shape(
            sources=[
                {"source": "claims", "nothing_found": "none", "why": "all are sent"},
                {"source": "notes", "nothing_found": "unknown", "why": "few are"},
            ],
            given="administrations",
        )
    )
    assert [(one.source, one.silence_means_none) for one in fact.sources] == [
        ("claims", True),
        ("notes", False),
    ]
    assert [(one.source, one.silence_means_none) for one in fact.given] == [
        ("administrations", False)
    ]


def test_scales_are_called_by_their_ends_and_named_in_one_spelling() -> None:
    fact = build_fact(
        shape(kind="score", scales=[{"names": "vIGA-AD  Score", "low": 0, "high": 4}])
    )
    assert {name: one.names for name, one in fact.scales.items()} == {"0-4": ("viga-ad score",)}


def test_maker_of_episodes_counts_in_days() -> None:
    (maker,) = build_fact(
        shape(kind="episodes", built_from=[{"fills": "steroids", "gap": "2 weeks"}])
    ).built_from
    assert (maker.made, maker.of, maker.gap, maker.longest) == ("fills", ("steroids",), 14, None)
