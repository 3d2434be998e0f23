"""The coverage card: the outcome first, then what is missing, then what is met, then the source."""

from collections.abc import Sequence

from markupsafe import Markup

from service.cards.card import Told, with_suggestions
from service.cards.context import Repaired, Scene, names
from service.cards.lines import (
    Line,
    also_open,
    line,
    met_lines,
    near_misses,
    notes,
    other_ways,
    picked,
)
from service.cards.summary import asked_last, summary
from service.cards.twin import EXTENSION, About, twin
from service.cards.wording import Wording, add_overrides, escape, own_words, plain
from service.cds.ids import fresh_uuid
from service.clinical.offer import Beside, DoseRemark, Fix
from service.json_object import Json
from service.policy.assess import Assessment, Outcome
from service.policy.judged import Judged, nodes
from service.policy.model import Policy
from service.policy.open import is_asked
from service.policy.operators import Regimen
from service.policy.remark import remark
from service.policy.truth import Reason, Way

CARD = "coverage"
TOPIC = {
    "code": "coverage-info",
    "system": "http://terminology.hl7.org/CodeSystem/cdshooks-card-type",
    "display": "Coverage Information",
}
# Coverages that may pay too.
BESIDE = ("second", "beside")
SHOWN_UNREAD = 5
LOADING_CONTINUED = "loading_continued"
# What is told of entries is that they are no more.
ENDS = {"deleted"}
STATES_TO_TELL = {"not_supplied", "failed", "incomplete", "invalid", "foreign"}


def coverage_card(
    wording: Wording, assessment: Assessment, about: About, scene: Scene, beside: Beside
) -> tuple[Told, Json]:
    """The card and its twin."""
    data = twin(wording, assessment, about, beside)
    card: Json = {
        "uuid": fresh_uuid(),
        "summary": summary(wording, assessment, scene),
        "detail": str(_detail(wording, assessment, about, scene)),
        "indicator": _indicator(assessment),
        "source": _source(wording, assessment, scene),
        "extension": {EXTENSION: data},
    }
    add_overrides(card, wording, CARD)
    suggested = [("repair", _repair(wording, scene.repair, scene))] if scene.repair else []
    suggested += [(f"{one.kind}:{one.about}", _fix(wording, one, scene)) for one in scene.fixes]
    return with_suggestions(card, CARD, suggested), data


def _fix(wording: Wording, fix: Fix, scene: Scene) -> Json:
    """A gap closed: a test as a new order, or the draft with its reason."""
    if fix.kind == "test":
        label, description, action = fix.says, fix.says, "create"
    else:
        values = {"title": fix.says, **names(scene)}
        label = plain(wording.own("coverage", fix.kind, **values))
        description, action = (
            plain(wording.own("coverage", "reason_description", **values)),
            "update",
        )
    return {
        "label": label,
        "uuid": fresh_uuid(),
        "actions": [{"type": action, "description": description, "resource": fix.resource}],
    }


def _repair(wording: Wording, repair: Repaired, scene: Scene) -> Json:
    """The corrected order as one update of the draft."""
    values = {"regimen": wording.text(repair.regimen), **names(scene)}
    label = "repair_device" if repair.device else "repair_label"
    return {
        "label": plain(wording.own("coverage", label, device=repair.device or "", **values)),
        "uuid": fresh_uuid(),
        "actions": [
            {
                "type": "update",
                "description": plain(wording.own("coverage", "repair_description", **values)),
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
    label = wording.own("coverage", "source" if policy else "source_none", **names(scene))
    source: Json = {"label": plain(label), "topic": dict(TOPIC)}
    if policy is not None and policy.url:
        source["url"] = policy.url
    return source


def _detail(wording: Wording, assessment: Assessment, about: About, scene: Scene) -> str:
    root, judged = assessment.root, assessment.judged
    if root is None:
        return _short_detail(wording, assessment, scene)
    held = bool(scene.why_short) and assessment.reason == scene.why_short
    needed = asked_last(assessment, root, assessment.open[0] if assessment.open else [])
    open_lines = [] if held else [line(wording, judged[id_]) for id_ in needed]
    failing = [line(wording, judged[id_]) for id_ in picked(root, assessment.blocking)]
    failing += near_misses(wording, assessment)
    return wording.say(
        "coverage",
        "detail",
        several_orders=scene.several_orders,
        order=scene.order,
        path=assessment.path,
        unread=_unread(wording, assessment, about),
        dose=[_of_dose(wording, one, scene) for one in scene.dose],
        failing=failing,
        blocked=bool(assessment.blocking),
        also=also_open(assessment) if assessment.blocking else [],
        running=_running(wording, scene),
        met_for=_met_for(wording, assessment, scene),
        needed=open_lines,
        instead=[] if held else other_ways(wording, assessment),
        met=[] if scene.brief or held else _met(wording, root, scene, [*failing, *open_lines]),
        notes=[] if held else _notes(wording, assessment, scene),
        missing_data=_missing_data(about, scene),
        coverages=_coverages(wording, assessment, scene),
        set_aside=_set_aside(wording, about, scene),
        held=wording.say("coverage", f"{assessment.reason}_detail", **names(scene)) if held else "",
        policy=_policy_line(wording, assessment),
        **names(scene),
    )


def _coverages(wording: Wording, assessment: Assessment, scene: Scene) -> list[str]:
    """Coverages beside the one that decides; those that do not count where somebody would miss them."""
    nothing_else = assessment.policy is None
    return [
        wording.say(
            "coverage", f"coverage_{one.use}", called=wording.text(one.name), **names(scene)
        )
        for one in scene.coverages
        if one.use in BESIDE or (one.use != "decides" and (one.named or nothing_else))
    ]


def _met(wording: Wording, root: Judged, scene: Scene, elsewhere: Sequence[Line]) -> list[Line]:
    """What is met; of a dose that is told above to be more than it takes no more is said."""
    found = met_lines(wording, root, elsewhere)
    if not any(one.kind == LOADING_CONTINUED for one in scene.dose):
        return found
    doses = [one.criterion for one in nodes(root) if isinstance(one.criterion.operator, Regimen)]
    said = {own_words(one.says) for one in doses}
    return [one for one in found if one.says not in said]


def _notes(wording: Wording, assessment: Assessment, scene: Scene) -> list[str]:
    """The notes of the criteria, but for those that are told above already."""
    told = {wording.text(note) for one in scene.dose for note in one.replaces}
    return [one for one in notes(wording, assessment) if one not in told]


def _running(wording: Wording, scene: Scene) -> str:
    """The authorization that runs today, before all that is asked for the next one."""
    if scene.running is None:
        return ""
    said = {"until": scene.running.until.isoformat(), "number": scene.running.number or ""}
    return wording.say("coverage", "running", **said, **names(scene))


def _met_for(wording: Wording, assessment: Assessment, scene: Scene) -> str:
    """Which of several diseases the answer rests on, where it does not rest on all of them."""
    policy, met_for = assessment.policy, assessment.met_for
    others = [one for one in assessment.indications if one not in met_for]
    if policy is None or not met_for or not others or scene.why_short:
        return ""
    own, rest = (
        wording.text(
            remark("together", items=tuple(policy.indications[one].title for one in those))
        )
        for those in (met_for, others)
    )
    rest = rest[:1].upper() + rest[1:]
    return wording.own("coverage", "met_for", indication=own, others=rest, **names(scene))


def _of_dose(wording: Wording, one: DoseRemark, scene: Scene) -> str:
    values = {name: wording.text(value) for name, value in one.values.items()}
    return wording.say("coverage", f"dose_{one.kind}", **values, **names(scene))


def _unread(wording: Wording, assessment: Assessment, about: About) -> str:
    """The entries that could not be read, as one question, while some criterion rests on them."""
    nodes = assessment.judged.values()
    open_ = any(is_asked(one) and one.finding.reason is Reason.UNMAPPED for one in nodes)
    if assessment.outcome is not Outcome.UNKNOWN or not (open_ or assessment.path == "unknown"):
        return ""
    count = len(about.asked)
    shown = ", ".join(str(escape(wording.text(one))) for one in about.asked[:SHOWN_UNREAD])
    more = max(count - SHOWN_UNREAD, 0)
    values = {"count": count, "items": Markup(shown), "more": more}  # noqa: S704 - escaped above
    return wording.say("coverage", "unread", **values) if count else ""


def _missing_data(about: About, scene: Scene) -> str:
    known = scene.source_names
    names = [known.get(key, key) for key, state in about.data.items() if state in STATES_TO_TELL]
    return "; ".join(map(_in_a_sentence, names))


def _set_aside(wording: Wording, about: About, scene: Scene) -> str:
    """What came and was not used, for it may not mean what it seems."""
    said = [
        wording.own(
            "coverage",
            "aside",
            source=_in_a_sentence(scene.source_names.get(key, key)),
            count=str(count),
            why=wording.own("coverage", f"aside_{why}"),
        )
        for key, counts in about.set_aside.items()
        for why, count in sorted(counts.items())
        if why not in ENDS
    ]
    return Markup("; ").join(said)


def _in_a_sentence(name: str) -> str:
    return name[:1].lower() + name[1:]


def _policy_line(wording: Wording, assessment: Assessment) -> str:
    policy = assessment.policy
    if policy is None:
        return ""
    known = {"document": policy.document, "effective": policy.effective.isoformat()}
    if (months := _months(policy, assessment)) is None:
        return wording.own("coverage", "policy", **known)
    return wording.own("coverage", "policy_met", months=str(months), **known)


def _months(policy: Policy, assessment: Assessment) -> int | None:
    """How many months an approval lasts, where all criteria are met."""
    if assessment.outcome is not Outcome.MET:
        return None
    match assessment.path:
        case "initial" | "renewal" as path:
            return min(
                policy.months(one, path) for one in assessment.met_for or assessment.indications
            )
        case _:
            return None


def _short_detail(wording: Wording, assessment: Assessment, scene: Scene) -> str:
    name = scene.why_short or str(assessment.outcome)
    if name == "elsewhere":
        sentence = scene.elsewhere_says or ""
    else:
        titles = wording.text(remark("either", items=scene.perhaps))
        sentence = wording.say("coverage", f"{name}_detail", titles=titles, **names(scene))
    return wording.say(
        "coverage",
        "short",
        several_orders=scene.several_orders,
        order=scene.order,
        sentence=sentence,
        dose=[_of_dose(wording, one, scene) for one in scene.dose],
        coverages=_coverages(wording, assessment, scene),
        policy=_policy_line(wording, assessment),
    )
