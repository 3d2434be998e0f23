"""The answer of a Da Vinci CRD service: coverage information on each draft order, and cards beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import orjson

from service.advise.advice import Advice, is_worth_showing
from service.advise.order_advice import Rendered
from service.cards.card import Card
from service.cards.card_context import names
from service.cards.crd.chosen_lines import ChosenLine, OrderState, a_statement_settles, lines_of
from service.cards.crd.coverage_information import CoverageInformation, CrdReason
from service.cards.crd.crd_cards import CARD, CrdCards
from service.cards.crd.crd_document import CrdDocument, CrdOption, CrdVersion
from service.cards.crd.extended_draft import with_extensions, without_extensions
from service.cards.wording import plain, shortened
from service.cds.crd_request import CrdRequest
from service.cds.request import HookRequest
from service.errors import RequestError
from service.facts.payer.coverages import CoverageUse
from service.fhir.elements import objects, reference_parts
from service.json_object import Json
from service.library.library import Library
from service.policy.assessment import Assessment
from service.policy.truth import Truth

MOST_ITEMS = 10
LONGEST_ITEMS = 900
COVERAGE = "Coverage"
NOT_HANDLED = (
    "no Coverage of a payer whose policies are known here came with the call or could be fetched; "
    "this version of CRD asks to refuse such a call"
)


@dataclass(frozen=True, slots=True)
class CrdAnswer:
    """What is answered, and the rows of the store."""

    cards: list[Json]
    system_actions: list[Json]
    decisions: list[Json]


def crd_answer(
    library: Library,
    request: HookRequest,
    asked: CrdRequest,
    advice: Advice,
    page: str | None = None,
) -> CrdAnswer:
    """The answer to a call of a CRD service; `page` is the order's page.

    A client that takes no system actions gets the cards of the plain service. Raises RequestError 400 if
    the version of CRD has calls refused that come without a coverage of a payer that is known here.
    """
    document = library.crd
    if document is None or not advice.orders:
        return CrdAnswer(advice.cards, [], advice.decisions)
    if not advice.orders[0].judgement.visit.client.system_actions:
        return CrdAnswer(advice.cards, [], advice.decisions)
    version = document.versions[asked.version]
    answer = _Answer(library, request, document, version, _chosen(document.options, asked.options))
    if version.refuses_other_payers and not any(map(_is_handled, advice.orders)):
        raise RequestError(400, "business-rule", NOT_HANDLED)
    orders = [answer.with_own_cards(each, page) for each in advice.orders]
    return CrdAnswer(
        answer.cards(orders),
        answer.system_actions(orders),
        [each.row for each in orders],
    )


def _is_handled(rendered: Rendered) -> bool:
    return any(coverage.known for coverage in rendered.judgement.question.payer.all_coverages)


def _chosen(options: Sequence[CrdOption], given: Mapping[str, object]) -> Mapping[str, bool | int]:
    """The value of each option; a value of a wrong type is ignored, as is an unknown option."""
    chosen: dict[str, bool | int] = {}
    for option in options:
        value = given.get(option.code)
        if option.type == "boolean":
            fits = isinstance(value, bool)
        else:
            fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        chosen[option.code] = value if fits else option.default  # type: ignore[assignment]  # its type was just checked
    return chosen


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer: what it is made with."""

    library: Library
    request: HookRequest
    document: CrdDocument
    version: CrdVersion
    chosen: Mapping[str, bool | int]

    def _is_asked(self, about: str) -> bool:
        return all(self.chosen[one.code] for one in self.document.options if one.about == about)

    def with_own_cards(self, rendered: Rendered, page: str | None) -> Rendered:
        """The order with the cards that CRD has for it; at order-select only that of the criteria."""
        made = self._cards_of(rendered, page)
        if self.request.hook != "order-select":
            return replace(rendered, cards=made.made_of(rendered.cards))
        shown = is_worth_showing(self.request, rendered.judgement.assessment)
        return replace(rendered, cards=made.criteria_alone(rendered.cards) if shown else ())

    def _cards_of(self, rendered: Rendered, page: str | None) -> CrdCards:
        orders = [
            each
            for each in self.request.draft_orders
            if str(each.resource.get("resourceType")).endswith("Request")
        ]
        return CrdCards(
            self.library.wording,
            self.document,
            self.version,
            rendered.judgement.scene,
            rendered.judgement.assessment.policy,
            len(orders) > 1,
            page,
        )

    def cards(self, orders: Sequence[Rendered]) -> list[Json]:
        """The cards that the client wants: the first of each order, then the others, each policy once."""
        of_each = [[card for card in each.cards if self._wants(card)] for each in orders]
        first = [cards[0] for cards in of_each if cards]
        later = [card for cards in of_each for card in cards[1:]]
        seen: set[object] = set()
        cards = []
        for card in (*first, *later):
            link = card.card["links"][0]["url"] if card.kind == "policy" else card.card["uuid"]
            if link not in seen:
                seen.add(link)
                cards.append(card.card)
        most = (self.chosen[one.code] for one in self.document.options if one.type == "integer")
        return cards[: min(most, default=len(cards))]

    def _wants(self, card: Card) -> bool:
        return bool(self.chosen.get(card.card["source"]["topic"]["code"], True))

    def system_actions(self, orders: Sequence[Rendered]) -> list[Json]:
        """One update for each order that has something new, and none if no coverage came."""
        if not self._is_asked("coverage_information"):
            return []
        drafts = [each.judgement.question.draft.resource for each in orders]
        actions = (self._action(each, order) for each, order in zip(orders, drafts, strict=True))
        return [action for action in actions if action is not None]

    def _action(self, rendered: Rendered, order: Json) -> Json | None:
        extensions = [
            one.extension(self.document, self.version, self.request.hook)
            for one in self.information(rendered)
        ]
        home = rendered.judgement.visit.record.home
        url = self.document.url
        updated = with_extensions(order, extensions, url, home) if extensions else None
        if updated is None or not isinstance(order.get("id"), str):
            return None
        scene = rendered.judgement.scene
        described = self.library.wording.own(CARD, "action", **names(scene))
        return {"type": "update", "description": plain(described), "resource": updated}

    def information(self, rendered: Rendered) -> list[CoverageInformation]:
        """What is said of an order, for each of its coverages that can be named."""
        about = self._about(rendered)
        named: dict[str, CoverageUse] = {}
        contained = _contained(rendered.judgement.question.draft.resource)
        coverages = rendered.judgement.question.payer.all_coverages
        # first the one that decides: some clients read the first extension alone
        for coverage in sorted(coverages, key=lambda each: each.use != "decides"):
            if coverage.reference and reference_parts(coverage.reference)[0] == COVERAGE:
                named.setdefault(contained.get(coverage.reference, coverage.reference), coverage)
        return [self._of(rendered, name, use, about) for name, use in named.items()]

    def _about(self, rendered: Rendered) -> list[str]:
        """What tells this case from others: the patient, the order as it was written, the policy."""
        question = rendered.judgement.question
        order = without_extensions(question.draft.resource, self.document.url)
        policy = rendered.judgement.assessment.policy
        return [
            self.request.patient_id,
            orjson.dumps(order, option=orjson.OPT_SORT_KEYS).decode(),
            f"{policy.id}|{policy.effective}" if policy else "",
        ]

    def _of(
        self, rendered: Rendered, reference: str, coverage: CoverageUse, about: Sequence[str]
    ) -> CoverageInformation:
        known, scene = rendered.judgement, rendered.judgement.scene
        state = OrderState(
            known.assessment,
            known.question.payer,
            scene.why_short,
            scene.running,
            self._is_asked("authorization"),
        )
        lines = lines_of(state, coverage)
        codes = self.document.joined(tuple(self.version.lines[line.name] for line in lines))
        if a_statement_settles(known.assessment, lines):
            codes = replace(codes, form=True)
        decides = coverage.use == "decides"
        payer, policy = known.question.payer.payer, known.assessment.policy
        ends = policy.until if policy else None
        return CoverageInformation(
            reference,
            codes,
            [
                CrdReason(self._says(rendered, line), self.version.lines[line.name].reason)
                for line in lines
            ],
            known.question.day,
            [*about, *(part for line in lines for part in (line.name, *line.criteria))],
            _questionnaires(known.assessment),
            scene.running.number if scene.running and decides else None,
            (scene.running.until if scene.running else ends) if decides else None,
            payer.name if payer else None,
            payer.contacts if payer and decides else (),
        )

    def _says(self, rendered: Rendered, line: ChosenLine) -> str:
        known, scene = rendered.judgement, rendered.judgement.scene
        policy = known.assessment.policy
        values = {
            **names(scene),
            "document": policy.document if policy else "",
            "effective": policy.effective.isoformat() if policy else "",
            "items": _items(known.assessment, line.criteria),
            "until": scene.running.until.isoformat() if scene.running else "",
        }
        return plain(self.library.wording.say(CARD, f"says_{line.name}", **values))


def _contained(order: Json) -> dict[str, str]:
    """How a coverage inside the order is named in it, by its type and id."""
    return {
        f"{COVERAGE}/{resource['id']}": f"#{resource['id']}"
        for resource in objects(order.get("contained"))
        if resource.get("resourceType") == COVERAGE and isinstance(resource.get("id"), str)
    }


def _items(assessment: Assessment, ids: Sequence[str]) -> str:
    """The criteria that a reason is about, in words of the documents."""
    said = dict.fromkeys(
        assessment.judged[id_].criterion.says.rstrip(".") for id_ in ids if id_ in assessment.judged
    )
    return shortened("; ".join([*said][:MOST_ITEMS]), LONGEST_ITEMS)


def _questionnaires(assessment: Assessment) -> list[str]:
    """Our questionnaires for the diseases that are still open, on the path, or on both if it is unknown."""
    policy = assessment.policy
    if policy is None:
        return []
    paths = (
        (assessment.path,) if assessment.path in ("initial", "renewal") else ("initial", "renewal")
    )
    return [
        policy.questionnaire(indication, path)
        for indication, truth in assessment.indications.items()
        if truth != str(Truth.NOT_MET)
        for path in paths
        if path and getattr(policy.indications[indication], path) is not None
    ]
