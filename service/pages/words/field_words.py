"""How a field of an operator is put into words, which way it tightens, and words that operators share."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple

from service.pages.glossary import EVIDENCE, Glossary, evidence_words, plain
from service.policy.amount import Amount, Span
from service.policy.model import Op
from service.policy.operators import Compare, Operator, Recorded, Trend

Phrase = Callable[[Any, Glossary], str | None]


class Sense(StrEnum):
    """Whether a larger or longer value of the field makes the criterion tighter or looser."""

    LEAST = "least"  # a threshold: more is tighter, none is loosest
    MOST = "most"  # an upper bound or a window: less is tighter, none is loosest
    TOLERANCE = "tolerance"  # more is looser, and leaving it out is something else
    ONE_OF = "one_of"  # a list of which one is enough: longer is looser
    EACH_OF = "each_of"  # a list of which each counts: longer is tighter
    WAYS = "ways"  # tests of which one is enough; none is loosest
    STRICTER = "stricter"  # where it stands, the criterion is tighter
    MILDER = "milder"  # where it stands, the criterion is looser
    OTHER = "other"


class Place(StrEnum):
    """Where in the sentence the words of a field are put."""

    SUBJECT = "subject"
    TEST = "test"
    PROOF = "proof"


class FieldWords(NamedTuple):
    """How one field is put into words."""

    words: Phrase
    sense: Sense = Sense.OTHER
    place: Place = Place.TEST
    empty: tuple[str, ...] = ()  # what an empty list stands for


def phrase(pattern: str, sense: Sense = Sense.OTHER) -> FieldWords:
    """A field whose value is filled into a pattern; no words if it is left out."""

    def words(value: Any, _: Glossary) -> str | None:
        return None if value in (None, ()) else pattern.format(plain(value))

    return FieldWords(words, sense)


def by_value(phrases: dict[Any, str], sense: Sense = Sense.OTHER) -> FieldWords:
    """A field with a phrase for each of its values."""
    return FieldWords(lambda value, _: phrases.get(value), sense)


def subject(words: Phrase, sense: Sense = Sense.OTHER) -> FieldWords:
    """A field that is the subject of the sentence."""
    return FieldWords(words, sense, Place.SUBJECT)


NO_WORDS = FieldWords(lambda *_: None)


class OperatorWords(NamedTuple):
    """An operator in words: a sentence, and the accepted evidence (None if the operator has none)."""

    sentence: str
    proof: str | None


def sentence_of(
    fields: Mapping[str, FieldWords], operator: Operator, glossary: Glossary
) -> OperatorWords:
    """The phrases of the fields in their order, as one sentence."""
    words_by_place = by_place(fields, operator, glossary)
    subject, test, proof = (words_by_place[place] for place in Place)
    return OperatorWords(": ".join(part for part in (subject, test) if part), proof or None)


def by_place(
    fields: Mapping[str, FieldWords], operator: Operator, glossary: Glossary
) -> Mapping[Place, str]:
    """The phrases of the fields by their place."""
    phrases_at: dict[Place, list[str]] = {place: [] for place in Place}
    for name, field_words in fields.items():
        value = getattr(operator, name, None)
        if words := field_words.words(value, glossary):
            phrases_at[field_words.place].append(words)
    return {place: "; ".join(phrases) for place, phrases in phrases_at.items()}


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
ACCEPTED = FieldWords(
    lambda kinds, _: evidence_words(kinds) if kinds else None,
    Sense.ONE_OF,
    Place.PROOF,
    tuple(EVIDENCE),
)
BY_PHARMACY = FieldWords(
    lambda kinds, _: evidence_words(kinds or PHARMACY), Sense.ONE_OF, Place.PROOF, PHARMACY
)
SHOWN_BY = FieldWords(
    lambda kinds, _: f"shown by {evidence_words(kinds)}" if kinds else None,
    Sense.ONE_OF,
    empty=PHARMACY,
)
REVIEWED = by_value({"review": "where it would be met, the reviewer decides"}, Sense.STRICTER)
OPEN_SET = by_value(
    {True: "the list is open: a member it does not name is a question"}, Sense.MILDER
)
WITHIN = phrase("not older than {}", Sense.MOST)
# The meaning of `within` depends on which value is picked.
NEVER_TREATED = phrase("if never treated, not older than {}", Sense.MOST)
NEWER = phrase("if never treated, or for a newer value, not older than {}", Sense.MOST)
NEVER_GIVEN = phrase("if there never was a first dose, not older than {}", Sense.MOST)
BASELINE_WITHIN = phrase("taken at most {} before the first dose", Sense.MOST)
ENDED = phrase("the last of them within {} before the order", Sense.MOST)
GAP = phrase("a gap of up to {} does not end a run", Sense.TOLERANCE)
BOUNDS = {
    "at_least": phrase("at least {}", Sense.LEAST),
    "more_than": phrase("more than {}", Sense.LEAST),
    "at_most": phrase("at most {}", Sense.MOST),
    "less_than": phrase("less than {}", Sense.MOST),
}


def dependent_words(operator: Operator) -> dict[str, FieldWords]:
    """Words of fields that depend on another field."""
    match operator:
        case Compare(pick="baseline_if_treated"):
            return {"within": NEWER}
        case Compare() if operator.before_first:
            return {"within": NEVER_GIVEN}
        case Recorded(pick="baseline_if_treated"):
            return {"within": NEVER_TREATED}
        case Recorded():
            return {"within": FieldWords(partial(_recorded_within, operator), Sense.MOST)}
        case Trend() if operator.by:
            return {"stable_counts": NO_WORDS}
        case _:
            return {}


def _recorded_within(operator: Recorded, value: Span | None, glossary: Glossary) -> str | None:
    """For grades `within` counts only if the patient was never treated."""
    facts = (glossary.fact(name) for name in operator.fact)
    graded = any(fact is not None and fact.kind == "grade" for fact in facts)
    return (NEVER_TREATED if graded else WITHIN).words(value, glossary)


def margin(by: Amount | None, _: Glossary) -> str | None:
    """By how much a value must change; a percentage is one of the earlier value."""
    if by is None:
        return None
    return f"by at least {by}" + (" of the value before" if by.relative else "")


def other_ways(names: tuple[str, ...], _: Glossary) -> str | None:
    """Words for other ways of counting that are shown if they give another answer."""
    readings = "; ".join(ALSO.get(name, name) for name in names)
    return f"shown beside it: {readings}" if readings else None


def before(sets: tuple[str, ...], glossary: Glossary) -> str | None:
    """Words for values taken before the first dose of some drugs."""
    return f"taken before the first dose of {glossary.shorts(sets)}" if sets else None


def sets(pattern: str, joined: str = "or", sense: Sense = Sense.ONE_OF) -> FieldWords:
    """Value sets as the subject of the sentence."""
    return subject(lambda sets, glossary: pattern.format(glossary.shorts(sets, joined)), sense)


def sets_if_any(pattern: str) -> FieldWords:
    """Value sets beside the subject of the sentence; no words if there are none."""

    def words(names: tuple[str, ...], glossary: Glossary) -> str | None:
        return pattern.format(glossary.shorts(names, "or")) if names else None

    return FieldWords(words, Sense.ONE_OF)


def several(pattern: str, joined: str = "or", sense: Sense = Sense.ONE_OF) -> FieldWords:
    """Value sets that are tested one by one; a single one is shown without the pattern."""

    def words(sets: tuple[str, ...], glossary: Glossary) -> str | None:
        names = glossary.shorts(sets, joined) if sets else None
        return pattern.format(names) if len(sets) > 1 else names

    return FieldWords(words, sense)


def facts(pattern: str) -> FieldWords:
    """Facts as the subject of the sentence."""
    return subject(lambda names, glossary: pattern.format(glossary.labels(names)), Sense.ONE_OF)


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
    "decides_before": "A yes of the prescriber settles it where the record leaves it open, and so does a no"
    " of a patient who never had the drug; after that a no may be about today and settles nothing.",
    "overrides": "A yes of the prescriber settles it, also against the record;"
    " a no settles it where the record leaves it open.",
    "outcome": "The prescriber states whether the trials below failed; this never replaces their supply.",
    "part": "A yes or no of the prescriber settles the parts below that ask for one;"
    " the record must show the rest.",
}


def nesting(op: Op, n: int | None) -> str:
    """Words for how a group depends on the criteria below it."""
    return NESTING.get(op, str(op)).format(n=n)
