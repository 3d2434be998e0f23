"""A test that is positive or negative: its newest result decides."""

from service.facts.answered import result
from service.facts.case import Case, display, evidence, when
from service.facts.measurements.results import newest, nothing_found, results
from service.facts.model import Fact
from service.fhir.hit import Hit
from service.policy.finding import Evidence, Finding, met, not_met, unknown
from service.policy.operators import Recorded
from service.policy.remark import Remark, remark
from service.policy.truth import Reason, Way

POSITIVE = remark("positive")
SAYS = {"yes": POSITIVE, "no": remark("negative")}
UNCLEAR = remark("neither_positive_nor_negative")


def tested(case: Case, fact: Fact, asked: Recorded) -> Finding:
    """Whether the newest result is positive; an old one, a doubtful one and two that differ are shown."""
    series = results(case, fact)
    if not series:
        return nothing_found(case, fact)
    latest = [newest_result.hit for newest_result in newest(series)]
    signs = [SAYS.get(result(case, hit.element) or "", UNCLEAR) for hit in latest]
    shown = tuple(
        _shown(case, fact, *signed_hit) for signed_hit in zip(signs[:3], latest[:3], strict=True)
    )
    if len({*signs}) > 1:
        return unknown(Reason.CONFLICT, *shown, way=Way.REVIEW)
    if UNCLEAR in signs:
        return unknown(Reason.REVIEW, *shown, way=Way.REVIEW)
    if asked.within:
        since, days = case.back(asked.within), [when(hit) for hit in latest]
        if any(day is None or day.first < since for day in days):
            stale = all(day is not None and day.last < since for day in days)
            return unknown(Reason.STALE if stale else Reason.IMPRECISE, *shown, way=fact.way)
    return met(*shown) if POSITIVE in signs else not_met(*shown)


def _shown(case: Case, fact: Fact, sign: Remark, hit: Hit) -> Evidence:
    return evidence(case, hit, remark("named_but", name=display(hit, fact.value_sets), why=sign))
