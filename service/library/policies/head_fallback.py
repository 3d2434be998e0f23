"""A stand-in for a `policy.yaml` that is unsound, so that the other files of its folder are still read."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from service.library.documents.yaml import Document
from service.library.shapes import PolicyShape

_UNSOUND = "(unsound)"
_SPAN = "12 months"
# Sound values for what `policy.yaml` does not say, or says wrongly.
_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(("policy", "payer", "title", "drug", "document", "approved_before"), _UNSOUND),
    **dict.fromkeys(("effective", "last_checked"), "2000-01-01"),
    **{key: {} for key in ("source", "accepts", "readings", "indications")},
    "approval_months": 12,
    "statements_valid": _SPAN,
    "trial": {
        "for": "1 days",
        "accepts": _UNSOUND,
        "look_back": "100 years",
        "gap": "0 days",
        **dict.fromkeys(("supply_says", "sessions_says", "outcome_says", "outcome_asks"), "{says}"),
    },
}


class AnyName(dict[str, Any]):
    """Holds every name, where nobody can say which there are."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> tuple[()]:
        return ()


def head_for(drug: str) -> PolicyShape:
    """A head for criteria that belong to no policy; in them `requested_drug` is this drug."""
    return PolicyShape.model_validate({**_DEFAULTS, "drug": drug})


def head_with_defaults(head: Document, folder: Path) -> tuple[PolicyShape, frozenset[str]]:
    """The head with sound values for its unsound keys, and which keys those are."""
    written = dict(head.data) if isinstance(head.data, dict) else {}
    given = {**_DEFAULTS, **{key: written[key] for key in written if key in PolicyShape.model_fields}}
    unsound = {key for key in _DEFAULTS if key not in written}
    if not written:
        unsound.add("define")
    try:
        shape = PolicyShape.model_validate(given)
    except ValidationError as error:
        wrong = {str(error["loc"][0]) for error in error.errors()}
        unsound |= wrong
        kept = {key: value for key, value in given.items() if key not in wrong}
        shape = PolicyShape.model_validate({**_DEFAULTS, **kept})
    named: dict[str, Any] = {name: AnyName() for name in ("accepts", "readings") if name in unsound}
    if "indications" in unsound:
        files = sorted({path.stem for path in folder.glob("*.yaml")} - {"policy", "common"})
        about = {name: {"title": name, "conditions": name} for name in files}
        named["indications"] = PolicyShape.model_validate(
            {**_DEFAULTS, "indications": about}
        ).indications
    return shape.model_copy(update=named), frozenset(unsound)
