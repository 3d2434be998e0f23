"""The alternatives card: therapies that fit the patient, in order, each as a suggested order."""

from collections.abc import Iterable, Sequence

from service.cards.card import Card, with_suggestions
from service.cards.context import CardContext, names
from service.cards.summary import SUMMARY_LIMIT, cut
from service.cards.wording import Wording, add_overrides, plain
from service.cds.ids import fresh_uuid
from service.clinical.offer import Offer, Option, RuledOut, Tests
from service.json_object import Json
from service.policy.finding import remark

CARD = "alternatives"
TOPIC = {
    "code": "therapy-alternatives-opt",
    "system": "http://terminology.hl7.org/CodeSystem/cdshooks-card-type",
    "display": "Optional Therapy Alternatives",
}
# Texts for why a therapy is ruled out or ranked lower, and the values in single braces of each.
REASONS = {
    **dict.fromkeys(("now", "inefficacy", "adverse_effect", "intolerance", "contraindication"), ()),
    **dict.fromkeys(("allergy", "allergy_doubt", "before", "before_first", "drafted", "risk"), ()),
    "label": ("limit",),
    "beside": ("other",),
    "missing": ("why", "miss"),
    "needed": ("needed",),
    "waits": ("waits_for",),
}


def alternatives_card(
    wording: Wording, offer: Offer, orders: Sequence[str], context: CardContext
) -> Card:
    """The card; its suggestions replace the draft order, add an order, or order tests."""
    card: Json = {
        "uuid": fresh_uuid(),
        "summary": _summary(wording, offer),
        "detail": str(_detail(wording, offer, context)),
        "indicator": offer.situation.indicator,
        "source": {"label": plain(wording.own(CARD, "source")), "topic": dict(TOPIC)},
    }
    add_overrides(card, wording, CARD)
    tests = ((f"tests:{test.names[0]}", _tests(wording, test)) for test in offer.tests)
    suggested = [*_orders(wording, offer, orders, context), *tests]
    return with_suggestions(card, CARD, suggested, offer.situation.id)


def _summary(wording: Wording, offer: Offer) -> str:
    """The situation and as many therapy names as fit; the others as a number."""
    summaries = (_summary_of(wording, offer, count) for count in range(len(offer.options), 0, -1))
    last = _summary_of(wording, offer, min(1, len(offer.options)))
    return cut(next((text for text in summaries if len(text) <= SUMMARY_LIMIT), last))


def _summary_of(wording: Wording, offer: Offer, count: int) -> str:
    called = [option.therapy.name for option in offer.options]
    items = ", ".join(called[:1])
    if rest := called[1:count]:
        items = plain(wording.own(CARD, "more", first=items, rest=", ".join(rest)))
    if left := called[count:]:
        items = plain(wording.own(CARD, "and_more", items=items, count=str(len(left))))
    return plain(wording.own(CARD, "summary", says=offer.situation.says, items=items))


def _detail(wording: Wording, offer: Offer, context: CardContext) -> str:
    situation = offer.situation
    watched = (watch.cite for option in offer.options for watch in option.therapy.monitoring)
    spoken: list[Option | RuledOut] = [*offer.options, *offer.ruled_out, *offer.further]
    warned = (cite for therapy in spoken for cite in therapy.warned)
    cited = "; ".join(
        (situation.cite, *(option.use.cite for option in offer.options), *watched, *warned)
    )
    return wording.say(
        CARD,
        "detail",
        several_orders=context.several_orders,
        order=context.order,
        says=situation.says,
        head=situation.head,
        options=[_option(wording, option, context, n) for n, option in enumerate(offer.options)],
        ruled_out=_left_out(wording, offer.ruled_out),
        further=_left_out(wording, offer.further),
        sides=[f"{side.says} ({side.cite})" for side in situation.sides],
        sources="; ".join(dict.fromkeys(cited.split("; "))),
        **names(context),
    )


def _option(wording: Wording, option: Option, context: CardContext, above: int) -> Json:
    flag = "" if option.use.label == "approved" else plain(wording.own(CARD, option.use.label))
    coverage = option.coverage and wording.own(CARD, f"covered_{option.coverage}", **names(context))
    return {
        "name": option.therapy.name,
        "class_": option.therapy.class_,
        "flag": flag,
        "why": wording.text(option.why),
        "behind": "; ".join(
            text
            for text in (wording.text(option.lowered), option.behind if above else None)
            if text
        ),
        "first": ", ".join(option.first),
        "boxed": option.therapy.boxed_warning or "",
        "dose": option.dose or "",
        "not_ordered": wording.text(option.not_ordered),
        "during": "; ".join(watch.card_text for watch in option.therapy.monitoring),
        "guideline": _guideline(wording, option),
        "coverage": plain(coverage) if coverage else "",
    }


def _left_out(wording: Wording, ruled_out: Iterable[RuledOut]) -> list[Json]:
    """One line for each reason, with all therapies that it applies to."""
    by_reason: dict[str, list[str]] = {}
    for therapy in ruled_out:
        by_reason.setdefault(wording.text(therapy.why), []).append(therapy.therapy.name)
    return [{"name": ", ".join(called), "why": why} for why, called in by_reason.items()]


def _guideline(wording: Wording, option: Option) -> str:
    """The guideline's strength, if it was seen in a source; the rest is on the therapy's page only."""
    guideline = option.use.guideline
    if guideline is None or guideline.strength is None or not guideline.strength_seen:
        return ""
    return wording.own(
        CARD,
        "guideline",
        body=guideline.body,
        ages=guideline.ages or "",
        strength=guideline.strength,
        certainty=(guideline.certainty or "") if guideline.certainty_seen else "",
    )


def _orders(
    wording: Wording, offer: Offer, orders: Sequence[str], context: CardContext
) -> Iterable[tuple[str, Json]]:
    """One suggestion per therapy with an order; a replacement needs drafts with a reference."""
    replaces = offer.situation.action == "replace"
    named = all("/" in order for order in orders)
    for option in offer.options:
        if option.order is None or option.dose is None or (replaces and not named):
            continue
        called = {
            "therapy": option.therapy.name,
            "dose": _ordered(wording, option.order, option.dose),
            **names(context),
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
                {"type": "create", "description": create, "resource": option.order},
            ],
        }
        yield f"therapy:{option.therapy.id}", suggestion


def _ordered(wording: Wording, order: Json, dose: str) -> str:
    """The dosage texts of the order, or else the dose without its range."""
    texts = [str(line["text"]) for line in order.get("dosageInstruction", ())]
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
