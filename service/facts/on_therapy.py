"""Episodes on a background therapy: the first day of each must lie in covered days of it."""

from collections.abc import Sequence
from dataclasses import replace

from service.facts.background import on_background
from service.facts.case import Case
from service.facts.episode import Episode
from service.policy.operators import Background
from service.policy.truth import Reason, Truth


def on_therapy(case: Case, during: Sequence[Background], one: Episode) -> Episode | None:
    """The episode; doubtful where its therapy is, None where it is known that there was none."""
    found = on_background(case, during, min(one.starts))
    if found.truth is Truth.MET:
        return one
    if found.truth is Truth.NOT_MET:
        return None
    doubt = (found.reason or Reason.NOT_FOUND, found.way)
    shown = one.shown._replace(value=f"{one.shown.value}; {found.miss}")
    # What lies before it is the nearer doubt: a visit that may be none needs no therapy.
    return replace(one, low=0, doubt=doubt if one.low else one.doubt, shown=shown)
