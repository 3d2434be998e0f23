"""The words for every operator and each of its fields.

Operators are keyed by class name. A field without words is shown as written, and a test fails.
"""

from collections.abc import Mapping
from dataclasses import fields

from service.pages.glossary import Glossary
from service.pages.words.field_words import (
    ACCEPTED,
    BASELINE_WITHIN,
    BETTER,
    BOUNDS,
    BY_PHARMACY,
    ELSEWHERE,
    ENDED,
    GAP,
    NO_WORDS,
    OPEN_SET,
    PICK,
    REVIEWED,
    SHOWN_BY,
    WITHIN,
    FieldWords,
    OperatorWords,
    Place,
    Sense,
    before,
    by_place,
    by_value,
    dependent_words,
    facts,
    margin,
    other_ways,
    phrase,
    sentence_of,
    sets,
    sets_if_any,
    several,
    subject,
)
from service.policy.operators import Operator

QUESTION = "; another specialty is a question"


def _during(counted: str) -> FieldWords:
    """Words for `during`: something counts only on days covered by one of some therapies."""

    def words(backgrounds: tuple[Operator, ...], glossary: Glossary) -> str | None:
        alternatives = ", or on ".join(
            _background(background, glossary) for background in backgrounds
        )
        return f"only {counted} while on {alternatives}" if alternatives else None

    return FieldWords(words, Sense.WAYS)


def _background(background: Operator, glossary: Glossary) -> str:
    words_by_place = by_place(words_of_fields(background), background, glossary)
    return (
        f"{words_by_place[Place.SUBJECT]} ({test})"
        if (test := words_by_place[Place.TEST])
        else words_by_place[Place.SUBJECT]
    )


def _part(test: Operator | None, glossary: Glossary) -> str | None:
    """Words for a test that has fields of its own."""
    return operator_words(test, glossary).sentence if test else None


def _specialties(sets_: tuple[str, ...], glossary: Glossary) -> str | None:
    return f"The prescriber's specialty: {glossary.shorts(sets_)}{QUESTION}" if sets_ else None


def _specialties_of(
    each: tuple[tuple[str, tuple[str, ...]], ...], glossary: Glossary
) -> str | None:
    listed = "; ".join(f"for {id_}: {glossary.shorts(sets_)}" for id_, sets_ in each)
    return f"The prescriber's specialty {listed}{QUESTION}" if listed else None


NAMED_DRUGS = FieldWords(lambda drugs, _: f"only {' or '.join(drugs)}" if drugs else None)
THERAPY = {
    "of": sets("Supply of {}"),
    "ingredients": NAMED_DRUGS,
    "together": by_value({True: "all of them covered on the same day"}, Sense.STRICTER),
    "at_dose": phrase("only days at a {} daily dose or above", Sense.LEAST),
    "accepts": BY_PHARMACY,
}

OTHERWISE = by_value({"review": "where it would not be met, the reviewer decides"})

WORDS: Mapping[str, Mapping[str, FieldWords]] = {
    "Compare": {
        "fact": subject(lambda name, glossary: glossary.label(name)),
        "is_": by_value({True: "yes", False: "no"}),
        **BOUNDS,
        "scale": phrase("on the scale {}"),
        "pick": by_value(
            {
                "baseline_if_treated": f"{PICK['baseline_if_treated']}"
                " (without one, a newer value that passes)",
                "any": "some one value is enough",
            }
        ),
        "baseline_within": BASELINE_WITHIN,
        "within": WITHIN,
        "before_first": FieldWords(before, Sense.STRICTER),
        "during": _during("values taken"),
        "contradicted": by_value(
            {
                "review": "where a later value fails, the reviewer decides",
                "shown": "a later value that fails takes nothing back and is shown",
            }
        ),
        "otherwise": OTHERWISE,
        "accepts": ACCEPTED,
    },
    "Recorded": {
        "fact": facts("Recorded: {}"),
        "pick": by_value(PICK),
        "baseline_within": BASELINE_WITHIN,
        "within": WITHIN,
        "open_set": OPEN_SET,
        "perhaps": by_value({True: "only as a question: an entry may mean it"}),
        "accepts": ACCEPTED,
    },
    "TherapyClasses": THERAPY,
    "Background": {
        **THERAPY,
        "of": sets("{}"),
        "accepts": SHOWN_BY,
        "run": phrase("in a run of at least {} covered", Sense.LEAST),
        "gap": GAP,
        "after": phrase("or up to {} after it", Sense.TOLERANCE),
    },
    "CoveredDays": {
        "at_least": phrase("at least {} covered", Sense.LEAST),
        "in_last": phrase("among the last {}", Sense.TOLERANCE),
    },
    "CurrentFor": {
        "at_least": phrase("covered today and for at least {}", Sense.LEAST),
        "more_than": phrase("covered today and for more than {}", Sense.LEAST),
        "gap": phrase("a gap of up to {} does not end it", Sense.TOLERANCE),
    },
    "Supply": {
        **THERAPY,
        "now": by_value({True: "covered today"}),
        "ever": by_value({True: "any fill at all"}),
        "covered": FieldWords(_part),
        "current_for": FieldWords(_part),
        "longest": phrase("at least {} covered in one run", Sense.LEAST),
        "days": phrase("at least {} covered in all", Sense.LEAST),
        "ended_within": ENDED,
        "look_back": phrase("counted over the last {}", Sense.TOLERANCE),
        "gap": GAP,
        "disease": sets_if_any("filled for {}"),
        "other_diseases": sets_if_any("a fill without a reason is a question beside {}"),
        "open_set": OPEN_SET,
        "always": REVIEWED,
        "otherwise": OTHERWISE,
        "elsewhere": by_value(ELSEWHERE),
        "also": FieldWords(other_ways),
    },
    "Sessions": {
        "of": sets("Sessions of {}"),
        "first_to_last": phrase("at least {} from the first to the last", Sense.LEAST),
        "ended_within": ENDED,
        "accepts": ACCEPTED,
        "always": REVIEWED,
    },
    "TrialOutcome": {"of": sets("{} failed: a statement says so"), "ids": NO_WORDS},
    "AtMostOneOf": {
        "of": sets("At most one of {} covered today", "and", Sense.EACH_OF),
        "accepts": BY_PHARMACY,
    },
    "Excluded": {
        "reasons": subject(lambda reasons, _: f"Ruled out by {' or '.join(reasons)}", Sense.ONE_OF),
        "every": several("every one of {}", "and", Sense.EACH_OF),
        "any_": several("any one of {}"),
    },
    "Statement": {
        "ids": subject(lambda *_: "Only the prescriber knows; a statement decides"),
        "for_review": by_value({True: "after a yes the reviewer decides"}),
        "before": by_value({True: "once the drug was given a no settles nothing"}),
    },
    "Trend": {
        "of": facts("{}"),
        "better": by_value(BETTER),
        "by": FieldWords(margin, Sense.LEAST),
        "pick": by_value({"any": "at any time since the first dose"}, Sense.MILDER),
        "stable_counts": by_value(
            {True: "unchanged counts", False: "unchanged does not count"}, Sense.MILDER
        ),
        "best": phrase("a value of {} needs no baseline", Sense.MILDER),
        "from_": by_value({"earliest": "else better than the earliest value"}, Sense.MILDER),
        "from": by_value({"earliest": "else better than the earliest value"}, Sense.MILDER),
        "baseline_within": phrase(
            "the value before taken at most {} before the first dose", Sense.MOST
        ),
        "within": phrase("the current value not older than {}", Sense.MOST),
        "supplied_within": phrase("it at most {} after the last supply", Sense.MOST),
    },
    "DoseTrend": {
        "of": sets("Daily dose of {}"),
        "better": by_value(BETTER),
        "by": FieldWords(margin, Sense.LEAST),
    },
    "Episodes": {
        "of": facts("{}"),
        "at_least": phrase("at least {}", Sense.LEAST),
        "in_last": phrase("in the last {}", Sense.MOST),
        "during": _during("episodes"),
    },
    "Fewer": {
        "of": facts("{}"),
        "per": phrase("fewer since the first dose than in the {} before it, at equal length"),
        "at_least_observed": phrase("at least {} since the first dose", Sense.LEAST),
        "in_last": phrase("those of the last {} against those before"),
        "pick": by_value({"any": "in some span of that length since the first dose"}, Sense.MILDER),
        "supplied_within": phrase("only days at most {} after the last supply"),
    },
    "ExposedFor": {"of": sets("Treated with {} since its first dose"), **BOUNDS},
    "Stopped": {
        "of": sets("{} was stopped"),
        "ingredients": NAMED_DRUGS,
        "reasons": FieldWords(
            lambda of, glossary: f"the recorded reason: {glossary.shorts(of)}", Sense.ONE_OF
        ),
        "in_words": by_value({True: "the reason in words only"}),
    },
    "Regimen": {
        "of": subject(
            lambda name, _: f"Dose and quantity of the order: the labelled doses of {name}"
        ),
        "phase": phrase("{} phase"),
        "weight": FieldWords(
            lambda name, glossary: f"by indication, age and {glossary.label(name).lower()}"
        ),
        "child_below": phrase("a child is below {}"),
        "weight_within_child": phrase("a child's weight not older than {}", Sense.MOST),
        "weight_within_adult": phrase("an adult's weight not older than {}", Sense.MOST),
    },
    "Specialty": {
        "any_of": FieldWords(_specialties, Sense.ONE_OF),
        "of_disease": FieldWords(_specialties_of, Sense.ONE_OF),
        "open_set": OPEN_SET,
    },
    "ApprovedBefore": {
        "approved_before": subject(lambda *_: "An earlier approval of the drug by this payer")
    },
    "Exposed": {"of": sets("Any trace of {}, samples aside")},
    "NetworkPharmacy": {
        "network_pharmacy": subject(lambda *_: "The pharmacy on the order is in the payer's list")
    },
    "NotEncoded": {"why": subject(lambda why, _: f"Not encoded, for the reviewer: {why}")},
}

# Operators that use the one fact of a kind without naming it.
FACT_KINDS: Mapping[str, str] = {
    "Supply": "supply",
    "Sessions": "sessions",
    "TrialOutcome": "outcome",
    "Excluded": "exclusion",
    "Specialty": "specialty",
    "ApprovedBefore": "approval",
    "NetworkPharmacy": "pharmacy",
    "DoseTrend": "supply",
    "ExposedFor": "supply",
    "AtMostOneOf": "supply",
    "Stopped": "outcome",
}


def words_of_fields(operator: Operator) -> Mapping[str, FieldWords]:
    """Words for each field of an operator, in order; fields that the table lacks come last."""
    table = {**WORDS.get(type(operator).__name__, {}), **dependent_words(operator)}
    defaults = {written.name: written.default for written in fields(operator)}
    missed = {
        name: phrase(f"{name.rstrip('_').replace('_', ' ')}: {{}}")
        for name, default in defaults.items()
        if name not in table and getattr(operator, name) != default
    }
    return {**{name: words_ for name, words_ in table.items() if name in defaults}, **missed}


def operator_words(operator: Operator, glossary: Glossary) -> OperatorWords:
    """One operator in words."""
    return sentence_of(words_of_fields(operator), operator, glossary)
