"""The rows of a dose table that fit a patient: bands of age and weight are half-open."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.facts.age import age_in_words, age_of, born, months_known
from service.facts.case import Case
from service.facts.fact import Band
from service.facts.measurements.results import finding_of_newest, newest_results, results
from service.facts.recorded import recorded
from service.fhir.values.days import DayRange
from service.fhir.values.quantity import Measure
from service.memo import per_case
from service.policy.finding import Evidence, Finding, Remark, met, remark, unknown
from service.policy.operators import Recorded, Regimen
from service.policy.truth import Reason, Truth, Way

# Used if no row for that age needs a weight.
NO_WEIGHT: tuple[list[Measure | None], Finding] = ([None], met())


@dataclass(frozen=True, slots=True)
class Fitting:
    """The bands that may fit, whether that is certain, and the weight that decides between them.

    Each of the choices holds the rows of one indication, age and weight: any of them is labelled.
    """

    choices: tuple[tuple[Band, ...], ...]
    weight: Finding
    certain: bool = False

    @property
    def bands(self) -> tuple[Band, ...]:
        """Every row once."""
        return tuple(dict.fromkeys(band for rows in self.choices for band in rows))

    @property
    def shown(self) -> tuple[Evidence, ...]:
        """The weight, where a band needed it."""
        return self.weight.evidence if any(band.needs_weight for band in self.bands) else ()


@per_case
def fitting_bands(case: Case, asked: Regimen) -> Fitting:
    """The labelled bands for the live indications at the patient's age and weight."""
    birth = born(case)
    if birth is None:
        return Fitting((), unknown(Reason.NOT_FOUND))
    ages = set(months_known(case, birth))
    rows = [
        band for band in case.knowledge.regimens[asked.of] if band.indication in case.indications
    ]
    weighed = any(band.needs_weight for age in ages for band in _fitting(rows, age, None))
    weights, finding = _weights(case, asked, min(ages)) if weighed else NO_WEIGHT
    exact = [point for weight in weights for point in _exact_weights(rows, weight)]
    fits = [_fitting(rows, a, w) for a in ages for w in exact]
    doses = {_doses(bands) for bands in fits}
    choices = tuple(dict.fromkeys(rows for bands in fits for rows in _by_indication(bands)))
    if len(doses) > 1 and finding.truth is Truth.MET:
        reason = Reason.CONFLICT if len(ages) == 1 and len(weights) > 1 else Reason.IMPRECISE
        return Fitting(choices, unknown(reason, *finding.evidence, way=Way.TEST), certain=False)
    weightless = not any(band.needs_weight for rows in choices for band in rows)
    certain = len(doses) == 1 and (finding.truth is Truth.MET or weightless)
    return Fitting(choices, finding, certain=certain)


def label_begins(case: Case, asked: Regimen, birth: DayRange) -> Remark | None:
    """From which age, or which weight at this age, the label has a dose, for a patient below it."""
    rows = [
        band for band in case.knowledge.regimens[asked.of] if band.indication in case.indications
    ]
    age = max(months_known(case, birth))
    youngest = min((band.age_from for band in rows), default=0)
    if age < youngest:
        return remark("too_young_for_label", age=age_in_words(case, birth), begins=age_of(youngest))
    weights, _ = _weights(case, asked, age)
    of_age = [band.weight_from for band in rows if _fits(band, age, None)]
    known_weights = [weight for weight in weights if weight is not None]
    if (
        not known_weights
        or not of_age
        or any(weight.high >= min(of_age) for weight in known_weights)
    ):
        return None
    return remark("too_light_for_label", weight=float(min(of_age)))


def _by_indication(rows: list[Band]) -> list[tuple[Band, ...]]:
    names = dict.fromkeys(band.indication for band in rows)
    return [tuple(band for band in rows if band.indication == name) for name in names]


def _fitting(rows: list[Band], age: int, weight: Measure | None) -> list[Band]:
    return [band for band in rows if _fits(band, age, weight)]


def _exact_weights(rows: list[Band], weight: Measure | None) -> list[Measure | None]:
    """A weight that is not exact (`> 58 kg`) as one exact weight in each band that it may lie in."""
    if weight is None or weight.exact:
        return [weight]
    edges = {edge for band in rows for edge in (band.weight_from, band.weight_below) if edge}
    inside = {
        edge
        for edge in edges
        if weight.low < edge < weight.high or (edge == weight.high and not weight.high_open)
    }
    return [Measure(edge, edge) for edge in sorted({weight.low, *inside})]


def _doses(rows: list[Band]) -> frozenset[tuple[float | None, ...]]:
    """The rows by what they say, so that two rows of one dose do not differ."""
    return frozenset(
        (band.loading_mg, band.dose_mg, band.interval_days, band.unit_mg, band.units_first_28_days)
        for band in rows
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
    series = results(case, fact)
    finding = finding_of_newest(case, fact, series, lambda _: Truth.MET, case.back(span))
    if finding.truth is not Truth.MET:
        return [None], finding
    return [result.value for result in newest_results(series)], finding


def disease_labelled_with(case: Case, band: Band) -> str | None:
    """The disease on record with which the row is the labelled one; None where none is."""
    birth = born(case)
    age = min(months_known(case, birth)) if birth else 0
    for disease in band.labelled_with:
        if (
            age >= disease.from_age
            and recorded(case, Recorded(fact=(disease.fact,))).truth is Truth.MET
        ):
            return disease.says
    return None


def rows_by_record(case: Case, rows: Sequence[Band]) -> tuple[Sequence[Band], str | None]:
    """The rows that a disease on record asks for, with that disease; else those that need none."""
    with_disease = [(band, says) for band in rows if (says := disease_labelled_with(case, band))]
    if with_disease:
        return [band for band, _ in with_disease], with_disease[0][1]
    return [band for band in rows if not band.only_with] or rows, None
