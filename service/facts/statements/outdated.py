"""Whether a statement is too old for what it is to decide, though it counts for the policy as such."""

from collections.abc import Iterator
from datetime import date

from service.facts.case import Case, dated, days_back, last_day
from service.facts.statements.stated_answers import not_counted
from service.facts.supply.begun import another_began_after, began_after
from service.facts.supply.first_dose import first_dose
from service.fhir.elements import cited, read, type_and_id
from service.fhir.values.days import LAST, parse_day
from service.policy.finding import STATED, Evidence, Finding, Remark, remark
from service.policy.operators import Operator, Supply
from service.policy.speaks_of import NOTHING_OF_ITS_OWN, SpeaksOf
from service.policy.truth import Truth


def for_its_day(case: Case, id_: str, stated: Finding) -> Finding:
    """A statement under a criterion: as it is, counting a shorter time, or not counted and why.

    It counts only where it is not older than what it speaks of.
    """
    about = case.speaks_of.get(id_, NOTHING_OF_ITS_OWN)
    made = _made(stated)
    if made is None or about == NOTHING_OF_ITS_OWN:
        return stated
    why = _too_early(case, about, made)
    if why is None and stated.truth is Truth.MET:
        why = next(_newer(case, about, made), None)
    why = why or _too_old(case, about, made)
    if why is not None:
        return not_counted(stated, why)
    return stated._replace(
        evidence=tuple(_until_at_most(case, about, one) for one in stated.evidence)
    )


def _made(stated: Finding) -> int | None:
    """The day of the newest statement of a finding."""
    days = (one.date for one in stated.evidence if one.kind == STATED and one.date)
    return max((date.fromisoformat(day).toordinal() for day in days), default=None)


def _too_early(case: Case, about: SpeaksOf, made: int) -> Remark | None:
    """Why it was made before anybody could know it."""
    first = _known_first_dose(case) if about.on_the_drug else None
    if first is not None and made < first:
        return remark("before_first_dose", day=date.fromordinal(first))
    began = began_after(case, about.trial, made) if about.trial else None
    return None if began is None else remark("before_trial", day=date.fromordinal(began))


def _known_first_dose(case: Case) -> int | None:
    first = first_dose(case)
    return None if first is None or first.last == LAST else first.last


def _too_old(case: Case, about: SpeaksOf, made: int) -> Remark | None:
    """Why what it speaks of is too long ago."""
    last = _last_day(case, about, made)
    if last is None or case.today <= last:
        return None
    return remark("too_old_for_it", day=date.fromordinal(last))


def _last_day(case: Case, about: SpeaksOf, made: int) -> int | None:
    """The last day on which a statement of that day counts here; None if nothing here limits it."""
    first = first_dose(case) if about.before_treatment else None
    if first is None:
        return min((last_day(made, span) for span in about.within), default=None)
    # made on the drug it looks back, and nothing of what it speaks of changes any more
    held = [days_back(first.first, span) <= made for span in about.baseline_within]
    return None if all(held) else min(last_day(made, span) for span in about.baseline_within)


def _newer(case: Case, about: SpeaksOf, made: int) -> Iterator[Remark]:
    """What the record shows of later days, and the statement says that there is none."""
    for operator in about.rules_out:
        found = case.ask(operator)
        if found.truth is Truth.NOT_MET:
            continue
        for entry in (_as_recorded(case, shown) for shown in found.evidence):
            if _begins_after(case, operator, entry, made):
                yield remark("record_is_newer", shown=dated(entry))


def _as_recorded(case: Case, shown: Evidence) -> Evidence:
    """An entry of the record with the last of its days: one of an older onset may be recorded later."""
    type_ = (shown.reference or "").partition("/")[0]
    days = [
        (day.last, value if day.first < day.last else date.fromordinal(day.last).isoformat())
        for source in case.knowledge.sources.values()
        if source.type == type_ and source.kind == "record"
        for resource in case.record.resources.get(type_, ())
        if cited(type_and_id(resource)) == shown.reference
        for steps in source.dates
        for value in read(steps, resource)
        if isinstance(value, str)
        and (day := parse_day(value, case.record.calendar.zone)) is not None
    ]
    return shown._replace(date=max(days)[1]) if days else shown


def _begins_after(case: Case, operator: Operator, entry: Evidence, made: int) -> bool:
    """Whether an entry is about what began after the day; a supply that goes on began earlier."""
    first, _, last = (entry.date or "").partition(" to ")
    day = parse_day(first)
    if entry.kind == STATED or day is None or (day.first if last else day.last) <= made:
        return False
    if isinstance(operator, Supply) and began_after(case, operator, 0) is not None:
        return another_began_after(case, operator, made) is not None
    return True


def _until_at_most(case: Case, about: SpeaksOf, shown: Evidence) -> Evidence:
    """A statement as it is shown, with the last day on which it counts here."""
    said = shown.value
    if shown.kind != STATED or not shown.date or not isinstance(said, Remark):
        return shown
    last = _last_day(case, about, date.fromisoformat(shown.date).toordinal())
    until = dict(said.values).get("until")
    if last is None or not isinstance(until, date) or until.toordinal() <= last:
        return shown
    return shown._replace(value=said.changed(until=date.fromordinal(last)))
