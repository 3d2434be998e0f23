"""Which lines of `mappings/crd.yaml` hold for an order and one of its coverages."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from service.cards.crd.crd_document import SHORT
from service.facts.authorizations.authorization_in_force import RunningAuthorization
from service.facts.payer.coverages import CoverageUse, PayerOfOrder
from service.policy.assessment import Assessment, Outcome
from service.policy.judged_criterion import Judged, nodes
from service.policy.truth import Reason, Truth, Way

STATED = "attestation"  # the kind of evidence that a statement is
# Ways that decide the line, whatever the reason: a document settles neither.
BY_WAY = {Way.ORDER: "unknown_order", Way.TIME: "unknown_time"}


class ChosenLine(NamedTuple):
    """A line, and the ids of the criteria that it is about."""

    name: str
    criteria: tuple[str, ...] = ()


class OrderState(NamedTuple):
    """What is known of an order: its assessment, the name of its short answer, what runs today.

    `number_asked` is False if the caller wants no authorization number.
    """

    assessment: Assessment
    payer: PayerOfOrder
    short: str | None = None
    running: RunningAuthorization | None = None
    number_asked: bool = True


def lines_of(state: OrderState, coverage: CoverageUse) -> tuple[ChosenLine, ...]:
    """The lines that hold for one coverage of an order."""
    if coverage.use == "decides":
        return tuple(_of_order(state))
    if state.payer.unclear and coverage.use == "beside":
        return (ChosenLine("payer_unclear"),)
    if coverage.use in ("second", "beside") and not coverage.known:
        return (ChosenLine("other_payer"),)
    return (ChosenLine(f"coverage_{coverage.use}"),)


def a_statement_settles(assessment: Assessment, lines: Sequence[ChosenLine]) -> bool:
    """Whether a statement would settle one of the open criteria that lines are about."""
    about = (id_ for line in lines for id_ in line.criteria if id_ in assessment.judged)
    found = (assessment.judged[id_].finding for id_ in about)
    return any(one.truth is Truth.UNKNOWN and one.way is Way.ATTESTATION for one in found)


def _of_order(state: OrderState) -> Iterator[ChosenLine]:
    assessment, short = state.assessment, state.short
    outcome = assessment.outcome
    if short in SHORT and short not in ("no_policy", "payer_not_supplied"):
        yield ChosenLine(short)
    elif outcome is Outcome.NO_POLICY:
        yield ChosenLine(_without_policy(state))
    elif outcome in (Outcome.ELSEWHERE, Outcome.NOT_ADDRESSED):
        yield ChosenLine(str(outcome))
    elif state.running is not None:
        yield ChosenLine(_authorized(state), _blocking_or_open(assessment))
    elif outcome is Outcome.MET:
        yield ChosenLine("met_by_record" if shown_by_record(assessment) else "met_with_statements")
    elif outcome is Outcome.NOT_MET:
        yield ChosenLine("not_met", tuple(assessment.blocking))
    else:
        yield from _open(assessment)


def _without_policy(state: OrderState) -> str:
    if state.payer.payer is not None:
        return "no_policy"
    return "other_payer" if state.payer.readable else "payer_not_supplied"


def _authorized(state: OrderState) -> str:
    if not state.number_asked:
        return "authorized_unsaid"
    if state.running is None or state.running.number is None:
        return "authorized_unnumbered"
    met = state.assessment.outcome is Outcome.MET and shown_by_record(state.assessment)
    return "authorized" if met else "authorized_ahead"


def shown_by_record(assessment: Assessment) -> bool:
    """Whether no statement has any part in the answer, not even beside what the record shows."""
    root = assessment.root
    return root is not None and not any(
        evidence.kind == STATED for node in nodes(root) for evidence in node.finding.evidence
    )


def _blocking_or_open(assessment: Assessment) -> tuple[str, ...]:
    if assessment.blocking:
        return tuple(assessment.blocking)
    return tuple(assessment.open[0]) if assessment.open else ()


def _open(assessment: Assessment) -> Iterator[ChosenLine]:
    """The lines of what is open: of the cheapest set of questions, else of all that is unknown."""
    ids = assessment.open[0] if assessment.open else _unknown(assessment)
    by_line: dict[str, list[str]] = {}
    for id_ in ids:
        by_line.setdefault(_line_of(assessment.judged[id_]), []).append(id_)
    for name, criteria in by_line.items():
        yield ChosenLine(name, tuple(criteria))
    if not by_line:
        yield ChosenLine(f"unknown_{Reason.REVIEW}")


def _unknown(assessment: Assessment) -> list[str]:
    return [
        id_
        for id_, node in assessment.judged.items()
        if node.truth is Truth.UNKNOWN and not node.children
    ]


def _line_of(judged: Judged) -> str:
    finding = judged.finding
    return BY_WAY.get(finding.way) or f"unknown_{finding.reason or Reason.REVIEW}"
