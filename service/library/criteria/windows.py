"""Spans and bounds within one question: none so long, or so wide, that it decides nothing."""

from collections.abc import Iterator, Mapping

from service.facts.supply.required_days import YEAR
from service.library.criteria.bounds import longer
from service.library.shapes import FactShape, TrialDefaultsShape
from service.policy.amount import Span
from service.policy.operators import Compare, CoveredDays, CurrentFor, Operator, Sessions, Supply

Wrong = Iterator[tuple[tuple[str, ...], str]]


def wrong_windows(
    asked: Operator | None, facts: Mapping[str, FactShape], trial: TrialDefaultsShape
) -> Wrong:
    """What can never be met, or always is, with the keys it stands under."""
    match asked:
        case Supply():
            yield from _supply(asked, trial)
        case Sessions() if longer(asked.ended_within, YEAR):
            yield ("sessions", "ended_within"), _looks_too_far_back(asked.ended_within, YEAR)
        case Compare() if asked.fact in facts and facts[asked.fact].kind == "quantity":
            yield from _bounds(asked, facts[asked.fact])
        case _:
            return


def wrong_defaults(trial: TrialDefaultsShape) -> Iterator[tuple[tuple[str, str], str]]:
    """A trial that is longer than the time looked back over, by itself or with its gaps."""
    if longer(trial.for_, trial.look_back):
        yield ("trial", "for"), _looks_too_far_back(trial.for_, trial.look_back)
    if longer(trial.gap, trial.look_back):
        yield ("trial", "gap"), _looks_too_far_back(trial.gap, trial.look_back)


def _supply(asked: Supply, trial: TrialDefaultsShape) -> Wrong:
    back = asked.look_back or YEAR
    noted_at_head = longer(trial.for_, trial.look_back) and asked.days == trial.for_
    if asked.days is not None and longer(asked.days, back) and not noted_at_head:
        yield ("supply", "days"), _looks_too_far_back(asked.days, back)
    if longer(asked.ended_within, back):
        yield ("supply", "ended_within"), _looks_too_far_back(asked.ended_within, back)
    match asked.covered, asked.current_for:
        case CoveredDays(at_least=wanted, in_last=last), _ if longer(wanted, last):
            message = f"{wanted} do not fit into the last {last}"
            yield ("supply", "covered", "at_least"), message
        case _, CurrentFor(gap=gap, at_least=least, more_than=more) if longer(gap, least or more):
            yield ("supply", "current_for", "gap"), _gap_too_long(gap, least or more)
        case _:
            if asked.longest is not None and longer(asked.gap, asked.longest):
                yield ("supply", "gap"), _gap_too_long(asked.gap, asked.longest)


def _looks_too_far_back(span: Span | None, back: Span) -> str:
    return f"{span} are longer than the {back} that are looked back over"


def _gap_too_long(gap: Span | None, run: Span | None) -> str:
    return f"a gap of {gap} is longer than the {run} that are asked for"


def _bounds(asked: Compare, fact: FactShape) -> Wrong:
    low, high = sorted(fact.range or (float("-inf"), float("inf")))
    for key, always, never in (
        ("at_least", low, None),
        ("more_than", None, high),
        ("at_most", high, None),
        ("less_than", None, low),
    ):
        bound = getattr(asked, key)
        if bound is None or bound.unit != fact.unit:
            continue
        ends = f"'{fact.fact}', which goes from {low:g} to {high:g} {fact.unit}"
        if bound.value == always:
            yield (key,), f"{bound} lets every value pass of {ends}"
        elif bound.value == never:
            yield (key,), f"{bound} lets no value pass of {ends}"
