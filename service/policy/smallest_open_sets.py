"""The smallest sets of open questions whose favourable answers settle an order, the cheapest first."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from service.memo import BoundedDict, per_document
from service.policy.judged_criterion import Judged, nearly_proven, pattern
from service.policy.model import WHOLES, Criterion, Op
from service.policy.open_questions import Formula, blocking, is_asked, needs, questions
from service.policy.truth import WAYS, Truth, Way

MOST_SETS = 5
MOST_PATTERNS = 2048
KEPT_WHILE_COMBINING = 12

# A set of open questions with its price, in the order in which prices are compared: how often it avoids
# a route that the record nearly proves or that is usual; a bit for each way to settle a question; how many
# questions have no evidence; how often each way occurs (ten bits each); a bit for each question.
Some = tuple[int, int, int, int, int]
Sets = list[Some]
Prices = dict[str, Some]
NOTHING: Some = (0, 0, 0, 0, 0)
PRICES = {way: (1 << index, 1 << (index * 10)) for index, way in enumerate(WAYS)}


class Residual(NamedTuple):
    """What is left of a policy without its known parts, by the ids of its criteria."""

    needs: Formula | None
    open: list[list[str]]
    blocking: list[str]


def residual(judged: Judged) -> Residual:
    """What would change the outcome; remembered by the pattern of truths, which decides it."""
    residuals, answers = _residuals(judged.criterion), pattern(judged)
    left = residuals.get(answers)
    if left is None:
        sets = [[node.criterion.id for node in questions] for questions in open_sets(judged)]
        left = residuals.keep(answers, Residual(needs(judged), sets, blocking(judged)))
    return left


@per_document
def _residuals(_: Criterion) -> BoundedDict[str, Residual]:
    """The residuals of a tree of criteria by pattern; filled by `residual`."""
    return BoundedDict(MOST_PATTERNS)


def _has_evidence(judged: Judged) -> bool:
    """Whether the record shows something of it; statements are no entries of the record."""
    return judged.finding.is_recorded or any(_has_evidence(child) for child in judged.children)


def open_sets(judged: Judged) -> list[list[Judged]]:
    """The cheapest sets of questions, at most five, whose favourable answers make the policy met."""
    if judged.truth is not Truth.UNKNOWN:
        return []
    nodes = list({node.criterion.id: node for node in questions(judged) if _open(node)}.values())
    usual = {node.criterion.id for node in _usual(judged)}
    prices = {
        node.criterion.id: _price(node, 1 << place, usual=node.criterion.id in usual)
        for place, node in enumerate(nodes)
    }
    cheapest = sorted(dict.fromkeys(_sets(judged, Truth.MET, prices)))
    minimal = [some for some in cheapest if not any(_within(other, some) for other in cheapest)]
    return [
        [node for place, node in enumerate(nodes) if members >> place & 1]
        for *_, members in minimal[:MOST_SETS]
    ]


def _open(judged: Judged) -> bool:
    return judged.truth is Truth.UNKNOWN


def _within(other: Some, some: Some) -> bool:
    return other[-1] != some[-1] and other[-1] & some[-1] == other[-1]


def _price(judged: Judged, member: int, *, usual: bool) -> Some:
    """The price of one question: its way, and whether it needs data for which there is no evidence."""
    way = judged.finding.way
    dear = way not in (Way.ATTESTATION, Way.ORDER)
    unsupported = dear and not usual and not _has_evidence(judged)
    kind, digit = PRICES[way]
    return 0, kind, int(unsupported), digit, member


def _usual(judged: Judged) -> list[Judged]:
    """Questions of routes that the policy marks as usual: proposed even without evidence."""
    if judged.criterion.usual:
        return questions(judged)
    return [node for child in judged.children for node in _usual(child)]


def _sets(judged: Judged, want: Truth, prices: Prices) -> Sets:
    if judged.truth is not Truth.UNKNOWN:
        return [NOTHING] if judged.truth is want else []
    if is_asked(judged):
        return [prices[judged.criterion.id]]
    return _cheapest(_sets_of_group(judged, want, prices))


def _sets_of_group(judged: Judged, want: Truth, prices: Prices) -> Sets:
    children = judged.children
    if judged.criterion.op is Op.CHOOSE:
        test, if_met, if_not = children
        yes = _product([_sets(test, Truth.MET, prices), _sets(if_met, want, prices)])
        return yes + _product([_sets(test, Truth.NOT_MET, prices), _sets(if_not, want, prices)])
    size = _children_needed(judged, want)
    options = [_sets(child, want, prices) for child in children]
    if want is Truth.MET and judged.criterion.op is Op.ANY:
        options = _usual_first(children, _leaning_first(children, options))
    if size == len(options):
        return _product(options)
    return [combined for some in combinations(options, size) for combined in _product(some)]


def _leaning_first(children: Sequence[Judged], options: list[Sets]) -> list[Sets]:
    """The sets by route; if the record nearly proves some routes, all others cost more."""
    near = [nearly_proven(child) for child in children]
    if not any(near):
        return options
    return [
        sets if is_near else [(priced[0] + 1, *priced[1:]) for priced in sets]
        for is_near, sets in zip(near, options, strict=True)
    ]


def _usual_first(children: Sequence[Judged], options: list[Sets]) -> list[Sets]:
    """The sets by route; if the usual route is open, others without better evidence cost more."""
    usual = [child for child in children if child.criterion.usual and child.truth is Truth.UNKNOWN]
    if not usual or any(map(nearly_proven, children)):
        return options
    spoken_for = any(map(_has_evidence, usual))
    return [
        sets
        if child.criterion.usual or (_has_evidence(child) and not spoken_for)
        else [(priced[0] + 1, *priced[1:]) for priced in sets]
        for child, sets in zip(children, options, strict=True)
    ]


def _children_needed(judged: Judged, want: Truth) -> int:
    count, op = len(judged.children), judged.criterion.op
    n = count if op in WHOLES else 1 if op is Op.ANY else judged.criterion.n or 0
    return n if want is Truth.MET else count - n + 1


def _product(options: Iterable[Sets]) -> Sets:
    combined = [NOTHING]
    for sets in options:
        if sets[1:] or sets[:1] != [NOTHING]:
            # A question in both sets is answered once, but its price is simply added twice.
            combined = _cheapest(
                [
                    (p + passed, k | kinds, u + unsupported, c + counts, m | members)
                    for p, k, u, c, m in combined
                    for passed, kinds, unsupported, counts, members in sets
                ]
            )
    return combined


def _cheapest(sets: Sets) -> Sets:
    """The cheapest sets, at most `KEPT_WHILE_COMBINING`."""
    if len(sets) <= KEPT_WHILE_COMBINING:
        return sets
    return sorted(dict.fromkeys(sets))[:KEPT_WHILE_COMBINING]
