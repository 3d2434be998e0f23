"""Boundaries of doses: the order against each labelled dose, and how an inhaled dose changed."""

from collections.abc import Iterator
from datetime import timedelta

from service.boundary.boundary_patient import Scene, Variant, fits_age, fits_weight, typical_weight
from service.boundary.daily_doses import puffs_of
from service.facts.fact import Band
from service.json_object import Json
from service.policy.model import Criterion
from service.policy.operators import DoseTrend, Regimen
from service.policy.truth import Reason, Truth

MET, NOT_MET, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN


def regimen(scene: Scene, leaf: Criterion, asked: Regimen) -> Iterator[Variant]:
    """Each labelled dose at the edges of its age and weight, and an order of more than it."""
    for band in scene.bands:
        if band.general:
            continue
        yield from _of_band(scene, leaf, band)
    yield from _beyond(scene, leaf)
    usual = next((one for one in scene.bands if not one.general), None)
    if usual is not None:
        yield from _open(scene, leaf, asked, usual)


def _patient(scene: Scene, band: Band, months: int, weight: float) -> Json:
    given = scene.patient(months)
    given["weight"] = f"{weight:g} kg"
    given["order"] = scene.order(band, reason=given["order"]["reason"])
    return given


def _of_band(scene: Scene, leaf: Criterion, band: Band) -> Iterator[Variant]:
    months = max(band.age_from, 1)
    weight = _weight(band, months)
    youngest = _patient(scene, band, months, weight)
    yield Variant(leaf.id, MET, None, f"{band.id} as labelled, at the youngest age", youngest)
    if band.age_below is not None:
        oldest = _patient(scene, band, band.age_below - 1, _weight(band, band.age_below - 1))
        yield Variant(leaf.id, MET, None, f"{band.id} as labelled, at the oldest age", oldest)
    if band.weight_from > 0:
        light = _patient(scene, band, months, band.weight_from)
        yield Variant(leaf.id, MET, None, f"{band.id} at its lowest weight", light)
    if band.weight_below is not None:
        heavy = _patient(scene, band, months, band.weight_below - 1)
        yield Variant(leaf.id, MET, None, f"{band.id} below its highest weight", heavy)
    if _is_labelled_with_another(scene, band, months, weight):
        return
    more = {**youngest, "order": {**youngest["order"], "quantity": _more(youngest["order"])}}
    yield Variant(leaf.id, NOT_MET, None, f"{band.id}: a quantity above the label", more)
    often = {
        **youngest["order"],
        "every": f"{(band.interval_days or 2) / 2:g} days",
        "quantity": None,
    }
    above = {**youngest, "order": often}
    yield Variant(leaf.id, NOT_MET, None, f"{band.id}: twice as often as labelled", above)


def _is_labelled_with_another(scene: Scene, band: Band, months: int, weight: float) -> bool:
    """Whether the label allows another dose beside a second disease: then more is for the reviewer."""
    rows = scene.library.knowledge.regimens.get(scene.policy.drug, ())
    return any(
        row.only_with and fits_age(row, months) and fits_weight(row, weight)
        for row in rows
        if row.indication == band.indication
    )


def _more(order: Json) -> str:
    return f"{float(str(order['quantity']).split(' ')[0]) + 300:g} mg"


def _weight(band: Band, months: int) -> float:
    usual = typical_weight(months)
    low, high = band.weight_from, band.weight_below
    if usual < low:
        return low
    return usual if high is None or usual < high else high - 1


def _beyond(scene: Scene, leaf: Criterion) -> Iterator[Variant]:
    """A patient for whom the label has no dose."""
    youngest = min((one.age_from for one in scene.bands), default=0)
    if youngest > 1:
        months = youngest - 1
        given = scene.patient(months)
        why = f"younger than {youngest} months, for whom the label has no dose"
        yield Variant(leaf.id, UNKNOWN, Reason.REVIEW, why, given)


def _open(scene: Scene, leaf: Criterion, asked: Regimen, band: Band) -> Iterator[Variant]:
    usual = _patient(scene, band, max(band.age_from, 1), _weight(band, max(band.age_from, 1)))
    order = usual["order"]
    vague = {**usual, "order": {**order, "text": "as directed", "quantity": None, "lasts": None}}
    yield Variant(leaf.id, UNKNOWN, Reason.NOT_FOUND, "the order states no dose", vague)
    bare = {**usual, "order": {**order, "quantity": "3"}}
    yield Variant(leaf.id, UNKNOWN, Reason.UNIT, "the quantity has no unit", bare)
    born = {**usual, "born": None}
    yield Variant(leaf.id, UNKNOWN, Reason.NOT_FOUND, "no day of birth is known", born)
    nobody = {**usual, "failed": "patient"}
    yield Variant(leaf.id, UNKNOWN, Reason.NOT_SUPPLIED, "the patient was not sent", nobody)
    weighed = next((one for one in scene.bands if one.needs_weight and not one.general), None)
    if weighed is None:
        return
    months = weighed.age_from
    given = _patient(scene, weighed, max(months, 1), _weight(weighed, max(months, 1)))
    child = months < asked.child_below.months
    span = asked.weight_within_child if child else asked.weight_within_adult
    weight = given["weight"]
    edge = {**given, "weight": {"is": weight, "on": scene.back(span)}}
    yield Variant(leaf.id, MET, None, f"weighed {span} ago", edge)
    late = {**given, "weight": {"is": weight, "on": scene.back(span, 1)}}
    yield Variant(leaf.id, UNKNOWN, Reason.STALE, f"weighed a day more than {span} ago", late)
    yield from _two_weights(scene, leaf, weighed, given)
    fact = scene.fact(asked.weight)
    looked = fact.sources[0]
    none = {**given, "weight": None}
    for state, reason in (("not_sent", Reason.NOT_SUPPLIED), ("paged", Reason.INCOMPLETE)):
        why = f"no weight, and the list '{looked.source}' did not come whole"
        yield Variant(leaf.id, UNKNOWN, reason, why, {**none, state: [looked.source]})
    reason = Reason.NOT_HELD if looked.silence_means_none else Reason.NOT_FOUND
    open_ = {**none, "record_held": "no"}
    yield Variant(leaf.id, UNKNOWN, reason, "no weight is recorded", open_)


def _two_weights(scene: Scene, leaf: Criterion, band: Band, given: Json) -> Iterator[Variant]:
    """Two weights of one day with different labelled doses, and one that is not exact."""
    edge = band.weight_from or band.weight_below or 0.0
    others = {
        (row.dose_mg, row.interval_days)
        for row in scene.bands
        if fits_age(row, max(band.age_from, 1)) and not row.general
    }
    if not edge or len(others) < 2:  # noqa: PLR2004 - two doses
        return
    code = scene.codes.of(scene.fact(_weight_fact(scene)).value_sets[0]).word
    on = scene.ago(5)
    finding = {"what": code, "value": f"{edge - 1:g} kg", "on": on}
    both = {**given, "weight": {"is": f"{edge:g} kg", "on": on}, "findings": [finding]}
    why = f"two weights of one day, on both sides of {edge:g} kg"
    yield Variant(leaf.id, UNKNOWN, Reason.CONFLICT, why, both)
    vague = {**given, "weight": f">{edge - 2:g} kg"}
    yield Variant(leaf.id, UNKNOWN, Reason.IMPRECISE, f"a weight above {edge - 2:g} kg", vague)


def _weight_fact(scene: Scene) -> str:
    return scene.library.knowledge.labels[scene.policy.drug].asked.weight


def dose_trend(scene: Scene, leaf: Criterion, asked: DoseTrend) -> Iterator[Variant]:
    """A lower dose than before treatment, the same, and a higher one."""
    codes = [code for name in scene.sets(asked.of) for code in scene.codes.all_of(name)]
    code = next((one for one in codes if puffs_of(scene, one, "high")), None)
    looked = scene.library.knowledge.of_kind("supply").sources[0]
    base = scene.patient()
    first = scene.today - timedelta(days=150)
    drug = [{"drug": scene.product(), "days": 160, "on": first.isoformat()}]
    none = {**base, "claims": []}
    yield Variant(leaf.id, UNKNOWN, Reason.NOT_FOUND, "no first dose is known", none)
    reason = Reason.NOT_HELD if looked.silence_means_none else Reason.NOT_FOUND
    only = {**base, "claims": drug}
    yield Variant(leaf.id, UNKNOWN, reason, "no inhaler is in the claims", only)
    if code is None:
        return

    def given(before: int, now: int) -> Json:
        fills = [
            (scene.today - timedelta(days=200), 50, before),
            (first + timedelta(days=1), 160, now),
        ]
        claims = [
            {
                "drug": code.word,
                "days": days,
                "on": on.isoformat(),
                "quantity": f"{n * days} {_puff(scene)}",
            }
            for on, days, n in fills
        ]
        return {**base, "claims": [*drug, *claims], **scene.held}

    better = MET if asked.better == "lower" else NOT_MET
    worse = NOT_MET if asked.better == "lower" else MET
    if asked.by is None:
        yield Variant(leaf.id, better, None, "four puffs a day before, three now", given(4, 3))
        yield Variant(leaf.id, worse, None, "three puffs a day before, four now", given(3, 4))
    yield Variant(leaf.id, NOT_MET, None, "four puffs a day before and now", given(4, 4))


def _puff(scene: Scene) -> str:
    unit = scene.library.knowledge.units["actuations"]
    return next(code for code, factor in unit.codes.items() if factor == 1)
