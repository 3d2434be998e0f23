"""The rows of a dose table that fit a patient: bands of age and weight are half-open."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.facts.birth import age_in_words, age_of, born, months_known
from service.facts.case import Case
from service.facts.measurements.results import by_latest, newest, results
from service.facts.model import Band
from service.facts.recorded import recorded
from service.fhir.values.days import DayRange
from service.fhir.values.quantity import Measure
from service.memo import per_case
from service.policy.finding import Evidence, Finding, met, unknown
from service.policy.operators import Recorded, Regimen
from service.policy.remark import Remark, remark
from service.policy.truth import Reason, Truth, Way

# Where no row of that age asks for a weight, none is looked for.
NO_WEIGHT: tuple[list[Measure | None], Finding] = ([None], met())


@dataclass(frozen=True, slots=True)
class Fitting:
    """The bands that may fit, whether that is certain, and the weight that tells them apart.

    Each of the choices holds the rows of one indication, age and weight: any of them is labelled.
    """

    choices: tuple[tuple[Band, ...], ...]
    weight: Finding
    certain: bool = False

    @property
    def bands(self) -> tuple[Band, ...]:
        """Every row once."""
        return tuple(dict.fromkeys(one for rows in self.choices for one in rows))

    @property
    def shown(self) -> tuple[Evidence, ...]:
        """The weight, where a band needed it."""
        return self.weight.evidence if any(one.needs_weight for one in self.bands) else ()


@per_case
def fitting_bands(case: Case, asked: Regimen) -> Fitting:
    """The labelled bands for the live indications at the patient's age and weight."""
    birth = born(case)
    if birth is None:
        return Fitting((), unknown(Reason.NOT_FOUND))
    ages = set(months_known(case, birth))
    rows = [one for one in case.knowledge.regimens[asked.of] if one.indication in case.indications]
    weighed = any(one.needs_weight for age in ages for one in _fitting(rows, age, None))
    weights, finding = _weights(case, asked, min(ages)) if weighed else NO_WEIGHT
    fits = [_fitting(rows, a, w) for a in ages for w in weights]
    doses = {_doses(found) for found in fits}
    choices = tuple(dict.fromkeys(rows for found in fits for rows in _by_indication(found)))
    if len(doses) > 1 and finding.truth is Truth.MET:
        reason = Reason.CONFLICT if len(ages) == 1 and len(weights) > 1 else Reason.IMPRECISE
        return Fitting(choices, unknown(reason, *finding.evidence, way=Way.TEST), certain=False)
    weightless = not any(one.needs_weight for rows in choices for one in rows)
    certain = len(doses) == 1 and (finding.truth is Truth.MET or weightless)
    return Fitting(choices, finding, certain=certain)


def label_begins(case: Case, asked: Regimen, birth: DayRange) -> Remark | None:
    """From which age, or which weight at this age, the label has a dose, for a patient below it."""
    rows = [one for one in case.knowledge.regimens[asked.of] if one.indication in case.indications]
    age = max(months_known(case, birth))
    youngest = min((one.age_from for one in rows), default=0)
    if age < youngest:
        return remark("too_young_for_label", age=age_in_words(case, birth), begins=age_of(youngest))
    weights, _ = _weights(case, asked, age)
    of_age = [one.weight_from for one in rows if _fits(one, age, None)]
    known = [one for one in weights if one is not None]
    if not known or not of_age or any(one.high >= min(of_age) for one in known):
        return None
    return remark("too_light_for_label", weight=float(min(of_age)))


def _by_indication(rows: list[Band]) -> list[tuple[Band, ...]]:
    names = dict.fromkeys(one.indication for one in rows)
    return [tuple(one for one in rows if one.indication == name) for name in names]


def _fitting(rows: list[Band], age: int, weight: Measure | None) -> list[Band]:
    return [one for one in rows if _fits(one, age, weight)]


def _doses(rows: list[Band]) -> frozenset[tuple[float | None, ...]]:
    """The rows by what they say, so that two rows of one dose do not differ."""
    return frozenset(
        (one.loading_mg, one.dose_mg, one.interval_days, one.unit_mg, one.units_first_28_days)
        for one in rows
    )


def _fits(band: Band, age: int, weight: Measure | None) -> bool:
    right_age = age >= band.age_from and (band.age_below is None or age < band.age_below)
    if weight is None:
        return right_age
    heavy_enough = weight.high >= band.weight_from
    light_enough = band.weight_below is None or weight.low < band.weight_below
    return right_age and heavy_enough and light_enough


def _weights(case: Case, asked: Regimen, age: int) -> tuple[list[Measure | None], Finding]:
    """The newest weights, not older than the policy allows for a child or an adult."""
    fact = case.knowledge.facts[asked.weight]
    child = age < asked.child_below.months
    span = asked.weight_within_child if child else asked.weight_within_adult
    found = results(case, fact)
    finding = by_latest(case, fact, found, lambda _: Truth.MET, case.back(span))
    if finding.truth is not Truth.MET:
        return [None], finding
    return [one.value for one in newest(found)], finding


def disease_beside(case: Case, band: Band) -> str | None:
    """The disease on record with which the row is the labelled one; None where none is."""
    birth = born(case)
    age = min(months_known(case, birth)) if birth else 0
    for one in band.labelled_with:
        if age >= one.from_age and recorded(case, Recorded(fact=(one.fact,))).truth is Truth.MET:
            return one.says
    return None


def rows_by_record(case: Case, rows: Sequence[Band]) -> tuple[Sequence[Band], str | None]:
    """The rows that a disease on record asks for, with that disease; else those that need none."""
    found = [(one, says) for one in rows if (says := disease_beside(case, one))]
    if found:
        return [one for one, _ in found], found[0][1]
    return [one for one in rows if not one.only_with] or rows, None
