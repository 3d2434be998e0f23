"""A tree judged: unknown only if two completions differ, and what statements, classes and notices add."""

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.trees import ALL, KNOWN, QUESTIONS, TREES, finding, group, leaf

from service.policy.contradicted_statement import CONTRADICTING
from service.policy.finding import (
    STOPPED_INEFFECTIVE,
    STOPPED_OTHERWISE,
    Evidence,
    Finding,
    met,
    not_met,
    remark,
    unknown,
)
from service.policy.judge import Ask, holds, joined, judge
from service.policy.model import Criterion, Notice, Op, StatementRole
from service.policy.operators import ApprovedBefore, Operator, Statement, TrialOutcome
from service.policy.truth import Reason, Truth, Way


def two_valued(criterion: Criterion, given_: dict[Operator, bool]) -> bool:
    """The same tree in plain two-valued logic, written down once more."""
    if criterion.operator is not None:
        return given_[criterion.operator]
    values = [two_valued(child, given_) for child in criterion.children]
    match criterion.op:
        case Op.ALL:
            return all(values)
        case Op.ANY | Op.ONE_CLASS:
            return any(values)
        case Op.NOT:
            return not values[0]
        case Op.CHOOSE:
            return values[1] if values[0] else values[2]
        case _:
            return sum(values) >= (criterion.n or 0)


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(TREES, st.lists(st.sampled_from(ALL), min_size=5, max_size=5))
def test_tree_is_unknown_only_when_completions_of_the_unknowns_differ(
    tree: Criterion, truths: list[Truth]
) -> None:
    """All completions of the unknowns give the truth that the tree is judged to have."""
    known: dict[Operator, Truth] = dict(zip(QUESTIONS, truths, strict=True))
    open_ = [question for question, truth in known.items() if truth is Truth.UNKNOWN]
    outcomes = set()
    for values in product((True, False), repeat=len(open_)):
        completed = {q: t is Truth.MET for q, t in known.items()} | dict(
            zip(open_, values, strict=True)
        )
        outcomes.add(two_valued(tree, completed))
    expected = Truth.UNKNOWN if len(outcomes) > 1 else KNOWN[0] if True in outcomes else KNOWN[1]
    assert judge(tree, lambda operator: finding(known[operator])).truth is expected


def test_unknown_question_asked_twice_counts_as_one_unknown() -> None:
    """Either it is so or it is not: asked twice, an unknown cancels out."""
    asked = leaf(QUESTIONS[0], 1)
    tree = group(Op.ANY, (asked, group(Op.NOT, (leaf(QUESTIONS[0], 2),))))
    assert judge(tree, lambda _: finding(Truth.UNKNOWN)).truth is Truth.MET


CLAIM = Evidence("Claim/1", "2026-09-29", "30 days' supply", "claim")
YES = Evidence("QuestionnaireResponse/1", "2026-11-20", "yes", "attestation")
OPEN = unknown(Reason.NOT_FOUND, CLAIM, way=Way.TEST)


def asking(*findings: Finding) -> Ask:
    """Answers to the questions in their order."""
    answers: dict[Operator, Finding] = dict(zip(QUESTIONS, findings, strict=False))
    return answers.__getitem__


def leaves_(count: int) -> tuple[Criterion, ...]:
    return tuple(leaf(QUESTIONS[number], number) for number in range(count))


def test_leaf_without_a_question_is_refused() -> None:
    with pytest.raises(TypeError, match="leaf empty asks nothing"):
        judge(Criterion("empty", "", "", Op.LEAF), asking())


@pytest.mark.parametrize(
    ("op", "truths", "expected"),
    [
        (Op.ALL, (True, True), True),
        (Op.ALL, (True, False), False),
        (Op.ANY, (False, True), True),
        (Op.ANY, (False, False), False),
        (Op.NOT, (False,), True),
        (Op.NOT, (True,), False),
    ],
)
def test_criterion_holds_only_when_it_is_met(
    op: Op, truths: tuple[bool, ...], expected: bool
) -> None:
    ask = asking(*(met() if one else unknown(Reason.STALE) for one in truths))
    if op is Op.NOT:
        ask = asking(*(met() if one else not_met() for one in truths))
    assert holds(group(op, leaves_(len(truths))), ask) is expected


def test_question_repeated_below_an_alternative_holds_whatever_its_answer() -> None:
    either = group(Op.ANY, (leaf(QUESTIONS[0], 0), group(Op.NOT, (leaf(QUESTIONS[0], 1),))))
    assert holds(either, asking(unknown(Reason.STALE)))


def test_holds_asks_nothing_after_the_first_failed_part() -> None:
    asked: list[Operator] = []

    def ask(operator: Operator) -> Finding:
        asked.append(operator)
        return not_met()

    assert not holds(group(Op.ALL, leaves_(3)), ask)
    assert asked == [QUESTIONS[0]]


@pytest.mark.parametrize(
    ("op", "reason", "way"),
    [
        (Op.ALL, Reason.NOT_FOUND, Way.TEST),
        (Op.ANY, Reason.ATTESTATION, Way.ATTESTATION),
        (Op.AT_LEAST, Reason.ATTESTATION, Way.ATTESTATION),
    ],
)
def test_group_is_open_for_the_farthest_reason_or_where_one_is_enough_for_the_nearest(
    op: Op, reason: Reason, way: Way
) -> None:
    statement = unknown(Reason.ATTESTATION, way=Way.ATTESTATION)
    judged = judge(group(op, leaves_(2), 1), asking(statement, OPEN))
    assert (judged.truth, judged.finding.reason, judged.finding.way) == (
        Truth.UNKNOWN,
        reason,
        way,
    )


def test_open_part_without_a_reason_counts_as_not_found() -> None:
    judged = judge(group(Op.ALL, leaves_(1)), asking(Finding(Truth.UNKNOWN)))
    assert judged.finding.reason is Reason.NOT_FOUND


def test_exclusion_shows_the_miss_of_what_it_excludes() -> None:
    found = met(CLAIM, miss=remark("supply until 2026-12-01"))
    judged = judge(group(Op.NOT, leaves_(1)), asking(found))
    assert judged.finding == not_met(miss=remark("supply until 2026-12-01"))


def test_alternative_shows_the_miss_of_the_first_met_part_that_has_one() -> None:
    judged = judge(
        group(Op.ANY, leaves_(3)),
        asking(met(), not_met(miss=remark("no")), met(miss=remark("yes"))),
    )
    assert judged.finding == met(miss=remark("yes"))


def test_group_without_a_miss_is_plainly_met() -> None:
    assert judge(group(Op.ANY, leaves_(2)), asking(met(CLAIM), not_met())).finding == met()


def test_conflict_stays_unknown_though_its_question_is_asked_twice() -> None:
    said = unknown(Reason.CONFLICT, way=Way.REVIEW)
    either = group(Op.ANY, (leaf(QUESTIONS[0], 0), group(Op.NOT, (leaf(QUESTIONS[0], 1),))))
    assert judge(either, asking(said)).truth is Truth.UNKNOWN


def test_group_joined_without_exactness_goes_by_its_children_alone() -> None:
    either = group(Op.ANY, (leaf(QUESTIONS[0], 0), group(Op.NOT, (leaf(QUESTIONS[0], 1),))))
    children = judge(either, asking(unknown(Reason.STALE))).children
    assert joined(either, children).truth is Truth.MET
    assert joined(either, children, exact=False).truth is Truth.UNKNOWN


def one_class(*classes: str) -> Criterion:
    """One class of several with the same test."""
    wholes = tuple(
        Criterion(name, name, "", Op.ALL, (leaf(QUESTIONS[number], number),))
        for number, name in enumerate(classes)
    )
    return group(Op.ONE_CLASS, wholes)


def test_met_class_is_shown_for_all_classes() -> None:
    judged = judge(one_class("creams", "tablets"), asking(not_met(), met(CLAIM)))
    assert judged.truth is Truth.MET
    assert [one.criterion.id for one in judged.children] == ["leaf1"]
    assert [one.criterion.id for one in judged.bound] == ["creams", "tablets"]
    assert judged.finding.notes == (remark("shown_for", says="tablets"),)


def test_class_without_evidence_is_not_named() -> None:
    judged = judge(one_class("creams", "tablets"), asking(not_met(), not_met()))
    assert judged.truth is Truth.NOT_MET
    assert judged.finding.notes == ()


def stated(role: StatementRole, data: Finding, said: Finding) -> Finding:
    """The finding of a leaf that a statement may settle."""
    criterion = Criterion(
        "own", "", "", Op.LEAF, operator=QUESTIONS[0], statement=role, stated_as=("older",)
    )
    before = role == "decides_before"
    statement = Statement(ids=("own", "older"), before=before)
    answers: dict[Operator, Finding] = {QUESTIONS[0]: data, statement: said}
    judged = judge(criterion, answers.__getitem__)
    assert judged.stated
    return judged.finding


STATED_MET, STATED_NOT = met(YES), not_met(YES)
NOT_STATED = unknown(Reason.ATTESTATION, way=Way.ATTESTATION)


def test_statement_settles_what_the_record_leaves_open() -> None:
    found = stated("decides", OPEN._replace(notes=(remark("n"),)), STATED_MET)
    assert found == met(YES, CLAIM, notes=(remark("n"),))


def test_statement_that_agrees_with_the_record_is_shown_before_it() -> None:
    assert stated("decides", not_met(CLAIM), STATED_NOT).evidence == (YES, CLAIM)


@pytest.mark.parametrize(("data", "said"), [(met(CLAIM), STATED_NOT), (not_met(CLAIM), STATED_MET)])
def test_statement_against_the_record_is_a_conflict_for_the_reviewer(
    data: Finding, said: Finding
) -> None:
    found = stated("decides", data, said)
    assert (found.truth, found.reason, found.way) == (Truth.UNKNOWN, Reason.CONFLICT, Way.REVIEW)
    assert found.evidence == (YES, CLAIM)
    assert found.miss == remark("statement_disagrees")


def test_overriding_statement_counts_against_the_record_when_it_says_yes() -> None:
    assert stated("overrides", not_met(CLAIM), STATED_MET).truth is Truth.MET
    assert stated("overrides", met(CLAIM), STATED_NOT).reason is Reason.CONFLICT


def test_yes_from_before_what_the_record_shows_now_is_asked_again_and_both_are_shown() -> None:
    below = Criterion("below", "", "", Op.LEAF, operator=QUESTIONS[0])
    none = Criterion("none", "", "", Op.NOT, (below,), statement="overrides")
    why = remark("not_counted", why=remark("record_is_newer", shown="adalimumab"))
    older = NOT_STATED._replace(evidence=(YES,), miss=why)
    answers: dict[Operator, Finding] = {QUESTIONS[0]: met(CLAIM), Statement(ids=("none",)): older}
    found = judge(none, answers.__getitem__).finding
    assert (found.truth, found.reason, found.way) == (
        Truth.UNKNOWN,
        Reason.CONFLICT,
        Way.ATTESTATION,
    )
    assert found.miss == why
    answers[Statement(ids=("none",))] = NOT_STATED
    assert judge(none, answers.__getitem__).truth is Truth.NOT_MET


def test_open_question_without_a_statement_asks_for_one() -> None:
    assert stated("decides", OPEN, NOT_STATED) == OPEN.settled_by(Way.ATTESTATION)


@pytest.mark.parametrize(
    "data", [met(CLAIM), not_met(CLAIM), unknown(Reason.ATTESTATION, CLAIM, way=Way.REVIEW)]
)
def test_known_answer_or_one_that_only_a_statement_gives_keeps_its_way(data: Finding) -> None:
    assert stated("decides", data, NOT_STATED) == data


def test_statement_that_settles_nothing_is_still_shown_where_the_record_leaves_it_open() -> None:
    said = NOT_STATED._replace(evidence=(YES,))
    assert stated("decides_before", OPEN, said).evidence == (YES, CLAIM)
    assert stated("decides", OPEN, said).evidence == (YES, CLAIM)
    assert stated("decides_before", met(CLAIM), said).evidence == (CLAIM,)


FAILED = TrialOutcome(of=("creams",), ids=("own",))


def trial(supply: Finding, outcome: Finding, role: StatementRole | None = "outcome") -> Finding:
    """A trial of a drug: its supply, and whether it failed."""
    children = (leaf(QUESTIONS[0], 0), leaf(FAILED, 1))
    tree = Criterion("trial", "", "", Op.ALL, children, statement=role)
    answers: dict[Operator, Finding] = {QUESTIONS[0]: supply, FAILED: outcome}
    return judge(tree, answers.__getitem__).finding


OUTCOME_DUE = unknown(Reason.REVIEW, way=Way.REVIEW)


def test_trial_with_its_supply_shown_asks_for_its_outcome_only() -> None:
    found = trial(met(CLAIM), OUTCOME_DUE)
    assert (found.truth, found.reason, found.way) == (
        Truth.UNKNOWN,
        Reason.ATTESTATION,
        Way.ATTESTATION,
    )


def test_trial_with_its_supply_open_keeps_its_reason() -> None:
    assert trial(OPEN, OUTCOME_DUE).reason is Reason.NOT_FOUND


def test_trial_with_its_outcome_known_keeps_its_reason() -> None:
    assert trial(OPEN, met(YES)).reason is Reason.NOT_FOUND


def test_decided_trial_asks_for_nothing() -> None:
    assert trial(met(CLAIM), met(YES)) == met()


def test_part_of_a_trial_is_not_asked_for_by_itself() -> None:
    assert trial(met(CLAIM), OUTCOME_DUE, None).reason is Reason.REVIEW


@pytest.mark.parametrize(
    ("own", "when", "shown"),
    [
        (not_met(), met(), ("It counts later.",)),
        (OPEN, met(), ("It counts later.",)),
        (not_met(), not_met(), ()),
        (not_met(), OPEN, ()),
        (met(), met(), ()),
    ],
)
def test_notice_is_shown_when_its_criterion_is_met_and_its_own_is_not(
    own: Finding, when: Finding, shown: tuple[str, ...]
) -> None:
    notice = Notice(leaf(QUESTIONS[1], 1), "It counts later.")
    criterion = Criterion("own", "", "", Op.LEAF, operator=QUESTIONS[0], notices=(notice,))
    assert judge(criterion, asking(own, when)).notices == shown


@pytest.mark.parametrize(
    ("said", "kind", "noted"),
    [
        (met, STOPPED_OTHERWISE, True),
        (met, STOPPED_INEFFECTIVE, False),
        (not_met, STOPPED_INEFFECTIVE, True),
        (not_met, STOPPED_OTHERWISE, False),
    ],
)
def test_outcome_that_a_coded_reason_to_stop_contradicts_has_a_note(
    said: Callable[..., Finding], kind: str, *, noted: bool
) -> None:
    stop = Evidence("MedicationRequest/1", "2026-05-01", remark(kind, name="a cream"), "order")
    judged = judge(leaf(FAILED, 0), lambda _: said(YES, stop))
    assert judged.finding.truth is said().truth
    assert [note.kind for note in judged.finding.notes] == [CONTRADICTING] * noted


def test_failed_trial_without_a_coded_reason_to_stop_has_no_note() -> None:
    judged = judge(leaf(FAILED, 0), lambda _: met(YES))
    assert judged.finding == met(YES)


def test_statement_on_a_whole_counts_against_what_the_record_alone_shows_of_its_parts() -> None:
    """The same answer settles the part, which is a conflict then; the whole must not be met by it."""
    data = ApprovedBefore()
    part = Criterion(
        "part", "", "", Op.LEAF, operator=data, statement="decides", stated_as=("whole",)
    )
    whole = Criterion("whole", "", "", Op.ALL, (part,), statement="decides")
    answers: dict[Operator, Finding] = {
        data: not_met(CLAIM),
        Statement(ids=("part", "whole")): STATED_MET,
        Statement(ids=("whole",)): STATED_MET,
    }
    judged = judge(whole, answers.__getitem__)
    assert judged.children[0].finding.reason is Reason.CONFLICT
    assert (judged.truth, judged.finding.reason) == (Truth.UNKNOWN, Reason.CONFLICT)


def test_whole_without_its_parts_statements_is_what_the_record_shows_and_asks_no_statement() -> (
    None
):
    """A part that only a statement answers is open in the record, so it contradicts nothing."""
    stated_part = leaf(QUESTIONS[0], 0)
    whole = Criterion("whole", "", "", Op.ALL, (stated_part,), statement="decides")
    answers: dict[Operator, Finding] = {
        QUESTIONS[0]: STATED_NOT,
        Statement(ids=("whole",)): STATED_MET,
    }
    judged = judge(whole, answers.__getitem__)
    assert (judged.truth, judged.finding.reason) == (Truth.UNKNOWN, Reason.CONFLICT)
