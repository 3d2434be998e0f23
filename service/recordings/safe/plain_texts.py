"""Texts in one spelling, their words and marks, and words that many people bear as names."""

import re

TOKEN = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)?|\S")
MARKS = frozenset(".,;:()/-%+")
ALSO_NAMES = frozenset(
    ("april", "may", "june", "august", "grant", "will", "art", "mark", "bill", "case")
)
# Names of drugs and of parts of the body that many people bear too.
SURNAMES = frozenset(
    (
        *("black", "brown", "green", "white", "rose", "wood", "iris", "violet", "head", "back"),
        *("foot", "hand", "chin", "cash", "intern", "burns", "palm", "lama", "field", "cheek"),
        *("neck", "moore", "young", "angel", "joy", "hope", "grace", "ella", "amber", "biller"),
        *("basil", "cherry", "acacia", "barley", "rosemary", "ginger", "hazel", "pound", "shin"),
        *("trout", "true", "perch", "coder", "clove", "senna", "sample", "reed", "oliver"),
    )
)


def plain_text(text: str) -> str:
    """A text in small letters with single spaces, as known texts are written."""
    return " ".join(text.lower().split())
