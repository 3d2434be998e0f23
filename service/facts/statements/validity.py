"""How long a statement counts: by its age for the policy, and by what each criterion asks it to decide.

A statement may count for the policy and be too old for one criterion, or made before it could be known.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from service.facts.case import Case, dated, days_back, evidence, last_day
from service.facts.supply.first_dose import first_dose
from service.facts.supply.start_of_supply import another_began_after, began_after, filled_after
from service.fhir.elements import cited, read, type_and_id
from service.fhir.values.days import LAST, parse_day
from service.policy.finding import STATED, Evidence, Finding, Remark, remark, unknown
from service.policy.model import Policy
from service.policy.operators import Operator, Supply
from service.policy.subject_of_answer import NOTHING_OF_ITS_OWN, SpeaksOf
from service.policy.truth import Reason, Truth, Way


class Validity(NamedTuple):
    """The days on which an answer counts: made from `oldest` to `today`, and up to which day."""

    oldest: int
    today: int
    until: Callable[[int], int]


def validity_on(policy: Policy, day: date) -> Validity:
    """Which days of statements count for a policy version on a day: none from before it came into force."""
    today = day.toordinal()
    oldest = max(days_back(today, policy.statements_valid), policy.effective.toordinal())
    return Validity(
        oldest, today, lambda made: counts_until(policy, date.fromordinal(made)).toordinal()
    )


def counts_until(policy: Policy, day: date) -> date:
    """The last day on which a statement of a day counts: by its age, or until the policy version ends."""
    last = date.fromordinal(last_day(day.toordinal(), policy.statements_valid))
    return last if policy.until is None else min(last, policy.until)


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


def not_counted(stated: Finding, why: Remark) -> Finding:
    """A statement that counts for the policy, where it does not count for a criterion, and why."""
    proofs = tuple(
        proof._replace(value=remark("stated_in_vain", stated=_without_last_day(proof), why=why))
        if proof.kind == STATED
        else proof
        for proof in stated.evidence
    )
    miss = remark("not_counted", why=why)
    return unknown(Reason.ATTESTATION, *proofs, way=Way.ATTESTATION, miss=miss)


def _without_last_day(proof: Evidence) -> str | Remark:
    said = proof.value
    return said.changed(until=None) if isinstance(said, Remark) else said


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
    for fill in filled_after(case, about.excluded, made):
        yield remark("record_is_newer", shown=dated(evidence(case, fill.hit, fill.display)))


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
