"""The detail of the coverage card: what to do first, what is not met, what is met, where it is written."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from markupsafe import Markup

from service.cards.assessment_json import TwinContext
from service.cards.card_context import CardContext, names
from service.cards.card_lengths import LONGEST_COVERAGE, LONGEST_NAME
from service.cards.details.criterion_lines import (
    also_open,
    line,
    met_criteria,
    near_misses,
    notes,
    on_taken_branches,
    other_ways,
)
from service.cards.details.fitted_to_length import Block, WordsForMore, fitted
from service.cards.details.order_name import order_block
from service.cards.details.statements_shown import (
    contradicting_records,
    met_by_statement,
    stated_blocks,
)
from service.cards.details.todo import cheapest, lines_of, to_do, usual_routes
from service.cards.details.what_if import is_choice, truth_with
from service.cards.plain_names import InShort
from service.cards.summary import exclusions_last, shorts
from service.cards.wording import Wording, escape, own_words
from service.policy.assessment import Assessment, Outcome
from service.policy.finding import Remark, remark
from service.policy.judged_criterion import Judged, nodes
from service.policy.model import Criterion, Policy
from service.policy.open_questions import blocking, is_asked
from service.policy.operators import Regimen
from service.policy.truth import Reason, Truth

CARD = "coverage"
SHOWN_UNREAD = 3
# Roles of coverages that may pay too.
MAY_PAY_TOO = ("second", "beside")
LOADING_CONTINUED = "loading_continued"
# Reasons for unused entries that are not shown: the entry no longer exists.
ENDS = {"deleted"}
STATES_TO_TELL = {"not_supplied", "failed", "incomplete", "invalid", "foreign"}
# What is left out first if a card is too long: the lightest.
HEAD, FIRST, AGAINST, UNREAD, NOT_MET, DOSE, FOUND_WAYS, USUAL, FOOT = (
    *(100, 90, 89, 88, 85, 80, 75, 70),
    100,
)
STATED = 27
ALSO, MISSING, COVERAGES, CHART, NEAR, WAYS, UNUSED, NOTES, MET = 60, 66, 55, 50, 45, 30, 28, 25, 10


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
    open_ = [] if blocked else _open(assessment, root)
    told = [*(node.criterion.id for node in open_), *assessment.blocking]
    usual = [] if assessment.path == "unknown" else usual_routes(brief, root, told)
    failing = (each.fact for each in lines_of(brief, root, near_misses(assessment)))
    ways = _ways(brief, assessment)
    near = [fact for fact in failing if fact not in usual]
    return [
        *_head(brief, assessment, context),
        *_unread(wording, assessment, twin_context),
        *_listed(wording, "against", contradicting_records(brief, assessment), AGAINST, keep=1),
        *(_not_met(brief, assessment, root, context) if blocked else ()),
        *_dose(brief, context),
        *_first(brief, assessment, root, open_, context),
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


def _open(assessment: Assessment, root: Judged) -> list[Judged]:
    """The cheapest set of open questions, those on exclusions without evidence last."""
    ids = exclusions_last(assessment, root, assessment.open[0] if assessment.open else [])
    return [assessment.judged[id_] for id_ in ids]


def _first(
    brief: InShort,
    assessment: Assessment,
    root: Judged,
    open_: list[Judged],
    context: CardContext,
) -> list[Block]:
    """What is to be done: by disease if several are open, by path if that is unknown."""
    if assessment.outcome is Outcome.MET:
        return [_text(brief.wording, "nothing_to_do", FIRST)]
    if not open_:
        return []
    if assessment.path == "unknown":
        return _either_path(brief, root)
    diseases = _open_diseases(assessment)
    if len(diseases) < 2:  # noqa: PLR2004 - one disease needs no heading
        return to_do(brief, root, open_)
    within = {node.criterion.id for _, tree in diseases for node in nodes(tree)}
    common = [node for node in open_ if node.criterion.id not in within]
    lists = []
    for title, tree in diseases:
        called = _called(root, cheapest(tree))
        heading = brief.wording.own(CARD, "disease", disease=title, count=str(len(called)))
        lists.append(Block(heading, tuple(called), FIRST, 1, "sentence", lone=heading))
    return [*_which_disease(brief.wording, diseases, context), *lists, *to_do(brief, root, common)]


def _which_disease(
    wording: Wording, diseases: Sequence[tuple[str, Judged]], context: CardContext
) -> Iterator[Block]:
    """The first thing to do where the order names none of several diseases."""
    if any(fix.kind == "add_reason" for fix in context.fixes):
        titles = wording.text(remark("either", items=tuple(title.lower() for title, _ in diseases)))
        said = wording.own(CARD, "do_name_disease", diseases=titles)
        yield Block(wording.own(CARD, "path_first"), (said,), HEAD, 1)


def _called(root: Judged, open_: Iterable[Judged]) -> list[str]:
    """Questions by their short names, each once."""
    short_names = shorts(root.criterion)
    return list(dict.fromkeys(own_words(short_names[node.criterion.id]) for node in open_))


def _open_diseases(assessment: Assessment) -> list[tuple[str, Judged]]:
    """The title and the criteria of each live disease that is open."""
    policy = assessment.policy
    if policy is None or len(assessment.indications) == 1:
        return []
    found = []
    for id_ in assessment.indications:
        tree = getattr(policy.indications[id_], assessment.path or "initial", None)
        judged = assessment.judged.get(tree.id) if tree is not None else None
        if judged is not None and judged.truth is Truth.UNKNOWN:
            title = policy.indications[id_].title
            found.append((title[:1].upper() + title[1:], judged))
    return found


def _either_path(brief: InShort, root: Judged) -> list[Block]:
    """The question that tells the path, then what both paths take and what each takes, by short names."""
    test, *branches = root.children
    wording, asking = brief.wording, cheapest(test) or [test]
    names_ = [_asked_in(branch, root.criterion, asking) for branch in branches]
    both = [name for name in names_[0] if name in names_[1]]
    blocks = [
        Block(
            wording.own(CARD, "path_first"),
            tuple(line(brief, node).text for node in asking),
            HEAD,
            keep=1,
            short=tuple(line(brief, node).short for node in asking),
        )
    ]
    for branch, name, called in zip(branches, ("if_renewal", "if_initial"), names_, strict=True):
        own = tuple(item for item in called if item not in both)
        heading = wording.own(CARD, f"{name}_{branch.truth}", count=str(len(own)))
        if own or branch.truth is Truth.MET:
            blocks.append(Block(heading, own, FIRST, form="sentence", lone=heading))
    if both:
        heading = wording.own(CARD, "either_way", count=str(len(both)))
        blocks.insert(1, Block(heading, tuple(both), FIRST, form="sentence", lone=heading))
    return blocks


def _asked_in(branch: Judged, root: Criterion, asking: Sequence[Judged]) -> list[str]:
    """Short names of what is open on a path, or fails on it, without the questions that tell the path."""
    short_names, known = shorts(root), {node.criterion.id for node in asking}
    open_ = [node.criterion.id for node in cheapest(branch)]
    ids = open_ if branch.truth is Truth.UNKNOWN else blocking(branch)
    return list(dict.fromkeys(own_words(short_names[id_]) for id_ in ids if id_ not in known))


def _not_met(
    brief: InShort, assessment: Assessment, root: Judged, context: CardContext
) -> list[Block]:
    """What to do where something is not met, and what that is; the usual routes first."""
    wording, judged = brief.wording, assessment.judged
    ids = on_taken_branches(root, assessment.blocking)
    blocking = sorted((judged[id_] for id_ in ids), key=lambda node: not node.criterion.usual)
    lines = lines_of(brief, root, blocking)
    doing: list[str] = [
        wording.say(CARD, "do_answer", question=each.settled) for each in lines if each.settled
    ]
    if any(isinstance(node.criterion.operator, Regimen) for node in blocking) and context.repair:
        doing.insert(0, wording.own(CARD, "do_correct_dose"))
    doing += _wait(brief, root, blocking)
    heading = "not_met_choice" if is_choice(root, ids) else "not_met"
    return [
        Block(
            wording.own(CARD, "do_first"),
            tuple(dict.fromkeys(doing)) or (wording.own(CARD, "do_otherwise"),),
            FIRST,
            keep=1,
        ),
        Block(
            wording.own(CARD, f"{heading}_heading", count=str(len(lines))),
            tuple(dict.fromkeys(each.fact for each in lines)),
            NOT_MET,
            keep=1,
        ),
    ]


def _wait(brief: InShort, root: Judged, blocking: Sequence[Judged]) -> list[str]:
    """From which day on nothing blocks any more if nothing else happens; empty if waiting does not help."""
    days = {node.criterion.id: day for node in blocking if (day := _earliest(node.finding.miss))}
    if not days:
        return []
    then = truth_with(root, frozenset(days))
    if then is Truth.NOT_MET:
        return []
    # what has a day of its own may be needed or not: the latest day is surely late enough
    name = "do_wait_met" if then is Truth.MET else "do_wait_open"
    return [brief.wording.own(CARD, name, day=brief.days(max(days.values())))]


def _earliest(miss: Remark | None) -> str | None:
    """The first day on which a miss says that it is met if nothing else happens."""
    day = dict(miss.values).get("earliest") if miss else None
    return day.isoformat() if isinstance(day, date) else None


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


def _ways(brief: InShort, assessment: Assessment) -> list[tuple[str, bool]]:
    """Other ways by short names, and whether the record shows something of each; none if the path is open."""
    if assessment.path == "unknown" or len(_open_diseases(assessment)) > 1:
        return []
    ways = other_ways(brief, assessment)
    return [
        (brief.wording.say(CARD, "way", says=way.says, shown=Markup(way.shown)), bool(way.shown))  # noqa: S704 - escaped
        for way in ways
    ]


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


def _text(wording: Wording, name: str, weight: int) -> Block:
    return Block("", (wording.say(CARD, name),), weight, 1, "paragraphs")


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
