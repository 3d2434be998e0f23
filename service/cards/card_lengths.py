"""The label of a suggestion: a button, so at most 60 characters."""

from collections.abc import Iterable

LONGEST_LABEL = 60


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
