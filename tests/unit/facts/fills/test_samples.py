"""Samples: they are told apart from what a pharmacy handed over."""

import pytest
from support.fact_case import patient

from service.facts.fills.samples import is_sample

SET = "ad.tcs_medium_or_higher"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"dispenses": [{"drug": "triamcinolone cream", "on": "today", "sample": "yes"}]}, True),
        ({"dispenses": [{"drug": "triamcinolone cream", "on": "today"}]}, False),
        ({"claims": [{"drug": "triamcinolone cream", "on": "today"}]}, False),
    ],
    ids=["sample", "dispense", "claim"],
)
def test_sample_is_told_apart_from_what_was_handed_over(
    given: dict[str, object], expected: bool
) -> None:
    case = patient(**given)
    assert is_sample(case, case.record.hits(SET)[0]) is expected
