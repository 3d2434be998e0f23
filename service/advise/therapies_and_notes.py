"""What is said in addition to coverage: the situation's therapies, and considerations."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from service.cards.alternatives_card import alternatives_cards
from service.cards.card import Card
from service.cards.card_context import CardContext
from service.cards.considerations_card import considerations_card
from service.cards.wording import Wording
from service.clinical.applicable_notes import notes_for
from service.clinical.applicable_situations import situations_of, stated_trials, taken_less
from service.clinical.stages import Begins, beginning
from service.clinical.suggestions import Offer, Option, Suggestions
from service.clinical.therapies_and_pathways import POLICY, Note, Side, Situation, Use
from service.clinical.therapy_options import offer
from service.facts.case import Case, Order
from service.library.library import Library
from service.policy.assessment import Assessment, assess

Cited = TypeVar("Cited", Note, Side, Situation, Use)


def suggestions_for(
    library: Library, payer: str | None, case: Case, assessment: Assessment
) -> Suggestions:
    """Therapies and considerations for the patient, whether or not a policy judges the order."""
    offer, indication = _offer(library, case, assessment)
    if offer and payer:
        options = (_covered(library, payer, case, indication, option) for option in offer.options)
        offer = replace(offer, options=tuple(options))
    path = assessment.path or _path(library, case)
    situation_id = offer.situation.id if offer and (offer.options or offer.ruled_out) else None
    notes = notes_for(case, library.clinical, case.indications, path, situation_id)
    document = assessment.policy.document if assessment.policy else ""
    return Suggestions(
        offer and _citing(offer, document),
        tuple(_cited(note, document) for note in notes),
    )


def _path(library: Library, case: Case) -> str:
    """The path if no policy judges: initial for a start, renewal if the order continues the drug."""
    begins = beginning(case, library.clinical.course(case.drug, case.indications)).begins
    return {Begins.START: "initial", Begins.CONTINUES: "renewal"}.get(begins, "unknown")


def _citing(offer: Offer, document: str) -> Offer:
    """The offer with the judging policy's document in place of `{policy}` in its citations."""
    situation = _cited(offer.situation, document)
    sides = tuple(_cited(side, document) for side in situation.sides)
    return replace(
        offer,
        situation=replace(situation, sides=sides),
        options=tuple(
            replace(
                option, use=_cited(option.use, document), warned=_named(option.warned, document)
            )
            for option in offer.options
        ),
        ruled_out=tuple(
            replace(therapy, warned=_named(therapy.warned, document)) for therapy in offer.ruled_out
        ),
        further=tuple(
            replace(therapy, warned=_named(therapy.warned, document)) for therapy in offer.further
        ),
    )


def _named(cites: tuple[str, ...], document: str) -> tuple[str, ...]:
    return tuple(_without_gaps(cite.replace(POLICY, document)) for cite in cites)


def _cited(cited: Cited, document: str) -> Cited:
    if POLICY not in cited.cite:
        return cited
    return replace(cited, cite=_without_gaps(cited.cite.replace(POLICY, document)))


def _without_gaps(cite: str) -> str:
    """The citation without empty parts, which are left if no policy judged."""
    return "; ".join(part for part in cite.split("; ") if part)


def _offer(library: Library, case: Case, assessment: Assessment) -> tuple[Offer | None, str]:
    """The first situation that has something to say, with its indication; None and "" if none has.

    A situation that keeps the draft and has no option for this patient is passed over.
    """
    clinical, stated = library.clinical, stated_trials(assessment)
    for indication in case.indications:
        pathway = clinical.pathways.get((case.drug, indication))
        for situation in situations_of(case, pathway, assessment, stated) if pathway else ():
            situation_offer = offer(case, situation, indication, clinical.therapies, stated)
            if situation.taken_below_label and pathway:
                figures = library.wording.text(taken_less(case, pathway, assessment))
                situation_offer = _with_figures(situation_offer, figures)
            if situation_offer.options or (
                situation_offer.ruled_out and situation.action == "replace"
            ):
                return _of_disease(case, situation_offer, indication, assessment), indication
    return None, ""


def _of_disease(case: Case, offer: Offer, indication: str, assessment: Assessment) -> Offer:
    """The offer with the name of its disease, if the order is for several."""
    if not case.indications[1:] or assessment.policy is None:
        return offer
    title = assessment.policy.indications[indication].title
    says = f"{title[0].upper()}{title[1:]}: {offer.situation.says}"
    return replace(offer, situation=replace(offer.situation, says=says))


def _with_figures(offer: Offer, figures: str) -> Offer:
    """The offer with the doses taken and labelled in its head."""
    head = offer.situation.head.replace("{taken}", figures)
    return replace(offer, situation=replace(offer.situation, head=head))


def _covered(library: Library, payer: str, case: Case, indication: str, option: Option) -> Option:
    """The option with the outcome of this payer's policy for it, if there is one for the disease."""
    policy = library.policy(payer, option.therapy.id, case.day)
    if policy is None or indication not in policy.indications:
        return option
    live = (indication,)
    order = Order("", option.order or {}, {}, live, reason_given=True, label=option.therapy.name)
    other = case.for_order(policy.drug, order)
    return replace(option, coverage=str(assess(policy, live, other.ask).outcome))


def suggestion_cards(
    wording: Wording, suggestions: Suggestions, orders: Sequence[str], scene: CardContext
) -> list[Card]:
    """The cards after coverage: alternatives, considerations, tests of the alternatives."""
    cards: list[Card] = []
    if suggestions.offer and (suggestions.offer.options or suggestions.offer.ruled_out):
        cards += alternatives_cards(wording, suggestions.offer, orders, scene)
    if suggestions.notes:
        cards.insert(1, considerations_card(wording, suggestions.notes, scene))
    return cards
