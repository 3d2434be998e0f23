"""The coverage card: the outcome first, then what is missing, then what is met, then the source."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Any, NamedTuple, Protocol
from uuid import uuid4

from service.cards.twin import EXTENSION, About, twin
from service.cards.wording import Wording, own_words
from service.policy.assess import Assessment, Outcome, nodes
from service.policy.criterion import Criterion, Op
from service.policy.finding import Evidence
from service.policy.judge import Judged
from service.policy.open import asked as all_asked
from service.policy.open import is_asked
from service.policy.truth import Reason, Truth, Way

Json = dict[str, Any]
SUMMARY_LIMIT = 139
MOST_WAYS = 4
ROOM_FOR_MORE = 12
SHOWN_VALUES = 2
MOST_PARTS = 3
TOPIC = {
    "code": "coverage-info",
    "system": "http://terminology.hl7.org/CodeSystem/cdshooks-card-type",
    "display": "Coverage Information",
}
# Reasons that a question, or the words of what is missing, already tell.
ANSWERED_BY_ASKING = {Reason.NOT_FOUND, Reason.NOT_HELD, Reason.ATTESTATION}
SAID_BY_MISS = {Reason.NOT_FOUND}
STATES_TO_TELL = {"not_supplied", "failed", "incomplete", "invalid", "foreign"}


@dataclass(frozen=True, slots=True)
class Scene:
    """What the card says besides the assessment: names, and whether orders must be told apart."""

    payer: str
    payer_short: str
    drug: str
    order: str
    several_orders: bool
    brief: bool
    source_names: dict[str, str]
    why_short: str | None = None
    elsewhere_says: str | None = None
    repair: "Repaired | None" = None


class Repaired(Protocol):
    """A corrected order and its regimen in words."""

    @property
    def resource(self) -> Json:
        """The whole corrected order."""

    @property
    def regimen(self) -> str:
        """What it says now."""


class Line(NamedTuple):
    """One criterion as the card shows it."""

    says: str
    asks: str | None
    miss: str | None
    why: str
    value: str
    names_drug: bool
    earlier: bool


def coverage_card(
    wording: Wording, assessment: Assessment, about: About, scene: Scene
) -> tuple[Json, Json]:
    """The card and its twin."""
    data = twin(assessment, about)
    card: Json = {
        "uuid": str(uuid4()),
        "summary": _summary(wording, assessment, scene),
        "detail": str(_detail(wording, assessment, about, scene)),
        "indicator": _indicator(assessment),
        "source": _source(wording, assessment, scene),
        "extension": {EXTENSION: data},
    }
    if scene.repair is not None:
        card["suggestions"] = [_suggestion(wording, scene.repair, scene)]
        card["selectionBehavior"] = "at-most-one"
    return card, data


def _suggestion(wording: Wording, repair: Repaired, scene: Scene) -> Json:
    """The corrected order as one update of the draft."""
    values = {"regimen": repair.regimen, **_names(scene)}
    return {
        "label": _plain(wording.say("coverage", "repair_label", **values)),
        "uuid": str(uuid4()),
        "actions": [
            {
                "type": "update",
                "description": _plain(wording.say("coverage", "repair_description", **values)),
                "resource": repair.resource,
            }
        ],
    }


def _indicator(assessment: Assessment) -> str:
    """`info` when met or awaiting only statements; never critical: no clinical harm is at stake."""
    only_statements = assessment.outcome is Outcome.UNKNOWN and assessment.awaits == [
        str(Way.ATTESTATION)
    ]
    quiet = assessment.outcome is Outcome.MET or only_statements
    return "info" if quiet else "warning"


def _source(wording: Wording, assessment: Assessment, scene: Scene) -> Json:
    policy = assessment.policy
    label = wording.own("coverage", "source" if policy else "source_none", **_names(scene))
    source: Json = {"label": _plain(label), "topic": dict(TOPIC)}
    if policy is not None and policy.url:
        source["url"] = policy.url
    return source


def _names(scene: Scene) -> dict[str, str]:
    return {"payer": scene.payer_short, "payer_name": scene.payer, "drug": scene.drug}


def _summary(wording: Wording, assessment: Assessment, scene: Scene) -> str:
    names = _names(scene)
    name = scene.why_short or str(assessment.outcome)
    if name not in ("met", "not_met", "unknown"):
        return _cut(_plain(wording.own("coverage", name, **names)))
    words = _items(assessment)
    names["indication"] = _indication(assessment)
    room = SUMMARY_LIMIT - len(_plain(wording.own("coverage", name, items="", **names)))
    fits = (count for count in range(len(words), 0, -1) if _length(words, count) <= room)
    items = _listed(wording, words, next(fits, 1))
    return _cut(_plain(wording.own("coverage", name, items=items, **names)))


def _plain(text: str) -> str:
    """Summaries are plain text: what the Markdown escape wrote is written back."""
    text = str(text)
    for written, meant in (("&amp;", "&"), ("&lt;", "("), ("&gt;", ")"), ("\\", "")):
        text = text.replace(written, meant)
    return text


def _cut(text: str) -> str:
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
    shorts = _shorts(assessment.root.criterion)
    on_order = {one.criterion.id for one in nodes(assessment.root) if _is_on_order(one)}
    first = sorted(ids, key=lambda id_: id_ not in on_order)
    return list(dict.fromkeys(shorts[id_] for id_ in first if id_ in shorts)) or [""]


def _is_on_order(judged: Judged) -> bool:
    """Whether the prescriber settles it by editing the order in front of them."""
    return judged.finding.way is Way.ORDER


@lru_cache(maxsize=256)
def _shorts(root: Criterion) -> dict[str, str]:
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


def _detail(wording: Wording, assessment: Assessment, about: About, scene: Scene) -> str:
    if assessment.root is None:
        return _short_detail(wording, assessment, scene)
    asked = {node.criterion.id: node for node in all_asked(assessment.root)}
    needed = assessment.open[0] if assessment.open else []
    return wording.say(
        "coverage",
        "detail",
        several_orders=scene.several_orders,
        order=scene.order,
        path=assessment.path,
        failing=[_line(wording, asked[id_]) for id_ in assessment.blocking if id_ in asked]
        + _near_misses(wording, assessment),
        blocked=bool(assessment.blocking),
        also=_also_open(assessment) if assessment.blocking else [],
        needed=[_line(wording, asked[id_]) for id_ in needed],
        instead=_other_ways(assessment),
        met=[] if scene.brief else _met(wording, assessment.root),
        notes=list(dict.fromkeys(_notes(assessment.root))),
        missing_data=_missing_data(about, scene),
        policy=_policy_line(wording, assessment),
        **_names(scene),
    )


def _met(wording: Wording, root: Judged) -> list[Line]:
    lines = [_line(wording, node) for node in _met_nodes(root)]
    return list({(one.says, one.value): one for one in lines}.values())


def _met_nodes(judged: Judged, *, route: bool = False) -> Iterator[Judged]:
    """What is met, a whole of parts in one line.

    Of several routes only the ones that carry the outcome; of a route still open only what the
    record shows, for a statement about all routes does not mean that each was tried.
    """
    parts = judged.children
    whole = judged.criterion.op is Op.ALL and all(is_asked(part) for part in parts)
    if is_asked(judged) or (whole and judged.truth is Truth.MET):
        if judged.truth is Truth.MET and not (route and _only_stated(judged)):
            yield judged
        return
    choice = judged.criterion.op is Op.ANY and len(parts) > 1
    for part in parts:
        if not choice or part.truth is judged.truth is not Truth.NOT_MET:
            open_route = route or (choice and part.truth is Truth.UNKNOWN)
            yield from _met_nodes(part, route=open_route)


def _only_stated(judged: Judged) -> bool:
    return all(one.kind == "attestation" for one in _evidence(judged))


def _other_ways(assessment: Assessment) -> list[str]:
    """What else would do, in short names: per way what it asks beyond the cheapest."""
    if assessment.root is None or not assessment.open[1:]:
        return []
    shorts = _shorts(assessment.root.criterion)
    first = set(assessment.open[0])
    others = (
        list(dict.fromkeys(shorts[id_] for id_ in ids if id_ not in first))
        for ids in assessment.open[1:MOST_WAYS]
    )
    # A way that asks for much more is no alternative at a glance; the twin holds them all.
    return list(dict.fromkeys(" and ".join(one) for one in others if len(one) <= MOST_PARTS))


def _also_open(assessment: Assessment) -> list[str]:
    """With the outcome settled against the order: what else would still be asked, in short names."""
    if assessment.root is None:
        return []
    shorts = _shorts(assessment.root.criterion)
    return list(dict.fromkeys(shorts[one.criterion.id] for one in _unsettled(assessment.root)))


def _unsettled(judged: Judged) -> Iterator[Judged]:
    alone = judged.criterion.op is Op.ALL or len(judged.children) == 1
    if alone and not is_asked(judged):
        for child in judged.children:
            yield from _unsettled(child)
    elif judged.truth is Truth.UNKNOWN:
        yield judged


def _near_misses(wording: Wording, assessment: Assessment) -> list[Line]:
    """With the outcome open: routes that fail but another may still carry the criterion."""
    if assessment.outcome is not Outcome.UNKNOWN or assessment.root is None:
        return []
    return [_line(wording, node) for node in _failing(assessment.root)]


def _failing(judged: Judged) -> Iterator[Judged]:
    if judged.truth is Truth.MET:
        return
    if is_asked(judged):
        if judged.truth is Truth.NOT_MET and judged.finding.miss and any(_evidence(judged)):
            yield judged
        return
    for child in judged.children:
        yield from _failing(child)


def _line(wording: Wording, judged: Judged) -> Line:
    finding, criterion = judged.finding, judged.criterion
    unknown = finding.truth is Truth.UNKNOWN
    asks = criterion.asks if unknown else None
    said = ANSWERED_BY_ASKING if asks else SAID_BY_MISS if finding.miss else ()
    told = unknown and finding.reason and finding.reason not in said
    rules_out = criterion.op is Op.NOT
    return Line(
        own_words(criterion.says),
        own_words(asks) if asks else None,
        finding.miss,
        wording.say("coverage", finding.reason) if told and finding.reason else "",
        _value(judged),
        rules_out,
        rules_out and any(one.date for one in _evidence(judged)),
    )


def _value(judged: Judged) -> str:
    shown = list(dict.fromkeys(_dated(one) for one in _evidence(judged)))
    return "; ".join(shown[:SHOWN_VALUES])


def _dated(one: Evidence) -> str:
    if not one.date:
        return one.value
    first, _, last = one.date.partition(" to ")
    date = f"since {first}" if last == "?" else f"until {last}" if first == "?" else one.date
    return f"{one.value} ({date})"


def _evidence(judged: Judged) -> Iterator[Evidence]:
    """What was found; of several parts the best of each before the second best of any."""
    yield from judged.finding.evidence
    each = (list(_evidence(child)) for child in judged.children)
    yield from (one for row in zip_longest(*each) for one in row if one is not None)


def _notes(judged: Judged) -> Iterator[str]:
    yield from judged.finding.notes
    yield from judged.notices
    for child in judged.children:
        yield from _notes(child)


def _missing_data(about: About, scene: Scene) -> str:
    keys = [key for key, state in about.data.items() if state in STATES_TO_TELL]
    return "; ".join(_lower(scene.source_names.get(key, key)) for key in keys)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _policy_line(wording: Wording, assessment: Assessment) -> str:
    policy = assessment.policy
    if policy is None:
        return ""
    return wording.own(
        "coverage", "policy", document=policy.document, effective=policy.effective.isoformat()
    )


def _short_detail(wording: Wording, assessment: Assessment, scene: Scene) -> str:
    name = scene.why_short or str(assessment.outcome)
    if name == "elsewhere":
        sentence = scene.elsewhere_says or ""
    else:
        sentence = wording.say("coverage", f"{name}_detail", **_names(scene))
    return wording.say(
        "coverage",
        "short",
        several_orders=scene.several_orders,
        order=scene.order,
        sentence=sentence,
        policy=_policy_line(wording, assessment),
    )
