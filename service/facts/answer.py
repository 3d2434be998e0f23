"""The operator table's other half: which function answers which operator."""

from service.facts.administrative import approved_before, exposed, network_pharmacy, specialty
from service.facts.case import Case
from service.facts.compare import compare
from service.facts.presence import recorded
from service.facts.regimen import regimen
from service.facts.sessions import sessions
from service.facts.statements import excluded, outcome, statement
from service.facts.supply import supply
from service.facts.trend import trend
from service.policy import operators as op
from service.policy.finding import Finding, unknown
from service.policy.operators import Operator
from service.policy.truth import Reason, Way


def answer(case: Case, asked: Operator) -> Finding:
    """The finding of one operator for one case."""
    match asked:
        case op.Compare():
            return compare(case, asked)
        case op.Recorded():
            return recorded(case, asked)
        case op.Supply():
            return supply(case, asked)
        case op.Sessions():
            return sessions(case, asked)
        case op.Trend():
            return trend(case, asked)
        case op.Regimen():
            return regimen(case, asked)
        case _:
            return _answer_other(case, asked)


def _answer_other(case: Case, asked: Operator) -> Finding:
    match asked:
        case op.Statement():
            return statement(case, asked)
        case op.Outcome():
            return outcome(case, asked)
        case op.Excluded():
            return excluded(case, asked)
        case op.Specialty():
            return specialty(case, asked)
        case op.ApprovedBefore():
            return approved_before(case)
        case op.NetworkPharmacy():
            return network_pharmacy(case)
        case op.Exposed():
            return exposed(case, asked)
        case op.NotEncoded():
            return unknown(Reason.REVIEW, way=Way.REVIEW, miss=asked.why)
        case _:
            raise TypeError(f"no answer for the operator {type(asked).__name__}")
