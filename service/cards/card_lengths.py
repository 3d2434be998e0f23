"""How long the parts of a card may be, in characters: summary, details, names, and labels of suggestions."""

from collections.abc import Iterable

LONGEST_SUMMARY = 139  # CDS Hooks: under 140
LONGEST_COVERAGE = 700
LONGEST_ALTERNATIVES = 900
LONGEST_CONSIDERATIONS = 500
LONGEST_NAME = 80  # of an order, a payer or what is asked, within a line
LONGEST_LABEL = 60  # a label is on a button


def fitting_label(labels: Iterable[str]) -> str:
    """The first of these labels that fits, given from the fullest to the shortest.

    If none fits, the shortest without its last words; what a suggestion does is in its actions.
    """
    last = ""
    for label in labels:
        if len(label) <= LONGEST_LABEL:
            return label
        last = label
    return last[: LONGEST_LABEL - 1].rpartition(" ")[0] + "…"
