"""A grade of a disease: what its code, its severity, the order's reason or a score names."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import partial

from service.facts.case import Case, PatientCase, evidence
from service.facts.evidence import not_understood
from service.facts.fact import Fact, Scale
from service.facts.indications import reasons_that_stand
from service.facts.measurements.baseline import baseline_window, perhaps_last_before
from service.facts.measurements.results import Result, newest_results, results
from service.facts.supply.first_dose import first_dose
from service.fhir.elements import names, objects, read, same_name
from service.fhir.hit import Hit
from service.fhir.resource_types import CONDITION
from service.fhir.terminology.names_in_text import split
from service.fhir.terminology.terminology import Entry
from service.fhir.values.days import parse_when
from service.fhir.values.quantity import Measure, number
from service.memo import per_patient
from service.policy.finding import Evidence, Finding, Remark, met, not_met, remark, unknown
from service.policy.operators import Recorded
from service.policy.truth import Reason, Way


def on_asked_scale(fact: Fact, asked: str | None, series: Sequence[Result]) -> list[Result]:
    """The results, with a value only if the record shows that it is on the scale asked for."""
    if asked is None or fact.kind != "score":
        return list(series)
    scale = fact.scales[asked]
    return [
        Result(result.hit, result.day, partial(_value, result, scale), worked_out=result.worked_out)
        for result in series
    ]


def _value(result: Result, scale: Scale) -> Measure | None:
    fits = (
        result.value is not None
        and scale.low <= result.value.low
        and result.value.high <= scale.high
    )
    return result.value if fits and on_scale(result, scale) else None


def on_scale(result: Result, scale: Scale) -> bool:
    """Whether the record names the scale, or gives its ends as the reference range."""
    element, resource = result.hit.element, result.hit.resource
    scale_names = (*names(element.get("code")), *names(resource.get("method")))
    if {*map(same_name, scale_names)} & set(scale.names):
        return True
    ranges = objects(element.get("referenceRange"))
    return any(
        number(_end(range_, "low")) == scale.low and number(_end(range_, "high")) == scale.high
        for range_ in ranges
    )


def _end(range_: dict[str, object], end: str) -> object:
    quantity = range_.get(end)
    return quantity.get("value") if isinstance(quantity, dict) else None


SEVERITY = ("severity",)
MOST_WORDS = 50
LONGEST_GRADE = 3  # words


def grade(case: Case, fact: Fact, asked: Recorded) -> Finding:
    """A grade that the record states: the diagnosis's severity, or a score whose scale names it."""
    counting = _counting(case, fact)
    since = _since(case, asked)
    listed = [
        _if_recent(fact, hit, named_grade, since if asked.within else None)
        for hit, named_grade in _stated(case, fact)
    ]
    stated = [*(one for one in listed if one[0]), *_on_order(case, fact)]
    scored = [one for one in listed if not one[0]]
    scored += [
        named_grade
        for name, scale in fact.scales.items()
        for named_grade in _scored(case, fact, asked, (name, scale), since)
    ]
    grades = stated + [named_grade for named_grade in scored if named_grade[0]]
    shown = tuple(named_grade[1] for named_grade in (stated + scored)[:4])
    enough = {named in fact.enough for named, _ in grades}
    against = list(_worded(case, fact, counting, enough)) if len(enough) == 1 else []
    if against:
        return unknown(Reason.CONFLICT, *shown, *against[:2], way=Way.ATTESTATION)
    if enough == {True}:
        return met(*shown)
    if enough == {True, False}:
        return unknown(Reason.CONFLICT, *shown, way=Way.ATTESTATION)
    # A drug may lower a grade: once treated, too low a grade decides only where today's is asked for.
    decides = asked.pick == "latest" or first_dose(case) is None
    open_ = not_understood(case.hits(fact.sources, fact.value_sets))
    if enough == {False} and decides and not (scored or open_):
        return not_met(*shown, miss=remark("documented_as", grade=grades[0][0]))
    return unknown(Reason.ATTESTATION, *shown, way=Way.ATTESTATION)


@per_patient
def _counting(case: PatientCase, fact: Fact) -> list[Hit]:
    return [hit for hit in case.hits(fact.sources, fact.value_sets) if hit.standing == "counts"]


@per_patient
def _stated(case: PatientCase, fact: Fact) -> list[tuple[Hit, tuple[str, Evidence]]]:
    """The grades that the entries of the record state, each with its entry."""
    return [
        (hit, named_grade)
        for hit in _counting(case, fact)
        for named_grade in _severity(case, fact, hit)
    ]


def _if_recent(
    fact: Fact, hit: Hit, named_grade: tuple[str, Evidence], since: int | None
) -> tuple[str, Evidence]:
    """A grade of an entry, without its name if it was recorded before the days that count.

    An onset says nothing of the day of the grade; an entry without another day is one of today.
    """
    named, shown = named_grade
    paths = (steps for steps in hit.source.dates if steps not in hit.source.doubts.begun)
    written = (value for steps in paths for value in read(steps, hit.resource))
    days = [day for value in written if (day := parse_when(value, hit.calendar.zone)) is not None]
    recorded = max(days, key=lambda day: day.last, default=None)
    if since is None or recorded is None or recorded.last >= since:
        return named_grade
    wording = remark("graded", label=fact.label, number="", grade=named, recent=False)
    return "", shown._replace(date=str(recorded), value=wording)


def _since(case: PatientCase, asked: Recorded) -> int | None:
    """The first day (ordinal) from which a score counts; once treated, by the age a baseline may have."""
    start = first_dose(case)
    if start is not None:
        opens = baseline_window(case, start, asked.baseline_within).opens
        return opens.last if opens else None
    return case.back(asked.within) if asked.within else None


def _on_order(case: Case, fact: Fact) -> list[tuple[str, Evidence]]:
    """The grades that the codes of the order's reason name."""
    return [
        (
            named,
            Evidence(case.order.reference, None, _as_reason(entry.display), "record"),
        )
        for concept in _diseases_of(case, fact)
        for entry in case.record.entries_of_concept(concept)
        if entry.value_set in fact.value_sets and (named := _grade_of(fact, entry))
    ]


def _grade_of(fact: Fact, entry: Entry) -> str | None:
    named = entry.attributes.get("severity")
    return str(named) if named in {*fact.grades.values()} else None


def _severity(case: PatientCase, fact: Fact, hit: Hit) -> list[tuple[str, Evidence]]:
    """What its code and its severity name; each may be missing, and the two may disagree."""
    coded = {
        named: (named, evidence(case, hit, entry.display))
        for entry in hit.entries
        if entry.value_set in fact.value_sets and (named := _grade_of(fact, entry))
    }
    named_grades = [*coded.values()]
    named_grades += [
        (
            label,
            Evidence(
                hit.reference, None, remark("labelled", label=fact.label, shown=label), "record"
            ),
        )
        for label in _grades_in(case, fact, read(SEVERITY, hit.resource))
    ]
    return named_grades


def _worded(
    case: Case, fact: Fact, counting: Sequence[Hit], enough: AbstractSet[bool]
) -> Iterator[Evidence]:
    """Evidence whose words name only grades that contradict `enough`.

    Words never prove a grade, since the code beside them decides; they may contradict it.
    """
    for hit in counting:
        if against := _against_hit(case, fact, hit, frozenset(enough)):
            yield evidence(case, hit, remark("named", name=against))
    if against := _against(case, fact, _diseases_of(case, fact), enough):
        yield Evidence(case.order.reference, None, _as_reason(against), "record")


@per_patient
def _against_hit(case: PatientCase, fact: Fact, hit: Hit, enough: frozenset[bool]) -> str | None:
    """The first name of an entry that contradicts the grade; None if none does."""
    paths = (*hit.source.concepts, SEVERITY)
    concepts = [concept for steps in paths for concept in read(steps, hit.resource)]
    return _against(case, fact, concepts, enough)


def _as_reason(name: str) -> Remark:
    return remark("reason_for_order", name=name)


def _against(
    case: PatientCase, fact: Fact, concepts: Sequence[object], enough: AbstractSet[bool]
) -> str | None:
    """The first name among these concepts that contradicts the grade; None if none does."""
    for name in (name for concept in concepts for name in names(concept)):
        words = split(name)[:MOST_WORDS]
        pieces = (
            " ".join(words[start : start + length])
            for start in range(len(words))
            for length in range(1, LONGEST_GRADE + 1)
        )
        sides = {
            fact.grades[entry.value_set] in fact.enough
            for piece in pieces
            for entry in case.record.entries_of_name(piece)
            if entry.value_set in fact.grades
        }
        if sides and sides.isdisjoint(enough):
            return name
    return None


def _diseases_of(case: Case, fact: Fact) -> list[object]:
    """The concepts of the order's reason that name the disease which is graded."""
    sources = (case.knowledge.sources[place.source] for place in fact.sources)
    diagnoses = next((source for source in sources if source.type == CONDITION), None)
    if diagnoses is None:
        return []
    return [
        concept
        for concept in reasons_that_stand(case.record, case.order.resource, diagnoses)
        if any(
            entry.value_set in fact.value_sets for entry in case.record.entries_of_concept(concept)
        )
    ]


def _grades_in(case: PatientCase, fact: Fact, concepts: Sequence[object]) -> list[str]:
    """The grades that a coded or written answer names, by its codes and by each of its names."""
    called = [{"text": name} for concept in concepts for name in names(concept)]
    entries_of_all = (
        entries
        for concept in (*concepts, *called)
        for entries in case.record.entries_of_concept(concept)
    )
    sets = (entry.value_set for entry in entries_of_all)
    return list(
        dict.fromkeys(fact.grades[value_set] for value_set in sets if value_set in fact.grades)
    )


def _scored(
    case: PatientCase,
    grade_: Fact,
    asked: Recorded,
    scored_by: tuple[str, Scale],
    since: int | None,
) -> list[tuple[str, Evidence]]:
    """The grades of the last scores before treatment, else of the newest; empty where they leave it open."""
    name, scale = scored_by
    series = results(case, case.knowledge.facts[name])
    return [
        _graded(case, grade_, name, scale, result, since)
        for result in _before_treatment(case, asked, series) or newest_results(series)
    ]


def _before_treatment(case: PatientCase, asked: Recorded, series: Sequence[Result]) -> list[Result]:
    """The scores that may be the baseline, where one is asked for."""
    start = first_dose(case)
    if start is None or asked.pick != "baseline_if_treated":
        return []
    not_too_old = baseline_window(case, start, asked.baseline_within).recent_enough(series)
    return perhaps_last_before(not_too_old, start)


def _graded(
    case: PatientCase, grade_: Fact, name: str, scale: Scale, result: Result, since: int | None
) -> tuple[str, Evidence]:
    recent = since is None or (result.day is not None and result.day.first >= since)
    if result.value is None:
        in_words = _in_words(case, grade_, result.hit)
        named, figure = in_words[0] if len(in_words) == 1 else "", ""
    else:
        exact = result.value.exact and on_scale(result, scale)
        named, figure = (
            scale.grades.get(result.value.low, "") if exact else "",
            result.value.show(""),
        )
    label = case.knowledge.facts[name].label
    wording = remark("graded", label=label, number=figure, grade=named, recent=recent)
    return named if recent else "", evidence(case, result.hit, wording)


def _in_words(case: PatientCase, grade_: Fact, hit: Hit) -> list[str]:
    """The grades that the value of a score names itself, which need no scale."""
    sent = [hit.element.get("valueCodeableConcept"), {"text": hit.element.get("valueString")}]
    return _grades_in(case, grade_, [value for value in sent if value])
