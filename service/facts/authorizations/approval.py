"""An earlier approval of the drug by this payer's own process."""

from service.facts.authorizations.decisions_on_drug import decisions
from service.facts.authorizations.payer_decision import says_of_drug
from service.facts.authorizations.same_authorization import contradicting
from service.facts.case import Case, evidence
from service.facts.evidence import why_not_used
from service.facts.supply.first_dose import first_dose
from service.fhir.values.days import FIRST, DayRange
from service.policy.finding import Evidence, Finding, met, not_met, remark, unknown
from service.policy.operators import ApprovedBefore
from service.policy.truth import Reason, Way

DAYS_BEFORE_FIRST_DOSE = 365
SHOWN = 2
CONTRADICTED = remark("approval_contradicted")
UNCLEAR = remark("approval_unclear")
PAYER_UNCLEAR = remark("approval_payer_unclear")


def approved_before(case: Case, _: ApprovedBefore) -> Finding:
    """Met by a clear approval that nothing contradicts; an unclear decision is one for the reviewer."""
    fact = case.knowledge.of_kind("approval")
    contradicted: list[Evidence] = []
    unclear: list[Evidence] = []
    of_unclear_payer: list[Evidence] = []
    for hit, certain in decisions(case, fact):
        if hit.doubt is not None:
            why = remark("authorization_doubted", why=why_not_used(hit))
            unclear.append(evidence(case, hit, why))
            continue
        payer, says = case.is_payer(hit.resource), says_of_drug(case, fact, hit)
        if payer is False or says == "denied":
            continue
        shown = evidence(case, hit, remark("authorization", drug=case.drug if certain else None))
        other = contradicting(case, fact, hit)
        if other is not None:
            why = remark("authorization_contradicting")
            contradicted += [shown, evidence(case, other, why)]
        elif not certain or says != "approved":
            unclear.append(shown)
        elif payer is None:
            of_unclear_payer.append(shown)
        else:
            return met(shown)
    doubts = (*contradicted, *unclear, *of_unclear_payer)
    if doubts:
        told = UNCLEAR if unclear else PAYER_UNCLEAR
        miss = CONTRADICTED if contradicted else told
        return unknown(Reason.REVIEW, *doubts[:SHOWN], way=Way.REVIEW, miss=miss)
    silent = case.silence(fact.sources, _since(case))
    if silent is None:
        return not_met(miss=remark("no_earlier_approval"))
    return unknown(silent, way=Way.DATA)


def _since(case: Case) -> int:
    """From when decisions must be held for their silence to mean none: well before the first dose."""
    start: DayRange | None = first_dose(case)
    return FIRST if start is None else max(FIRST, start.first - DAYS_BEFORE_FIRST_DOSE)
