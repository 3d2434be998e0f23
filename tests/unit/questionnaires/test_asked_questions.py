"""Questions are the criteria that a statement answers, in the policy's order, each once."""

from service.policy.model import Criterion, Op, group
from service.policy.operators import Statement, TrialOutcome
from service.questionnaires.asked_questions import asked_questions, questions_of


def leaf(id_: str, *, stated: bool = True) -> Criterion:
    operator = Statement(ids=(id_,)) if stated else None
    return Criterion(id_, id_, "1", Op.LEAF, operator=operator)


def whole(op: Op, *children: Criterion) -> Criterion:
    return group(op, children, id_=op.value, says="a group", cite="1")


def ids(criterion: Criterion) -> list[str]:
    return [one.criterion.id for one in questions_of(asked_questions(criterion))]


def test_only_what_a_statement_may_answer_is_asked_in_reading_order() -> None:
    assert ids(whole(Op.ALL, leaf("b"), leaf("data", stated=False), leaf("a"))) == ["b", "a"]
    assert ids(leaf("data", stated=False)) == []


def test_question_that_stands_twice_is_asked_once() -> None:
    assert ids(whole(Op.ALL, leaf("a"), whole(Op.ANY, leaf("a"), leaf("b")))) == ["a", "b"]


def test_group_with_one_question_is_the_question_with_the_conditions_of_both() -> None:
    inner = whole(Op.ALL, leaf("data", stated=False), leaf("b"))
    _, asked = asked_questions(whole(Op.ANY, leaf("a"), inner))
    assert (asked.criterion.id, asked.parts) == ("b", ())
    assert asked.conditions == (("a", True),)


def test_part_of_an_alternative_is_not_asked_once_another_part_was_denied() -> None:
    way = whole(Op.ALL, leaf("a"), leaf("b"))
    first, _ = asked_questions(whole(Op.ANY, way, leaf("c")))
    assert [part.conditions for part in first.parts] == [(), (("a", False),)]


def test_classes_are_those_of_the_trials_that_are_asked_about() -> None:
    operator = TrialOutcome(of=("tci",), ids=("t",))
    trial = Criterion("t", "t", "1", Op.LEAF, operator=operator)
    assert [one.classes for one in asked_questions(whole(Op.ALL, trial, leaf("a")))] == [
        ("tci",),
        (),
    ]
