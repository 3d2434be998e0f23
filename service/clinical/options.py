"""The offer of one situation: therapies in order, those left out, and the tests before them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from service.clinical.history import history
from service.clinical.model import Situation, Therapy
from service.clinical.offer import Offer, Option, RuledOut, Tests
from service.clinical.orders.new_orders import service_orders
from service.clinical.steps import standing
from service.clinical.weighing import Scales, asked_of
from service.facts.case import Case

MOST_OPTIONS = 5


def offer(
    case: Case,
    situation: Situation,
    indication: str,
    therapies: Mapping[str, Therapy],
    reasons: Mapping[str, str],
    stated: frozenset[str] = frozenset(),
) -> Offer:
    """What fits stands in the pathway's order, what is lowered behind it.

    Nothing of the classes that are `stated` as tried or ruled out is missing.
    """
    steps = standing(case, situation, stated)
    asked = [therapies[one.step.therapy] for one in steps]
    scales = Scales(case, indication, reasons, _in_use(case, asked))
    pairs = zip(steps, asked, strict=True)
    weighed = [scales.weigh(one, therapy) for one, therapy in pairs]
    fit = [one for one in weighed if isinstance(one, Option)]
    ranked = sorted(fit, key=lambda one: (not one.closes, bool(one.lowered)))
    options = tuple(ranked[:MOST_OPTIONS])
    out = tuple(one for one in weighed if isinstance(one, RuledOut))
    cut = ((one.therapy, one.lowered, one.warned) for one in ranked[MOST_OPTIONS:])
    further = tuple(RuledOut(therapy, why, warned) for therapy, why, warned in cut if why)
    return Offer(situation, options, out, further, tuple(_tests(case, options)))


def _in_use(case: Case, asked: Iterable[Therapy]) -> dict[str, str]:
    """Which drug of a class is in use: another of the same class is not put beside it."""
    drugs = (one for one in asked if one.kind == "drug" and one.taken)
    return {
        one.taken.value_set: one.name for one in drugs if one.taken and history(case, one.taken).now
    }


def _tests(case: Case, options: Iterable[Option]) -> Iterable[Tests]:
    """Baseline tests, told once where several therapies need the same."""
    grouped: dict[tuple[str, ...], Tests] = {}
    for one in options:
        checks = tuple(check for check in asked_of(case, one.therapy.checks) if check.order)
        if not checks or one.order is None:
            continue
        codes = [check.order for check in checks if check.order]
        group = tuple(sorted(code.code for code in codes))
        known = grouped.get(group) or Tests((), checks, service_orders(case, codes))
        grouped[group] = replace(known, names=(*known.names, one.therapy.name))
    return grouped.values()
