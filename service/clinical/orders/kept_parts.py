"""What a corrected order keeps of the draft: everything that neither the dose nor its words concern."""

from collections.abc import Iterator, Sequence

from service.fhir.elements import first_object, names, objects, text
from service.fhir.values.timing import rhythm
from service.fhir.values.timing_words import TimingWords
from service.json_object import Json

# Elements of a dosage that say how much and how often, by their names and by how their names begin.
DOSE = frozenset(("sequence", "text", "timing"))
DOSE_BEGINS = ("asNeeded", "dose", "rate", "max")
BOUNDS = ("boundsDuration", "boundsRange", "boundsPeriod")
# R5 writes the dose once more in words, also as an extension of R4.
IN_WORDS = "renderedDosageInstruction"
MADE_OF_ELEMENTS = ("generated", "extensions")  # narratives that say nothing of their own


def without_dose_in_words(order: Json) -> Json:
    """The order without what repeats its dose in words: the narrative, and R5's rendered dosage."""
    rest = {name: value for name, value in order.items() if name not in ("text", IN_WORDS)}
    extensions = [
        one
        for one in objects(order.get("extension"))
        if not (text(one.get("url")) or "").endswith(f".{IN_WORDS}")
    ]
    if "extension" in rest and len(extensions) < len(objects(order["extension"])):
        del rest["extension"]
        return {**rest, **({"extension": extensions} if extensions else {})}
    return rest


def without_made_narrative(order: Json) -> Json:
    """The order without a narrative that was made of its elements and would lack what is added."""
    if first_object(order.get("text")).get("status") not in MADE_OF_ELEMENTS:
        return order
    return {name: value for name, value in order.items() if name != "text"}


def with_kept_parts(
    instructions: Sequence[Json], drafted: Sequence[Json], words: TimingWords
) -> list[Json]:
    """New instructions with what all of the draft have alike beside the dose, and how long it goes on."""
    parts = dict(_kept(drafted, words, one_for_one=len(instructions) == len(drafted) == 1))
    *first, last = ({**parts, **instruction} for instruction in instructions)
    return [*first, _with_bounds(last, drafted, words)]


def _kept(
    drafted: Sequence[Json], words: TimingWords, *, one_for_one: bool
) -> Iterator[tuple[str, object]]:
    for name, value in drafted[0].items() if drafted else ():
        plain = name.removeprefix("_")
        if plain in DOSE or plain.startswith(DOSE_BEGINS) or (plain == "id" and not one_for_one):
            continue
        if any(other.get(name) != value for other in drafted[1:]):
            continue
        if plain == "patientInstruction" and _speaks_of_dose(drafted[0].get(plain), words):
            continue
        is_said = plain == "additionalInstruction"
        kept = _without_dose(objects(value), words) if is_said else value
        if kept not in (None, []):
            yield name, kept


def _without_dose(concepts: Sequence[Json], words: TimingWords) -> list[Json]:
    return [one for one in concepts if not any(_speaks_of_dose(name, words) for name in names(one))]


def _speaks_of_dose(said: object, words: TimingWords) -> bool:
    """Whether words say how much or how often, so that they may contradict the new dose."""
    if not isinstance(said, str):
        return False
    return bool(
        words.intervals(said)
        or words.amounts(said)
        or words.has_first_dose(said)
        or words.asks_for_more(said)
    )


def _with_bounds(instruction: Json, drafted: Sequence[Json], words: TimingWords) -> Json:
    """The lasting instruction with the bounds of the draft's one, unless they end before a second dose."""
    lasting = [
        one for one in drafted if (often := rhythm(one, words)).intervals and not often.is_short
    ]
    if len(lasting) != 1:
        return instruction
    before = first_object(first_object(lasting[0].get("timing")).get("repeat"))
    bounds = {name: before[name] for name in BOUNDS if name in before}
    timing = first_object(instruction.get("timing"))
    repeat = {**first_object(timing.get("repeat")), **bounds}
    bounded = {**instruction, "timing": {**timing, "repeat": repeat}}
    return instruction if rhythm(bounded, words).is_short else bounded
