"""What is kept of an answer: outcome, criteria and kinds of cards, and no text and no evidence."""

from collections.abc import Iterator
from typing import Any

from service.fhir.elements import first_object, items, objects
from service.json_object import Json
from service.policy.assessment import Outcome
from service.policy.truth import Reason, Truth, Way

TWIN = "org.dupilumab-cds.assessment"
WHOLE = ("path", "indication", "outcome", "awaits", "reason", "needs", "open", "blocking")
# Members that this module writes, and those by which sets of criteria are written.
_OWN_NAMES = frozenset((*WHOLE, "policy", "criteria", "alternatives", "notes", "any", "all"))
# Words of every assessment, whatever the documents are.
_OF_ALL = frozenset((*Outcome, *Truth, *Reason, *Way, "initial", "renewal"))
KNOWN_ALONE = "knownAlone"  # that words which the documents do not know were left out


def reduced(answer: Any) -> Json:
    """An answer of a CDS service as it is kept and compared; of a wrong answer nothing."""
    cards = answer.get("cards") if isinstance(answer, dict) else None
    if not isinstance(cards, list):
        return {"cards": [], "orders": [], "readable": False}
    read = objects(cards)
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
    return {
        "indicator": _listed(card.get("indicator"), ("info", "warning", "critical")),
        "suggestions": [len(items(one.get("actions"))) for one in objects(card.get("suggestions"))],
        "overrideReasons": len(items(card.get("overrideReasons"))),
        "assessment": _twin(card) is not None,
    }


def _listed(value: Any, known: tuple[str, ...]) -> str | None:
    return value if value in known else None


def _order(twin: Json) -> Json:
    """An assessment without evidence: ids of criteria, truths and reasons."""
    policy = first_object(twin.get("policy"))
    return {
        "policy": f"{policy.get('id')}@{policy.get('effective')}" if policy else None,
        **{name: twin.get(name) or None for name in WHOLE},  # what is empty may be left out
        "criteria": {
            str(node["id"]): [node.get("truth"), node.get("reason") or None]
            for node in _nodes(twin.get("criteria"))
            if node.get("id")
        },
        "alternatives": [
            [one.get("therapy"), one.get("truth")] for one in objects(twin.get("alternatives"))
        ],
        "notes": sorted(str(one.get("id")) for one in objects(twin.get("notes"))),
    }


def _nodes(criteria: Any) -> Iterator[Json]:
    for node in objects(criteria):
        yield node
        yield from _nodes(node.get("children"))


def known_alone(answer: Json, known: frozenset[str]) -> Json:
    """What is kept of another service's answer: of its words those that the documents have too.

    Nothing else of it is kept: a word or a number that nobody knows may be a name or a number of a person.
    """
    orders = [_known(order, known | _OF_ALL) for order in answer["orders"]]
    return {**answer, "orders": orders, KNOWN_ALONE: True}


def _known(value: Any, known: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {
            name: _known(member, known)
            for name, member in value.items()
            if name in _OWN_NAMES or name in known
        }
    if isinstance(value, list):
        return [_known(one, known) for one in value]
    return value if isinstance(value, str) and value in known else None


def as_comparable(answer: Json, kept: Json) -> Json:
    """An answer that was got, with no word that was left out of the kept one as a word nobody knows."""
    return known_alone(answer, frozenset(_words(kept))) if kept.get(KNOWN_ALONE) else answer


def _words(value: Any) -> Iterator[str]:
    """All words of a kept answer."""
    if isinstance(value, dict):
        yield from value
        yield from (word for member in value.values() for word in _words(member))
    elif isinstance(value, list):
        yield from (word for one in value for word in _words(one))
    elif isinstance(value, str):
        yield value


def differences(expected: Json, got: Json) -> Iterator[str]:
    """Where two kept answers differ, one line each: outcomes first, then criteria, then cards."""
    before, after = objects(expected.get("orders")), objects(got.get("orders"))
    if len(before) != len(after):
        yield f"orders: {len(before)} → {len(after)}"
    for number, (old, new) in enumerate(zip(before, after, strict=False), 1):
        where = f"order {number} " if len(before) > 1 else ""
        yield from (f"{where}{line}" for line in _order_differences(old, new))
    if expected.get("cards") != got.get("cards"):
        yield from _card_differences(objects(expected.get("cards")), objects(got.get("cards")))


def _order_differences(old: Json, new: Json) -> Iterator[str]:
    for name in ("outcome", "policy", *(one for one in WHOLE if one != "outcome")):
        if old.get(name) != new.get(name):
            yield f"{name}: {old.get(name)} → {new.get(name)}"
    was, now = first_object(old.get("criteria")), first_object(new.get("criteria"))
    for id_ in dict.fromkeys((*was, *now)):
        if was.get(id_) != now.get(id_):
            yield f"{id_}: {_cell(was.get(id_))} → {_cell(now.get(id_))}"
    for name in ("alternatives", "notes"):
        if old.get(name) != new.get(name):
            yield f"{name}: {old.get(name)} → {new.get(name)}"


def _cell(pair: Any) -> str:
    if not pair:
        return "not asked"
    truth, reason = (*items(pair), None)[:2]
    return f"{truth} ({reason})" if reason else str(truth)


def _card_differences(old: list[Json], new: list[Json]) -> Iterator[str]:
    """The kinds of all cards, or of two cards of one kind the member that differs."""
    was, now = _kinds(old), _kinds(new)
    if was != now:
        yield f"cards: {was} → {now}"
        return
    for number, (before, after) in enumerate(zip(old, new, strict=True), 1):
        for name in dict.fromkeys((*before, *after)):
            if before.get(name) != after.get(name):
                yield f"card {number} {name}: {before.get(name)} → {after.get(name)}"


def _kinds(cards: list[Json]) -> str:
    kinds = [f"{card.get('indicator')}" + "!" * bool(card.get("suggestions")) for card in cards]
    return ", ".join(kinds) or "none"
