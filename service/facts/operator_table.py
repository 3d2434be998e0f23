"""The operator table's other half: which function answers which operator."""

from collections.abc import Callable, Mapping
from typing import Any, TypeGuard, TypeVar

from service.facts.authorizations.approval import approved_before
from service.facts.case import Case, PatientCase
from service.facts.episodes.episode_counts import episodes, fewer
from service.facts.evidence import by_accepted
from service.facts.measurements.compare import compare
from service.facts.measurements.dose_trend import dose_trend
from service.facts.measurements.trend import trend
from service.facts.order.prescriber_and_pharmacy import network_pharmacy, specialty
from service.facts.order.regimen import regimen
from service.facts.recorded import OF_ORDERS, of_record, recorded
from service.facts.statements.statement import outcome, statement
from service.facts.supply.first_dose import exposed
from service.facts.supply.on_drug import exposed_for
from service.facts.supply.procedures import sessions
from service.facts.supply.stop_reasons import stopped
from service.facts.supply.supply import at_most_one_of, excluded, supply
from service.facts.supply.treatment_readings import in_each_treatment
from service.facts.supply.unread_entries import noting_unread
from service.fhir.hit import Hit
from service.json_object import Json
from service.memo import IdentityMap, per_case, per_patient
from service.policy import operators as op
from service.policy.finding import Finding, remark, unknown
from service.policy.operators import Operator
from service.policy.truth import Reason, Truth, Way


def _not_encoded(_: Case, asked: op.NotEncoded) -> Finding:
    return unknown(Reason.REVIEW, way=Way.REVIEW, miss=remark("as_documented", says=asked.why))


# What is the same for every order of the patient, and is found once for all of them.
OF_PATIENT: Mapping[type[Operator], Callable[[PatientCase, Any], Finding]] = {
    op.AtMostOneOf: at_most_one_of,
    op.Compare: compare,
    op.DoseTrend: dose_trend,
    op.Episodes: episodes,
    op.Excluded: excluded,
    op.ExposedFor: exposed_for,
    op.Fewer: fewer,
    op.Recorded: of_record,
    op.Sessions: sessions,
    op.Stopped: stopped,
    op.Supply: supply,
}
OF_ORDER: Mapping[type[Operator], Callable[[Case, Any], Finding]] = {
    op.ApprovedBefore: approved_before,
    op.Exposed: exposed,
    op.NetworkPharmacy: network_pharmacy,
    op.NotEncoded: _not_encoded,
    op.TrialOutcome: outcome,
    op.Recorded: recorded,
    op.Regimen: regimen,
    op.Specialty: specialty,
    op.Statement: statement,
    op.Trend: trend,
}
# What compares with the time before the first dose; and what asks how a course has worked.
OF_RESPONSE = (op.DoseTrend, op.Fewer, op.Trend)
FROM_FIRST_DOSE = (op.Compare, op.Recorded, *OF_RESPONSE)
C = TypeVar("C", bound=PatientCase)


def answer(case: Case, asked: Operator) -> Finding:
    """The finding of one operator for one case."""
    if _is_of_patient(case, asked):
        finding, unread = _of_patient(case, asked)
    else:
        with noting_unread(case) as notes:
            finding = _of_order(case, asked)
        unread = notes.by_element
    for element in unread:
        _asked(case)[element] = unread[element]
    return _of_open_set(finding) if getattr(asked, "open_set", False) else finding


def asked_about(case: Case) -> list[Hit]:
    """Every unread entry that left a finding of this case open, each once."""
    return _asked(case).values()


@per_case
def _asked(_: Case) -> IdentityMap[Json, Hit]:
    return IdentityMap()


def _is_of_patient(case: Case, asked: Operator) -> bool:
    """Whether the finding is the same for every order of the patient."""
    if _accepts_kinds(asked):
        return False
    if isinstance(asked, op.Recorded):
        return all(case.knowledge.facts[name].kind not in OF_ORDERS for name in asked.fact)
    return type(asked) in OF_PATIENT


@per_patient
def _of_patient(case: PatientCase, asked: Operator) -> tuple[Finding, IdentityMap[Json, Hit]]:
    with noting_unread(case) as unread:
        finding = _found(case, asked, OF_PATIENT[type(asked)])
    return finding, unread.by_element


def _of_order(case: Case, asked: Operator) -> Finding:
    if _accepts_kinds(asked):
        return by_accepted(case, asked)
    return _found(case, asked, OF_ORDER[type(asked)])


def _found(case: C, asked: Operator, find: Callable[[C, Any], Finding]) -> Finding:
    """The finding, in each way to read the treatment where it depends on its beginning."""
    if not isinstance(asked, FROM_FIRST_DOSE):
        return find(case, asked)
    return in_each_treatment(case, asked, find, of_response=isinstance(asked, OF_RESPONSE))


def _accepts_kinds(asked: Operator) -> TypeGuard[op.Compare | op.Recorded]:
    """Whether only some kinds of evidence decide."""
    return isinstance(asked, op.Compare | op.Recorded) and bool(asked.accepts)


def _of_open_set(finding: Finding) -> Finding:
    """The list of the source is open: what it does not name may count, so none of it is no."""
    if finding.truth is not Truth.NOT_MET:
        return finding
    return unknown(Reason.REVIEW, *finding.evidence, way=Way.REVIEW, miss=finding.miss)
