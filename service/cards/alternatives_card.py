"""The alternatives card: therapies that fit the patient, in order, each as a suggested order."""

from collections.abc import Iterable, Mapping, Sequence

from service.cards.card import Card, Suggestion, cards_with
from service.cards.card_context import CardContext, names
from service.cards.card_lengths import LONGEST_SUMMARY, fitting_label
from service.cards.details.alternatives_detail import CARD, alternatives_detail, usual_dose
from service.cards.summary import cut
from service.cards.wording import Wording, add_overrides, plain
from service.cds.ids import fresh_uuid
from service.clinical.suggestions import Offer, Tests
from service.json_object import Json
from service.policy.finding import remark

# The labels of an order, from the fullest to the shortest.
LABELS = ("label", "in_few", "in_short")
TOPIC = {
    "code": "therapy-alternatives-opt",
    "system": "http://terminology.hl7.org/CodeSystem/cdshooks-card-type",
    "display": "Optional Therapy Alternatives",
}
# Texts for why a therapy is ruled out or ranked lower, and the values in single braces of each.
REASONS = {
    **dict.fromkeys(("now", "inefficacy", "adverse_effect", "intolerance", "contraindication"), ()),
    **dict.fromkeys(("allergy", "allergy_doubt", "before", "before_first", "drafted", "risk"), ()),
    "why_stopped": (),
    "class_stopped": ("other",),
    "problem_doubt": ("entries",),
    "harm_doubt": ("entry",),
    "label": ("limit",),
    "beside": ("other",),
    "missing": ("why", "miss"),
    "needed": ("needed",),
    "waits": ("waits_for",),
}


def alternatives_cards(
    wording: Wording, offer: Offer, orders: Sequence[str], context: CardContext
) -> list[Card]:
    """The card; its suggestions replace the draft, add an order, or order tests.

    Where several of them replace the draft, the tests get a card of their own.
    """
    card: Json = {
        "uuid": fresh_uuid(),
        "summary": _summary(wording, offer),
        "detail": alternatives_detail(wording, offer, context),
        "indicator": offer.situation.indicator,
        "source": {"label": plain(wording.own(CARD, "source")), "topic": dict(TOPIC)},
    }
    add_overrides(card, wording, CARD)
    tests = (_tests(wording, test) for test in offer.tests)
    suggested = [*_orders(wording, offer, orders, context), *tests]
    return cards_with(wording, card, CARD, suggested, offer.situation.id)


def _summary(wording: Wording, offer: Offer) -> str:
    """The situation and as many therapy names as fit; the others as a number."""
    summaries = (_summary_of(wording, offer, count) for count in range(len(offer.options), 0, -1))
    last = _summary_of(wording, offer, min(1, len(offer.options)))
    return cut(next((text for text in summaries if len(text) <= LONGEST_SUMMARY), last))


def _summary_of(wording: Wording, offer: Offer, count: int) -> str:
    called = [option.therapy.name for option in offer.options]
    items = ", ".join(called[:1])
    if rest := called[1:count]:
        items = plain(wording.own(CARD, "more", first=items, rest=", ".join(rest)))
    if left := called[count:]:
        items = plain(wording.own(CARD, "and_more", items=items, count=str(len(left))))
    return plain(wording.own(CARD, "summary", says=offer.situation.says, items=items))


def _orders(
    wording: Wording, offer: Offer, orders: Sequence[str], context: CardContext
) -> Iterable[Suggestion]:
    """One suggestion per therapy with an order; a replacement needs drafts with a reference."""
    replaces = offer.situation.action == "replace"
    named = all("/" in order for order in orders)
    for option in offer.options:
        if option.order is None or option.dose is None or (replaces and not named):
            continue
        called = {
            "therapy": option.therapy.name,
            "dose": _ordered(wording, option.order, option.dose),
            "usual": usual_dose(option.dose),
            **names(context),
        }
        kind = "replace" if replaces else "add"
        labels = (plain(wording.own(CARD, f"{kind}_{of}", **called)) for of in LABELS)
        actions = _actions(wording, option.order, called, orders if replaces else (), context)
        yield Suggestion(f"therapy:{option.therapy.id}", fitting_label(labels), actions)


def _actions(
    wording: Wording,
    order: Json,
    called: Mapping[str, str],
    replaced: Sequence[str],
    context: CardContext,
) -> list[Json]:
    """The actions that create an order, or put it in the place of the drafts, as the client takes it.

    With `update` the first draft becomes the new order. One of another resource type cannot become it.
    """
    described = plain(wording.own(CARD, "create_description", **called))
    removed = [
        {
            "type": "delete",
            "description": plain(wording.own(CARD, "delete_description", **called)),
            "resourceId": draft,
        }
        for draft in replaced
    ]
    kind, _, id_ = replaced[0].partition("/") if replaced else ("", "", "")
    if context.replacing == "update" and kind == order["resourceType"]:
        changed = {"type": "update", "description": described, "resource": {**order, "id": id_}}
        return [changed, *removed[1:]]
    return [*removed, {"type": "create", "description": described, "resource": order}]


def _ordered(wording: Wording, order: Json, dose: str) -> str:
    """The dosage texts of the order, or else the dose without its range."""
    texts = [str(line["text"]) for line in order.get("dosageInstruction", ())]
    return wording.text(remark("in_turn", items=tuple(texts))) or dose.partition(";")[0]


def _tests(wording: Wording, tests: Tests) -> Suggestion:
    called = (", ".join(tests.names[:count]) for count in range(len(tests.names), 0, -1))
    labels = (plain(wording.own(CARD, "tests_label", names=names_)) for names_ in called)
    actions = [
        {
            "type": "create",
            "description": plain(wording.own(CARD, "test_description", says=check.says)),
            "resource": order,
        }
        for check, order in zip(tests.checks, tests.orders, strict=True)
    ]
    return Suggestion(f"tests:{tests.names[0]}", fitting_label(labels), actions)
