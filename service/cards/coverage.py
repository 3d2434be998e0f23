"""The coverage card: outcome, what is missing, what is met, source."""

from collections.abc import Sequence

from markupsafe import Markup

from service.cards.card import Card, with_suggestions
from service.cards.context import CardContext, CorrectedOrder, names
from service.cards.lines import (
    Line,
    also_open,
    line,
    met_lines,
    near_misses,
    notes,
    on_taken_branches,
    other_ways,
)
from service.cards.summary import exclusions_last, summary
from service.cards.twin import EXTENSION, MOST_COVERAGES, TwinContext, twin
from service.cards.wording import Wording, add_overrides, escape, own_words, plain
from service.cds.ids import fresh_uuid
from service.clinical.offer import DoseRemark, Fix, Suggestions
from service.json_object import Json
from service.policy.assess import Assessment, Outcome
from service.policy.finding import remark
from service.policy.judged import Judged, nodes
from service.policy.model import Policy
from service.policy.open_questions import is_asked
from service.policy.operators import Regimen
from service.policy.truth import Reason, Way

CARD = "coverage"
TOPIC = {
    "code": "coverage-info",
    "system": "http://terminology.hl7.org/CodeSystem/cdshooks-card-type",
    "display": "Coverage Information",
}
# Roles of coverages that may pay too.
MAY_PAY_TOO = ("second", "beside")
SHOWN_UNREAD = 5
LOADING_CONTINUED = "loading_continued"
# Reasons for unused entries that are not shown: the entry no longer exists.
ENDS = {"deleted"}
STATES_TO_TELL = {"not_supplied", "failed", "incomplete", "invalid", "foreign"}


def coverage_card(
    wording: Wording,
    assessment: Assessment,
    twin_context: TwinContext,
    context: CardContext,
    beside: Suggestions,
) -> tuple[Card, Json]:
    """The card and its twin."""
    data = twin(wording, assessment, twin_context, beside)
    card: Json = {
        "uuid": fresh_uuid(),
        "summary": summary(wording, assessment, context),
        "detail": str(_detail(wording, assessment, twin_context, context)),
        "indicator": _indicator(assessment),
        "source": _source(wording, assessment, context),
        "extension": {EXTENSION: data},
    }
    add_overrides(card, wording, CARD)
    suggested = [("repair", _repair(wording, context.repair, context))] if context.repair else []
    suggested += [(f"{fix.kind}:{fix.about}", _fix(wording, fix, context)) for fix in context.fixes]
    return with_suggestions(card, CARD, suggested), data


def _fix(wording: Wording, fix: Fix, context: CardContext) -> Json:
    """A suggestion that supplies missing data: a test as a new order, or the draft with its reason."""
    if fix.kind == "test":
        label, description, action = fix.says, fix.says, "create"
    else:
        values = {"title": fix.says, **names(context)}
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


def _repair(wording: Wording, repair: CorrectedOrder, context: CardContext) -> Json:
    """The suggestion to correct the order, as one update of the draft."""
    values = {"regimen": wording.text(repair.regimen), **names(context)}
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
    """`info` if met or waiting for statements only, else `warning`; never `critical`."""
    only_statements = assessment.outcome is Outcome.UNKNOWN and assessment.awaits == [
        str(Way.ATTESTATION)
    ]
    quiet = assessment.outcome is Outcome.MET or only_statements
    return "info" if quiet else "warning"


def _source(wording: Wording, assessment: Assessment, context: CardContext) -> Json:
    policy = assessment.policy
    label = wording.own("coverage", "source" if policy else "source_none", **names(context))
    source: Json = {"label": plain(label), "topic": dict(TOPIC)}
    if policy is not None and policy.url:
        source["url"] = policy.url
    return source


def _detail(
    wording: Wording, assessment: Assessment, twin_context: TwinContext, context: CardContext
) -> str:
    root, judged = assessment.root, assessment.judged
    if root is None:
        return _short_detail(wording, assessment, context)
    held = bool(context.why_short) and assessment.reason == context.why_short
    needed = exclusions_last(assessment, root, assessment.open[0] if assessment.open else [])
    open_lines = [] if held else [line(wording, judged[id_]) for id_ in needed]
    failing = [line(wording, judged[id_]) for id_ in on_taken_branches(root, assessment.blocking)]
    failing += near_misses(wording, assessment)
    return wording.say(
        "coverage",
        "detail",
        several_orders=context.several_orders,
        order=context.order,
        path=assessment.path,
        unread=_unread(wording, assessment, twin_context),
        dose=[_dose_remark(wording, dose_remark, context) for dose_remark in context.dose],
        failing=failing,
        blocked=bool(assessment.blocking),
        also=also_open(assessment) if assessment.blocking else [],
        running=_running(wording, context),
        met_for=_met_for(wording, assessment, context),
        needed=open_lines,
        instead=[] if held else other_ways(wording, assessment),
        met=[] if context.brief or held else _met(wording, root, context, [*failing, *open_lines]),
        notes=[] if held else _notes(wording, assessment, context),
        missing_data=_missing_data(twin_context, context),
        coverages=_coverages(wording, assessment, context),
        set_aside=_unused_entries(wording, twin_context, context),
        held=wording.say("coverage", f"{assessment.reason}_detail", **names(context))
        if held
        else "",
        policy=_policy_line(wording, assessment),
        **names(context),
    )


def _coverages(wording: Wording, assessment: Assessment, context: CardContext) -> list[str]:
    """Lines on other coverages; those that do not count only if ordered for or without any policy."""
    nothing_else = assessment.policy is None
    lines: list[str] = [
        wording.say(
            "coverage",
            f"coverage_{coverage.use}",
            called=wording.text(coverage.name),
            **names(context),
        )
        for coverage in context.coverages
        if coverage.use in MAY_PAY_TOO
        or (coverage.use != "decides" and (coverage.named or nothing_else))
    ]
    if left_out := len(lines[MOST_COVERAGES:]):
        more = wording.say("coverage", "coverages_more", count=left_out)
        return [*lines[:MOST_COVERAGES], more]
    return lines


def _met(
    wording: Wording, root: Judged, context: CardContext, elsewhere: Sequence[Line]
) -> list[Line]:
    """What is met, without the dose if a remark above says that it is higher than needed."""
    lines = met_lines(wording, root, elsewhere)
    if not any(dose_remark.kind == LOADING_CONTINUED for dose_remark in context.dose):
        return lines
    doses = [node.criterion for node in nodes(root) if isinstance(node.criterion.operator, Regimen)]
    dose_texts = {own_words(dose.says) for dose in doses}
    return [met_line for met_line in lines if met_line.says not in dose_texts]


def _notes(wording: Wording, assessment: Assessment, context: CardContext) -> list[str]:
    """The notes of the criteria, without those that a remark on the dose replaces."""
    already_shown = {
        wording.text(note) for dose_remark in context.dose for note in dose_remark.replaces
    }
    return [note for note in notes(wording, assessment) if note not in already_shown]


def _running(wording: Wording, context: CardContext) -> str:
    """The line on the authorization that is valid today; empty if there is none."""
    if context.running is None:
        return ""
    authorization = {
        "until": context.running.until.isoformat(),
        "number": wording.text(context.running.number),
    }
    return wording.say("coverage", "running", **authorization, **names(context))


def _met_for(wording: Wording, assessment: Assessment, context: CardContext) -> str:
    """For which of several diseases the criteria are met; empty if for all of them."""
    policy, met_for = assessment.policy, assessment.met_for
    others = [indication for indication in assessment.indications if indication not in met_for]
    if policy is None or not met_for or not others or context.why_short:
        return ""
    own, rest = (
        wording.text(
            remark(
                "together",
                items=tuple(policy.indications[id_].title for id_ in ids),
            )
        )
        for ids in (met_for, others)
    )
    rest = rest[:1].upper() + rest[1:]
    return wording.own("coverage", "met_for", indication=own, others=rest, **names(context))


def _dose_remark(wording: Wording, dose_remark: DoseRemark, context: CardContext) -> str:
    values = {name: wording.text(value) for name, value in dose_remark.values.items()}
    return wording.say("coverage", f"dose_{dose_remark.kind}", **values, **names(context))


def _unread(wording: Wording, assessment: Assessment, twin_context: TwinContext) -> str:
    """One question on all entries that could not be read; empty if no open criterion depends on them."""
    nodes = assessment.judged.values()
    open_ = any(is_asked(node) and node.finding.reason is Reason.UNMAPPED for node in nodes)
    if assessment.outcome is not Outcome.UNKNOWN or not (open_ or assessment.path == "unknown"):
        return ""
    count = len(twin_context.asked)
    items = ", ".join(str(escape(wording.text(item))) for item in twin_context.asked[:SHOWN_UNREAD])
    more = max(count - SHOWN_UNREAD, 0)
    values = {"count": count, "items": Markup(items), "more": more}  # noqa: S704 - escaped above
    return wording.say("coverage", "unread", **values) if count else ""


def _missing_data(twin_context: TwinContext, context: CardContext) -> str:
    source_names = context.source_names
    names = [
        source_names.get(key, key)
        for key, state in twin_context.data.items()
        if state in STATES_TO_TELL
    ]
    return "; ".join(map(_in_a_sentence, names))


def _unused_entries(wording: Wording, twin_context: TwinContext, context: CardContext) -> str:
    """Entries that were not used because their meaning is in doubt, by source and reason."""
    remarks = [
        wording.own(
            "coverage",
            "aside",
            source=_in_a_sentence(context.source_names.get(key, key)),
            count=str(count),
            why=wording.own("coverage", f"aside_{why}"),
        )
        for key, counts in twin_context.set_aside.items()
        for why, count in sorted(counts.items())
        if why not in ENDS
    ]
    return Markup("; ").join(remarks)


def _in_a_sentence(name: str) -> str:
    return name[:1].lower() + name[1:]


def _policy_line(wording: Wording, assessment: Assessment) -> str:
    policy = assessment.policy
    if policy is None:
        return ""
    values = {"document": policy.document, "effective": policy.effective.isoformat()}
    if (months := _months(policy, assessment)) is None:
        return wording.own("coverage", "policy", **values)
    return wording.own("coverage", "policy_met", months=str(months), **values)


def _months(policy: Policy, assessment: Assessment) -> int | None:
    """How many months an approval lasts; None unless all criteria are met."""
    if assessment.outcome is not Outcome.MET:
        return None
    match assessment.path:
        case "initial" | "renewal" as path:
            return min(
                policy.months(indication, path)
                for indication in assessment.met_for or assessment.indications
            )
        case _:
            return None


def _short_detail(wording: Wording, assessment: Assessment, context: CardContext) -> str:
    name = context.why_short or str(assessment.outcome)
    if name == "elsewhere":
        sentence = context.elsewhere_says or ""
    else:
        titles = wording.text(remark("either", items=context.perhaps))
        sentence = wording.say("coverage", f"{name}_detail", titles=titles, **names(context))
    return wording.say(
        "coverage",
        "short",
        several_orders=context.several_orders,
        order=context.order,
        sentence=sentence,
        dose=[_dose_remark(wording, dose_remark, context) for dose_remark in context.dose],
        coverages=_coverages(wording, assessment, context),
        policy=_policy_line(wording, assessment),
    )
