"""Judges a tree of criteria by Kleene's rules, and case by case if a question occurs twice."""

from collections.abc import Callable, Iterable
from typing import assert_never

from service.memo import IdentityMap, IdentitySet, per_document
from service.policy.contradicted_statement import contradicting_record, is_outdated, note_on_both
from service.policy.finding import (
    STOPPED_INEFFECTIVE,
    STOPPED_OTHERWISE,
    Finding,
    Remark,
    remark,
)
from service.policy.judged_criterion import Judged, nearest, nodes
from service.policy.model import Criterion, Op
from service.policy.operators import Operator, Statement, TrialOutcome
from service.policy.truth import REASONS, WAYS, Reason, Truth, Way, at_least, choose, negate

Ask = Callable[[Operator], Finding]
NOT_STATED = Finding(Truth.UNKNOWN, Reason.ATTESTATION, Way.ATTESTATION)
PLAINLY_MET, PLAINLY_NOT = Finding(Truth.MET), Finding(Truth.NOT_MET)


def judge(criterion: Criterion, ask: Ask) -> Judged:
    """The judged tree; every leaf asks once, and a group is unknown only if an unknown leaf matters."""
    if criterion.op is Op.LEAF:
        judged = Judged(criterion, _with_contrary(criterion, _answer(criterion, ask)))
    else:
        judged = _judge_group(criterion, ask)
    if criterion.statement == "outcome":
        judged = _awaiting_outcome(judged)
    elif criterion.statement in ("decides", "decides_before", "overrides"):
        judged = _with_statement(judged, ask)
    if criterion.notices and judged.finding.truth is not Truth.MET:
        judged = _with_notices(judged, ask)
    return judged


def holds(criterion: Criterion, ask: Ask) -> bool:
    """Whether a criterion without statements is met; asks no more questions than needed."""
    op = criterion.op
    if op is Op.LEAF:
        return _answer(criterion, ask).truth is Truth.MET
    if op is Op.ALL:
        return all(holds(child, ask) for child in criterion.children)
    if op is Op.ANY and not criterion.repeated:
        return any(holds(child, ask) for child in criterion.children)
    return judge(criterion, ask).truth is Truth.MET


def _answer(criterion: Criterion, ask: Ask) -> Finding:
    if criterion.operator is None:
        raise TypeError(f"leaf {criterion.id} asks nothing")
    return ask(criterion.operator)


def _with_contrary(criterion: Criterion, finding: Finding) -> Finding:
    """The outcome of a trial, with a note where a coded reason to stop says otherwise than the statement."""
    if not isinstance(criterion.operator, TrialOutcome) or finding.truth is Truth.UNKNOWN:
        return finding
    against = STOPPED_OTHERWISE if finding.truth is Truth.MET else STOPPED_INEFFECTIVE
    proof = next((one for one in finding.evidence if _says(one.value) == against), None)
    if proof is None:
        return finding
    return finding._replace(
        notes=(contradicting_record(criterion.says, finding, proof), *finding.notes)
    )


def _says(value: object) -> str | None:
    """Which remark the value of an evidence is; None if it is none."""
    return value.kind if isinstance(value, Remark) else None


def _judge_group(criterion: Criterion, ask: Ask) -> Judged:
    return joined(criterion, tuple([judge(child, ask) for child in criterion.children]))


def joined(criterion: Criterion, children: tuple[Judged, ...], *, exact: bool = True) -> Judged:
    """A group over judged children; `exact` also resolves repeated questions case by case."""
    truth = combine(criterion, [child.finding.truth for child in children])
    if truth is Truth.UNKNOWN and exact and criterion.repeated:
        truth = _exact(Judged(criterion, Finding(truth), children))
    if criterion.op is Op.ONE_CLASS:
        return _witnessed(criterion, truth, children)
    return Judged(criterion, _group_finding(criterion, truth, children), children)


def _witnessed(criterion: Criterion, truth: Truth, classes: tuple[Judged, ...]) -> Judged:
    """`one_class` shown by one class: the first that is met, else the nearest open or failed one."""
    witness = nearest(classes)
    finding = _group_finding(criterion, truth, (witness,))
    if any(node.finding.evidence for node in nodes(witness)):
        finding = finding._replace(notes=(remark("shown_for", says=witness.criterion.says),))
    return Judged(criterion, finding, witness.children, bound=classes)


def combine(criterion: Criterion, truths: list[Truth]) -> Truth:
    """The truth of a group from the truths of its children."""
    match criterion.op:
        case Op.ALL:
            return at_least(len(truths), truths)
        case Op.ANY | Op.ONE_CLASS:
            return at_least(1, truths)
        case Op.NOT:
            return negate(truths[0])
        case Op.CHOOSE:
            return choose(truths[0], truths[1], truths[2])
        case Op.AT_LEAST | Op.LEAF:
            return at_least(criterion.n or 0, truths)
        case _:
            assert_never(criterion.op)


def _exact(judged: Judged) -> Truth:
    """The truth case by case over repeated unknown questions, so that each counts as one unknown."""
    left = _open(judged)
    # by identity, since equal questions are one object
    open_ = [op for op in judged.criterion.repeated if op in left]
    return _split(judged, open_, IdentityMap())


def _open(judged: Judged) -> IdentitySet[Operator]:
    """The unknown questions in the tree."""
    operator = judged.criterion.operator
    if operator is not None:
        return IdentitySet([operator] if judged.finding.truth is Truth.UNKNOWN else ())
    return IdentitySet(question for part in judged.parts for question in _open(part))


Given = IdentityMap[Operator, Truth]


def _split(judged: Judged, open_: list[Operator], given: Given) -> Truth:
    truth = _under(judged, given)
    if truth is not Truth.UNKNOWN or not open_:
        return truth
    first, rest = open_[0], open_[1:]
    if_met = _split(judged, rest, given.adding(first, Truth.MET))
    if if_met is Truth.UNKNOWN:
        return if_met
    if_not = _split(judged, rest, given.adding(first, Truth.NOT_MET))
    return if_met if if_met is if_not else Truth.UNKNOWN


def _under(judged: Judged, given: Given) -> Truth:
    finding = judged.finding
    if finding.truth is not Truth.UNKNOWN or finding.reason is Reason.CONFLICT:
        return finding.truth
    operator = judged.criterion.operator
    if operator is not None:
        return given.get(operator, Truth.UNKNOWN)
    return combine(judged.criterion, [_under(part, given) for part in judged.parts])


def _group_finding(criterion: Criterion, truth: Truth, children: Iterable[Judged]) -> Finding:
    if truth is not Truth.UNKNOWN:
        return _known(criterion, truth, children)
    open_ = [child.finding for child in children if child.finding.truth is Truth.UNKNOWN]
    nearest = criterion.op in (Op.ANY, Op.AT_LEAST)
    reasons = [finding.reason or Reason.NOT_FOUND for finding in open_]
    pick = min if nearest else max
    reason = pick(reasons, key=REASONS.index)
    way = pick((finding.way for finding in open_), key=WAYS.index)
    return Finding(truth, reason, way)


def _known(criterion: Criterion, truth: Truth, children: Iterable[Judged]) -> Finding:
    """The finding of a decided group; `not` takes over the miss of what it excludes."""
    if criterion.op in (Op.NOT, Op.ANY):
        findings = (child.finding for child in children if child.finding.truth is Truth.MET)
        miss = next((finding.miss for finding in findings if finding.miss), None)
        if miss is not None:
            return Finding(truth, miss=miss)
    return PLAINLY_MET if truth is Truth.MET else PLAINLY_NOT


def _with_statement(judged: Judged, ask: Ask) -> Judged:
    statement = ask(_statement(judged.criterion))
    data = judged.finding
    excludes = judged.criterion.op is Op.NOT
    if excludes and data.truth is Truth.NOT_MET and is_outdated(statement):
        # whether it holds for what the record shows now is a question to its author
        both = statement.evidence + data.evidence
        settled = Finding(Truth.UNKNOWN, Reason.CONFLICT, Way.ATTESTATION, both, statement.miss)
        return judged.settled(settled._replace(notes=data.notes))
    if statement.truth is Truth.UNKNOWN:
        settled = _answerable(data)
        if settled.truth is Truth.UNKNOWN and statement.evidence:
            # An answer that settles nothing is shown as evidence, and the question is asked again.
            settled = settled._replace(
                evidence=statement.evidence + settled.evidence,
                miss=statement.miss or settled.miss,
            )
        return judged.settled(settled)
    alone = _by_record_alone(judged, ask)
    notes = (*note_on_both(judged.criterion, statement, alone), *data.notes)
    agrees = negate(statement.truth) not in (alone.truth, data.truth)
    if agrees or _overrides(judged.criterion, statement):
        settled = statement._replace(evidence=statement.evidence + data.evidence, notes=notes)
    else:
        settled = Finding(
            Truth.UNKNOWN,
            Reason.CONFLICT,
            Way.REVIEW,
            statement.evidence + data.evidence,
            remark("statement_disagrees"),
            notes,
        )
    return judged.settled(settled)


def _by_record_alone(judged: Judged, ask: Ask) -> Judged:
    """The criterion without any statement.

    The statement on a whole answers its parts too. A part that it contradicts is unknown then, and would
    hide from the whole what the record proves.
    """
    criterion = judged.criterion
    if criterion.op is Op.LEAF:
        return judged

    def unstated(operator: Operator) -> Finding:
        return NOT_STATED if isinstance(operator, Statement) else ask(operator)

    return joined(criterion, tuple([judge(child, unstated) for child in criterion.children]))


def _answerable(data: Finding) -> Finding:
    """The finding with a statement as the way to settle it, if it is unknown."""
    if data.truth is not Truth.UNKNOWN or data.reason is Reason.ATTESTATION:
        return data
    return data.settled_by(Way.ATTESTATION)


@per_document
def _statement(criterion: Criterion) -> Statement:
    """The question whether the prescriber states that the criterion is met."""
    ids = (criterion.id, *criterion.stated_as)
    return Statement(ids=ids, before=criterion.statement == "decides_before")


def _awaiting_outcome(judged: Judged) -> Judged:
    """A trial as one question to the prescriber if only its outcome is open."""
    if judged.truth is not Truth.UNKNOWN:
        return judged
    failed = IdentityMap((outcome, Truth.MET) for outcome in _outcomes(judged))
    if not failed or _under(judged, failed) is not Truth.MET:
        return judged
    miss = judged.finding.miss or _why_not_counted(judged)
    finding = judged.finding._replace(reason=Reason.ATTESTATION, way=Way.ATTESTATION, miss=miss)
    return judged.settled(finding)


def _why_not_counted(judged: Judged) -> Remark | None:
    """Why what was stated of an open outcome in the tree does not count; None if nothing was stated."""
    if isinstance(judged.criterion.operator, TrialOutcome) and judged.truth is Truth.UNKNOWN:
        return judged.finding.miss
    each = map(_why_not_counted, judged.parts)
    return next((miss for miss in each if miss is not None), None)


def _outcomes(judged: Judged) -> set[Operator]:
    """The outcomes of trials in the tree that are unknown."""
    operator = judged.criterion.operator
    if isinstance(operator, TrialOutcome) and judged.truth is Truth.UNKNOWN:
        return {operator}
    return {op for part in judged.parts for op in _outcomes(part)}


def _overrides(criterion: Criterion, statement: Finding) -> bool:
    return criterion.statement == "overrides" and statement.truth is Truth.MET


def _with_notices(judged: Judged, ask: Ask) -> Judged:
    sentences = tuple(
        notice.says
        for notice in judged.criterion.notices
        if judge(notice.when, ask).truth is Truth.MET
    )
    return judged._replace(notices=sentences)
