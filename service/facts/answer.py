"""The operator table's other half: which function answers which operator."""

from collections.abc import Callable, Mapping
from typing import Any

from service.facts.case import Case
from service.facts.episodes.episodes import episodes, fewer
from service.facts.evidence import by_accepted
from service.facts.measurements.compare import compare
from service.facts.measurements.dose_trend import dose_trend
from service.facts.measurements.trend import trend
from service.facts.order.approval import approved_before
from service.facts.order.prescriber import exposed, network_pharmacy, specialty
from service.facts.order.regimen import regimen
from service.facts.recorded import recorded
from service.facts.statements import outcome, statement
from service.facts.supply.on_drug import exposed_for
from service.facts.supply.procedures import sessions
from service.facts.supply.stopped import stopped
from service.facts.supply.supply import at_most_one_of, excluded, supply
from service.policy import operators as op
from service.policy.finding import Finding, unknown
from service.policy.operators import Operator
from service.policy.remark import remark
from service.policy.truth import Reason, Truth, Way


def _not_encoded(_: Case, asked: op.NotEncoded) -> Finding:
    return unknown(Reason.REVIEW, way=Way.REVIEW, miss=remark("as_documented", says=asked.why))


ANSWERS: Mapping[type[Operator], Callable[[Case, Any], Finding]] = {
    op.ApprovedBefore: approved_before,
    op.AtMostOneOf: at_most_one_of,
    op.Compare: compare,
    op.DoseTrend: dose_trend,
    op.Episodes: episodes,
    op.Excluded: excluded,
    op.Exposed: exposed,
    op.ExposedFor: exposed_for,
    op.Fewer: fewer,
    op.NetworkPharmacy: network_pharmacy,
    op.NotEncoded: _not_encoded,
    op.Outcome: outcome,
    op.Recorded: recorded,
    op.Regimen: regimen,
    op.Sessions: sessions,
    op.Specialty: specialty,
    op.Statement: statement,
    op.Stopped: stopped,
    op.Supply: supply,
    op.Trend: trend,
}


def answer(case: Case, asked: Operator) -> Finding:
    """The finding of one operator for one case."""
    function = ANSWERS[type(asked)]
    if isinstance(asked, op.Compare | op.Recorded) and asked.accepts:
        function = by_accepted
    finding = function(case, asked)
    return _of_open_set(finding) if getattr(asked, "open_set", False) else finding


def _of_open_set(finding: Finding) -> Finding:
    """The list of the source is open: what it does not name may count, so none of it is no."""
    if finding.truth is not Truth.NOT_MET:
        return finding
    return unknown(Reason.REVIEW, *finding.evidence, way=Way.REVIEW, miss=finding.miss)
