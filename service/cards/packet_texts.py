"""The texts of the packet in `cards/packet.yaml`, with the values that each may use."""

from collections.abc import Mapping
from typing import Any

PACKET = "packet"
_FULL_AND_EMPTY = ("x", "")
_VALUES: Mapping[str, tuple[str, ...]] = {
    "title": ("drug", "indication"),
    "policy_version": ("policy", "document", "effective"),
    "born": ("name", "day"),
    "with_number": ("name", "system", "number"),
    "sentence": ("says", "shown"),
    "statement": ("author", "day", "says", "shown"),
    "open_point": ("says", "why", "ends"),
    "failed_point": ("says", "miss"),
    "criteria_says": ("document",),
    "by": ("source", "author"),
    "notice": ("program",),
}
# Headings and words of the letter, which its template names.
HEADINGS = (
    *("shows", "states", "open", "failed", "nothing", "criteria", "line", "criterion", "result"),
    *("evidence", "sources", "number", "entry", "day", "source", "sent", "signature", "signed_on"),
)
_WORDS = (
    *("to", "policy", "member", "member_id", "prescriber", "ordered", "dose", "diagnosis"),
    *("kind", "kind_initial", "kind_renewal", "kind_unknown", "earlier_number", "as_of", "unnamed"),
    *(
        "result_met",
        "result_open_path",
        "author_unnamed",
        "failed_choice",
        "met",
        "not_met",
        "unknown",
    ),
    *("not_needed", "no_entry", "undated", "not_judged"),
)
COUNTED = ("result_unknown", "result_not_met", "result_not_met_choice")
PACKET_TEXTS: Mapping[str, Mapping[str, tuple[Any, Any]]] = {
    **{name: {} for name in (*HEADINGS, *_WORDS)},
    **{name: dict.fromkeys(values, _FULL_AND_EMPTY) for name, values in _VALUES.items()},
    **{name: {"count": ("2", "1")} for name in COUNTED},
}
