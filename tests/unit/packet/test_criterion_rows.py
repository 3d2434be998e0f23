"""The table of criteria: what is not needed, and what shows the rest."""

from support.packets import recorded_packet

from service.packet.criterion_rows import Row, values_of
from service.pages.story.shown_tree import ShownEvidence


def rows(name: str) -> dict[str, Row]:
    """The rows of the letter on a recorded request."""
    return {row.id: row for row in recorded_packet(name).letter.rows}


def test_other_ways_of_a_met_group_are_not_needed() -> None:
    known = rows("initial-fully-met")
    assert known["ad.initial.severity.bsa10"].state == "met"
    assert known["ad.initial.severity.palms_soles"].state == "not_needed"
    assert known["ad.initial.severity.palms_soles"].shown == ""
    assert "ad.initial.trial.systemic_or_phototherapy.systemic" not in known


def test_open_and_failed_criteria_say_why() -> None:
    failed = rows("renewal-worse")
    worse = [row for row in failed.values() if row.state == "not_met" and "worse than" in row.shown]
    assert worse
    assert all(row.entries for row in worse)
    unknown = [row for row in rows("p001-initial").values() if row.state == "unknown"]
    assert any("nothing found in the record" in row.shown for row in unknown)


def test_exclusion_that_is_met_has_no_rows_below_it() -> None:
    known = rows("initial-fully-met")
    assert known["common.initial.no_contraindication"].shown == "none recorded"
    depth = known["common.initial.no_contraindication"].depth
    after = [*known].index("common.initial.no_contraindication") + 1
    assert [*known.values()][after].depth <= depth


def test_values_are_told_once_with_their_days() -> None:
    one = ShownEvidence("14 %", "2026-11-10", "record", "Observation/a")
    undated = ShownEvidence("47 years", "", "record", "Patient/p")
    later = ShownEvidence("14 %", "2026-11-12", "record", "Observation/b")
    assert values_of([one, one, undated]) == ["14 % (2026-11-10)", "47 years"]
    assert values_of([one, undated, later]) == ["14 % (2026-11-10, 2026-11-12)", "47 years"]


def test_exclusion_without_evidence_says_that_nothing_was_found() -> None:
    row = rows("asthma-renewal")["common.renewal.no_concurrent_immunomodulator"]
    assert (row.state, row.shown) == ("met", "no entry of this kind in the data that were sent")
