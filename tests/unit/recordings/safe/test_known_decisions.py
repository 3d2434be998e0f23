"""Which words of a payer's remark are words of decisions."""

from support.recordings import words


def test_a_remark_of_decisions_alone() -> None:
    assert words().decisions.is_decision("Approved for 12 months")
    assert not words().decisions.is_decision("Approved by Amara Okafor")


def test_the_decision_in_a_longer_remark() -> None:
    assert words().decisions.decision_in("Approved Amara Okafor") == ("approved", True)
    assert words().decisions.decision_in("Approved (x7)") == ("approved", False)
