"""The lengths of a card: the fullest label that fits on a button."""

import pytest

from service.cards.card_lengths import LONGEST_LABEL, fitting_label


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["the dose in full", "dose"], "the dose in full"),
        (["x" * LONGEST_LABEL], "x" * LONGEST_LABEL),
        (["x" * (LONGEST_LABEL + 1), "dose"], "dose"),
    ],
)
def test_the_first_label_that_fits_is_shown(labels: list[str], expected: str) -> None:
    assert fitting_label(labels) == expected


def test_a_label_that_never_fits_ends_after_a_word() -> None:
    label = fitting_label(
        ["Replace with a drug of a very long name that no button has room for at all"]
    )
    assert label == "Replace with a drug of a very long name that no button has…"
    assert len(label) <= LONGEST_LABEL
