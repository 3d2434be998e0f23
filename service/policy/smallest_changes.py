"""The smallest sets of criteria that would turn an order that is not met into one that is met."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from service.memo import BoundedDict, IdentityMap, per_document
from service.policy.judge import combine
from service.policy.judged_criterion import Judged, pattern
from service.policy.model import WHOLES, Criterion, Op
from service.policy.open_questions import is_asked
from service.policy.operators import Operator
from service.policy.smallest_open_sets import MOST_PATTERNS, MOST_SETS
from service.policy.truth import WAYS, Truth, at_least

# Of one group only so many sets are looked at further, the smallest first.
MOST_COMBINED = 64
# A criterion that the record shows to fail comes after any open one: facts must change, not be added.
FAILED = len(WAYS)
BOTH = 0b11


def smallest_changes(root: Judged) -> list[list[str]]:
    """What `sets_of_changes` finds; remembered by the pattern of truths, which decides it."""
    if root.truth is not Truth.NOT_MET:
        return []
    remembered, answers = _remembered(root.criterion), pattern(root)
    found = remembered.get(answers)
    return remembered.keep(answers, sets_of_changes(root)) if found is None else found


@per_document
def _remembered(_: Criterion) -> BoundedDict[str, list[list[str]]]:
    """The sets of a tree of criteria by pattern; filled by `smallest_changes`."""
    return BoundedDict(MOST_PATTERNS)


def sets_of_changes(root: Judged) -> list[list[str]]:
    """The sets with the fewest criteria that make a root that is not met `met`, at most five.

    Each set holds ids of questions to the outside; all others stay as they are. A question that occurs
    several times counts once and bears the id of its first place.
    """
    numbered = _Numbered()
    found = [
        some for some in numbered.sets(root, Truth.MET) if numbered.truth(root, some) is Truth.MET
    ]
    fewest = min((some.bit_count() for some in found), default=0)
    smallest = sorted((some for some in found if some.bit_count() == fewest), key=numbered.price)
    return [numbered.ids(some) for some in smallest[:MOST_SETS]]


@dataclass(slots=True)
class _Numbered:
    """Questions by number, so that a set of answers is an integer with two bits for each.

    The lower bit of a question stands for `met`, the upper one for `not_met`, as of the test of a choice.
    """

    nodes: list[Judged] = field(default_factory=list)
    by_id: dict[str, int] = field(default_factory=dict)
    by_operator: IdentityMap[Operator, int] = field(default_factory=IdentityMap)

    def ids(self, some: int) -> list[str]:
        """The ids of the questions in a set, in reading order."""
        return [node.criterion.id for node in self._in(some)]

    def price(self, some: int) -> tuple[int, ...]:
        """A sort key, the cheapest first: how many criteria fail, then the ways to settle the others."""
        prices = sorted(
            FAILED if node.truth is not Truth.UNKNOWN else WAYS.index(node.finding.way)
            for node in self._in(some)
        )
        return prices.count(FAILED), *prices, some

    def truth(self, judged: Judged, some: int) -> Truth:
        """The truth of a criterion if these questions were answered so and nothing else changed."""
        if is_asked(judged):
            answer = some >> 2 * self._number(judged) & BOTH
            return (judged.truth, Truth.MET, Truth.NOT_MET)[answer]
        truths = [self.truth(child, some) for child in judged.children]
        # the shown children of `one_class` are the tests of one class, all of which it must meet
        if judged.criterion.op is Op.ONE_CLASS:
            return at_least(len(truths), truths)
        return combine(judged.criterion, truths)

    def _in(self, some: int) -> Iterator[Judged]:
        return (node for place, node in enumerate(self.nodes) if some >> 2 * place & BOTH)

    def sets(self, judged: Judged, want: Truth) -> list[int]:
        """The sets of questions that give a criterion the wanted truth, the smallest first."""
        if judged.truth is want:
            return [0]
        if is_asked(judged):
            return [1 << 2 * self._number(judged) + (want is Truth.NOT_MET)]
        return self._smallest(self._of_group(judged, want))

    def _of_group(self, judged: Judged, want: Truth) -> Iterator[int]:
        children, op = judged.children, judged.criterion.op
        if op is Op.CHOOSE:
            test, if_met, if_not = children
            yield from self._together([(test, Truth.MET), (if_met, want)])
            yield from self._together([(test, Truth.NOT_MET), (if_not, want)])
            yield from self._together([(if_met, want), (if_not, want)])
            return
        count = len(children)
        needed = count if op in WHOLES else 1 if op is Op.ANY else judged.criterion.n or 0
        wanted = needed if want is Truth.MET else count - needed + 1
        done = [child for child in children if child.truth is want]
        others = [child for child in children if child.truth is not want]
        for some in combinations(others, max(wanted - len(done), 0)):
            yield from self._together([(child, want) for child in some])

    def _together(self, parts: Iterable[tuple[Judged, Truth]]) -> list[int]:
        """The sets that give all parts their wanted truths at once."""
        combined = [0]
        for judged, want in parts:
            sets = self.sets(judged, want)
            combined = self._smallest(one | other for one in combined for other in sets)
        return combined

    def _smallest(self, sets: Iterable[int]) -> list[int]:
        """Each set once, without those that hold a smaller one."""
        kept: list[int] = []
        possible = (some for some in set(sets) if not self._contradicts(some))
        for some in sorted(possible, key=lambda some: (some.bit_count(), self.price(some))):
            if not any(other & some == other for other in kept):
                kept.append(some)
        return kept[:MOST_COMBINED]

    def _contradicts(self, some: int) -> bool:
        """Whether one question would have to be both met and not met."""
        return any(some >> 2 * place & BOTH == BOTH for place in range(len(self.nodes)))

    def _number(self, judged: Judged) -> int:
        """The number of a question; the same for the same question at another place."""
        id_, operator = judged.criterion.id, judged.criterion.operator
        alike = None if judged.stated or operator is None else self.by_operator.get(operator)
        number = self.by_id.get(id_, alike)
        if number is None:
            number = len(self.nodes)
            self.nodes.append(judged)
        self.by_id[id_] = number
        if operator is not None and not judged.stated:
            self.by_operator = self.by_operator.adding(operator, number)
        return number
