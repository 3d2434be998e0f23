"""The JSON twin of a coverage card (schema 1, DESIGN.md section 4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from service.cards.context import Insured
from service.cards.wording import Wording
from service.cds.ids import fresh_uuid
from service.clinical.offer import Beside, RuledOut
from service.json_object import Json
from service.memo import per_document
from service.policy.assess import Assessment
from service.policy.criterion import AT_LEAST, CHOOSE, LEAF, Criterion
from service.policy.finding import Evidence
from service.policy.judged import Judged
from service.policy.remark import Remark
from service.policy.truth import UNKNOWN

EXTENSION = "org.dupilumab-cds.assessment"


@dataclass(frozen=True, slots=True)
class About:
    """What surrounds an assessment: the order, the day, the content, how the data came.

    `unread` counts entries that do not say what they are about, by key; `asked` names those that matter.
    """

    order: str
    day: date
    content: str
    data: Mapping[str, str]
    coverages: Sequence[Insured] = ()
    unread: Mapping[str, int] = field(default_factory=dict)
    asked: tuple[Remark, ...] = ()
    set_aside: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def twin(wording: Wording, assessment: Assessment, about: About, beside: Beside) -> Json:
    """The assessment as data, complete and in a fixed order."""
    policy = assessment.policy
    found = {
        "schema": "1",
        "id": fresh_uuid(),
        "asOf": about.day.isoformat(),
        "content": about.content,
        "policy": None
        if policy is None
        else {"id": policy.id, "effective": policy.effective.isoformat(), "title": policy.title},
        "order": about.order,
        "path": assessment.path,
        "indication": "+".join(assessment.indications) or None,
        "indications": assessment.indications,
        "outcome": str(assessment.outcome),
        "awaits": assessment.awaits,
        "reason": assessment.reason,
        "criteria": criteria(wording, assessment.root),
        "needs": assessment.needs,
        "open": assessment.open,
        "blocking": assessment.blocking,
        "situation": beside.offer.situation.id if beside.offer else None,
        "alternatives": _alternatives(wording, beside),
        "ruledOut": _left_out(wording, beside.offer.ruled_out if beside.offer else ()),
        "further": _left_out(wording, beside.offer.further if beside.offer else ()),
        "notes": [{"id": one.id, "says": one.says, "cite": one.cite} for one in beside.notes],
        "data": [_came(about, key, state) for key, state in about.data.items()],
    }
    if about.coverages:
        found["coverages"] = [
            {
                **({"reference": one.reference} if one.reference else {}),
                "payer": wording.text(one.name),
                "use": one.use,
                "named": one.named,
            }
            for one in about.coverages
        ]
    return found


def _came(about: About, key: str, state: str) -> Json:
    """How a key came, how many of its entries cannot be read, and which were not used."""
    came: Json = {"key": key, "state": state}
    if unread := about.unread.get(key):
        came["unread"] = unread
    if aside := about.set_aside.get(key):
        came["setAside"] = [{"why": why, "count": count} for why, count in sorted(aside.items())]
    return came


def _alternatives(wording: Wording, beside: Beside) -> list[Json]:
    if beside.offer is None:
        return []
    return [
        {
            "therapy": one.therapy.id,
            "rank": rank,
            "truth": str(one.truth),
            "why": wording.text(one.why),
        }
        for rank, one in enumerate(beside.offer.options, 1)
    ]


def _left_out(wording: Wording, those: Iterable[RuledOut]) -> list[Json]:
    return [{"therapy": one.therapy.id, "why": wording.text(one.why)} for one in those]


def criteria(wording: Wording, root: Judged | None) -> list[Json]:
    """The tree; with the path unknown both trees under one question."""
    if root is None:
        return []
    if root.criterion.op is not CHOOSE:
        return [_node(wording, root)]
    test, *branches = root.children
    children = [_node(wording, one) for one in branches]
    return [{**_about(wording, root), "test": test.criterion.id, "children": children}]


def _node(wording: Wording, judged: Judged) -> Json:
    """One criterion with all below it."""
    node = _about(wording, judged)
    finding = judged.finding
    if judged.criterion.op is LEAF or finding.evidence:
        node["evidence"] = [_evidence(wording, one) for one in finding.evidence]
    if judged.children:
        node["children"] = [_node(wording, child) for child in judged.children]
    return node


def _about(wording: Wording, judged: Judged) -> Json:
    finding = judged.finding
    node = _written(judged.criterion).copy()
    node["truth"] = str(finding.truth)
    if finding.truth is UNKNOWN:
        node["reason"] = str(finding.reason)
    if finding.miss:
        node["miss"] = wording.text(finding.miss)
    if finding.notes or judged.notices:
        node["notes"] = [*map(wording.text, finding.notes), *judged.notices]
    return node


@per_document
def _written(criterion: Criterion) -> Json:
    """What the documents say of a criterion, in the twin's order; copied for each answer."""
    node: Json = {"id": criterion.id, "truth": None, "says": criterion.says}
    node |= {"cite": criterion.cite, "reason": None, "miss": None}
    if criterion.op is not LEAF:
        node["op"] = str(criterion.op)
    if criterion.op is AT_LEAST:
        node["n"] = criterion.n
    if criterion.readings:
        node["readings"] = criterion.readings
    return node


def _evidence(wording: Wording, one: Evidence) -> Json:
    return {
        "reference": one.reference,
        "date": one.date,
        "value": wording.text(one.value),
        "kind": one.kind,
    }
