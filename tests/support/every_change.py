"""What would turn a judged order, found by trying every set of questions of each part that stands alone."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

from service.advise import Rendered
from service.policy.assessment import Outcome, assess
from service.policy.finding import Finding
from service.policy.judge import combine
from service.policy.judged_criterion import Judged, nodes
from service.policy.model import WHOLES, Op
from service.policy.open_questions import is_asked
from service.policy.operators import Operator, Statement
from service.policy.truth import Truth, negate

Key = int | str
Answers = Mapping[Key, Truth]
MET, NOT_MET = Truth.MET, Truth.NOT_MET


class TooManyError(Exception):
    """There are more sets than are tried."""


def turns(rendered: Rendered, ids: Sequence[str]) -> bool:
    """Whether the order is met if record and prescriber answer these criteria as it takes.

    What the choice between two branches rests on may be met or not; all others are met.
    """
    assessment = rendered.judgement.assessment
    assert assessment.root is not None
    tests = {*_keys_of_tests(assessment.root)}
    judged = [assessment.judged[id_] for id_ in ids]
    ways = [(MET, NOT_MET) if _key(each) in tests else (MET,) for each in judged]
    return any(_is_met(rendered, judged, truths) for truths in product(*ways))


def _is_met(rendered: Rendered, judged: Sequence[Judged], truths: Sequence[Truth]) -> bool:
    """Whether the whole policy is met with these answers."""
    case, policy = rendered.judgement.assessed.case, rendered.judgement.assessment.policy
    stated = {each.criterion.id: truth for each, truth in zip(judged, truths, strict=True)}
    found = {
        id(operator): truth
        for each, wanted in zip(judged, truths, strict=True)
        for operator, truth in _answers(each, wanted)
    }

    def ask(operator: Operator) -> Finding:
        ids = operator.ids if isinstance(operator, Statement) else ()
        by_statement = next((stated[id_] for id_ in ids if id_ in stated), None)
        truth = by_statement or found.get(id(operator))
        return case.ask(operator) if truth is None else Finding(truth)

    assert policy is not None
    return assess(policy, case.indications, ask, lambda _: ask).outcome is Outcome.MET


def _answers(judged: Judged, wanted: Truth) -> Iterator[tuple[Operator, Truth]]:
    """What the questions below a criterion answer if it is to be of this truth."""
    if judged.criterion.operator is not None:
        yield judged.criterion.operator, wanted
    for child in judged.children:
        yield from _answers(child, negate(wanted) if judged.criterion.op is Op.NOT else wanted)


def fewest(root: Judged, most: int = 50_000) -> int:
    """How many questions must be answered otherwise, at least, so that a tree is met.

    Raises TooManyError if a part has more sets than `most` up to its smallest one.
    """
    return sum(_fewest_of(part, most) for part in _parts_alone(root))


def _fewest_of(parts: Sequence[Judged], most: int) -> int:
    """The fewest for parts that share questions: every set is tried, the smallest first."""
    ways = {key: _ways(key, parts) for part in parts for key in _keys(part)}
    keys = sorted((key for key, truths in ways.items() if truths), key=str)
    tried = 0
    for size in range(len(keys) + 1):
        for some in combinations(keys, size):
            for truths in product(*(ways[key] for key in some)):
                tried += 1
                if tried > most:
                    raise TooManyError
                answers = dict(zip(some, truths, strict=True))
                if all(_truth(part, answers) is MET for part in parts):
                    return size
    raise AssertionError("no set of questions turns the tree")


def _ways(key: Key, parts: Sequence[Judged]) -> list[Truth]:
    """How a question may be answered otherwise than it is; `not met` helps in the test of a choice."""
    truth = next(node.truth for part in parts for node in nodes(part) if _key(node) == key)
    in_tests = any(key in _keys_of_tests(part) for part in parts)
    possible = (MET, NOT_MET) if in_tests else (MET,)
    return [each for each in possible if each is not truth]


def _parts_alone(root: Judged) -> list[list[Judged]]:
    """The parts that must all be met, those together that share a question."""
    alone: list[tuple[set[Key], list[Judged]]] = []
    for part in _conjuncts(root):
        keys, parts = {*_keys(part)}, [part]
        for other in [other for other in alone if other[0] & keys]:
            alone.remove(other)
            keys, parts = keys | other[0], [*other[1], *parts]
        alone.append((keys, parts))
    return [parts for _, parts in alone]


def _conjuncts(judged: Judged) -> Iterator[Judged]:
    if not is_asked(judged) and judged.criterion.op in WHOLES and judged.truth is not MET:
        for child in judged.children:
            yield from _conjuncts(child)
    else:
        yield judged


def _key(judged: Judged) -> Key:
    operator = judged.criterion.operator
    return judged.criterion.id if judged.stated or operator is None else id(operator)


def _keys(judged: Judged) -> Iterator[Key]:
    if is_asked(judged):
        yield _key(judged)
    else:
        for child in judged.children:
            yield from _keys(child)


def _keys_of_tests(judged: Judged) -> Iterator[Key]:
    """The questions on which a choice between branches rests: `not met` may turn it too."""
    if is_asked(judged):
        return
    if judged.criterion.op is Op.CHOOSE:
        yield from _keys(judged.children[0])
    for child in judged.children:
        yield from _keys_of_tests(child)


def _truth(judged: Judged, answers: Answers) -> Truth:
    if is_asked(judged):
        return answers.get(_key(judged), judged.truth)
    truths = [_truth(child, answers) for child in judged.children]
    if judged.criterion.op is Op.ONE_CLASS:  # its children are the tests of one class
        return MET if all(truth is MET for truth in truths) else judged.truth
    return combine(judged.criterion, truths)
