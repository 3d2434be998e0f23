"""The summary: one plain line under 140 characters, the outcome first."""

from collections.abc import Collection, Iterator, Sequence

from service.cards.card_context import CardContext, names
from service.cards.card_lengths import LONGEST_SUMMARY
from service.cards.plain_names import InShort
from service.cards.wording import Wording, plain
from service.memo import per_document
from service.policy.assessment import Assessment, Outcome
from service.policy.finding import remark
from service.policy.judged_criterion import Judged
from service.policy.model import Criterion, walk
from service.policy.operators import Excluded
from service.policy.truth import Truth, Way

ROOM_FOR_MORE = 12


def summary(wording: Wording, assessment: Assessment, context: CardContext) -> str:
    """The outcome and what it depends on, within the limit of summaries."""
    named = names(context)
    name = context.why_short or str(assessment.outcome)
    if name not in ("met", "not_met", "unknown"):
        titles = wording.text(remark("either", items=context.perhaps))
        return cut(plain(wording.own("coverage", name, titles=titles, **named)))
    named["indication"] = _indication(wording, assessment)
    if authorized := _authorized(wording, context):
        kind, days = authorized
        name, named = f"{name}_{kind}", {**named, **days}
    return _in_words(wording, name, _items(assessment), tuple(named.items()))


def _authorized(wording: Wording, context: CardContext) -> tuple[str, dict[str, str]] | None:
    """Whether an authorization runs today, or one on file begins later, and its days; None without one."""
    running, decision = context.running, context.decision
    days = InShort(wording, context.day).days
    renewed = running.renewed_until if running else None
    if decision and decision.says == "approved" and decision.begins and renewed is None:
        until = days(running.until.isoformat()) if running else ""
        return "ahead", {"begins": days(decision.begins.isoformat()), "until": until}
    if running is None:
        return None
    return "running", {"until": days((renewed or running.until).isoformat())}


@per_document
def _in_words(
    wording: Wording, name: str, items: tuple[str, ...], called: tuple[tuple[str, str], ...]
) -> str:
    """The summary with as many items as fit; cached, since all words come from documents."""
    named = dict(called)
    room = LONGEST_SUMMARY - len(plain(wording.own("coverage", name, items="", **named)))
    fits = (count for count in range(len(items), 0, -1) if _length(items, count) <= room)
    shown = next(fits, 0)
    only_count = wording.own("coverage", "only_count", count=str(len(items)))
    listed = _listed(wording, items, shown) if shown else only_count
    return cut(plain(wording.own("coverage", name, items=listed, **named)))


def cut(text: str) -> str:
    """A text within the limit of summaries."""
    return text if len(text) <= LONGEST_SUMMARY else text[: LONGEST_SUMMARY - 1].rstrip() + "…"


def _length(words: Sequence[str], count: int) -> int:
    """The approximate length of a list of the first words, with room for the number of others."""
    return sum(len(word) + 2 for word in words[:count]) + (ROOM_FOR_MORE if words[count:] else 0)


def _listed(wording: Wording, words: Sequence[str], count: int) -> str:
    first, rest = ", ".join(words[:count]), len(words) - count
    return wording.own("coverage", "more", first=first, count=str(rest)) if rest else first


def _items(assessment: Assessment) -> tuple[str, ...]:
    """Short names of what blocks, or of the cheapest set of open questions, each once.

    What the prescriber can settle by editing the order comes first.
    """
    if assessment.root is None or assessment.outcome is Outcome.MET:
        return ("",)
    ids = assessment.blocking or (assessment.open[0] if assessment.open else [])
    short_names, judged = shorts(assessment.root.criterion), assessment.judged
    ordered = [id_ for id_ in ids if judged[id_].finding.way is Way.ORDER]
    first = exclusions_last(assessment, assessment.root, dict.fromkeys([*ordered, *ids]))
    return tuple(dict.fromkeys([short_names[id_] for id_ in first if id_ in short_names])) or ("",)


def exclusions_last(assessment: Assessment, root: Judged, ids: Collection[str]) -> list[str]:
    """The ids, with questions on exclusions for which the record has no evidence at the end."""
    judged, excluding = assessment.judged, _excluding(root.criterion)
    last = [id_ for id_ in ids if id_ in excluding and not judged[id_].finding.evidence]
    return [*(id_ for id_ in ids if id_ not in last), *last] if last else list(ids)


@per_document
def _excluding(root: Criterion) -> frozenset[str]:
    return frozenset(
        criterion.id for criterion in walk(root) if isinstance(criterion.operator, Excluded)
    )


@per_document
def shorts(root: Criterion) -> dict[str, str]:
    """The short name of every criterion; a part without one has that of its whole."""
    return dict(_short_names(root, None))


def _short_names(criterion: Criterion, above: str | None) -> Iterator[tuple[str, str]]:
    short = criterion.short or above
    yield criterion.id, short or criterion.says
    for child in criterion.children:
        yield from _short_names(child, short)


def _indication(wording: Wording, assessment: Assessment) -> str:
    policy = assessment.policy
    if policy is None:
        return ""
    live = assessment.indications
    open_ = [id_ for id_, truth in live.items() if truth != str(Truth.NOT_MET)]
    # Diseases whose criteria are not met do not matter for what is still open.
    about = assessment.met_for or (open_ if assessment.outcome is Outcome.UNKNOWN else ()) or live
    titles = tuple(policy.indications[id_].title for id_ in about)
    return wording.text(remark("either", items=titles))
