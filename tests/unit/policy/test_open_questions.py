"""What is open of a tree and what blocks it: the formula of what is left, in reading order."""

from dataclasses import replace

from support.trees import QUESTIONS, finding, group, leaf

from service.policy.finding import Finding, met, not_met, unknown
from service.policy.judge import judge
from service.policy.judged_criterion import Judged
from service.policy.model import Criterion, Op
from service.policy.open_questions import blocking, needs, questions
from service.policy.operators import Operator
from service.policy.truth import Reason, Truth

OPEN = unknown(Reason.NOT_FOUND)
FAILS = not_met()


def _judged(tree: Criterion, *found: Finding) -> Judged:
    answers: dict[Operator, Finding] = dict(zip(QUESTIONS, found, strict=False))
    return judge(tree, answers.__getitem__)


def _leaves(*numbers: int) -> tuple[Criterion, ...]:
    return tuple(leaf(QUESTIONS[number], number) for number in numbers)


def test_residual_formula_leaves_known_parts_out() -> None:
    """The residual formula holds the unknown leaves only."""
    known: dict[Operator, Finding] = {QUESTIONS[0]: met()}
    inner = group(Op.ANY, (leaf(QUESTIONS[1], 1), leaf(QUESTIONS[2], 2)))
    tree = group(Op.ALL, (leaf(QUESTIONS[0], 0), inner, leaf(QUESTIONS[3], 3)))
    judged = judge(tree, lambda op: known.get(op) or unknown(Reason.NOT_FOUND))
    assert needs(judged) == {"all": [{"any": ["leaf1", "leaf2"]}, "leaf3"]}


def test_blocking_questions_are_named_in_reading_order() -> None:
    """Of a failing tree only the failing leaves that matter are named."""
    truths: dict[Operator, Truth] = dict(
        zip(QUESTIONS, (Truth.MET, Truth.NOT_MET, Truth.NOT_MET), strict=False)
    )
    inner = group(Op.ANY, (leaf(QUESTIONS[1], 1), leaf(QUESTIONS[2], 2)))
    tree = group(Op.ALL, (leaf(QUESTIONS[0], 0), inner))
    assert blocking(judge(tree, lambda op: finding(truths[op]))) == ["leaf1", "leaf2"]


def test_single_open_question_is_the_whole_formula() -> None:
    assert needs(_judged(leaf(QUESTIONS[0], 0), OPEN)) == "leaf0"


def test_group_with_one_open_part_needs_that_part_alone() -> None:
    assert needs(_judged(group(Op.ALL, _leaves(0, 1)), met(), OPEN)) == "leaf1"


def test_exclusion_is_one_question_by_itself() -> None:
    tree = group(Op.NOT, _leaves(0))
    assert needs(_judged(tree, OPEN)) == "not"
    assert [one.criterion.id for one in questions(_judged(tree, OPEN))] == ["not"]


def test_choice_names_its_test_and_the_truth_of_each_branch_that_is_known() -> None:
    judged = _judged(group(Op.CHOOSE, _leaves(0, 1, 2)), OPEN, met(), OPEN)
    assert needs(judged) == {"choose": {"test": "leaf0", "met": "met", "not_met": "leaf2"}}


def test_class_shown_for_all_needs_all_of_its_tests() -> None:
    wholes = (group(Op.ALL, _leaves(0, 1)), group(Op.ALL, _leaves(2)))
    judged = _judged(group(Op.ONE_CLASS, wholes), OPEN, OPEN, FAILS)
    assert needs(judged) == {"all": ["leaf0", "leaf1"]}


def test_nothing_blocks_what_is_open_or_met() -> None:
    assert blocking(_judged(group(Op.ALL, _leaves(0, 1)), met(), OPEN)) == []


def test_exclusion_that_fails_blocks_by_its_own_name() -> None:
    assert blocking(_judged(group(Op.ALL, (group(Op.NOT, _leaves(0)),)), met())) == ["not"]


def test_question_stated_by_the_prescriber_is_one_question_though_it_is_a_group() -> None:
    tree = replace(group(Op.ALL, _leaves(0, 1)), statement="decides")
    answers: dict[Operator, Finding] = {QUESTIONS[0]: OPEN, QUESTIONS[1]: OPEN}
    judged = judge(tree, lambda operator: answers.get(operator, unknown(Reason.ATTESTATION)))
    assert [one.criterion.id for one in questions(judged)] == ["all"]
    assert needs(judged) == "all"
