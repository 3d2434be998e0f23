"""An earlier approval of the drug by this payer's own process."""

from service.facts.authorizations.payer_decision import says_of_drug
from service.facts.authorizations.rulings import decisions
from service.facts.authorizations.same_authorization import contradicting
from service.facts.case import Case, evidence
from service.facts.evidence import why_not_used
from service.facts.supply.first_dose import first_dose
from service.fhir.values.days import FIRST, DayRange
from service.policy.finding import Evidence, Finding, Remark, met, not_met, remark, unknown
from service.policy.operators import ApprovedBefore
from service.policy.truth import Reason, Way

DAYS_BEFORE_FIRST_DOSE = 365
SHOWN = 2


UNCLEAR = remark("approval_unclear")
CONTRADICTED = remark("approval_contradicted")
PAYER_UNCLEAR = remark("approval_payer_unclear")
# The reason that is told where decisions are unclear for several.
FIRST_TOLD = (CONTRADICTED, UNCLEAR, PAYER_UNCLEAR)


def approved_before(case: Case, _: ApprovedBefore) -> Finding:
    """Met by a clear approval that nothing contradicts; an unclear decision is one for the reviewer."""
    fact = case.knowledge.of_kind("approval")
    doubts: list[Evidence] = []
    misses: set[Remark] = set()
    for hit, certain in decisions(case, fact):
        if hit.doubt is not None:
            doubts.append(
                evidence(case, hit, remark("authorization_doubted", why=why_not_used(hit)))
            )
            misses.add(UNCLEAR)
            continue
        payer, says = case.is_payer(hit.resource), says_of_drug(case, fact, hit)
        if payer is False or says == "denied":
            continue
        shown = evidence(case, hit, remark("authorization", drug=case.drug if certain else None))
        against = contradicting(case, fact, hit)
        if payer and certain and says == "approved" and against is None:
            return met(shown)
        doubts.append(shown)
        if against is not None:
            doubts.append(evidence(case, against, remark("authorization_contradicting")))
        clear = certain and says == "approved"
        misses.add(CONTRADICTED if against else PAYER_UNCLEAR if clear else UNCLEAR)
    if doubts:
        miss = next(miss for miss in FIRST_TOLD if miss in misses)
        return unknown(Reason.REVIEW, *doubts[:SHOWN], way=Way.REVIEW, miss=miss)
    silent = case.silence(fact.sources, _since(case))
    if silent is None:
        return not_met(miss=remark("no_earlier_approval"))
    return unknown(silent, way=Way.DATA)


def _since(case: Case) -> int:
    """From when decisions must be held for their silence to mean none: well before the first dose."""
    start: DayRange | None = first_dose(case)
    return FIRST if start is None else max(FIRST, start.first - DAYS_BEFORE_FIRST_DOSE)
