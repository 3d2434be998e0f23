"""Broken uses of margins and of the age of a baseline: told at their line, with what to write."""

from collections.abc import Callable
from pathlib import Path

import pytest

AD = "mappings/policies/bcbsms/dupilumab/2025-10-01/ad.yaml"
WRITTEN = "supply: {of: ad.biologic_other, ever: true, accepts: pharmacy}"
PICK = "'baseline_within' means nothing without 'pick: baseline_if_treated'"
SHARE = "a share of the value before is written with '%' alone"
BASELINE = "pick: baseline_if_treated"
ITCH = "trend: {of: ad.pruritus_nrs, better: lower, "
BROKEN = {
    "a bound in place of a margin": (
        ITCH + "at_least: 4 score}",
        "unknown key 'at_least'; did you mean 'by'?",
    ),
    "a bound of a dose": (
        "dose_trend: {of: asthma.ics, better: lower, at_least: 50 %}",
        "unknown key 'at_least'; did you mean 'by'?",
    ),
    "a mistyped margin": (
        ITCH + "byy: 4 score}",
        "unknown key 'byy'; did you mean 'by'?",
    ),
    "a margin without a unit": (
        ITCH + "by: 4}",
        "by: an amount is a number and a unit, like '10 % BSA'",
    ),
    "a margin in another unit": (
        ITCH + "by: 4 % BSA}",
        f"the unit is '% BSA', 'ad.pruritus_nrs' is in 'score'; {SHARE}",
    ),
    "a margin of one of several facts": (
        "trend: {of: [ad.bsa, ad.easi], better: lower, by: 5 % BSA}",
        f"the unit is '% BSA', 'ad.easi' is in 'score'; {SHARE}",
    ),
    "a margin of nothing": (ITCH + "by: 0 score}", "'by' is an amount above nothing"),
    "a margin below nothing": (ITCH + "by: -4 score}", "'by' is an amount above nothing"),
    "a share of nothing": (ITCH + "by: 0 %}", "'by' is an amount above nothing"),
    "a margin that no value can move": (
        ITCH + "by: 11 score}",
        "'ad.pruritus_nrs' goes from 0 to 10 score; nothing moves by 11 score",
    ),
    "more than all of it": (ITCH + "by: 101 %}", "nothing is lower by 101 %"),
    "unchanged beside a margin": (
        ITCH + "by: 4 score, stable_counts: true}",
        "an unchanged value is not lower by 4 score; leave out 'stable_counts'",
    ),
    "a dose in an amount": (
        "dose_trend: {of: asthma.ics, better: lower, by: 100 mg}",
        "a dose moves by a percent, like '50 %', not by '100 mg'",
    ),
    "more than the whole dose": (
        "dose_trend: {of: asthma.ics, better: lower, by: 101 %}",
        "nothing is lower by 101 %",
    ),
    "an age of nothing": (
        ITCH + "baseline_within: 0 days}",
        "baseline_within: a span is longer than nothing",
    ),
    "a mistyped age of a baseline of a trend": (
        ITCH + "baseline_witin: 90 days}",
        "unknown key 'baseline_witin'; did you mean 'baseline_within'?",
    ),
}
BESIDE = {
    "the age of a baseline that is not picked": (
        "fact: ad.easi\n      at_least: 16 score\n      baseline_within: 90 days",
        PICK,
    ),
    "the same of something recorded": ("recorded: ad.easi\n      baseline_within: 90 days", PICK),
    "the age of a baseline of a diagnosis": (
        "recorded: ad.diagnosis\n      pick: baseline_if_treated\n      baseline_within: 90 days",
        "'ad.diagnosis' is of the kind diagnosis; quantity or statement or grade is needed here",
    ),
    "an age that never was another one": (
        f"fact: patient.age\n      at_least: 6 years\n      {BASELINE}\n      baseline_within: 1 day",
        "an age is that of the day; it takes no 'baseline_within'",
    ),
    "a mistyped age of a baseline": (
        "recorded: ad.easi\n      pick: baseline_if_treated\n      baseline_witin: 90 days",
        "unknown key 'baseline_witin'; did you mean 'baseline_within'?",
    ),
    "the age of a baseline of a supply": (
        f"{WRITTEN}\n      baseline_within: 90 days",
        "'baseline_within' means nothing beside 'supply'",
    ),
}
Tells = Callable[..., None]


@pytest.mark.parametrize(("written", "says"), BROKEN.values(), ids=BROKEN)
def test_a_broken_trend_is_told(tells_alone: Tells, written: str, says: str) -> None:
    tells_alone(AD, WRITTEN, written, written, says)


@pytest.mark.parametrize(("written", "says"), BESIDE.values(), ids=BESIDE)
def test_a_broken_age_of_a_baseline_is_told(tells_alone: Tells, written: str, says: str) -> None:
    tells_alone(AD, WRITTEN, written, "baseline_wit", says)


def test_a_share_of_a_fact_in_percent_is_not_clear(content: Path, tells_alone: Tells) -> None:
    units = content / "mappings/units.yaml"
    text = units.read_text(encoding="utf-8")
    more = '  - word: "%"\n    codes: {"%": 1}\n    texts: {}\n'
    units.write_text(f"{text.rstrip()}\n{more}", encoding="utf-8")
    fact = (content / "mappings/facts/ad/pruritus_nrs.yaml").read_text(encoding="utf-8")
    fact = fact.replace("fact: ad.pruritus_nrs", "fact: test.share").replace('"score"', '"%"')
    (content / "mappings/facts/share.yaml").write_text(fact, encoding="utf-8")
    written = "trend: {of: test.share, better: lower, by: 50 %}"
    says = (
        "'test.share' is itself in '%': '50 %' may be points or a share of the value"
        "; give the fact a unit with a name, like '% BSA'"
    )
    tells_alone(AD, WRITTEN, written, written, says)
