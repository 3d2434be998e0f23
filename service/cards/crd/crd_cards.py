"""The cards of a CRD service: each of one response type of CRD, made from those of the plain service."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.cards.card import CHANGES, Card
from service.cards.card_context import CardContext, names
from service.cards.coverage_card import CARD as COVERAGE
from service.cards.crd.crd_document import CrdDocument, CrdVersion
from service.cards.summary import cut
from service.cards.wording import Wording, plain
from service.cds.ids import fresh_uuid
from service.json_object import Json
from service.policy.model import Policy

CARD = "crd"


@dataclass(frozen=True, slots=True)
class CrdCards:
    """What makes the cards of one order.

    `named`: the request holds several orders, so each card says which one it is about. `page` is the
    address of the order's page, None if there is none.
    """

    wording: Wording
    document: CrdDocument
    version: CrdVersion
    context: CardContext
    policy: Policy | None
    named: bool = False
    page: str | None = None

    def made_of(self, cards: Sequence[Card]) -> tuple[Card, ...]:
        """The cards: criteria first, then corrections, tests, the policy, and all others."""
        made = [card for each in cards for card in self._split(each)]
        policy = self._policy_card()
        if policy is not None:
            made.insert(next(_after_own(made)), policy)
        return tuple(self._about_order(card) for card in made)

    def criteria_alone(self, cards: Sequence[Card]) -> tuple[Card, ...]:
        """The card of the criteria by itself, for a lighter answer."""
        made = (card for each in cards[:1] for card in self._split(each))
        return tuple(self._about_order(card) for card in made if card.kind == "criteria")

    def _split(self, card: Card) -> Iterator[Card]:
        """The card without suggestions, and a card for each kind of suggestion.

        A card that suggests nothing but additional orders stays whole, as does one of alternatives that
        only replaces.
        """
        kind = "criteria" if card.kind == COVERAGE else card.kind
        suggestions: list[Json] = card.card.get("suggestions", [])
        changing = [one for one in suggestions if _changes(one)]
        adding = [one for one in suggestions if not _changes(one)]
        if kind == "criteria":
            yield self._with(card, kind, [])
            if changing:
                yield self._own_card(card, "corrections", changing)
        else:
            yield self._with(card, kind, changing if kind != "tests" else adding)
        if adding and kind != "tests":
            yield self._own_card(card, "tests", adding)

    def _with(self, card: Card, kind: str, suggestions: list[Json]) -> Card:
        shown = {
            name: value
            for name, value in card.card.items()
            if name not in ("suggestions", "selectionBehavior", "links")
        }
        shown["source"] = {**shown["source"], "topic": self._topic(kind)}
        return _suggesting(card, kind, shown, suggestions)

    def _own_card(self, card: Card, kind: str, suggestions: list[Json]) -> Card:
        """A card of its own for suggestions that stood on another one."""
        shown: Json = {
            "uuid": fresh_uuid(),
            "summary": self._summary(kind, count=str(len(suggestions))),
            "detail": str(self.wording.say(CARD, f"{kind}_detail")),
            "indicator": "info",
            "source": self._source(kind),
        }
        if "overrideReasons" in card.card:
            shown["overrideReasons"] = card.card["overrideReasons"]
        return _suggesting(card, kind, shown, suggestions)

    def _policy_card(self) -> Card | None:
        policy = self.policy
        if policy is None or not policy.url:
            return None
        named = {"document": policy.document, "effective": policy.effective.isoformat()}
        links = [{"label": self._say("policy_link", **named), "url": policy.url}]
        if self.page is not None:
            links.append({"label": self._say("page_link"), "url": self.page})
        card: Json = {
            "uuid": fresh_uuid(),
            "summary": self._summary("policy", **named),
            "detail": str(self.wording.say(CARD, "policy_detail", **named)),
            "indicator": "info",
            "source": self._source("policy"),
            "links": [{**link, "type": "absolute"} for link in links],
        }
        return Card(card, "policy", {})

    def _source(self, kind: str) -> Json:
        source: Json = {"label": self.context.payer, "topic": self._topic(kind)}
        if self.policy is not None and self.policy.url:
            source["url"] = self.policy.url
        return source

    def _topic(self, kind: str) -> Json:
        topic = self.document.cards[kind]
        return {
            "system": self.version.topics.system,
            "code": topic.code,
            "display": topic.display,
        }

    def _summary(self, kind: str, **values: str) -> str:
        return cut(self._say(f"{kind}_summary", **values, **names(self.context)))

    def _say(self, name: str, **values: str) -> str:
        return plain(self.wording.say(CARD, name, **values))

    def _about_order(self, card: Card) -> Card:
        """The card with the order that it is about, in words and as a reference."""
        if not self.named or not self.context.reference:
            return card
        shown = dict(card.card)
        if not self.context.several_orders or card.kind in ("corrections", "tests", "policy"):
            order = self.wording.say(CARD, "order", order=self.context.order)
            shown["detail"] = "\n\n".join(filter(None, (str(order), shown.get("detail"))))
        extension = {**shown.get("extension", {}), **self._associated()}
        return card._replace(card={**shown, "extension": extension})

    def _associated(self) -> Json:
        reference = self.context.reference
        named: object = reference if self.version.associated_as_text else {"reference": reference}
        return {key: [named] for key in self.version.associated_keys}


def _after_own(made: Sequence[Card]) -> Iterator[int]:
    """The place after the cards that are about the order itself."""
    for place, card in enumerate(made):
        if card.kind not in ("criteria", "corrections"):
            yield place
    yield len(made)


def _changes(suggestion: Json) -> bool:
    return any(action["type"] in CHANGES for action in suggestion.get("actions", ()))


def _suggesting(card: Card, kind: str, shown: Json, suggestions: list[Json]) -> Card:
    """A card with some of the suggestions of another one; those that change the draft exclude each other."""
    if suggestions:
        several = len(suggestions) > 1
        behavior = "any" if several and not any(map(_changes, suggestions)) else "at-most-one"
        shown = {**shown, "suggestions": suggestions, "selectionBehavior": behavior}
    ids = {one["uuid"] for one in suggestions}
    about = {uuid: what for uuid, what in card.about.items() if uuid in ids}
    return Card(shown, kind, about, card.criteria)
