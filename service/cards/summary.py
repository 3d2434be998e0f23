"""The summary: one plain line under 140 characters, the outcome first."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from service.cards.scene import Scene, names
from service.cards.wording import Wording
from service.policy.assess import Assessment, Outcome
from service.policy.criterion import Criterion
from service.policy.judged import Judged
from service.policy.operators import Excluded
from service.policy.truth import Way

SUMMARY_LIMIT = 139
ROOM_FOR_MORE = 12


def summary(wording: Wording, assessment: Assessment, scene: Scene) -> str:
    """The outcome and what it hangs on, in words that fit."""
    named = names(scene)
    name = scene.why_short or str(assessment.outcome)
    if name not in ("met", "not_met", "unknown"):
        return cut(plain(wording.own("coverage", name, **named)))
    words = _items(assessment)
    named["indication"] = _indication(assessment)
    room = SUMMARY_LIMIT - len(plain(wording.own("coverage", name, items="", **named)))
    fits = (count for count in range(len(words), 0, -1) if _length(words, count) <= room)
    items = _listed(wording, words, next(fits, 1))
    return cut(plain(wording.own("coverage", name, items=items, **named)))


def plain(text: str) -> str:
    """Summaries are plain text: what the Markdown escape wrote is written back."""
    text = str(text)
    for written, meant in (("&amp;", "&"), ("&lt;", "("), ("&gt;", ")"), ("\\", "")):
        text = text.replace(written, meant)
    return text


def cut(text: str) -> str:
    """A text within the limit of summaries."""
    return text if len(text) <= SUMMARY_LIMIT else text[: SUMMARY_LIMIT - 1].rstrip() + "…"


def _length(words: list[str], count: int) -> int:
    """About how long a list of the first words becomes, with room for saying how many more."""
    return sum(len(word) + 2 for word in words[:count]) + (ROOM_FOR_MORE if words[count:] else 0)


def _listed(wording: Wording, words: list[str], count: int) -> str:
    first, rest = ", ".join(words[:count]), len(words) - count
    return wording.own("coverage", "more", first=first, count=str(rest)) if rest else first


def _items(assessment: Assessment) -> list[str]:
    """Short names of what blocks, or of the cheapest set of open questions, each once."""
    if assessment.root is None or assessment.outcome is Outcome.MET:
        return [""]
    ids = assessment.blocking or (assessment.open[0] if assessment.open else [])
    known = shorts(assessment.root.criterion)
    first = asked_last(
        assessment, sorted(ids, key=lambda id_: not _is_on_order(assessment.judged[id_]))
    )
    return list(dict.fromkeys(known[id_] for id_ in first if id_ in known)) or [""]


def asked_last(assessment: Assessment, ids: Iterable[str]) -> list[str]:
    """The questions with those for an exclusion that nothing in the record speaks for at the end."""
    return sorted(ids, key=lambda id_: _unsupported_exclusion(assessment.judged[id_]))


def _unsupported_exclusion(judged: Judged) -> bool:
    return isinstance(judged.criterion.operator, Excluded) and not judged.finding.evidence


def _is_on_order(judged: Judged) -> bool:
    """Whether the prescriber settles it by editing the order in front of them."""
    return judged.finding.way is Way.ORDER


@lru_cache(maxsize=256)
def shorts(root: Criterion) -> dict[str, str]:
    """The short name of every criterion; a part that has none goes by the name of its whole."""
    return dict(_short_names(root, None))


def _short_names(criterion: Criterion, above: str | None) -> Iterator[tuple[str, str]]:
    short = criterion.short or above
    yield criterion.id, short or criterion.says
    for child in criterion.children:
        yield from _short_names(child, short)


def _indication(assessment: Assessment) -> str:
    policy = assessment.policy
    if policy is None:
        return ""
    return " or ".join(policy.indications[id_].title for id_ in assessment.indications)
