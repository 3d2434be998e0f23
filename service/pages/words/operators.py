"""The one table of words: every operator and every field of it.

Operators are named by their class. What this table misses is shown as it is written, and a test fails.
"""

from collections.abc import Mapping

from service.pages.glossary import Glossary
from service.pages.words.phrases import (
    UNSAID,
    Place,
    Said,
    Sense,
    Told,
    about,
    compose,
    placed,
    put,
    when,
)
from service.pages.words.shared import (
    BASELINE_WITHIN,
    BETTER,
    BOUNDS,
    BY_PHARMACY,
    ELSEWHERE,
    ENDED,
    GAP,
    OPEN_SET,
    PICK,
    PROVEN,
    REVIEWED,
    SHOWN_BY,
    WITHIN,
    also,
    before,
    beside,
    facts,
    margin,
    sets,
    several,
)
from service.policy.operators import Operator

QUESTION = "; another specialty is a question"


def _during(what: str) -> Said:
    """What counts only while one of some backgrounds covers its day."""

    def words(backgrounds: tuple[Operator, ...], known: Glossary) -> str | None:
        shown = ", or on ".join(_background(one, known) for one in backgrounds)
        return f"only {what} while on {shown}" if shown else None

    return Said(words, Sense.WAYS)


def _background(one: Operator, known: Glossary) -> str:
    found = placed(said_of(one), one, known)
    return (
        f"{found[Place.SUBJECT]} ({test})" if (test := found[Place.TEST]) else found[Place.SUBJECT]
    )


def _part(test: Operator | None, known: Glossary) -> str | None:
    """A test with fields of its own."""
    return told(test, known).sentence if test else None


def _specialties(sets_: tuple[str, ...], known: Glossary) -> str | None:
    return f"The prescriber's specialty: {known.shorts(sets_)}{QUESTION}" if sets_ else None


def _specialties_of(each: tuple[tuple[str, tuple[str, ...]], ...], known: Glossary) -> str | None:
    listed = "; ".join(f"for {id_}: {known.shorts(sets_)}" for id_, sets_ in each)
    return f"The prescriber's specialty {listed}{QUESTION}" if listed else None


NAMED_DRUGS = Said(lambda drugs, _: f"only {' or '.join(drugs)}" if drugs else None)
THERAPY = {
    "of": sets("Supply of {}"),
    "ingredients": NAMED_DRUGS,
    "together": when({True: "all of them covered on the same day"}, Sense.STRICTER),
    "at_dose": put("only days at a {} daily dose or above", Sense.LEAST),
    "accepts": BY_PHARMACY,
}

OTHERWISE = when({"review": "where it would not be met, the reviewer decides"})

WORDS: Mapping[str, Mapping[str, Said]] = {
    "Compare": {
        "fact": about(lambda name, known: known.label(name)),
        "is_": when({True: "yes", False: "no"}),
        **BOUNDS,
        "scale": put("on the scale {}"),
        "pick": when(
            {
                "baseline_if_treated": f"{PICK['baseline_if_treated']}"
                " (without one, a newer value that passes)",
                "any": "some one value is enough",
            }
        ),
        "baseline_within": BASELINE_WITHIN,
        "within": WITHIN,
        "before_first": Said(before, Sense.STRICTER),
        "during": _during("values taken"),
        "contradicted": when(
            {
                "review": "where a later value fails, the reviewer decides",
                "shown": "a later value that fails takes nothing back and is shown",
            }
        ),
        "otherwise": OTHERWISE,
        "accepts": PROVEN,
    },
    "Recorded": {
        "fact": facts("Recorded: {}"),
        "pick": when(PICK),
        "baseline_within": BASELINE_WITHIN,
        "within": WITHIN,
        "open_set": OPEN_SET,
        "accepts": PROVEN,
    },
    "Therapy": THERAPY,
    "Background": {
        **THERAPY,
        "of": sets("{}"),
        "accepts": SHOWN_BY,
        "run": put("in a run of at least {} covered", Sense.LEAST),
        "gap": GAP,
        "after": put("or up to {} after it", Sense.TOLERANCE),
    },
    "CoveredDays": {
        "at_least": put("at least {} covered", Sense.LEAST),
        "in_last": put("among the last {}", Sense.TOLERANCE),
    },
    "CurrentFor": {
        "at_least": put("covered today and for at least {}", Sense.LEAST),
        "more_than": put("covered today and for more than {}", Sense.LEAST),
        "gap": put("a gap of up to {} does not end it", Sense.TOLERANCE),
    },
    "Supply": {
        **THERAPY,
        "now": when({True: "covered today"}),
        "ever": when({True: "any fill at all"}),
        "covered": Said(_part),
        "current_for": Said(_part),
        "longest": put("at least {} covered in one run", Sense.LEAST),
        "days": put("at least {} covered in all", Sense.LEAST),
        "ended_within": ENDED,
        "look_back": put("counted over the last {}", Sense.TOLERANCE),
        "gap": GAP,
        "open_set": OPEN_SET,
        "always": REVIEWED,
        "otherwise": OTHERWISE,
        "elsewhere": when(ELSEWHERE),
        "also": Said(also),
    },
    "Sessions": {
        "of": sets("Sessions of {}"),
        "first_to_last": put("at least {} from the first to the last", Sense.LEAST),
        "ended_within": ENDED,
        "accepts": PROVEN,
        "always": REVIEWED,
    },
    "Outcome": {"of": sets("{} failed: a statement says so"), "ids": UNSAID},
    "Excluded": {
        "reasons": about(lambda reasons, _: f"Ruled out by {' or '.join(reasons)}", Sense.ONE_OF),
        "every": several("every one of {}", "and", Sense.EACH_OF),
        "any_": several("any one of {}"),
    },
    "Statement": {
        "ids": about(lambda *_: "Only the prescriber knows; a statement decides"),
        "for_review": when({True: "after a yes the reviewer decides"}),
        "before": when({True: "once the drug was given a no settles nothing"}),
    },
    "Trend": {
        "of": facts("{}"),
        "better": when(BETTER),
        "by": Said(margin, Sense.LEAST),
        "pick": when({"any": "at any time since the first dose"}, Sense.MILDER),
        "stable_counts": when(
            {True: "unchanged counts", False: "unchanged does not count"}, Sense.MILDER
        ),
        "best": put("a value of {} needs no baseline", Sense.MILDER),
        "from_": when({"earliest": "else better than the earliest value"}, Sense.MILDER),
        "from": when({"earliest": "else better than the earliest value"}, Sense.MILDER),
        "baseline_within": put(
            "the value before taken at most {} before the first dose", Sense.MOST
        ),
        "within": put("the current value not older than {}", Sense.MOST),
        "supplied_within": put("it at most {} after the last supply", Sense.MOST),
    },
    "DoseTrend": {
        "of": sets("Daily dose of {}"),
        "better": when(BETTER),
        "by": Said(margin, Sense.LEAST),
    },
    "Episodes": {
        "of": facts("{}"),
        "at_least": put("at least {}", Sense.LEAST),
        "in_last": put("in the last {}", Sense.MOST),
        "during": _during("episodes"),
    },
    "Fewer": {
        "of": facts("{}"),
        "per": put("fewer since the first dose than in the {} before it, at equal length"),
        "at_least_observed": put("at least {} since the first dose", Sense.LEAST),
        "in_last": put("those of the last {} against those before"),
        "pick": when({"any": "in some span of that length since the first dose"}, Sense.MILDER),
        "supplied_within": put("only days at most {} after the last supply"),
    },
    "ExposedFor": {"of": sets("Treated with {} since its first dose"), **BOUNDS},
    "Stopped": {
        "of": sets("{} was stopped"),
        "ingredients": NAMED_DRUGS,
        "reasons": Said(lambda of, known: f"the recorded reason: {known.shorts(of)}", Sense.ONE_OF),
        "in_words": when({True: "the reason in words only"}),
    },
    "Regimen": {
        "of": about(
            lambda name, _: f"Dose and quantity of the order: the labelled doses of {name}"
        ),
        "phase": put("{} phase"),
        "weight": Said(lambda name, known: f"by indication, age and {known.label(name).lower()}"),
        "child_below": put("a child is below {}"),
        "weight_within_child": put("a child's weight not older than {}", Sense.MOST),
        "weight_within_adult": put("an adult's weight not older than {}", Sense.MOST),
    },
    "Specialty": {
        "any_of": Said(_specialties, Sense.ONE_OF),
        "of_disease": Said(_specialties_of, Sense.ONE_OF),
        "open_set": OPEN_SET,
    },
    "ApprovedBefore": {
        "approved_before": about(lambda *_: "An earlier approval of the drug by this payer")
    },
    "Exposed": {"of": sets("Any trace of {}, samples aside")},
    "NetworkPharmacy": {
        "network_pharmacy": about(lambda *_: "The pharmacy on the order is in the payer's list")
    },
    "NotEncoded": {"why": about(lambda why, _: f"Not encoded, for the reviewer: {why}")},
}

# Operators that name their fact by its kind.
FACT_KINDS: Mapping[str, str] = {
    "Supply": "supply",
    "Sessions": "sessions",
    "Outcome": "outcome",
    "Excluded": "exclusion",
    "Specialty": "specialty",
    "ApprovedBefore": "approval",
    "NetworkPharmacy": "pharmacy",
    "DoseTrend": "supply",
    "ExposedFor": "supply",
    "Stopped": "outcome",
}


def said_of(operator: Operator) -> Mapping[str, Said]:
    """The fields of an operator in the order of their words; what the table misses comes last."""
    known = {**WORDS.get(type(operator).__name__, {}), **beside(operator)}
    written = type(operator).model_fields
    missed = {
        name: put(f"{name.rstrip('_').replace('_', ' ')}: {{}}")
        for name, field in written.items()
        if name not in known and getattr(operator, name) != field.default
    }
    return {**{name: said for name, said in known.items() if name in written}, **missed}


def told(operator: Operator, glossary: Glossary) -> Told:
    """The words of one operator, from the table."""
    return compose(said_of(operator), operator, glossary)
