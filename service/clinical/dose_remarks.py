"""Remarks on the ordered dose that follow from the label; they never change the coverage outcome."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from service.clinical.devices import device_remark, strength_remark
from service.clinical.stages import Beginning, Begins
from service.clinical.suggestions import DoseRemark
from service.facts.case import Case
from service.facts.fact import Band, Label
from service.facts.order.dose_bands import Fitting, fitting_bands, rows_by_record
from service.facts.order.doses import ROUNDING, Doses
from service.facts.order.ordered_doses import (
    doses_of_order,
    doses_of_other_drafts,
    largest_reading,
    summed_doses,
)
from service.facts.order.regimen import in_words, less_than, notice_of, regimen
from service.policy.finding import Remark, remark
from service.policy.operators import Regimen
from service.policy.truth import Truth, Way

# Values of the texts if no policy judges: there is no payer's limit and no reviewer to name.
ALONE = {"alone": "yes", "reviewed": "", "allowed": "", "renewal": ""}
Rows = Sequence[Band]


class LabelRows(NamedTuple):
    """The label's rows for one disease with which the order is compared.

    `other_disease` is another disease on record that requires these rows; None if there is none.
    """

    rows: Rows
    other_disease: str | None = None


def dose_remarks(
    case: Case,
    asked: Regimen,
    beginning: Beginning,
    titles: Mapping[str, str],
    *,
    allowed: bool = False,
) -> tuple[DoseRemark, ...]:
    """Remarks on a dose below the label, a missing or needless loading dose, a product that does not fit.

    `allowed` means that the payer's limit is met: a needless loading dose is then no coverage problem.
    """
    products = (strength_remark(case, asked), device_remark(case, asked))
    ordered = _ordered(case)
    fitting = fitting_bands(case, asked)
    remarks = []
    labelled = fitting.bands and all(band.dose_mg for band in fitting.bands)
    if ordered and fitting.certain and labelled:
        remarks = [*_of_doses(case, asked, ordered, beginning, titles, allowed=allowed)]
    return (*remarks, *(each for each in products if each is not None))


def remarks_alone(
    case: Case, label: Label, beginning: Beginning
) -> tuple[tuple[DoseRemark, ...], bool]:
    """Remarks on an order that no policy judges, and whether a corrected order should be proposed."""
    titles = {name: indication.title for name, indication in label.indications.items()}
    remarks = dose_remarks(case, label.asked, beginning, titles)
    reworded = [replace(each, values={**each.values, **ALONE}) for each in remarks]
    finding = regimen(case, label.asked) if case.indications else None
    if finding is None or finding.truth is Truth.MET or not finding.miss:
        return tuple(reworded), any(each.is_repaired for each in reworded)
    above = finding.truth is Truth.NOT_MET
    is_wrong = above or finding.way is Way.ORDER
    kind = "above" if above else "open"
    reworded.insert(0, DoseRemark(kind, {"miss": finding.miss}, is_repaired=is_wrong))
    return tuple(reworded), any(each.is_repaired for each in reworded)


def other_diseases(case: Case, label: Label, active: Iterable[str]) -> Iterator[DoseRemark]:
    """Other diseases on record, not named as the order's reason, whose labelled dose differs."""
    ordered = {_dose(band) for band in fitting_bands(case, label.asked).bands}
    if not ordered:
        return
    for id_ in active:
        if id_ in case.indications:
            continue
        alone = case.for_indication(id_)
        fitting = fitting_bands(alone, label.asked)
        rows = [band for band in fitting.bands if band.dose_mg and not band.general]
        if not rows or not fitting.certain or ordered & {_dose(band) for band in rows}:
            continue
        words = tuple(in_words(Doses(band.dose_mg, band.interval_days)) for band in rows)
        title = label.indications[id_].title
        values: dict[str, str | Remark] = {
            "disease": f"{title[0].upper()}{title[1:]}",
            "label": remark("either", items=words),
        }
        yield DoseRemark("other", values, is_repaired=False)


def _dose(band: Band) -> tuple[float | None, float | None]:
    return band.dose_mg, band.interval_days


def _ordered(case: Case) -> Doses | None:
    """The highest dose that this order and the other drafts add up to; None without dose and interval."""
    ordered = doses_of_order(case)
    if not ordered.readings:
        return None
    others = doses_of_other_drafts(case)
    whole = largest_reading(ordered.readings)
    whole = summed_doses(whole, others) if others else whole
    return whole if whole.interval_days and whole.dose_mg else None


def _of_doses(
    case: Case,
    asked: Regimen,
    ordered: Doses,
    beginning: Beginning,
    titles: Mapping[str, str],
    *,
    allowed: bool,
) -> Iterator[DoseRemark]:
    fitting = fitting_bands(case, asked)
    choices = {rows[0].indication: _held(case, ordered, rows) for rows in fitting.choices}
    starts = beginning.is_start or (
        beginning.begins is Begins.UNKNOWN and ordered.loading_mg is not None
    )
    higher = {
        id_: LabelRows(_higher(ordered, held.rows, starts=starts), held.other_disease)
        for id_, held in choices.items()
    }
    below = {id_: held for id_, held in higher.items() if held.rows}
    named = below if len(below) == len(choices) or case.order.reason_given else {}
    values: dict[str, str | Remark] = {
        "ordered": in_words(ordered),
        "shown": _shown(fitting),
    }
    if named:
        yield _below(ordered, named, values, fitting, titles, starts=starts)
    due = {id_: held for id_, held in choices.items() if _has_loading(ordered, held.rows)}
    kind = _loading_kind(ordered, beginning.begins, asked.phase, told=due.keys() <= named.keys())
    if due and kind:
        values |= _other_diseases_of(due, titles) | {
            "label": _labels(due, starts=True),
            "goes_on": _labels(due, starts=False),
            "disease": "" if len(due) == len(choices) else _names(due, titles),
            "until": date.fromordinal(beginning.until).isoformat() if beginning.until else "",
            "renewal": "yes" if asked.phase == "renewal" else "",
            "allowed": "yes" if allowed and asked.phase == "initial" else "",
        }
        is_repaired, notices = kind != "loading_asked", _notices(due, fitting)
        yield DoseRemark(kind, values, is_repaired=is_repaired, replaces=notices)


def _below(
    ordered: Doses,
    named: Mapping[str, LabelRows],
    values: Mapping[str, str | Remark],
    fitting: Fitting,
    titles: Mapping[str, str],
    *,
    starts: bool,
) -> DoseRemark:
    """The remark on a dose below the label; its kind is `mixed` if some part of the dose is above it."""
    rows = [band for held in named.values() for band in held.rows]
    single = any((ordered.dose_mg or 0.0) > (band.dose_mg or 0.0) for band in rows)
    first = any((ordered.loading_mg or 0.0) > (band.loading_mg or 0.0) for band in rows)
    figures: dict[str, str | Remark] = {
        "label": _labels(named, starts=starts),
        "disease": _names(named, titles),
        "general": "yes" if all(band.general for band in rows) else "",
        "single": "yes" if single else "",
        "first": "yes" if first else "",
        "chosen": "",
        "alone": "",
    }
    replaces = frozenset(map(less_than, fitting.bands)) | _notices(named, fitting)
    kind = "mixed" if single or first else "below"
    return DoseRemark(
        kind, dict(values) | figures | _other_diseases_of(named, titles), replaces=replaces
    )


def _has_loading(ordered: Doses, rows: Rows) -> bool:
    """Whether every row has a loading dose and a maintenance dose of at least the ordered one."""
    dose = ordered.dose_mg or 0.0
    return all(band.loading_mg and dose <= (band.dose_mg or 0.0) for band in rows)


def _other_diseases_of(
    choices: Mapping[str, LabelRows], titles: Mapping[str, str]
) -> dict[str, str | Remark]:
    """Text values: diseases on record that require these rows, and whether a reviewer must decide.

    One of those that the remark is about is not named once more.
    """
    own = {titles.get(id_) for id_ in choices}
    with_other = [held for held in choices.values() if held.other_disease]
    alone = any(band.only_with for held in with_other for band in held.rows)
    each = dict.fromkeys(held.other_disease for held in with_other if held.other_disease)
    called = tuple(disease for disease in each if disease not in own)
    return {"beside": remark("together", items=called), "reviewed": "yes" if alone else ""}


def _notices(choices: Mapping[str, LabelRows], fitting: Fitting) -> frozenset[Remark]:
    """Notices of the rows that this remark replaces, since it names the other disease itself."""
    is_named = any(held.other_disease for held in choices.values())
    return frozenset(notice_of(band) for band in fitting.bands if is_named and band.notice)


def _names(choices: Iterable[str], titles: Mapping[str, str]) -> Remark:
    return remark("together", items=tuple(titles.get(id_, id_) for id_ in choices))


def _loading_kind(ordered: Doses, begins: Begins, phase: str, *, told: bool) -> str | None:
    """The kind of remark on the loading dose, None if there is none.

    `told` means that another remark already states the label's dose.
    """
    if begins is Begins.CONTINUES:
        return "loading_continued" if ordered.loading_mg else None
    if ordered.loading_mg:
        return None
    if begins is Begins.START:
        return None if told else "loading_start"
    if begins is Begins.RESTART:
        return "loading_restart"
    return "loading_asked" if phase == "initial" else None


def _held(case: Case, ordered: Doses, rows: Rows) -> LabelRows:
    """The rows to compare with: those for diseases on record and the ordered dose, if there are any."""
    fits, beside = rows_by_record(case, rows)
    return LabelRows([band for band in fits if band.dose_mg == ordered.dose_mg] or fits, beside)


def _higher(ordered: Doses, rows: Rows, *, starts: bool) -> Rows:
    """The rows whose dose over time or first dose is above the order's; empty if the order matches one."""
    rate = (ordered.dose_mg or 0.0) / (ordered.interval_days or 1.0)
    first = ordered.loading_mg if starts else None

    def is_above(band: Band) -> bool:
        labelled = (band.dose_mg or 0.0) / (band.interval_days or 1.0)
        if rate > labelled * ROUNDING:
            return False  # the order gives more over time, so its first dose does not matter
        return labelled > rate * ROUNDING or bool(first and first < (band.loading_mg or 0.0))

    def is_kept(band: Band) -> bool:
        same = abs(rate - (band.dose_mg or 0.0) / (band.interval_days or 1.0)) <= rate * (
            ROUNDING - 1
        )
        return same and not is_above(band)

    return () if any(map(is_kept, rows)) else tuple(filter(is_above, rows))


def _labels(choices: Mapping[str, LabelRows], *, starts: bool) -> Remark:
    doses = (
        in_words(Doses(band.dose_mg, band.interval_days, band.loading_mg if starts else None))
        for held in choices.values()
        for band in held.rows
    )
    return remark("either", items=tuple(dict.fromkeys(doses)))


def _shown(fitting: Fitting) -> Remark:
    """The facts, such as the weight, that selected the rows."""
    return remark("listing", items=tuple(dict.fromkeys(fact.value for fact in fitting.shown)))
