"""What a coverage card asks for first, by disease or by path where these are open; and what is not met."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from markupsafe import Markup

from service.cards.card_context import CardContext
from service.cards.details.block_weights import FIRST, HEAD, NOT_MET
from service.cards.details.criterion_lines import line, on_taken_branches, other_ways
from service.cards.details.fitted_to_length import Block
from service.cards.details.todo import cheapest, lines_of, to_do
from service.cards.details.what_if import is_choice, truth_with
from service.cards.plain_names import InShort
from service.cards.summary import exclusions_last, shorts
from service.cards.wording import Wording, own_words
from service.policy.assessment import Assessment, Outcome
from service.policy.finding import Remark, remark
from service.policy.judged_criterion import Judged, nodes
from service.policy.model import Criterion
from service.policy.open_questions import blocking
from service.policy.operators import Regimen
from service.policy.truth import Truth

CARD = "coverage"


def open_set(assessment: Assessment, root: Judged) -> list[Judged]:
    """The cheapest set of open questions, those on exclusions without evidence last."""
    ids = exclusions_last(assessment, root, assessment.open[0] if assessment.open else [])
    return [assessment.judged[id_] for id_ in ids]


def first_step(
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


def not_met(
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


def ways_left(brief: InShort, assessment: Assessment) -> list[tuple[str, bool]]:
    """Other ways by short names, and whether the record shows something of each; none if the path is open."""
    if assessment.path == "unknown" or len(_open_diseases(assessment)) > 1:
        return []
    ways = other_ways(brief, assessment)
    return [
        (brief.wording.say(CARD, "way", says=way.says, shown=Markup(way.shown)), bool(way.shown))  # noqa: S704 - escaped
        for way in ways
    ]


def _text(wording: Wording, name: str, weight: int) -> Block:
    return Block("", (wording.say(CARD, name),), weight, 1, "paragraphs")
