"""The order against the labelled dose table: bands by indication, age and weight (reading A33)."""

from service.facts.age import age_in_words, born
from service.facts.case import Case, evidence
from service.facts.fact import Band
from service.facts.measurements.results import nothing_found
from service.facts.order.dispensed_amounts import amounts_of, is_refilled
from service.facts.order.dose_bands import (
    Fitting,
    disease_labelled_with,
    fitting_bands,
    label_begins,
)
from service.facts.order.doses import ROUNDING, DoseReadings, Doses
from service.facts.order.ordered_doses import (
    doses_of_order,
    doses_of_other_drafts,
    largest_reading,
    other_route,
    summed_doses,
    unread_drafts,
    words_against,
)
from service.facts.order.product_strength import not_from_device
from service.fhir.values.quantity import INFINITY
from service.policy.finding import Evidence, Finding, Remark, met, not_met, remark, unknown
from service.policy.operators import Regimen
from service.policy.truth import Reason, Truth, Way

SHOWN = 2  # other drafts, as evidence
_BEST = (Truth.MET, Truth.UNKNOWN, Truth.NOT_MET)


def regimen(case: Case, asked: Regimen) -> Finding:
    """Whether dose, interval, loading dose and quantity stay within the labelled regimen."""
    birth = born(case)
    if birth is None:
        return nothing_found(case, case.knowledge.of_kind("age"))
    fitting = fitting_bands(case, asked)
    if not fitting.bands or any(band.dose_mg is None for band in fitting.bands):
        below = label_begins(case, asked, birth)
        miss = below or remark("no_labelled_dose", age=age_in_words(case, birth))
        return unknown(Reason.REVIEW, *fitting.weight.evidence, way=Way.REVIEW, miss=miss)
    ordered = doses_of_order(case)
    if ordered.unclear:
        return unknown(Reason.NOT_FOUND, way=Way.ORDER, miss=ordered.unclear)
    if by := other_route(case):
        miss = remark("other_route", route=by)
        return unknown(Reason.IMPRECISE, way=Way.ORDER, miss=miss)
    finding = _in_each_reading(case, asked, ordered, fitting)
    if finding.truth is Truth.MET:
        against = words_against(case, ordered.readings) or not_from_device(case, asked.of)
        if against:
            return unknown(Reason.IMPRECISE, *finding.evidence, way=Way.ORDER, miss=against)
    return _with_other_drafts(case, asked, largest_reading(ordered.readings), fitting, finding)


def _with_other_drafts(
    case: Case, asked: Regimen, ordered: Doses, fitting: Fitting, finding: Finding
) -> Finding:
    """A loading dose may be an order of its own: what the drafts ask for together must fit too."""
    others = doses_of_other_drafts(case)
    if finding.truth is not Truth.MET:
        return finding
    beside = tuple(map(in_words, others))
    whole = summed_doses(ordered, others)
    if others and _against(case, asked, whole, fitting).truth is not Truth.MET:
        miss = remark("drafts_together", doses=beside, whole=in_words(whole))
        return unknown(Reason.REVIEW, *finding.evidence, way=Way.REVIEW, miss=miss)
    if unread := unread_drafts(case):
        named = (evidence(case, hit, hit.entries[0].display) for hit in unread[:SHOWN])
        miss = remark("another_draft_unread")
        return unknown(Reason.NOT_FOUND, *finding.evidence, *named, way=Way.ORDER, miss=miss)
    notes = (remark("another_draft", doses=beside),) if others else ()
    return finding._replace(notes=(*finding.notes, *notes))


def _in_each_reading(
    case: Case, asked: Regimen, ordered: DoseReadings, fitting: Fitting
) -> Finding:
    """An order that can be read in several ways: what holds of each, else a question."""
    findings = [_against(case, asked, way, fitting) for way in ordered.readings]
    if len(findings) == 1:
        return findings[0]
    ways = tuple(dict.fromkeys(map(in_words, ordered.readings)))
    if len({(finding.truth, finding.reason) for finding in findings}) == 1:
        return findings[0]._replace(
            notes=(*findings[0].notes, remark("several_readings", doses=ways))
        )
    miss = remark("read_in_several_ways", doses=ways)
    return unknown(Reason.IMPRECISE, *findings[0].evidence, way=Way.ORDER, miss=miss)


def _against(case: Case, asked: Regimen, ordered: Doses, fitting: Fitting) -> Finding:
    findings = [_against_any(case, asked, ordered, rows) for rows in fitting.choices]
    truths = {finding.truth for finding in findings}
    first = findings[0]
    # Without a weight no band is taken for granted, not even to refuse: no band may fit at all.
    if fitting.certain and len(truths) == 1:
        return first._replace(evidence=first.evidence + fitting.shown)
    if fitting.certain:
        miss = remark("dose_depends_on_disease")
        return unknown(Reason.IMPRECISE, *first.evidence, way=Way.ORDER, miss=miss)
    reason = fitting.weight.reason or Reason.IMPRECISE
    shown = (*first.evidence, *fitting.weight.evidence)
    miss = remark("dose_depends_on_weight", absent=reason is Reason.NOT_FOUND)
    return unknown(reason, *shown, way=fitting.weight.way, miss=miss)


def _against_any(case: Case, asked: Regimen, ordered: Doses, rows: tuple[Band, ...]) -> Finding:
    """The best of labelled alternatives; an order of the dose of one is held against that one."""
    same = [band for band in rows if band.dose_mg == ordered.dose_mg] or rows
    highest_first = sorted(same, key=lambda row: -(row.dose_mg or 0.0))
    findings = [
        _with_limits(case, _against_band(case, asked, ordered, band), band)
        for band in highest_first
    ]
    return min(findings, key=lambda finding: (_BEST.index(finding.truth), len(finding.notes)))


def _with_limits(case: Case, finding: Finding, band: Band) -> Finding:
    """What the row itself leaves open: a disease that it needs, a dose not seen on the label."""
    beside = disease_labelled_with(case, band) if band.only_with else None
    if finding.truth is Truth.MET and beside:
        return finding._replace(notes=(*finding.notes, remark("labelled_with", disease=beside)))
    if finding.truth is Truth.MET and band.only_with:
        miss = remark("labelled_only_with", disease=band.only_with)
        return unknown(Reason.REVIEW, *finding.evidence, way=Way.REVIEW, miss=miss)
    if finding.truth is Truth.NOT_MET and band.general:
        miss = remark("not_from_label", miss=finding.miss)
        return unknown(Reason.REVIEW, *finding.evidence, way=Way.REVIEW, miss=miss)
    general = (remark("check_against_label"),) if band.general else ()
    notice = (notice_of(band),) if band.notice and finding.truth is Truth.MET else ()
    return finding._replace(notes=finding.notes + general + notice)


def _against_band(case: Case, asked: Regimen, ordered: Doses, band: Band) -> Finding:
    if ordered.interval_days is None:
        return _one_dose(case, asked, ordered, band)
    dose, interval = ordered.dose_mg or 0.0, ordered.interval_days or INFINITY
    labelled, every = band.dose_mg or 0.0, band.interval_days or INFINITY
    shown = Evidence(case.order.reference, None, in_words(ordered), "record")
    label = _label(band)
    if dose / interval > labelled / every * ROUNDING:
        return not_met(shown, miss=remark("above_label", ordered=in_words(ordered), label=label))
    loading = ordered.loading_mg
    if loading and loading > (band.loading_mg or 0.0):
        return not_met(
            shown, miss=remark("loading_above_label", dose=_figure(loading), label=label)
        )
    if loading and asked.phase == "renewal":
        miss = remark("loading_at_renewal")
        return unknown(Reason.REVIEW, shown, way=Way.REVIEW, miss=miss)
    if dose > labelled:
        miss = remark("single_dose_above_label", label=label)
        return unknown(Reason.REVIEW, shown, way=Way.REVIEW, miss=miss)
    less = dose / interval < labelled / every / ROUNDING
    notes = (less_than(band),) if less else ()
    return _with_amounts(case, asked, ordered, band, met(shown, notes=notes))


def _one_dose(case: Case, asked: Regimen, ordered: Doses, band: Band) -> Finding:
    """One dose alone, as a loading dose that is an order of its own."""
    dose, labelled = ordered.loading_mg or 0.0, band.dose_mg or 0.0
    shown = Evidence(case.order.reference, None, in_words(ordered), "record")
    if dose > max(labelled, band.loading_mg or 0.0):
        miss = remark("above_label", ordered=in_words(ordered), label=_label(band))
        return not_met(shown, miss=miss)
    if dose > labelled and asked.phase == "renewal":
        miss = remark("loading_at_renewal")
        return unknown(Reason.REVIEW, shown, way=Way.REVIEW, miss=miss)
    if is_refilled(case):
        miss = remark("one_dose_refilled")
        return unknown(Reason.NOT_FOUND, shown, way=Way.ORDER, miss=miss)
    notes = (remark("one_dose_alone", label=_label(band)),)
    return _with_amounts(case, asked, ordered, band, met(shown, notes=notes))


def _with_amounts(
    case: Case, asked: Regimen, ordered: Doses, band: Band, finding: Finding
) -> Finding:
    """What holds of labelled doses with the amounts that are dispensed for them."""
    amounts = amounts_of(case, asked, ordered, band)
    return amounts.finding or finding._replace(notes=finding.notes + amounts.notes)


def in_words(ordered: Doses) -> Remark:
    """Doses as a clinician says them, in mg and days."""
    again = ordered.interval_days is not None
    return remark(
        "doses",
        loading=_figure(ordered.loading_mg) if ordered.loading_mg else None,
        dose=_figure(ordered.dose_mg or 0) if again else None,
        days=_figure(ordered.interval_days or 0) if again else None,
    )


def _figure(value: float) -> float:
    """A number rounded as it is shown, so that two that look equal are equal."""
    return float(f"{value:g}")


def less_than(band: Band) -> Remark:
    """The note for an order that stays below the label."""
    return remark("less_than_label", label=_label(band))


def notice_of(band: Band) -> Remark:
    """The notice of the row, as documented."""
    return remark("as_documented", says=band.notice)


def _label(band: Band) -> Remark:
    return in_words(Doses(band.dose_mg, band.interval_days, band.loading_mg))
