"""Whether another disease on the list may be why a drug was handed over without a reason."""

from collections.abc import Iterable, Sequence

from service.facts.case import Case, display, when
from service.facts.episodes.reasons import Why
from service.facts.model import Maker
from service.fhir.hit import Hit
from service.fhir.values.days import DayRange


def explained_by(case: Case, maker: Maker, start: DayRange, reason: Why) -> str:
    """The other disease by name; none where a reason is recorded or an exacerbation of that time is."""
    if reason is not Why.NOT_RECORDED or not maker.explained:
        return ""
    own = [one for one in maker.reasons if one not in maker.main]
    if any(_is_of_that_time(hit, maker, start) for hit in _listed(case, own)):
        return ""
    others = _listed(case, maker.explained)
    found = (one for one in others if _may_explain(one, maker, start))
    return next((display(one, maker.explained) for one in found), "")


def _listed(case: Case, value_sets: Sequence[str]) -> Iterable[Hit]:
    hits = case.record.hits(*value_sets) if value_sets else ()
    return (hit for hit in hits if hit.source.reason_of and hit.standing != "never")


def _may_explain(hit: Hit, maker: Maker, start: DayRange) -> bool:
    """A disease that is active had begun by then; one that is over had begun shortly before."""
    if hit.standing != "counts":
        return _is_of_that_time(hit, maker, start)
    day = when(hit)
    return day is None or day.first <= start.last + maker.gap


def _is_of_that_time(hit: Hit, maker: Maker, start: DayRange) -> bool:
    """Whether it began no longer before than a course lasts, nor after it is due."""
    day, longest = when(hit), maker.longest or maker.gap
    if day is None:
        return False
    return day.last >= start.first - longest and day.first <= start.last + maker.gap
