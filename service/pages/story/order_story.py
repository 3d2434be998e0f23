"""The page of one order: its head, what would change the answer, the timeline, the tree, and the rest."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.facts.case import Case
from service.json_object import Json
from service.library.library import Library
from service.pages.story.changes_in_words import Changes, changes_of
from service.pages.story.shown_tree import MARKS, ShownCriterion, shown_tree
from service.pages.story.story_words import StoryWords
from service.pages.story.timeline_chart import Draw, timeline_svg, vega_svg
from service.pages.story.timeline_marks import order_timeline
from service.policy.assessment import Assessment
from service.policy.truth import Truth, Way

OUTCOMES = {str(truth): mark for truth, mark in MARKS.items()}


@dataclass(frozen=True, slots=True)
class Known:
    """What the page needs of a judged order; `cards` are those that are answered for it, coverage first."""

    assessment: Assessment
    case: Case
    cards: tuple[Json, ...]
    twin: Json
    drug: str
    payer: str


@dataclass(frozen=True, slots=True)
class OrderStory:
    """All that the page of one order shows; `picture` is the timeline as SVG, None if it is drawn later."""

    order: str
    anchor: str
    title: str
    summary: str
    outcome: str
    mark: str
    word: str
    path: str
    as_of: str
    policy: str
    policy_link: str
    changes: Changes
    picture: str | None
    has_picture: bool
    picture_says: str
    left_out: str
    tree: tuple[ShownCriterion, ...]
    alternatives: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]
    data: tuple[tuple[str, str], ...]
    awaits_statements: bool = False


def order_story(
    library: Library, known: Known, site: str, *, drawn: bool, number: int = 1
) -> OrderStory:
    """The story of the order with this number; `site` stands before the paths of our own pages.

    A page that is not `drawn` fetches its picture afterwards, so that it is there at once.
    """
    words, assessment, twin = StoryWords(library.wording), known.assessment, known.twin
    policy = assessment.policy
    timeline = order_timeline(words, known.case, assessment)
    outcome = str(assessment.outcome)
    version = f"{policy.id}@{policy.effective}" if policy else ""
    return OrderStory(
        order=str(twin["order"]),
        anchor=_anchor(number),
        title=order_title(words, known),
        summary=str(known.cards[0]["summary"]) if known.cards else "",
        outcome=outcome,
        mark=OUTCOMES.get(outcome, OUTCOMES[str(Truth.UNKNOWN)]),
        word=words[outcome],
        path=order_path(words, assessment),
        as_of=words.say("as_of", day=str(twin["asOf"])),
        policy=version,
        policy_link=f"{site}/policies/{version}" if version else "",
        changes=changes_of(words, assessment),
        picture=timeline_svg(words, timeline, _anchor(number)) if timeline and drawn else None,
        has_picture=timeline is not None,
        picture_says=words.say("timeline_says", day=str(twin["asOf"])),
        left_out=words.say(
            "timeline_left_out", count=str(timeline.left_out), day=str(timeline.first)
        )
        if timeline and timeline.left_out
        else "",
        tree=shown_tree(words, assessment, site),
        alternatives=tuple(_alternatives(library, twin)),
        notes=tuple((note["says"], note["cite"]) for note in twin["notes"]),
        data=tuple(_data(library.source_names, words, twin)),
        awaits_statements=str(Way.ATTESTATION) in assessment.awaits,
    )


def _anchor(number: int) -> str:
    """What the ids of the criteria of an order begin with on its page."""
    return "t" if number == 1 else f"t{number}"


def order_picture(
    library: Library, known: Known, number: int = 1, draw: Draw = vega_svg
) -> str | None:
    """The timeline alone as SVG, of the order with this number; None if there is nothing to draw."""
    words = StoryWords(library.wording)
    timeline = order_timeline(words, known.case, known.assessment)
    return timeline_svg(words, timeline, _anchor(number), draw) if timeline else None


def order_title(words: StoryWords, known: Known) -> str:
    """What an order is for, and who pays for it."""
    assessment, policy = known.assessment, known.assessment.policy
    titles = [policy.indications[id_].title for id_ in assessment.indications] if policy else []
    if not titles:
        return words.say("title_unread", drug=known.drug, payer=known.payer)
    return words.say("title", drug=known.drug, indication=" / ".join(titles), payer=known.payer)


def order_path(words: StoryWords, assessment: Assessment) -> str:
    """Whether it is a first request or a renewal; empty where no policy judges."""
    path = assessment.path
    return "" if path is None else words["path_unknown" if path == "unknown" else path]


def _alternatives(library: Library, twin: Json) -> list[tuple[str, str]]:
    therapies = library.clinical.therapies
    return [(therapies[each["therapy"]].name, str(each["why"])) for each in twin["alternatives"]]


def _data(names: Mapping[str, str], words: StoryWords, twin: Json) -> list[tuple[str, str]]:
    return [
        (names.get(each["key"], each["key"]), words[f"state_{each['state']}"])
        for each in twin["data"]
    ]
