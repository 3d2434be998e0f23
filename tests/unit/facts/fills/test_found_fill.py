"""A fill as it was found, and as one that may be no hand-over."""

from support.fact_case import patient

from service.facts.fills.fills import find_fills
from service.facts.fills.found_fill import as_doubtful
from service.policy.finding import remark

SET = "ad.tcs_medium_or_higher"


def test_doubtful_fill_has_its_reason_and_is_the_same_in_all_else() -> None:
    case = patient(claims=[{"drug": "triamcinolone cream", "on": "30 days ago", "days": 30}])
    (found,) = find_fills(case, case.record.hits(SET), (SET,))
    reason = remark("fill_perhaps_counted")
    doubtful = as_doubtful(found, reason)
    assert (doubtful.doubt, doubtful.fill.doubtful) == (reason, True)
    assert (doubtful.hit, doubtful.fill.start, doubtful.fill.days) == (
        found.hit,
        found.fill.start,
        30,
    )
    assert not found.fill.doubtful
