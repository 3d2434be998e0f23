"""The texts of the page of questions in `cards/answering.yaml`, with the values that each may use."""

from collections.abc import Mapping
from typing import Any

ANSWERING = "answering"
_WITHOUT_VALUES = (
    *("link", "link_here", "heading", "patient", "born", "author", "unverified"),
    *(
        "unverified_says",
        "outcome_now",
        "path_first",
        "questions_none",
        "say_yes",
        "say_no",
        "answer",
    ),
    *("take_back", "is_stated", "record_shows", "record_silent", "source", "details"),
    *("detail_wrong", "choose"),
    *("others", "held", "orders_none", "judged_without", "saved", "state", "not_kept"),
    *(
        "nothing_to_state",
        "leave",
        "left",
        "made",
        "check",
        "problem",
        "problem_again",
    ),
    *("foreign_issuer", "launch_without_launch", "ehr_refused", "no_memory", "state_unknown"),
    *("other_browser", "no_patient", "no_prescriber", "other_patient", "no_order"),
    *(
        "own",
        "own_unread",
        "withdraw",
        "withdrawn",
        "withdrawn_here",
        "no_such_statement",
        "statement_stays",
        "orders_not_read",
        "changed_elsewhere",
        "session_over",
        "not_a_form",
        "wrong_csrf",
        "not_here",
    ),
)
_FULL_AND_EMPTY = ("x", "")
# By the name of the text; each value with a sample for a trial rendering, one full and one empty.
ANSWERING_TEXTS: Mapping[str, Mapping[str, tuple[Any, Any]]] = {
    **{name: {} for name in _WITHOUT_VALUES},
    "questions_left": {"count": ("2", "1")},
    "and_more": dict.fromkeys(("count",), _FULL_AND_EMPTY),
    "not_saved": dict.fromkeys(("minutes",), _FULL_AND_EMPTY),
    "state_says": dict.fromkeys(("author", "day"), _FULL_AND_EMPTY),
    "made_until": dict.fromkeys(("day",), _FULL_AND_EMPTY),
    **{
        f"delivered_{state}": dict.fromkeys(("why",), _FULL_AND_EMPTY)
        for state in ("done", "due", "refused")
    },
    "ehr_failed": dict.fromkeys(("why",), _FULL_AND_EMPTY),
    **{name: dict.fromkeys(("day",), _FULL_AND_EMPTY) for name in ("own_made", "own_until")},
    "not_withdrawn": dict.fromkeys(("why",), _FULL_AND_EMPTY),
    "cannot": dict.fromkeys(("why",), _FULL_AND_EMPTY),
    "not_stored": dict.fromkeys(("why",), _FULL_AND_EMPTY),
}
