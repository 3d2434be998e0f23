"""What would change the answer, in words: sets of criteria, each with what settles it."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.cards.assessment_json import MetByTime
from service.pages.story.story_words import StoryWords
from service.policy.assessment import Assessment, Outcome
from service.policy.judged_criterion import Judged
from service.policy.truth import Truth


@dataclass(frozen=True, slots=True)
class NeededCriterion:
    """One criterion of a set: what it asks, what is there now, and in which way it would be settled."""

    id: str
    truth: str
    says: str
    now: str
    way: str


@dataclass(frozen=True, slots=True)
class Changes:
    """The sets that would change the answer, the first one first; and the day on which it changes itself.

    `time_later`: the day is still to be computed, for it takes longer than all the rest.
    """

    lead: str
    sets: tuple[tuple[NeededCriterion, ...], ...] = ()
    time: str = ""
    time_later: bool = False


def changes_of(words: StoryWords, assessment: Assessment) -> Changes:
    """What would change the answer of an assessment; the day is computed later."""
    is_held = assessment.reason is not None  # such as of a patient who died: no answer changes it
    if assessment.root is None or is_held:
        return Changes(words["change_unjudged"])
    sets = assessment.open or assessment.changes
    needed = tuple(tuple(_needed(words, assessment.judged[id_]) for id_ in some) for some in sets)
    name = f"change_{assessment.outcome}" if needed else "change_none"
    is_failed = assessment.outcome is Outcome.NOT_MET
    return Changes(words[name], _distinct(needed), time_later=is_failed)


def _needed(words: StoryWords, judged: Judged) -> NeededCriterion:
    finding, criterion = judged.finding, judged.criterion
    unknown = judged.truth is Truth.UNKNOWN
    says = criterion.asks if unknown and criterion.asks else criterion.says
    now = words.text(finding.miss) or (words.reason(str(finding.reason)) if unknown else "")
    way = words[f"way_{finding.way}"] if unknown else words["way_facts"]
    return NeededCriterion(criterion.id, str(judged.truth), says, now, way)


def _distinct(
    sets: Sequence[tuple[NeededCriterion, ...]],
) -> tuple[tuple[NeededCriterion, ...], ...]:
    """The first set whole, of each later one only what the first lacks."""
    if not sets:
        return ()
    first = {needed.id for needed in sets[0]}
    others = (tuple(needed for needed in some if needed.id not in first) for some in sets[1:])
    return (sets[0], *(some for some in others if some))


def time_in_words(words: StoryWords, time: MetByTime) -> str:
    """The day on which the order will be met by itself, or the one if therapies in use go on."""
    if time.on is not None:
        return words.say("time_met", day=words.day(time.on))
    if time.if_continued is not None:
        return words.say("time_rest", day=words.day(time.if_continued))
    return words["time_never"]
