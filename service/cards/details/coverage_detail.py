"""The detail of the coverage card: what to do first, what is not met, what is met, where it is written."""

from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup

from service.cards.assessment_json import TwinContext
from service.cards.card_context import CardContext, names
from service.cards.card_lengths import LONGEST_COVERAGE, LONGEST_NAME
from service.cards.details.block_weights import (
    AGAINST,
    ALSO,
    CHART,
    COVERAGES,
    DOSE,
    FIRST,
    FOOT,
    FOUND_WAYS,
    HEAD,
    MET,
    MISSING,
    NEAR,
    NOTES,
    STATED,
    UNREAD,
    UNUSED,
    USUAL,
    WAYS,
)
from service.cards.details.criterion_lines import (
    also_open,
    met_criteria,
    near_misses,
    notes,
)
from service.cards.details.first_step import first_step, not_met, open_set, ways_left
from service.cards.details.fitted_to_length import Block, WordsForMore, fitted
from service.cards.details.order_name import order_block
from service.cards.details.statements_shown import (
    contradicting_records,
    met_by_statement,
    stated_blocks,
)
from service.cards.details.todo import lines_of, usual_routes
from service.cards.plain_names import InShort
from service.cards.summary import shorts
from service.cards.wording import Wording, escape, own_words
from service.policy.assessment import Assessment, Outcome
from service.policy.finding import remark
from service.policy.judged_criterion import Judged
from service.policy.model import Policy
from service.policy.open_questions import is_asked
from service.policy.operators import Regimen
from service.policy.truth import Reason

CARD = "coverage"
SHOWN_UNREAD = 3
# Roles of coverages that may pay too.
MAY_PAY_TOO = ("second", "beside")
LOADING_CONTINUED = "loading_continued"
# Reasons for unused entries that are not shown: the entry no longer exists.
ENDS = {"deleted"}
STATES_TO_TELL = {"not_supplied", "failed", "incomplete", "invalid", "foreign"}


def coverage_detail(
    wording: Wording, assessment: Assessment, twin_context: TwinContext, context: CardContext
) -> str:
    """The detail in Markdown, at most 700 characters."""
    brief = InShort(wording, context.day)
    if assessment.root is None:
        blocks = _short(brief, assessment, context)
    elif context.why_short and assessment.reason == context.why_short:
        blocks = [
            *_head(brief, assessment, context),
            *_beside(brief, assessment, twin_context, context),
        ]
    else:
        blocks = _whole(brief, assessment, assessment.root, twin_context, context)
    return fitted(
        [*blocks, _foot(wording, assessment)], LONGEST_COVERAGE, counted(wording, context)
    )


def counted(wording: Wording, context: CardContext) -> WordsForMore:
    """The words for what a card leaves out, with the place where it is if there is a page."""
    left_out = "left_out_page" if context.has_page else "left_out"
    return WordsForMore(
        lambda count: wording.own(CARD, "and_more", count=str(count)),
        lambda count: wording.own(CARD, left_out, count=str(count)),
    )


def bounded(text: str, longest: int) -> str:
    """A text of the chart, escaped; empty if it is longer than this."""
    return str(escape(text)) if len(text) <= longest else ""


def _whole(
    brief: InShort,
    assessment: Assessment,
    root: Judged,
    twin_context: TwinContext,
    context: CardContext,
) -> list[Block]:
    wording, blocked = brief.wording, bool(assessment.blocking)
    open_ = [] if blocked else open_set(assessment, root)
    told = [*(node.criterion.id for node in open_), *assessment.blocking]
    usual = [] if assessment.path == "unknown" else usual_routes(brief, root, told)
    failing = (each.fact for each in lines_of(brief, root, near_misses(assessment)))
    ways = ways_left(brief, assessment)
    near = [fact for fact in failing if fact not in usual]
    return [
        *_head(brief, assessment, context),
        *_unread(wording, assessment, twin_context),
        *_listed(wording, "against", contradicting_records(brief, assessment), AGAINST, keep=1),
        *(not_met(brief, assessment, root, context) if blocked else ()),
        *_dose(brief, context),
        *first_step(brief, assessment, root, open_, context),
        *_listed(wording, "usual", usual, USUAL, keep=2),
        *_sentence(wording, "also", also_open(assessment) if blocked else [], ALSO),
        *_sentence(wording, "chart", _to_chart(context), CHART),
        *_sentence(wording, "or_found", (way for way, found in ways if found), FOUND_WAYS),
        *_sentence(wording, "or", (way for way, found in ways if not found), WAYS),
        *_listed(wording, "near", near, NEAR),
        *stated_blocks(brief, assessment, STATED),
        *_met(brief, assessment, root, context),
        *_notes(brief, assessment, context),
        *_beside(brief, assessment, twin_context, context),
    ]


def _head(brief: InShort, assessment: Assessment, context: CardContext) -> Iterator[Block]:
    """What must be known before anything else: which order, and what runs or stands against it."""
    wording = brief.wording
    yield from order_block(wording, context)
    held = bool(context.why_short) and assessment.reason == context.why_short
    said = [
        wording.say(CARD, f"{assessment.reason}_detail", **names(context)) if held else "",
        _running(brief, context),
        _decision(brief, context),
        _met_for(wording, assessment, context),
    ]
    yield from (Block("", (text,), HEAD, 1, "paragraphs") for text in said if text)


def _short(brief: InShort, assessment: Assessment, context: CardContext) -> list[Block]:
    """The blocks of an order that could not be judged."""
    wording, name = brief.wording, context.why_short or str(assessment.outcome)
    if name == "elsewhere":
        sentence = str(escape(context.elsewhere_says or ""))
    else:
        titles = wording.text(remark("either", items=context.perhaps))
        sentence = wording.say(CARD, f"{name}_detail", titles=titles, **names(context))
    return [
        *order_block(wording, context),
        Block("", (sentence,), FIRST, 1, "paragraphs"),
        *_dose(brief, context),
        *_coverages(wording, assessment, context),
    ]


def _beside(
    brief: InShort, assessment: Assessment, twin_context: TwinContext, context: CardContext
) -> Iterator[Block]:
    """What was not sent, which other coverages there are, what was sent and not used."""
    wording = brief.wording
    names_ = context.source_names
    absent = [
        escape(_in_a_sentence(names_.get(key, key)))
        for key, state in twin_context.data.items()
        if state in STATES_TO_TELL
    ]
    yield from _sentence(wording, "missing", map(str, absent), MISSING)
    yield from _coverages(wording, assessment, context)
    yield from _sentence(wording, "unused", _unused(wording, twin_context, context), UNUSED)


def _coverages(wording: Wording, assessment: Assessment, context: CardContext) -> Iterator[Block]:
    """Lines on other coverages; those that do not count only if ordered for or without any policy."""
    nothing_else = assessment.policy is None
    lines = [
        wording.say(CARD, f"coverage_{coverage.use}", called=called, **names(context))
        for coverage in context.coverages
        if coverage.use in MAY_PAY_TOO
        or (coverage.use != "decides" and (coverage.named or nothing_else))
        if len(called := wording.text(coverage.name)) <= LONGEST_NAME
    ]
    if lines:
        yield Block("", tuple(lines), COVERAGES, 0, "paragraphs")


def _met(
    brief: InShort, assessment: Assessment, root: Judged, context: CardContext
) -> Iterator[Block]:
    """The met criteria by their short names, without those that stand under a statement.

    Nor the dose, if a remark says that it is higher than needed.
    """
    if context.brief:
        return
    met, wording = met_criteria(root), brief.wording
    if any(dose_remark.kind == LOADING_CONTINUED for dose_remark in context.dose):
        met = [node for node in met if not isinstance(node.criterion.operator, Regimen)]
    short_names, stated = shorts(root.criterion), met_by_statement(brief, assessment)
    called = [own_words(short_names[node.criterion.id]) for node in met]
    by_record = [name for name in called if name not in stated]
    if by_record:
        name = "met" if len(by_record) == len(called) else "met_by_record"
        heading = wording.own(CARD, f"{name}_heading", count=str(len(by_record)))
        lone = wording.own(CARD, f"{name}_count", count=str(len(by_record)))
        names = tuple(dict.fromkeys(by_record))
        yield Block(heading, names, MET, form="sentence", lone=lone)


def _to_chart(context: CardContext) -> list[str]:
    """What a missing value is called where it is entered in the chart, not ordered."""
    return [_in_a_sentence(fix.says) for fix in context.fixes if fix.kind == "record"]


def _notes(brief: InShort, assessment: Assessment, context: CardContext) -> Iterator[Block]:
    """The notes of the criteria, without those that a remark on the dose replaces."""
    replaced = {brief.text(note) for dose_remark in context.dose for note in dose_remark.replaces}
    lines = [str(escape(note)) for note in notes(brief, assessment) if note not in replaced]
    if lines:
        yield Block("", tuple(lines), NOTES, 0)


def _running(brief: InShort, context: CardContext) -> str:
    """The line on the authorization that is valid today; empty if there is none."""
    if context.running is None:
        return ""
    number = brief.wording.text(context.running.number)
    return brief.wording.say(
        CARD,
        "running",
        until=brief.days(context.running.until.isoformat()),
        number=number if len(number) <= LONGEST_NAME // 2 else "",
        **names(context),
    )


def _decision(brief: InShort, context: CardContext) -> str:
    """The line on what the payer decided last; empty if that is told already, or if there is nothing."""
    decision = context.decision
    if decision is None:
        return ""
    number = brief.wording.text(decision.number)
    until = decision.until
    return brief.wording.say(
        CARD,
        f"decided_{decision.says}",
        decided=brief.days(decision.decided.isoformat()),
        number=number if len(number) <= LONGEST_NAME // 2 else "",
        until=brief.days(until.isoformat()) if until else "",
        begins=brief.days(decision.begins.isoformat()) if decision.begins else "",
        ended="yes" if until and until < context.day else "",
        called=decision.called or "",
        **names(context),
    )


def _met_for(wording: Wording, assessment: Assessment, context: CardContext) -> str:
    """For which of several diseases the criteria are met; empty if for all of them."""
    policy, met_for = assessment.policy, assessment.met_for
    others = [indication for indication in assessment.indications if indication not in met_for]
    if policy is None or not met_for or not others or context.why_short:
        return ""
    own, rest = (
        wording.text(remark("together", items=tuple(policy.indications[id_].title for id_ in ids)))
        for ids in (met_for, others)
    )
    rest = rest[:1].upper() + rest[1:]
    return wording.own(CARD, "met_for", indication=own, others=rest, **names(context))


def _dose(brief: InShort, context: CardContext) -> Iterator[Block]:
    """What the label says about the ordered dose."""
    wording = brief.wording
    lines = []
    for dose_remark in context.dose:
        values = {name: brief.text(value) for name, value in dose_remark.values.items()}
        lines.append(wording.say(CARD, f"dose_{dose_remark.kind}", **values, **names(context)))
    yield from _listed(wording, "dose", lines, DOSE, keep=1)


def _unread(wording: Wording, assessment: Assessment, twin_context: TwinContext) -> Iterator[Block]:
    """One question on all entries that could not be read; none if no open criterion depends on them."""
    judged = assessment.judged.values()
    open_ = any(is_asked(node) and node.finding.reason is Reason.UNMAPPED for node in judged)
    if assessment.outcome is not Outcome.UNKNOWN or not (open_ or assessment.path == "unknown"):
        return
    items = [bounded(wording.text(item), LONGEST_NAME) for item in twin_context.asked]
    shown = [item for item in items if item][:SHOWN_UNREAD]
    if count := len(items):
        values = {"count": count, "items": Markup(", ".join(shown)), "more": count - len(shown)}  # noqa: S704 - escaped
        yield Block("", (wording.say(CARD, "unread", **values),), UNREAD, 0, "paragraphs")


def _unused(wording: Wording, twin_context: TwinContext, context: CardContext) -> list[str]:
    """Entries that were not used because their meaning is in doubt, by source and reason."""
    return [
        wording.own(
            CARD,
            "aside",
            source=_in_a_sentence(context.source_names.get(key, key)),
            count=str(count),
            why=wording.own(CARD, f"aside_{why}"),
        )
        for key, counts in twin_context.set_aside.items()
        for why, count in sorted(counts.items())
        if why not in ENDS
    ]


def _in_a_sentence(name: str) -> str:
    return name[:1].lower() + name[1:]


def _listed(
    wording: Wording, name: str, lines: Sequence[str], weight: int, keep: int = 0
) -> Iterator[Block]:
    if lines:
        heading = wording.own(CARD, f"{name}_heading", count=str(len(lines)))
        yield Block(heading, tuple(lines), weight, keep)


def _sentence(wording: Wording, name: str, items: Iterable[str], weight: int) -> Iterator[Block]:
    if listed := tuple(str(escape(item)) for item in items):
        heading = wording.own(CARD, f"{name}_heading", count=str(len(listed)))
        yield Block(heading, listed, weight, form="sentence")


def _foot(wording: Wording, assessment: Assessment) -> Block:
    """The policy and its day, and that the payer decides."""
    policy = assessment.policy
    if policy is None:
        return Block("", (), FOOT)
    values = {"document": policy.document, "effective": policy.effective.isoformat()}
    months = _months(policy, assessment)
    name = "policy" if months is None else "policy_met"
    if assessment.root is None:
        name = "policy_alone"
    more = {} if months is None else {"months": str(months)}
    return Block("", (wording.own(CARD, name, **values, **more),), FOOT, 1, "paragraphs")


def _months(policy: Policy, assessment: Assessment) -> int | None:
    """How many months an approval lasts; None unless all criteria are met."""
    if assessment.outcome is not Outcome.MET:
        return None
    match assessment.path:
        case "initial" | "renewal" as path:
            return min(
                policy.months(indication, path)
                for indication in assessment.met_for or assessment.indications
            )
        case _:
            return None
