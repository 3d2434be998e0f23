"""Presence: a diagnosis, a result, an allergy, a procedure."""

from collections.abc import Iterable, Sequence

from service.facts.case import Case, PatientCase, display, evidence, when
from service.facts.evidence import why_not_used
from service.facts.fact import Fact, Kind
from service.facts.found_nothing import procedure_that_found
from service.facts.indications import is_refuted, note_denies
from service.facts.measurements.baseline import baseline, baseline_window
from service.facts.measurements.grades import grade
from service.facts.measurements.results import (
    Result,
    finding_of_test,
    nothing_found,
    results,
    review_of_doubtful,
    shows_fact,
)
from service.facts.problems_in_words import (
    contradicts_gender,
    harm_by_drug,
    out_of_time,
    pointing_at,
)
from service.facts.supply.first_dose import first_dose, why_undated
from service.facts.supply.stop_reasons import perhaps_harmed
from service.facts.supply.unread_entries import unmapped, unread_hits
from service.facts.yes_or_no import answer_in, has_content
from service.fhir.elements import names, objects, text
from service.fhir.hit import Hit
from service.fhir.sources.entries_not_understood import NOTE
from service.fhir.sources.retractions import OwnName
from service.policy.finding import Evidence, Finding, Remark, met, not_met, remark, unknown
from service.policy.operators import Recorded
from service.policy.truth import REASONS, Reason, Truth, Way

NOT_ACTIVE = remark("not_active")
NO_BASELINE = remark("no_baseline_documented")
DOCUMENTED = remark("documented")
DENIED_BY_NOTE = remark("denied_by_note_of_order")
TOO_OLD = remark("may_be_over")
OF_ANOTHER_GENDER = remark("not_of_gender")


# Kinds of facts that the reason for the order may state.
OF_ORDERS: frozenset[Kind] = frozenset({"diagnosis", "grade"})


def recorded(case: Case, asked: Recorded) -> Finding:
    """Whether the record or the order holds one of the facts named."""
    finding = _any_of(_recorded(case, case.knowledge.facts[name], asked) for name in asked.fact)
    return _perhaps(finding) if asked.perhaps else finding


def of_record(case: PatientCase, asked: Recorded) -> Finding:
    """Whether the record holds one of the facts named, none of which an order states."""
    finding = _any_of(_of_record(case, case.knowledge.facts[name], asked) for name in asked.fact)
    return _perhaps(finding) if asked.perhaps else finding


def _perhaps(finding: Finding) -> Finding:
    """Whether entries of the record leave the question open; not met by what surely is so."""
    if finding.reason is Reason.REVIEW and finding.evidence:
        return met(*finding.evidence)
    return unknown(finding.reason or Reason.NOT_FOUND, way=finding.way or Way.REVIEW)


def _any_of(each: Iterable[Finding]) -> Finding:
    findings = list(each)
    shown = [finding for finding in findings if finding.truth is Truth.MET]
    if shown:
        return shown[0]
    open_ = [finding for finding in findings if finding.truth is Truth.UNKNOWN]
    if not open_:
        return findings[0]
    return min(open_, key=lambda finding: REASONS.index(finding.reason or Reason.NOT_FOUND))


def _recorded(case: Case, fact: Fact, asked: Recorded) -> Finding:
    match fact.kind:
        case "diagnosis":
            return _diagnosis(case, fact)
        case "grade":
            return grade(case, fact, asked)
        case _:
            return _of_record(case, fact, asked)


def _of_record(case: PatientCase, fact: Fact, asked: Recorded) -> Finding:
    match fact.kind:
        case "allergy":
            return _allergy(case, fact)
        case "procedure":
            return procedure_that_found(case, fact, asked.within)
        case "statement" if fact.newest_decides:
            return finding_of_test(case, fact, asked)
        case _:
            return _result(case, fact, asked)


def _diagnosis(case: Case, fact: Fact) -> Finding:
    """A diagnosis for which the order is; one that a note of the order denies is a conflict."""
    finding = _diagnosed(case, fact)
    if finding.truth is not Truth.MET or not _note_denies(case, fact):
        return finding
    against = Evidence(case.order.reference, None, DENIED_BY_NOTE, "record")
    return unknown(Reason.CONFLICT, *finding.evidence, against, way=fact.way)


def _note_denies(case: Case, fact: Fact) -> bool:
    pointing = case.knowledge.pointing.sets
    own = OwnName([pointing[name] for name in fact.value_sets if name in pointing])
    sources = (case.knowledge.sources[looked.source] for looked in fact.sources)
    return any(note_denies(case.order.resource, own, source) for source in sources)


def _diagnosed(case: Case, fact: Fact) -> Finding:
    """An active diagnosis, or the reason that the prescriber gave on the order.

    A reason against a diagnosis that the record only holds as refuted, or taken back by its note, is a
    conflict.
    """
    hits = case.hits(fact.sources, fact.value_sets)
    counting = [hit for hit in hits if _counts(fact, hit) and shows_fact(fact, hit)]
    if any(id_ in fact.indications for id_ in case.order.indications) and case.order.reason_given:
        reason = remark("reason_for_order", name=None)
        stated = Evidence(case.order.reference, None, reason, "record")
        refuted = [hit for hit in hits if is_refuted(hit.resource) or hit.doubt == NOTE]
        if counting or not refuted:
            return met(stated)
        against = (evidence(case, hit, _not_confirmed(hit, fact)) for hit in refuted[:2])
        return unknown(Reason.CONFLICT, stated, *against, way=fact.way)
    if present := [hit for hit in counting if _why_not_now(case, fact, hit) is None]:
        return met(*(evidence(case, hit, _named(fact, hit)) for hit in present[:2]))
    if question := _question(case, fact, hits, counting):
        return question
    if hits:
        doubtful = [hit for hit in hits if hit.standing == "unusable"]
        shown = (
            evidence(case, hit, why_not_used(hit) if hit.doubt else NOT_ACTIVE) for hit in doubtful
        )
        return unknown(Reason.NOT_FOUND, *shown, way=fact.way)
    return nothing_found(case, fact)


def _question(
    case: PatientCase, fact: Fact, hits: Sequence[Hit], past: Sequence[Hit]
) -> Finding | None:
    """A review for what may be the diagnosis: entries of long ago, unclear codes, words that point at it."""
    shown = [
        evidence(case, hit, remark("named_but", name=display(hit, fact.value_sets), why=why))
        for hit in past[:2]
        if (why := _why_not_now(case, fact, hit)) is not None
    ]
    shown += () if fact.kind != "diagnosis" else pointing_at(case, fact)
    if shown:
        return unknown(Reason.REVIEW, *shown, way=Way.REVIEW)
    return review_of_doubtful(case, fact, hits, lambda hit: _counts(fact, hit))


def _why_not_now(case: PatientCase, fact: Fact, hit: Hit) -> Remark | None:
    """Why an entry that counts may not hold today; None if it does."""
    if out_of_time(case, fact, hit):
        return TOO_OLD
    return OF_ANOTHER_GENDER if contradicts_gender(case, fact) else None


def _not_confirmed(hit: Hit, fact: Fact) -> Remark:
    why = why_not_used(hit) if hit.doubt else remark("not_confirmed")
    return remark("named_but", name=display(hit, fact.value_sets), why=why)


def _counts(fact: Fact, hit: Hit) -> bool:
    if hit.standing == "counts" or (fact.history and hit.standing_in_history == "counts"):
        return True
    return fact.unsure and hit.standing_if_unsure == "counts"


def _named(fact: Fact, hit: Hit) -> str | Remark:
    name = display(hit, fact.value_sets)
    return name if hit.standing == "counts" else remark("in_history", name=name)


def _allergy(case: PatientCase, fact: Fact) -> Finding:
    hits = case.hits(fact.sources, fact.value_sets)
    real = [hit for hit in hits if hit.standing == "counts"]
    if real:
        sure = [hit for hit in real if _certain(hit, fact)]
        shown = tuple(evidence(case, hit, display(hit, fact.value_sets)) for hit in real[:3])
        return met(*shown) if sure else unknown(Reason.REVIEW, *shown, way=Way.REVIEW)
    if any(hit.standing == "unusable" for hit in hits):
        shown = tuple(
            evidence(
                case,
                hit,
                remark(
                    "named_but",
                    name=display(hit, fact.value_sets),
                    why=why_not_used(hit) if hit.doubt else remark("not_confirmed"),
                ),
            )
            for hit in hits[:3]
        )
        return unknown(Reason.REVIEW, *shown, way=Way.REVIEW)
    if fact.told_elsewhere and (shown := (*perhaps_harmed(case, fact), *harm_by_drug(case, fact))):
        return unknown(Reason.REVIEW, *shown, way=Way.REVIEW)
    if unread := [h for h in unread_hits(case, fact.sources, fact.value_sets) if _stands(h)]:
        return unmapped(case, unread, not_met(), fact.way)
    silent = case.silence(fact.sources, case.today)
    if silent is None:
        return not_met(Evidence(None, None, remark("none_recorded"), "record"))
    return unknown(silent, way=fact.way)


def _stands(hit: Hit) -> bool:
    return hit.standing != "never"


def _certain(hit: Hit, fact: Fact) -> bool:
    """A code of the drug is certain; a bare name or a question is one for the prescriber."""
    entries = [entry for entry in hit.entries if entry.value_set in fact.value_sets]
    return any(not entry.question and not entry.by_name for entry in entries)


def _result(case: PatientCase, fact: Fact, asked: Recorded) -> Finding:
    series = [result for result in results(case, fact) if _says_something(case, fact, result)]
    start = first_dose(case) if asked.pick == "baseline_if_treated" else None
    if start is not None and series:
        allowed = baseline_window(case, start, asked.baseline_within)
        before, maybe = baseline(allowed.recent_enough(series), start)
        certain = [result for result in before if allowed.holds(result.day)]
        if not certain:
            shown = _shown(case, fact, series[0])
            reason = why_undated(case) if maybe or before else Reason.NOT_FOUND
            miss = allowed.miss if asked.baseline_within else NO_BASELINE
            return unknown(reason, shown, way=fact.way, miss=miss)
        series = certain
    if not series:
        return nothing_found(case, fact)
    if start is None and asked.within:
        return _recent(case, fact, series, case.back(asked.within))
    return met(_shown(case, fact, series[0]))


def _recent(case: PatientCase, fact: Fact, series: list[Result], since: int) -> Finding:
    """Some one of the results is not older than the window allows."""
    for result in series:
        if result.day is not None and result.day.first >= since:
            return met(_shown(case, fact, result))
    perhaps = any(each.day is None or each.day.last >= since for each in series)
    reason = Reason.IMPRECISE if perhaps else Reason.STALE
    return unknown(reason, _shown(case, fact, series[0]), way=fact.way)


def _says_something(case: PatientCase, fact: Fact, result: Result) -> bool:
    return result.value is not None or (
        fact.kind == "statement" and _spoken(case, fact, result.hit) is not None
    )


def _spoken(case: PatientCase, fact: Fact, hit: Hit) -> str | Remark | None:
    """What a finding in words says; a no, or words that say nothing was assessed, are none."""
    if has_content(case, hit.element, fact.says_nothing):
        if answer_in(case, hit.element) == "no":
            return None
        sent = [hit.element.get(key) for key in ("valueCodeableConcept", "valueString")]
        texts = [wording for value in sent for wording in (*names(value), text(value)) if wording]
        return texts[0] if texts else DOCUMENTED if _plainly(case, hit) else None
    parts = objects(hit.element.get("component"))
    documented = any(
        has_content(case, part, fact.says_nothing) and answer_in(case, part) != "no"
        for part in parts
    )
    return DOCUMENTED if documented else None


def _plainly(case: PatientCase, hit: Hit) -> bool:
    return answer_in(case, hit.element) == "yes" or "valueCodeableConcept" in hit.element


def _shown(case: PatientCase, fact: Fact, result: Result) -> Evidence:
    if result.value is not None:
        return result.shown(case, fact)
    return evidence(
        case,
        result.hit,
        remark("labelled", label=fact.label, shown=_spoken(case, fact, result.hit) or DOCUMENTED),
        when(result.hit),
    )
