"""A dispense some days after its claim is the claim's fill, or another: where that decides, a question."""

import pytest
from support.claims import TRIAL, Json, claim, dispense, node, twin

Fills = list[tuple[str, float | None]]
OINTMENT = {
    "system": "http://hl7.org/fhir/sid/ndc",
    "code": "51672125902",
}

# The trial asks for four weeks.
ROWS: dict[str, tuple[Fills, Fills, str]] = {
    "of one day": ([("2026-09-07", 14)], [("2026-09-07", 14)], "not_met"),
    "three days later": ([("2026-09-07", 14)], [("2026-09-10", 14)], "not_met"),
    "four days later": ([("2026-09-07", 14)], [("2026-09-11", 14)], "unknown"),
    "six days later": ([("2026-09-07", 14)], [("2026-09-13", 14)], "unknown"),
    "on its last day": ([("2026-09-07", 14)], [("2026-09-20", 14)], "unknown"),
    "when it is used up": ([("2026-09-07", 14)], [("2026-09-21", 14)], "met"),
    "of other days": ([("2026-09-07", 14)], [("2026-09-12", 21)], "met"),
    "of a claim that lasts long enough": ([("2026-09-07", 28)], [("2026-09-13", 28)], "met"),
    "of a claim without its days": ([("2026-09-07", None)], [("2026-09-13", 28)], "met"),
    "without its days": ([("2026-09-07", 28)], [("2026-09-13", None)], "met"),
    "each of its claim": (
        [("2026-09-07", 14), ("2026-09-21", 14)],
        [("2026-09-12", 14), ("2026-09-26", 14)],
        "met",
    ),
    "a second one of a claim that has its own": (
        [("2026-09-07", 14)],
        [("2026-09-08", 14), ("2026-09-17", 14)],
        "met",
    ),
    "a second one of a claim that perhaps has its own": (
        [("2026-09-07", 14)],
        [("2026-09-12", 14), ("2026-09-18", 14)],
        "met",
    ),
    "early refills in claims": ([("2026-09-07", 14), ("2026-09-17", 14)], [], "met"),
    "early refills in dispenses": ([], [("2026-09-07", 14), ("2026-09-17", 14)], "met"),
    "too few, whichever it is": ([("2026-09-07", 7)], [("2026-09-11", 7)], "not_met"),
}


@pytest.mark.parametrize(("claims", "dispenses", "truth"), ROWS.values(), ids=ROWS)
def test_claim_and_later_dispense_count_once_or_twice(
    claims: Fills, dispenses: Fills, truth: str
) -> None:
    paid: list[Json] = [claim(f"c{n}", *one) for n, one in enumerate(claims)]
    handed: list[Json] = [dispense(f"d{n}", *one) for n, one in enumerate(dispenses)]
    found = node(twin(paid, handed), TRIAL)
    assert found["truth"] == truth, found
    # whichever came first
    assert node(twin(paid[::-1], handed[::-1]), TRIAL)["truth"] == truth


def test_the_claim_may_carry_another_code_of_the_drug() -> None:
    paid = claim("c", "2026-09-07", 14, OINTMENT)
    found = node(twin([paid], [dispense("d", "2026-09-12", 14)]), TRIAL)
    assert found["truth"] == "unknown", found
    assert "perhaps" in str(found), found
