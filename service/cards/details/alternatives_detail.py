"""The detail of the alternatives card: what comes first, three therapies in a line each, others by name."""

import re
from collections.abc import Iterable, Iterator

from service.cards.card_context import CardContext, names
from service.cards.card_lengths import LONGEST_ALTERNATIVES
from service.cards.details.fitted_to_length import Block, WordsForMore, fitted, within
from service.cards.details.order_name import order_block
from service.cards.plain_names import InShort
from service.cards.wording import Wording, escape
from service.clinical.suggestions import Offer, Option, RuledOut

CARD = "alternatives"
LONGEST_LINE = 185
SHOWN = 3
SHOWN_CHECKS = 4
SENTENCE = re.compile(r"(?<=[.:?]) (?=[A-Z])")
# What is left out first if a card is too long: the lightest.
SAYS, FIRST, OPTIONS, OTHERS, LATER, RULED_OUT, FOOT = 100, 80, 90, 60, 40, 50, 100


def alternatives_detail(wording: Wording, offer: Offer, context: CardContext) -> str:
    """The detail in Markdown, at most 900 characters; sources and both sides are in the twin."""
    brief, situation = InShort(wording, context.day), offer.situation
    shown, others = offer.options[:SHOWN], offer.options[SHOWN:]
    head = SENTENCE.split(situation.head) if situation.head else []
    first = str(escape(situation.says)) + ("" if situation.says.endswith((".", "?")) else ".")
    blocks = [
        *order_block(wording, context),
        Block(
            f"**{first}**", tuple(str(escape(text)) for text in head), FIRST, keep=1, form="words"
        ),
        Block(
            "", tuple(_option(brief, option, context) for option in shown), OPTIONS, 1, "numbers"
        ),
        *_named(wording, "also", _others(brief, others), OTHERS),
        *_named(wording, "only_after", _left_out(brief, offer.further), LATER),
        *_named(wording, "not_proposed", _left_out(brief, offer.ruled_out), RULED_OUT),
        Block("", (wording.own(CARD, "foot"),), FOOT, 1, "paragraphs"),
    ]
    return fitted(blocks, LONGEST_ALTERNATIVES, counted(wording))


def counted(wording: Wording) -> WordsForMore:
    """The words for what the card leaves out."""
    return WordsForMore(
        lambda count: wording.own(CARD, "and_more_lines", count=str(count)),
        lambda count: wording.own(CARD, "left_out", count=str(count)),
    )


def _option(brief: InShort, option: Option, context: CardContext) -> str:
    """A therapy in one line: what decides about it first, each part whole or not at all."""
    wording = brief.wording
    flag = "" if option.use.label == "approved" else wording.own(CARD, option.use.label)
    name = wording.say(CARD, "option", name=option.therapy.name, flag=flag)
    coverage = option.coverage and wording.own(CARD, f"covered_{option.coverage}", **names(context))
    checks = list(dict.fromkeys(option.first))
    parts = [
        brief.text(option.lowered),
        brief.text(option.not_ordered),
        usual_dose(option.dose),
        wording.own(CARD, "boxed") if option.therapy.boxed_warning else "",
        _checks(wording, checks),
        coverage or "",
        brief.text(option.why),
    ]
    if option.closes or not option.dose:
        # of a step that closes a gap, and of advice, the reason says what to do
        parts.insert(0, parts.pop())
    return within(name, [str(escape(part)) for part in parts], LONGEST_LINE, _joined)


def _others(brief: InShort, options: Iterable[Option]) -> Iterator[str]:
    """Therapies by name, with the risk on record that puts them behind."""
    for option in options:
        lowered = brief.text(option.lowered)
        yield f"{escape(option.therapy.name)}{f' ({escape(lowered)})' if lowered else ''}"


def _joined(parts: list[str]) -> str:
    name, *rest = parts
    return f"{name}: {'; '.join(rest)}" if rest else name


def usual_dose(dose: str | None) -> str:
    """The dose without the doses of other patients behind it."""
    return re.split(r" \(|; ", dose, maxsplit=1)[0] if dose else ""


def _checks(wording: Wording, checks: list[str]) -> str:
    if not checks:
        return ""
    more = len(checks) - SHOWN_CHECKS
    values = {"checks": ", ".join(checks[:SHOWN_CHECKS]), "more": str(more) if more > 0 else ""}
    return wording.say(CARD, "check_first", **values)


def _left_out(brief: InShort, ruled_out: Iterable[RuledOut]) -> Iterator[str]:
    """Names with their reason, those with the same reason together."""
    by_reason: dict[str, list[str]] = {}
    for therapy in ruled_out:
        by_reason.setdefault(brief.text(therapy.why), []).append(therapy.therapy.name)
    for why, called in by_reason.items():
        yield f"{escape(', '.join(called))} ({escape(why)})"


def _named(wording: Wording, name: str, items: Iterable[str], weight: int) -> Iterator[Block]:
    if listed := tuple(items):
        heading = wording.own(CARD, f"{name}_heading", count=str(len(listed)))
        yield Block(heading, listed, weight, form="sentence")
