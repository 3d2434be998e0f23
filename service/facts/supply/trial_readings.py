"""Other readings of a trial in days, named only where they decide otherwise."""

from service.facts.case import Case
from service.facts.supply.required_days import YEAR, days_asked, ended_inside, test_of
from service.facts.supply.timeline import Timeline
from service.policy.operators import Supply

# Two products of one drug run together; read in the other way they decide otherwise.
USED_UP = (
    "Two products of one drug are taken as used together. "
    "If the payer reads it as one used up after the other, this counts."
)


def other_readings(case: Case, asked: Supply, line: Timeline) -> tuple[str, ...]:
    """Readings computed beside the one that decides, named only where they decide otherwise."""
    decided = test_of(case, asked)(line)
    notes = []
    if "inside_window" in asked.also and asked.ended_within:
        inside = line.days(case.back(asked.ended_within), case.today) >= days_asked(asked)
        if inside != decided:
            notes.append(_reading(f"the whole trial within {asked.ended_within}", holds=inside))
    if "one_run" in asked.also and asked.gap:
        run = _one_run(case, asked, line, asked.gap.days)
        if run != decided:
            notes.append(_reading(f"one trial without a gap over {asked.gap}", holds=run))
    return tuple(notes)


def _one_run(case: Case, asked: Supply, line: Timeline, gap: int) -> bool:
    """One run that is long enough and reaches into the look-back: an older one counts in no reading."""
    since, needed = case.back(asked.look_back or YEAR), days_asked(asked)
    runs = (run for run in line.joined(gap) if run[1] >= since)
    return ended_inside(case, asked, line) and any(line.days(*run) >= needed for run in runs)


def _reading(how: str, *, holds: bool) -> str:
    return f"If the payer reads it as {how}, this {'counts' if holds else 'does not count'}."
