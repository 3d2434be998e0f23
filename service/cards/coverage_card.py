"""The coverage card: outcome, what to do, what is met; suggestions that repair the order; the twin."""

from service.cards.assessment_json import EXTENSION, TwinContext, twin
from service.cards.card import Card, Suggestion, cards_with
from service.cards.card_context import CardContext, names
from service.cards.card_lengths import fitting_label
from service.cards.details.coverage_detail import coverage_detail
from service.cards.summary import summary
from service.cards.wording import Wording, add_overrides, plain
from service.cds.ids import fresh_uuid
from service.clinical.suggestions import Fix, Suggestions
from service.json_object import Json
from service.policy.assessment import Assessment, Outcome
from service.policy.truth import Way

CARD = "coverage"
TOPIC = {
    "code": "coverage-info",
    "system": "http://terminology.hl7.org/CodeSystem/cdshooks-card-type",
    "display": "Coverage Information",
}
# Elements that a suggested reason changes in the draft.
REASON = ("reasonCode", "reasonReference")


def coverage_cards(
    wording: Wording,
    assessment: Assessment,
    twin_context: TwinContext,
    context: CardContext,
    beside: Suggestions,
) -> tuple[list[Card], Json]:
    """The card, with one for its tests where they must be free to take, and the twin."""
    data = twin(wording, assessment, twin_context, context, beside)
    card: Json = {
        "uuid": fresh_uuid(),
        "summary": summary(wording, assessment, context),
        "detail": coverage_detail(wording, assessment, twin_context, context),
        "indicator": _indicator(assessment),
        "source": _source(wording, assessment, context),
        "extension": {EXTENSION: data},
    }
    add_overrides(card, wording, CARD)
    tests = [fix for fix in context.fixes if fix.kind == "test"]
    suggested = [*_of_order(wording, context), *map(_test, tests)]
    return cards_with(wording, card, CARD, suggested), data


def _of_order(wording: Wording, context: CardContext) -> list[Suggestion]:
    """The draft with the labelled dose and its reason, in one suggestion for each possible reason."""
    repair = context.repair
    reasons = [fix for fix in context.fixes if fix.kind == "add_reason"]
    if not reasons:
        return [_update(wording, context, "repair", repair.resource)] if repair else []
    if repair is None:
        return [
            _update(wording, context, f"add_reason:{fix.about}", fix.resource, fix)
            for fix in reasons
        ]
    return [
        _update(
            wording,
            context,
            f"repair+add_reason:{fix.about}",
            _with_reason(repair.resource, fix),
            fix,
        )
        for fix in reasons
    ]


def _with_reason(order: Json, fix: Fix) -> Json:
    return order | {name: fix.resource[name] for name in REASON if name in fix.resource}


def _update(
    wording: Wording, context: CardContext, about: str, order: Json, fix: Fix | None = None
) -> Suggestion:
    """One update of the draft: its dose or device, its reason, or both."""
    repair = context.repair
    values = {
        "regimen": wording.text(repair.regimen) if repair else "",
        "device": wording.text(repair.device or "") if repair else "",
        "title": fix.says if fix else "",
        **names(context),
    }
    if repair is None:
        kinds, described = ["add_reason"], "reason_description"
    elif fix is None:
        kinds = (
            ["repair_device", "repair_device_in_short", "repair_in_short"]
            if repair.device
            else ["repair_label", "repair_in_short"]
        )
        described = "repair_description"
    else:
        kinds, described = ["both_label", "both_in_short"], "both_description"
    action = {
        "type": "update",
        "description": plain(wording.say(CARD, described, **values)),
        "resource": order,
    }
    labels = (plain(wording.say(CARD, kind, **values)) for kind in kinds)
    return Suggestion(about, fitting_label(labels), [action])


def _test(fix: Fix) -> Suggestion:
    action = {"type": "create", "description": fix.says, "resource": fix.resource}
    return Suggestion(f"test:{fix.about}", fitting_label([fix.says]), [action])


def _indicator(assessment: Assessment) -> str:
    """`info` if met or waiting for statements only, else `warning`; never `critical`."""
    only_statements = assessment.outcome is Outcome.UNKNOWN and assessment.awaits == [
        str(Way.ATTESTATION)
    ]
    quiet = assessment.outcome is Outcome.MET or only_statements
    return "info" if quiet else "warning"


def _source(wording: Wording, assessment: Assessment, context: CardContext) -> Json:
    policy = assessment.policy
    label = wording.own(CARD, "source" if policy else "source_none", **names(context))
    source: Json = {"label": plain(label), "topic": dict(TOPIC)}
    if policy is not None and policy.url:
        source["url"] = policy.url
    return source
