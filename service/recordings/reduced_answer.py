"""What is kept of an answer: outcome, criteria and kinds of cards, and no text and no evidence."""

import re
from collections.abc import Iterator
from typing import Any

from service.json_object import Json

TWIN = "org.dupilumab-cds.assessment"
WHOLE = ("path", "indication", "outcome", "awaits", "reason", "needs", "open", "blocking")
# Ids of criteria and therapies, outcomes and reasons are written so.
_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_OWN_NAMES = frozenset(("overrideReasons",))


def reduced(answer: Any) -> Json:
    """An answer of a CDS service as it is kept and compared; of a wrong answer nothing."""
    cards = answer.get("cards") if isinstance(answer, dict) else None
    if not isinstance(cards, list):
        return {"cards": [], "orders": [], "readable": False}
    read = [card for card in cards if isinstance(card, dict)]
    twins = [twin for card in read if (twin := _twin(card)) is not None]
    return {
        "cards": [_card(card) for card in read],
        "orders": [_order(twin) for twin in twins],
        "readable": True,
    }


def _twin(card: Json) -> Json | None:
    extension = card.get("extension")
    twin = extension.get(TWIN) if isinstance(extension, dict) else None
    return twin if isinstance(twin, dict) else None


def _card(card: Json) -> Json:
    """A card by its kind: indicator, suggestions with their actions, and reasons to override.

    Links are left out: they depend on the server, which may have no pages.
    """
    suggestions = [one for one in card.get("suggestions") or () if isinstance(one, dict)]
    actions = [len(one.get("actions") or ()) for one in suggestions]
    return {
        "indicator": _listed(card.get("indicator"), ("info", "warning", "critical")),
        "suggestions": actions,
        "overrideReasons": len(card.get("overrideReasons") or ()),
        "assessment": _twin(card) is not None,
    }


def _listed(value: Any, known: tuple[str, ...]) -> str | None:
    return value if value in known else None


def _order(twin: Json) -> Json:
    """An assessment without evidence: ids of criteria, truths and reasons."""
    policy = twin.get("policy") or {}
    return {
        "policy": f"{policy.get('id')}@{policy.get('effective')}" if policy else None,
        **{name: twin.get(name) or None for name in WHOLE},  # what is empty may be left out
        "criteria": {
            node["id"]: [node.get("truth"), node.get("reason") or None]
            for node in _nodes(twin.get("criteria") or [])
        },
        "alternatives": [
            [one.get("therapy"), one.get("truth")] for one in twin.get("alternatives") or ()
        ],
        "notes": sorted(str(one.get("id")) for one in twin.get("notes") or ()),
    }


def without_words(kept: Any, policies: frozenset[str]) -> Any:
    """What is kept of another service's answer, without texts that are neither ids nor known policies."""
    if isinstance(kept, dict):
        return {
            name: without_words(value, policies)
            for name, value in kept.items()
            if name in _OWN_NAMES or _ID.fullmatch(name)
        }
    if isinstance(kept, list):
        return [without_words(one, policies) for one in kept]
    if isinstance(kept, str):
        return kept if _ID.fullmatch(kept) or kept in policies else None
    return kept


def _nodes(nodes: list[Json]) -> Iterator[Json]:
    for node in nodes:
        yield node
        yield from _nodes(node.get("children") or [])


def differences(expected: Json, got: Json) -> Iterator[str]:
    """Where two kept answers differ, one line each: outcomes first, then criteria, then cards."""
    before, after = expected.get("orders") or [], got.get("orders") or []
    if len(before) != len(after):
        yield f"orders: {len(before)} → {len(after)}"
    for number, (old, new) in enumerate(zip(before, after, strict=False), 1):
        where = f"order {number} " if len(before) > 1 else ""
        yield from (f"{where}{line}" for line in _order_differences(old, new))
    if expected.get("cards") != got.get("cards"):
        yield f"cards: {_kinds(expected)} → {_kinds(got)}"


def _order_differences(old: Json, new: Json) -> Iterator[str]:
    for name in ("outcome", "policy", *(one for one in WHOLE if one != "outcome")):
        if old.get(name) != new.get(name):
            yield f"{name}: {old.get(name)} → {new.get(name)}"
    was, now = old.get("criteria") or {}, new.get("criteria") or {}
    for id_ in dict.fromkeys((*was, *now)):
        if was.get(id_) != now.get(id_):
            yield f"{id_}: {_cell(was.get(id_))} → {_cell(now.get(id_))}"
    for name in ("alternatives", "notes"):
        if old.get(name) != new.get(name):
            yield f"{name}: {old.get(name)} → {new.get(name)}"


def _cell(pair: Any) -> str:
    if not pair:
        return "not asked"
    truth, reason = (*pair, None)[:2]
    return f"{truth} ({reason})" if reason else str(truth)


def _kinds(answer: Json) -> str:
    kinds = [
        f"{card.get('indicator')}" + "!" * bool(card.get("suggestions")) for card in answer["cards"]
    ]
    return ", ".join(kinds) or "none"
