"""Recorded requests as a client sends them, and what an answer decides."""

import json
from copy import deepcopy
from typing import Any

from support.paths import ROOT

Json = dict[str, Any]
FIXTURES = ROOT / "fixtures"
RECORDED = sorted(path.stem for path in FIXTURES.glob("*.json"))
EXTENSION = "org.dupilumab-cds.assessment"


def recorded(name: str) -> Json:
    """One recorded request, to be changed at will."""
    found: Json = json.loads((FIXTURES / f"{name}.json").read_bytes())
    return found


def order(body: Json) -> Json:
    """The first order for a drug among the draft orders."""
    entries = body["context"]["draftOrders"]["entry"]
    found: Json = next(
        one["resource"] for one in entries if one["resource"]["resourceType"] == "MedicationRequest"
    )
    return found


def with_order(body: Json, **changes: Any) -> Json:
    """The request with elements of its order set; None takes one away."""
    changed = deepcopy(body)
    draft = order(changed)
    draft.update(changes)
    for name in [name for name, value in changes.items() if value is None]:
        del draft[name]
    return changed


def twins(answer: Json) -> list[Json]:
    """The assessments of an answer: one on each coverage card, none on others."""
    return [
        card["extension"][EXTENSION]
        for card in answer["cards"]
        if EXTENSION in card.get("extension", {})
    ]


def decided(answer: Json) -> list[Json]:
    """The assessments without what is new in every answer."""
    return [{name: value for name, value in one.items() if name != "id"} for one in twins(answer)]
