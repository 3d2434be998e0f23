"""Body sites: a yes or no result decides, else the sites that findings and diagnoses name (A05)."""

from collections.abc import Sequence
from functools import partial

from service.facts.case import PatientCase, evidence, when
from service.facts.fact import Fact
from service.facts.measurements.baseline import (
    BaselineWindow,
    baseline,
    baseline_window,
    perhaps_last_before,
)
from service.facts.measurements.results import (
    Result,
    finding_of_newest,
    holds_value,
    newest_results,
    nothing_found,
)
from service.facts.supply.first_dose import first_dose, why_undated
from service.facts.yes_or_no import answer_in
from service.fhir.elements import names, read
from service.fhir.hit import Hit
from service.fhir.sources.entries_not_understood import NAMED
from service.fhir.values.days import DayRange
from service.fhir.values.quantity import Measure, number
from service.policy.finding import Evidence, Finding, Remark, met, not_met, remark, unknown
from service.policy.operators import Compare
from service.policy.truth import Reason, Truth, Way

BODY_SITE = ("bodySite",)
YES, NO = Measure(1, 1), Measure(0, 0)
SAID = {YES: remark("yes"), NO: remark("no")}
MEANT = {"yes": YES, "no": NO}  # anything else that is said is a question


def sites(case: PatientCase, fact: Fact, asked: Compare) -> Finding:
    """Whether one of the fact's sites is involved, before treatment when already treated (A04)."""
    since = case.back(asked.within) if asked.within else None
    stated = _stated(case, fact, asked, since)
    inside, outside, open_ = _named(case, fact, asked, since)
    if stated is not None and stated.truth is not Truth.UNKNOWN:
        if stated.truth is Truth.NOT_MET and inside:
            shown = (*stated.evidence, *inside)
            return unknown(Reason.CONFLICT, *shown, way=Way.REVIEW)
        return stated
    if inside:
        return met(*inside)
    if stated is not None:
        return stated
    if outside and not open_:
        return not_met(*outside, miss=remark("only_other_sites"))
    finding = nothing_found(case, fact)
    reason = finding.reason or Reason.NOT_FOUND
    return unknown(reason, *finding.evidence, *outside, *open_, way=fact.way)


def _stated(case: PatientCase, fact: Fact, asked: Compare, since: int | None) -> Finding | None:
    """What yes or no results say: the last before treatment, else the newest; None without any."""
    series = _answers(case, fact)
    if not series:
        return None
    start = first_dose(case)
    if start is None:
        return _worded(case, fact, series, since)
    allowed = baseline_window(case, start, asked.baseline_within)
    not_too_old = allowed.recent_enough(series)
    if not not_too_old:
        shown = _worded(case, fact, series, None).evidence
        return unknown(Reason.NOT_FOUND, *shown, way=fact.way, miss=allowed.miss)
    before, maybe = baseline(not_too_old, start)
    if before and not maybe and allowed.sure(newest_results(before)):
        return _worded(case, fact, before, None)
    current = _worded(case, fact, not_too_old, since)
    answers = {result.value for result in perhaps_last_before(not_too_old, start)}
    sure = allowed.sure(newest_results(not_too_old)) and answers <= {YES}
    if current.truth is Truth.MET and sure:
        return current
    open_ = maybe or bool(before)
    reason = why_undated(case) if open_ else current.reason or Reason.NOT_FOUND
    return unknown(reason, *current.evidence, way=fact.way)


def _answers(case: PatientCase, fact: Fact) -> list[Result]:
    hits = [hit for hit in case.hits(fact.sources, fact.value_sets) if hit.standing == "counts"]
    answered = [(hit, answer_in(case, hit.element)) for hit in hits]
    series = [
        Result(hit, when(hit), partial(MEANT.get, word))
        for hit, word in answered
        if word != "nothing"
    ]
    past = [result for result in series if result.day is None or result.day.first <= case.today]
    return sorted(past, key=lambda result: -result.day.last if result.day else 1)


def _worded(case: PatientCase, fact: Fact, series: Sequence[Result], since: int | None) -> Finding:
    finding = finding_of_newest(
        case, fact, series, lambda value: Truth.MET if value == YES else Truth.NOT_MET, since
    )
    shown = tuple(
        evidence(case, result.hit, remark("labelled", label=fact.label, shown=_word(result)))
        for result in newest_results(series)[:2]
    )
    if finding.truth is Truth.UNKNOWN:
        return unknown(finding.reason or Reason.NOT_FOUND, *shown, way=finding.way)
    yes = finding.truth is Truth.MET
    return Finding(
        finding.truth, evidence=shown[:1], miss=None if yes else remark("recorded_as_no")
    )


def _word(result: Result) -> Remark:
    return remark("answer_not_readable") if result.value is None else SAID[result.value]


def _named(
    case: PatientCase, fact: Fact, asked: Compare, since: int | None
) -> tuple[list[Evidence], list[Evidence], list[Evidence]]:
    """Named sites inside the fact's sites, outside them, and those that leave it open."""
    inside: list[Evidence] = []
    outside: list[Evidence] = []
    open_: list[Evidence] = []
    start = first_dose(case)
    allowed = baseline_window(case, start, asked.baseline_within) if start else BaselineWindow()
    for hit in case.record.hits(*fact.site_of):
        timely = _timely(hit, allowed)
        stands = hit.standing == "counts" or _is_of_a_site(hit)
        doubtful = not stands and hit.doubt is not None
        shows = (stands or doubtful) and _shows_disease(case, hit, since, start)
        if not shows or timely is Truth.NOT_MET:
            continue
        for site in read(BODY_SITE, hit.resource):
            sets = {entry.value_set for entry in case.record.entries_of_concept(site)}
            shown = evidence(case, hit, remark("site", name=next(iter(names(site)), None)))
            if timely is Truth.UNKNOWN or doubtful:
                open_.append(shown)
            elif sets & set(fact.sites) or (not sets and _is_named(case, fact, site)):
                inside.append(shown)
            elif sets & set(fact.other_sites) and _tells_of_before(hit, start):
                outside.append(shown)
            else:
                open_.append(shown)
    return inside, outside, open_


def _is_of_a_site(hit: Hit) -> bool:
    """Whether a finding is set aside only because it is of one site: of that site it tells all the same."""
    return hit.doubt == NAMED and not hit.source.names_another({}, hit.element, hit.entries)


def _is_named(case: PatientCase, fact: Fact, site: object) -> bool:
    """Whether the names beside an unlisted code match the fact's sites and no other site."""
    read_as = (case.record.entries_of_concept({"text": name}) for name in names(site))
    sets = {entry.value_set for entries in read_as for entry in entries}
    return bool(sets & set(fact.sites)) and not sets & set(fact.other_sites)


def _shows_disease(case: PatientCase, hit: Hit, since: int | None, start: DayRange | None) -> bool:
    """A diagnosis, or a finding above nought that is neither of the future nor too old."""
    if hit.source.type != "Observation":
        return True
    value = hit.element.get("valueQuantity", hit.element.get("valueInteger"))
    amount = number(value.get("value") if isinstance(value, dict) else value)
    day = when(hit)
    if (amount is not None and amount <= 0) or day is None or day.first > case.today:
        return False
    if not holds_value(case, hit):
        return False
    return since is None or day.first >= since or (start is not None and day.last <= start.first)


def _timely(hit: Hit, allowed: BaselineWindow) -> Truth:
    """Whether a finding is not too old for a baseline; a diagnosis never is."""
    day = when(hit)
    if hit.source.type != "Observation" or allowed.holds(day):
        return Truth.MET
    return Truth.UNKNOWN if allowed.may_hold(day) else Truth.NOT_MET


def _tells_of_before(hit: Hit, start: DayRange | None) -> bool:
    """Whether the finding is from before treatment: later findings say nothing of that time (A04)."""
    day = when(hit)
    return start is None or (day is not None and day.last <= start.first)
