"""Words that several operators share: bounds, windows, evidence, the reviewer."""

from service.pages.glossary import EVIDENCE, Glossary, evidence
from service.pages.phrases import Place, Said, Sense, put, when
from service.policy.operators import CoveredDays, CurrentFor

PICK = {
    "baseline_if_treated": "once treated, the last value before the first dose counts",
}
ALSO = {
    "inside_window": "whether the whole trial lies inside the window",
    "one_run": "whether the days stand in one run",
}
ELSEWHERE = {
    "review": "other evidence alone is for the reviewer",
    "doubt": "other evidence alone leaves it open, always",
    "weak": "other evidence alone leaves it open where claims are not known to be complete",
}
BETTER = {"lower": "lower than before the drug", "higher": "higher than before the drug"}
PHARMACY = ("claim", "dispense", "outside_pharmacy")
PROVEN = Said(
    lambda kinds, _: evidence(kinds) if kinds else None, Sense.ONE_OF, Place.PROOF, tuple(EVIDENCE)
)
BY_PHARMACY = Said(
    lambda kinds, _: evidence(kinds or PHARMACY), Sense.ONE_OF, Place.PROOF, PHARMACY
)
REVIEWED = when({"review": "where it would be met, the reviewer decides"}, Sense.STRICTER)
OPEN_SET = when({True: "the list is open: a member it does not name is a question"}, Sense.MILDER)
WITHIN = put("not older than {}", Sense.MOST)
ENDED = put("the last of them within {} before the order", Sense.MOST)
GAP = put("a gap of up to {} does not end a run", Sense.TOLERANCE)
BOUNDS = {
    "at_least": put("at least {}", Sense.LEAST),
    "more_than": put("more than {}", Sense.LEAST),
    "at_most": put("at most {}", Sense.MOST),
    "less_than": put("less than {}", Sense.MOST),
}


def current(value: CurrentFor | None, _: Glossary) -> str | None:
    """How long a therapy has been going on."""
    if value is None:
        return None
    bounds = [("at least", value.at_least), ("more than", value.more_than)]
    spans = " and ".join(f"{word} {span}" for word, span in bounds if span)
    return f"covered today and for {spans}; a gap of up to {value.gap} does not end it"


def covered(value: CoveredDays | None, _: Glossary) -> str | None:
    """So many covered days of so many."""
    if value is None:
        return None
    return f"at least {value.at_least} covered among the last {value.in_last}"


def also(names: tuple[str, ...], _: Glossary) -> str | None:
    """Other readings that are shown where they decide otherwise."""
    shown = "; ".join(ALSO.get(name, name) for name in names)
    return f"shown beside it: {shown}" if shown else None
