"""Of labelled rows the one that a disease on record asks for: that row is told and offered."""

from collections.abc import Sequence

from service.facts.birth import born, months_known
from service.facts.case import Case
from service.facts.model import Band
from service.facts.recorded import recorded
from service.policy.operators import Recorded
from service.policy.truth import Truth


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
