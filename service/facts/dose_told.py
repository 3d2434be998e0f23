"""What the label says of the ordered dose beside the payer's limit: told, and never part of coverage."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from service.facts.bands import Fitting, fitting_bands
from service.facts.beginning import Beginning, Begins
from service.facts.case import Case
from service.facts.devices import device_remark
from service.facts.dosing import Doses, doses
from service.facts.drafts_beside import doses_beside, most_of, together
from service.facts.model import Band
from service.facts.regimen import in_words, less_than
from service.facts.strength import reading_of
from service.policy.offer import DoseRemark
from service.policy.operators import Regimen

_ROUNDING = 1.001
Rows = Sequence[Band]


def dose_remarks(
    case: Case, asked: Regimen, beginning: Beginning, titles: Mapping[str, str]
) -> tuple[DoseRemark, ...]:
    """A dose below the label, a loading dose that is missing or not due, a device for older patients."""
    device = device_remark(case, asked)
    ordered = _ordered(case)
    fitting = fitting_bands(case, asked)
    found = []
    labelled = fitting.bands and all(one.dose_mg for one in fitting.bands)
    if ordered and fitting.certain and labelled:
        found = [*_of_doses(case, asked, ordered, beginning, fitting, titles)]
    return (*found, *([device] if device else ()))


def _ordered(case: Case) -> Doses | None:
    """What this order and the other drafts ask for together, at most; None where there is no interval."""
    said = doses(case.order.resource, reading_of(case))
    if not said.readings:
        return None
    others = doses_beside(case)
    whole = most_of(said.readings)
    whole = together(whole, others) if others else whole
    return whole if whole.interval_days and whole.dose_mg else None


def _of_doses(
    case: Case,
    asked: Regimen,
    ordered: Doses,
    beginning: Beginning,
    fitting: Fitting,
    titles: Mapping[str, str],
) -> Iterator[DoseRemark]:
    choices = {rows[0].indication: _rows(ordered, rows) for rows in fitting.choices}
    starts = beginning.is_start or (
        beginning.begins is Begins.UNKNOWN and ordered.loading_mg is not None
    )
    higher = {id_: _higher(ordered, rows, starts=starts) for id_, rows in choices.items()}
    below = {id_: rows for id_, rows in higher.items() if rows}
    named = below if len(below) == len(choices) or case.order.reason_given else {}
    values = {"ordered": in_words(ordered), "shown": _shown(fitting)}
    if named:
        rows = [one for those in named.values() for one in those]
        said = {
            "label": _labels(named, starts=starts),
            "disease": " and ".join(titles.get(id_, id_) for id_ in named),
            "general": "yes" if all(one.general for one in rows) else "",
        }
        replaces = frozenset(map(less_than, fitting.bands))
        yield DoseRemark("below", values | said, replaces=replaces)
    every = [one for rows in choices.values() for one in rows]
    dose = ordered.dose_mg or 0.0
    if not all(one.loading_mg and dose <= (one.dose_mg or 0.0) for one in every):
        return
    values["label"] = _labels(choices, starts=True)
    values["goes_on"] = _labels(choices, starts=False)
    values["until"] = date.fromordinal(beginning.until).isoformat() if beginning.until else ""
    values["renewal"] = "yes" if asked.phase == "renewal" else ""
    kind = _loading_kind(ordered, beginning.begins, asked.phase, told=bool(named))
    if kind:
        yield DoseRemark(kind, values, is_repaired=kind != "loading_asked")


def _loading_kind(ordered: Doses, begins: Begins, phase: str, *, told: bool) -> str | None:
    """What there is to say of the loading dose; `told` where the label stands on the card already."""
    if begins is Begins.CONTINUES:
        return "loading_continued" if ordered.loading_mg else None
    if ordered.loading_mg:
        return None
    if begins is Begins.START:
        return None if told else "loading_start"
    if begins is Begins.RESTART:
        return "loading_restart"
    return "loading_asked" if phase == "initial" else None


def _rows(ordered: Doses, rows: Rows) -> Rows:
    """The rows that the order is held against: those of its dose, else all; none for a disease beside it."""
    plain = [one for one in rows if not one.only_with] or rows
    return [one for one in plain if one.dose_mg == ordered.dose_mg] or plain


def _higher(ordered: Doses, rows: Rows, *, starts: bool) -> Rows:
    """The labelled rows that ask for more in the same time, or to start with; none where one is kept."""
    rate = (ordered.dose_mg or 0.0) / (ordered.interval_days or 1.0)
    first = ordered.loading_mg if starts else None

    def is_above(one: Band) -> bool:
        more = (one.dose_mg or 0.0) / (one.interval_days or 1.0) > rate * _ROUNDING
        return more or bool(first and first < (one.loading_mg or 0.0))

    def is_kept(one: Band) -> bool:
        same = abs(rate - (one.dose_mg or 0.0) / (one.interval_days or 1.0)) <= rate * (
            _ROUNDING - 1
        )
        return same and not is_above(one)

    return () if any(map(is_kept, rows)) else tuple(filter(is_above, rows))


def _labels(choices: Mapping[str, Rows], *, starts: bool) -> str:
    said = (
        in_words(Doses(one.dose_mg, one.interval_days, one.loading_mg if starts else None))
        for rows in choices.values()
        for one in rows
    )
    return " or ".join(dict.fromkeys(said))


def _shown(fitting: Fitting) -> str:
    """The weight that the row was found by."""
    return ", ".join(dict.fromkeys(one.value for one in fitting.shown))
