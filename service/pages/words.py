"""The one table of words: every operator and every field of it, every way of nesting.

Operators are named by their class. What this table misses is shown as it is written, and a test fails.
"""

from collections.abc import Mapping

from service.pages.glossary import Glossary
from service.pages.phrases import UNSAID, Said, Sense, Told, about, compose, put, when
from service.pages.recurring import (
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
    WITHIN,
    also,
    before,
    facts,
    sets,
)
from service.policy.criterion import Op
from service.policy.operators import Operator

NESTING: Mapping[Op, str] = {
    Op.ALL: "ALL of these",
    Op.ANY: "ANY of these (one is enough)",
    Op.NOT: "NOT this",
    Op.AT_LEAST: "AT LEAST {n} of these",
    Op.CHOOSE: "ONE BRANCH: the test picks which",
    Op.ONE_CLASS: "ONE AND THE SAME CLASS of these",
}
BRANCHES = ("Test", "If the test is met", "If the test is not met")

STATEMENTS: Mapping[str, str] = {
    "decides": "A yes or no of the prescriber settles it where the record leaves it open;"
    " against the record it is a conflict for the reviewer.",
    "overrides": "A yes of the prescriber settles it, also against the record;"
    " a no settles it where the record leaves it open.",
    "outcome": "The prescriber states whether the trials below failed; this never replaces their supply.",
    "part": "A yes or no of the prescriber settles the parts below that ask for one;"
    " the record must show the rest.",
}


QUESTION = "; another specialty is a question"


def _during(backgrounds: tuple[Operator, ...], known: Glossary) -> str | None:
    shown = ", or on ".join(told(one, known).sentence for one in backgrounds)
    return f"taken on {shown}" if shown else None


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
    "at_dose": put("only days at a {} daily dose or above", Sense.STRICTER),
    "accepts": BY_PHARMACY,
}

OTHERWISE = when({"review": "where it would not be met, the reviewer decides"})

WORDS: Mapping[str, Mapping[str, Said]] = {
    "Compare": {
        "fact": about(lambda name, known: known.label(name)),
        "is_": when({True: "yes", False: "no"}),
        **BOUNDS,
        "scale": put("on the scale {}"),
        "pick": when(PICK | {"any": "some one value is enough"}),
        "within": WITHIN,
        "before_first": Said(before, Sense.STRICTER),
        "during": Said(_during, Sense.STRICTER),
        "otherwise": OTHERWISE,
        "accepts": PROVEN,
    },
    "Recorded": {
        "fact": facts("Recorded: {}"),
        "pick": when(PICK),
        "within": WITHIN,
        "open_set": OPEN_SET,
        "accepts": PROVEN,
    },
    "Therapy": THERAPY,
    "Background": {
        **THERAPY,
        "run": put("in a run of at least {} covered", Sense.LEAST),
        "gap": GAP,
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
        "every": sets("Every one ruled out: {}", "and", Sense.EACH_OF),
        "any_": sets("One ruled out: {}"),
        "any": sets("One ruled out: {}"),
        "reasons": Said(lambda reasons, _: f"by {' or '.join(reasons)}", Sense.ONE_OF),
    },
    "Statement": {
        "ids": about(lambda *_: "Only the prescriber knows; a statement decides"),
        "for_review": when({True: "after a yes the reviewer decides"}),
    },
    "Trend": {
        "of": facts("{}"),
        "better": when(BETTER),
        "stable_counts": when(
            {True: "unchanged counts", False: "unchanged does not count"}, Sense.MILDER
        ),
        "best": put("a value of {} needs no baseline", Sense.MILDER),
        "from_": when({"earliest": "else better than the earliest value"}, Sense.MILDER),
        "from": when({"earliest": "else better than the earliest value"}, Sense.MILDER),
        "within": put("the current value not older than {}", Sense.MOST),
    },
    "DoseTrend": {"of": sets("Daily dose of {}"), "better": when(BETTER)},
    "Episodes": {
        "of": facts("{}"),
        "at_least": put("at least {}", Sense.LEAST),
        "in_last": put("in the last {}", Sense.MOST),
        "during": Said(_during, Sense.STRICTER),
    },
    "Fewer": {
        "of": facts("{}"),
        "per": put("fewer since the first dose than in the {} before it, at equal length"),
        "at_least_observed": put("at least {} since the first dose", Sense.LEAST),
    },
    "ExposedFor": {"of": sets("Treated with {} since its first dose"), **BOUNDS},
    "Stopped": {
        "of": sets("{} was stopped"),
        "ingredients": NAMED_DRUGS,
        "reasons": Said(lambda of, known: f"the recorded reason: {known.shorts(of)}", Sense.ONE_OF),
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
    known = WORDS.get(type(operator).__name__, {})
    written = type(operator).model_fields
    missed = {
        name: put(f"{name.rstrip('_').replace('_', ' ')}: {{}}")
        for name, field in written.items()
        if name not in known and getattr(operator, name) != field.default
    }
    return {**{name: said for name, said in known.items() if name in written}, **missed}


def nesting(op: Op, n: int | None) -> str:
    """How a group depends on what stands below it."""
    return NESTING.get(op, str(op)).format(n=n)


def told(operator: Operator, glossary: Glossary) -> Told:
    """The words of one operator, from the table."""
    return compose(said_of(operator), operator, glossary)
