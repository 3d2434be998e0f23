"""The alternatives card: what fits this patient, in order, each as an order one click away."""

from collections.abc import Iterable, Sequence

from service.cards.card import Told, with_suggestions
from service.cards.context import Scene, names
from service.cards.summary import SUMMARY_LIMIT, cut
from service.cards.wording import Wording, add_overrides, plain
from service.cds.ids import fresh_uuid
from service.clinical.offer import Offer, Option, RuledOut, Tests
from service.json_object import Json
from service.policy.remark import remark

CARD = "alternatives"
TOPIC = {
    "code": "therapy-alternatives-opt",
    "system": "http://terminology.hl7.org/CodeSystem/cdshooks-card-type",
    "display": "Optional Therapy Alternatives",
}
# Why a therapy is ruled out or stands behind others, with the values in single braces in each text.
REASONS = {
    **dict.fromkeys(("now", "inefficacy", "adverse_effect", "intolerance", "contraindication"), ()),
    **dict.fromkeys(("allergy", "allergy_doubt", "before", "before_first", "drafted", "risk"), ()),
    "label": ("limit",),
    "beside": ("other",),
    "missing": ("why", "miss"),
    "needed": ("needed",),
    "waits": ("waits_for",),
}


def alternatives_card(wording: Wording, offer: Offer, orders: Sequence[str], scene: Scene) -> Told:
    """The card; its suggestions replace or add to the draft order, or order tests."""
    card: Json = {
        "uuid": fresh_uuid(),
        "summary": _summary(wording, offer),
        "detail": str(_detail(wording, offer, scene)),
        "indicator": offer.situation.indicator,
        "source": {"label": plain(wording.own(CARD, "source")), "topic": dict(TOPIC)},
    }
    add_overrides(card, wording, CARD)
    tests = ((f"tests:{one.names[0]}", _tests(wording, one)) for one in offer.tests)
    suggested = [*_orders(wording, offer, orders, scene), *tests]
    return with_suggestions(card, CARD, suggested, offer.situation.id)


def _summary(wording: Wording, offer: Offer) -> str:
    """The situation and the names that fit, those that do not as a number."""
    said = (_summed(wording, offer, shown) for shown in range(len(offer.options), 0, -1))
    last = _summed(wording, offer, min(1, len(offer.options)))
    return cut(next((one for one in said if len(one) <= SUMMARY_LIMIT), last))


def _summed(wording: Wording, offer: Offer, shown: int) -> str:
    called = [one.therapy.name for one in offer.options]
    items = ", ".join(called[:1])
    if rest := called[1:shown]:
        items = plain(wording.own(CARD, "more", first=items, rest=", ".join(rest)))
    if left := called[shown:]:
        items = plain(wording.own(CARD, "and_more", items=items, count=str(len(left))))
    return plain(wording.own(CARD, "summary", says=offer.situation.says, items=items))


def _detail(wording: Wording, offer: Offer, scene: Scene) -> str:
    situation = offer.situation
    watched = (watch.cite for one in offer.options for watch in one.therapy.monitoring)
    spoken: list[Option | RuledOut] = [*offer.options, *offer.ruled_out, *offer.further]
    warned = (cite for one in spoken for cite in one.warned)
    cited = "; ".join((situation.cite, *(one.use.cite for one in offer.options), *watched, *warned))
    return wording.say(
        CARD,
        "detail",
        several_orders=scene.several_orders,
        order=scene.order,
        says=situation.says,
        head=situation.head,
        options=[_option(wording, one, scene, n) for n, one in enumerate(offer.options)],
        ruled_out=_left_out(wording, offer.ruled_out),
        further=_left_out(wording, offer.further),
        sides=[f"{one.says} ({one.cite})" for one in situation.sides],
        sources="; ".join(dict.fromkeys(cited.split("; "))),
        **names(scene),
    )


def _option(wording: Wording, one: Option, scene: Scene, above: int) -> Json:
    flag = "" if one.use.label == "approved" else plain(wording.own(CARD, one.use.label))
    coverage = one.coverage and wording.own(CARD, f"covered_{one.coverage}", **names(scene))
    return {
        "name": one.therapy.name,
        "class_": one.therapy.class_,
        "flag": flag,
        "why": wording.text(one.why),
        "behind": "; ".join(
            text for text in (wording.text(one.lowered), one.behind if above else None) if text
        ),
        "first": ", ".join(one.first),
        "boxed": one.therapy.boxed_warning or "",
        "dose": one.dose or "",
        "not_ordered": wording.text(one.not_ordered),
        "during": "; ".join(watch.told for watch in one.therapy.monitoring),
        "guideline": _guideline(wording, one),
        "coverage": plain(coverage) if coverage else "",
    }


def _left_out(wording: Wording, those: Iterable[RuledOut]) -> list[Json]:
    """One line for each reason, with all that it holds for."""
    found: dict[str, list[str]] = {}
    for one in those:
        found.setdefault(wording.text(one.why), []).append(one.therapy.name)
    return [{"name": ", ".join(called), "why": why} for why, called in found.items()]


def _guideline(wording: Wording, one: Option) -> str:
    """Only what was seen in a source: the rest stays on the therapy's page."""
    known = one.use.guideline
    if known is None or known.strength is None or not known.strength_seen:
        return ""
    return wording.own(
        CARD,
        "guideline",
        body=known.body,
        ages=known.ages or "",
        strength=known.strength,
        certainty=(known.certainty or "") if known.certainty_seen else "",
    )


def _orders(
    wording: Wording, offer: Offer, orders: Sequence[str], scene: Scene
) -> Iterable[tuple[str, Json]]:
    """One suggestion per therapy with an order; replacing needs a draft that can be named."""
    replaces = offer.situation.action == "replace"
    named = all("/" in order for order in orders)
    for one in offer.options:
        if one.order is None or one.dose is None or (replaces and not named):
            continue
        called = {
            "therapy": one.therapy.name,
            "dose": _ordered(wording, one.order, one.dose),
            **names(scene),
        }
        delete = plain(wording.own(CARD, "delete_description", **called))
        create = plain(wording.own(CARD, "create_description", **called))
        actions = [
            {"type": "delete", "description": delete, "resourceId": order} for order in orders
        ]
        label = "replace_label" if replaces else "add_label"
        suggestion = {
            "label": plain(wording.own(CARD, label, **called)),
            "uuid": fresh_uuid(),
            "actions": [
                *(actions if replaces else ()),
                {"type": "create", "description": create, "resource": one.order},
            ],
        }
        yield f"therapy:{one.therapy.id}", suggestion


def _ordered(wording: Wording, order: Json, dose: str) -> str:
    """What the order says, where it says a dosage; a range in the dose is not what is ordered."""
    texts = [str(one["text"]) for one in order.get("dosageInstruction", ())]
    return wording.text(remark("in_turn", items=tuple(texts))) or dose.partition(";")[0]


def _tests(wording: Wording, tests: Tests) -> Json:
    label = wording.own(CARD, "tests_label", names=", ".join(tests.names))
    return {
        "label": plain(label),
        "uuid": fresh_uuid(),
        "actions": [
            {
                "type": "create",
                "description": plain(wording.own(CARD, "test_description", says=check.says)),
                "resource": order,
            }
            for check, order in zip(tests.checks, tests.orders, strict=True)
        ],
    }
