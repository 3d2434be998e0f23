"""What is to be done for an order: open questions by how they are settled, in the order of doing."""

from collections.abc import Iterable, Iterator, Sequence

from service.cards.details.criterion_lines import Line, line
from service.cards.details.fitted_to_length import Block
from service.cards.plain_names import InShort
from service.memo import per_document
from service.policy.judged_criterion import Judged, nodes
from service.policy.model import Criterion, Op
from service.policy.open_questions import is_asked, questions
from service.policy.operators import TrialOutcome
from service.policy.smallest_open_sets import open_sets
from service.policy.truth import Truth, Way

# The order of doing: the draft is open on the screen, answers are known, records must be asked for.
IN_ORDER = (Way.ORDER, Way.ATTESTATION, Way.DATA, Way.TEST, Way.TIME, Way.REVIEW)
# Questions with these ways are answered by the prescriber's statement, if the criterion takes one.
BY_STATEMENT = (Way.ATTESTATION, Way.ORDER, Way.DATA, Way.REVIEW)
FIRST = 90
# What no answer from memory can replace is kept longer.
HEAVIER = {Way.DATA: 1, Way.TEST: 1, Way.ORDER: 2}


def to_do(
    brief: InShort, root: Judged, open_: Sequence[Judged], weight: int = FIRST
) -> list[Block]:
    """A block for each way to settle open questions; the first line of the first is never left out."""
    lines: dict[Way, dict[str, str]] = {way: {} for way in IN_ORDER}
    each = zip(open_, lines_of(brief, root, open_), strict=True)
    # What the record has against the order is asked first.
    for node, shown in sorted(each, key=lambda pair: not (pair[1].rules_out and pair[1].values)):
        way = node.finding.way
        lines[Way.ATTESTATION if shown.asks and way in BY_STATEMENT else way][shown.text] = (
            shown.short
        )
    blocks: list[Block] = []
    for way in IN_ORDER:
        if texts := lines[way]:
            heading = brief.wording.own("coverage", f"do_{way}", count=str(len(texts)))
            kept = weight + HEAVIER.get(way, 0)
            short = tuple(texts.values())
            blocks.append(
                Block(heading, tuple(texts), kept, keep=1, short=short, soft=bool(blocks))
            )
    return blocks


def lines_of(brief: InShort, root: Judged, asked: Iterable[Judged]) -> list[Line]:
    """Each question as a line; outcomes of trials that one question asks for together as that question."""
    wholes = _asking_wholes(root.criterion)
    judged = {node.criterion.id: node for node in nodes(root)}
    each = ((node, wholes.get(node.criterion.id)) for node in asked)
    return [line(brief, node, judged.get(about.id) if about else None) for node, about in each]


@per_document
def _asking_wholes(root: Criterion) -> dict[str, Criterion]:
    """For the outcome of each trial the criterion above it that asks for all its outcomes in one question."""
    return dict(_wholes(root, None))


def _wholes(criterion: Criterion, above: Criterion | None) -> Iterator[tuple[str, Criterion]]:
    asking = criterion if criterion.statement == "outcome" and criterion.asks else above
    if asking is not None and isinstance(criterion.operator, TrialOutcome):
        yield criterion.id, asking
    for child in criterion.children:
        yield from _wholes(child, asking)


def usual_routes(brief: InShort, root: Judged, told: Iterable[str]) -> list[str]:
    """What the usual route of an open choice takes, where the card speaks of other routes only.

    `told` are the ids of the questions that the card has already.
    """
    known = set(told)
    lines: list[str] = []
    for route in _usual_of_open_choices(root, root.truth):
        takes = _takes(route)
        if known.isdisjoint(part.criterion.id for part in questions(route)):
            lines += [each.fact for each in lines_of(brief, root, takes)]
    return list(dict.fromkeys(lines))


def _takes(judged: Judged) -> list[Judged]:
    """What is missing on a route: of a choice within it its usual part, of a trial what shows its supply."""
    if judged.truth is Truth.MET:
        return []
    if is_asked(judged):
        return [judged]
    parts = judged.children
    if judged.criterion.op is Op.ANY:
        parts = tuple(part for part in parts if part.criterion.usual) or parts[:1]
    taken = [missing for part in parts for missing in _takes(part)]
    shown = [part for part in taken if not isinstance(part.criterion.operator, TrialOutcome)]
    return shown or taken


def _usual_of_open_choices(judged: Judged, truth: Truth) -> Iterator[Judged]:
    """The usual routes of the choices that have this truth, which is that of the whole policy."""
    if judged.truth is Truth.MET:
        return
    is_choice = judged.criterion.op is Op.ANY and judged.truth is truth
    for part in judged.children:
        if is_choice and part.criterion.usual and part.truth is not Truth.MET:
            yield part
        yield from _usual_of_open_choices(part, truth)


def cheapest(judged: Judged) -> list[Judged]:
    """The cheapest set of open questions of one branch; empty if none is open."""
    sets = open_sets(judged)
    return sets[0] if sets else []
