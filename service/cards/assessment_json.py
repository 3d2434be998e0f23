"""The JSON twin of a coverage card (schema 1)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from service.cards.card_context import CardContext, ShownCoverage, names
from service.cards.wording import Wording, plain
from service.cds.ids import fresh_uuid
from service.clinical.suggestions import Offer, Option, RuledOut, Suggestions
from service.clinical.therapies_and_pathways import Guideline
from service.facts.authorizations.authorization_in_force import EarlierDecision
from service.json_object import Json, without_empty
from service.memo import per_document
from service.policy.assessment import Assessment
from service.policy.finding import STATED, Evidence, Remark
from service.policy.judged_criterion import Judged
from service.policy.model import Criterion, Op
from service.policy.truth import Truth

EXTENSION = "org.dupilumab-cds.assessment"
MOST_EVIDENCE = 8  # entries for one criterion
MOST_NOTES = 8
MOST_COVERAGES = 10


@dataclass(frozen=True, slots=True)
class MetByTime:
    """When an order that is not met will be met if nothing else happens.

    `on` is None if no day up to `known_until` meets it; without `known_until` that is not known.
    `if_continued` is the day if therapies in use go on as well; None if there is none.
    """

    on: date | None = None
    if_continued: date | None = None
    known_until: date | None = None

    @property
    def as_json(self) -> Json:
        """As a member of the twin."""
        days = {"metOn": self.on, "ifContinued": self.if_continued, "knownUntil": self.known_until}
        return {name: day and day.isoformat() for name, day in days.items()}


@dataclass(frozen=True, slots=True)
class TwinContext:
    """What the twin needs besides the assessment: order, day, content hash, state of the data.

    `unread` counts unreadable entries by key; `asked` names those that matter.
    """

    order: str
    day: date
    content: str
    data: Mapping[str, str]
    coverages: Sequence[ShownCoverage] = ()
    unread: Mapping[str, int] = field(default_factory=dict)
    asked: tuple[Remark, ...] = ()
    set_aside: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    time: MetByTime | None = None
    id: str = field(default_factory=fresh_uuid)


# What a criterion says in the first twin alone where a later twin says the same.
_IN_FIRST_TWIN = {"evidence", "evidenceLeftOut", "children"}


def twin(
    wording: Wording,
    assessment: Assessment,
    twin_context: TwinContext,
    context: CardContext,
    beside: Suggestions,
) -> Json:
    """The assessment as data, complete and in a fixed order."""
    policy = assessment.policy
    document: Json = {
        "schema": "1",
        "id": twin_context.id,
        "asOf": twin_context.day.isoformat(),
        "content": twin_context.content,
        "policy": None
        if policy is None
        else {"id": policy.id, "effective": policy.effective.isoformat(), "title": policy.title},
        "order": twin_context.order,
        "path": assessment.path,
        "indication": assessment.indication,
        "indications": assessment.indications,
        "outcome": str(assessment.outcome),
        "awaits": assessment.awaits,
        "reason": assessment.reason,
        "criteria": criteria(wording, assessment.root),
        "needs": assessment.needs,
        "open": assessment.open or assessment.changes,
        "blocking": assessment.blocking,
        "time": twin_context.time and twin_context.time.as_json,
        "situation": beside.offer.situation.id if beside.offer else None,
        "alternatives": _alternatives(wording, beside),
        "ruledOut": _left_out(wording, beside.offer.ruled_out if beside.offer else ()),
        "further": _left_out(wording, beside.offer.further if beside.offer else ()),
        "notes": [{"id": note.id, "says": note.says, "cite": note.cite} for note in beside.notes],
        "data": [_key_state(twin_context, key, state) for key, state in twin_context.data.items()],
    }
    document |= _said_on_cards(wording, assessment, twin_context, context, beside)
    return document | _coverages(wording, twin_context.coverages)


def _coverages(wording: Wording, coverages: Sequence[ShownCoverage]) -> Json:
    """The members about coverages; no member where there are none, or none are left out."""
    shown = [
        {
            **({"reference": coverage.reference} if coverage.reference else {}),
            "payer": wording.text(coverage.name),
            "use": coverage.use,
            "named": coverage.named,
        }
        for coverage in coverages[:MOST_COVERAGES]
    ]
    left_out = len(coverages[MOST_COVERAGES:])
    return {
        **({"coverages": shown} if shown else {}),
        **({"coveragesLeftOut": left_out} if left_out else {}),
    }


def walk_twin(criteria: Iterable[Json]) -> Iterator[Json]:
    """Every criterion of a twin, in reading order."""
    for criterion in criteria:
        yield criterion
        yield from walk_twin(criterion.get("children") or ())


def as_sent(cards: Iterable[Json]) -> list[Json]:
    """The cards with nothing null or empty in the twins that they carry, as CDS Hooks asks for.

    Whoever has the twin itself finds every member in it.
    """
    return [_with_full_twin(card) for card in cards]


def _with_full_twin(card: Json) -> Json:
    extension = card.get("extension")
    if extension is None or EXTENSION not in extension:
        return card
    return {**card, "extension": {**extension, EXTENSION: without_empty(extension[EXTENSION])}}


def _said_on_cards(
    wording: Wording,
    assessment: Assessment,
    twin_context: TwinContext,
    context: CardContext,
    beside: Suggestions,
) -> Json:
    """What a card may leave out for want of room; members without a value are left out."""
    dose = [
        wording.say(
            "coverage",
            f"dose_{dose_remark.kind}",
            **{name: wording.text(value) for name, value in dose_remark.values.items()},
            **names(context),
        )
        for dose_remark in context.dose
    ]
    running, decision = context.running, context.decision
    said: Json = {
        "asked": {
            node.criterion.id: node.criterion.asks
            for node in assessment.judged.values()
            if node.criterion.asks and node.truth is Truth.UNKNOWN
        },
        "dose": [plain(text) for text in dose],
        "unread": [wording.text(item) for item in twin_context.asked],
        "running": running and {"until": running.until.isoformat(), "number": running.number},
        "decision": decision and _decision(decision),
        "metFor": list(assessment.met_for)
        if assessment.indications.keys() - assessment.met_for
        else [],
        "toRecord": [fix.says for fix in context.fixes if fix.kind == "record"],
        "situationDetail": _situation(beside.offer) if beside.offer else None,
    }
    return {name: value for name, value in said.items() if value}


def _decision(decision: EarlierDecision) -> Json:
    """The payer's last decision; members without a value are left out."""
    said: Json = {
        "says": decision.says,
        "decided": decision.decided.isoformat(),
        "number": decision.number,
        "begins": decision.begins and decision.begins.isoformat(),
        "until": decision.until and decision.until.isoformat(),
        "called": decision.called,
        "resource": decision.reference,
    }
    return {name: value for name, value in said.items() if value}


def _situation(offer: Offer) -> Json:
    situation = offer.situation
    return {
        "says": situation.says,
        "head": situation.head,
        "cite": situation.cite,
        "sides": [{"says": side.says, "cite": side.cite} for side in situation.sides],
    }


def _key_state(twin_context: TwinContext, key: str, state: str) -> Json:
    """The state of a prefetch key, with numbers of unreadable and unused entries."""
    came: Json = {"key": key, "state": state}
    if unread := twin_context.unread.get(key):
        came["unread"] = unread
    if aside := twin_context.set_aside.get(key):
        came["setAside"] = [{"why": why, "count": count} for why, count in sorted(aside.items())]
    return came


def _alternatives(wording: Wording, beside: Suggestions) -> list[Json]:
    if beside.offer is None:
        return []
    return [
        {
            "therapy": option.therapy.id,
            "rank": rank,
            "truth": str(option.truth),
            "why": wording.text(option.why),
            **_details(wording, option),
        }
        for rank, option in enumerate(beside.offer.options, 1)
    ]


def _details(wording: Wording, option: Option) -> Json:
    """What is known of a therapy; members without a value are left out."""
    guideline = option.use.guideline
    details = {
        "name": option.therapy.name,
        "class": option.therapy.class_,
        "label": option.use.label,
        "lowered": wording.text(option.lowered),
        "behind": option.behind,
        "dose": option.dose,
        "first": list(option.first),
        "boxedWarning": option.therapy.boxed_warning,
        "during": [watch.card_text for watch in option.therapy.monitoring],
        "notOrdered": wording.text(option.not_ordered),
        "guideline": guideline and _guideline(guideline),
        "coverage": option.coverage,
        "cite": "; ".join((option.use.cite, *option.warned)),
    }
    return {name: value for name, value in details.items() if value}


def _guideline(guideline: Guideline) -> Json:
    """What a guideline says of a therapy, as far as it was seen in the guideline itself."""
    seen = {
        "body": guideline.body,
        "ages": guideline.ages,
        "strength": guideline.strength if guideline.strength_seen else None,
        "certainty": guideline.certainty if guideline.certainty_seen else None,
    }
    return {name: value for name, value in seen.items() if value}


def _left_out(wording: Wording, ruled_out: Iterable[RuledOut]) -> list[Json]:
    return [
        {
            "therapy": therapy.therapy.id,
            "why": wording.text(therapy.why),
            **({"cite": "; ".join(therapy.warned)} if therapy.warned else {}),
        }
        for therapy in ruled_out
    ]


def criteria(wording: Wording, root: Judged | None) -> list[Json]:
    """The tree of criteria; if the path is unknown both trees, under the question that decides it."""
    if root is None:
        return []
    if root.criterion.op is not Op.CHOOSE:
        return [_node(wording, root)]
    test, *branches = root.children
    children = [_node(wording, branch) for branch in branches]
    return [{**_node_head(wording, root), "test": test.criterion.id, "children": children}]


def _node(wording: Wording, judged: Judged) -> Json:
    """One criterion with everything below it."""
    node = _node_head(wording, judged)
    finding = judged.finding
    if judged.criterion.op is Op.LEAF or finding.evidence:
        node["evidence"] = [_evidence(wording, proof) for proof in finding.evidence[:MOST_EVIDENCE]]
        if left_out := len(finding.evidence[MOST_EVIDENCE:]):
            node["evidenceLeftOut"] = left_out
    if judged.children:
        node["children"] = [_node(wording, child) for child in judged.children]
    return node


def refer_to(first: Json, later: Json) -> None:
    """Takes out of a twin what an earlier twin of the answer says of the same criteria.

    Such a criterion keeps its head and gets `sameAs`, the id of that twin; its evidence and its
    children are there alone.
    """
    known = {node["id"]: node for node in _nodes(first["criteria"])}
    later["criteria"] = [_shorter(node, known, first["id"]) for node in later["criteria"]]


def _nodes(nodes: Iterable[Json]) -> Iterator[Json]:
    for node in nodes:
        yield node
        yield from _nodes(node.get("children", ()))


def _shorter(node: Json, known: Mapping[str, Json], twin_id: str) -> Json:
    if known.get(node["id"]) != node:
        children = node.get("children")
        shorter = [_shorter(child, known, twin_id) for child in children or ()]
        return {**node, "children": shorter} if children else node
    if not node.get("children") and not node.get("evidence"):
        return node
    head = {name: value for name, value in node.items() if name not in _IN_FIRST_TWIN}
    return {**head, "sameAs": twin_id}


def _node_head(wording: Wording, judged: Judged) -> Json:
    finding = judged.finding
    node = _document_node(judged.criterion).copy()
    node["truth"] = str(finding.truth)
    if finding.truth is Truth.UNKNOWN:
        node["reason"] = str(finding.reason)
    if finding.miss:
        node["miss"] = wording.text(finding.miss)
    if finding.notes or judged.notices:
        node["notes"] = [*map(wording.text, finding.notes[:MOST_NOTES]), *judged.notices]
    return node


@per_document
def _document_node(criterion: Criterion) -> Json:
    """What documents say of a criterion, with keys in the twin's order; copied for each answer."""
    node: Json = {"id": criterion.id, "truth": None, "says": criterion.says}
    node |= {"cite": criterion.cite, "reason": None, "miss": None}
    if criterion.op is not Op.LEAF:
        node["op"] = str(criterion.op)
    if criterion.op is Op.AT_LEAST:
        node["n"] = criterion.n
    if criterion.readings:
        node["readings"] = criterion.readings
    return node


def _evidence(wording: Wording, proof: Evidence) -> Json:
    return {
        "reference": proof.reference,
        "date": proof.date,
        "value": wording.text(proof.value),
        "kind": proof.kind,
        **(_stated(wording, proof.value) if proof.kind == STATED else {}),
    }


def _stated(wording: Wording, value: str | Remark) -> Json:
    """Who made a statement, and the last day on which it counts; members without a value are left out."""
    said = dict(value.values) if isinstance(value, Remark) else {}
    if isinstance(inner := said.get("stated"), Remark):
        said = dict(inner.values)
    author, until = said.get("author"), said.get("until")
    known = {
        "author": wording.text(author) if isinstance(author, str) else None,
        "until": until.isoformat() if isinstance(until, date) else None,
    }
    return {name: one for name, one in known.items() if one}
