"""The assessments of a request as FHIR: a GuidanceResponse an order, a DetectedIssue a criterion."""

from collections.abc import Iterable, Iterator
from itertools import chain

from service.advise import Rendered
from service.json_object import Json, without_empty
from service.packet.bundle_references import content_uuid
from service.packet.packet_words import shown_whole
from service.pages.story.story_words import StoryWords
from service.policy.assessment import Assessment, Outcome
from service.policy.judged_criterion import Judged, nodes
from service.policy.truth import Truth
from service.questionnaires.answer_lists import BASE

CRITERIA, REASONS = f"{BASE}/CodeSystem/criterion", f"{BASE}/CodeSystem/reason"
POLICIES = BASE.removesuffix("/fhir") + "/policies"


def guidance_of(orders: Iterable[Rendered]) -> Json:
    """A collection of what is said of every order; the same for the same case."""
    entries = [_entry(resource) for order in orders for resource in _resources(order)]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    cleaned: Json = without_empty(bundle)
    return cleaned


def _entry(resource: Json) -> Json:
    return {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}


def _resources(order: Rendered) -> Iterator[Json]:
    issues = [_with_id(one) for one in _issues(order)]
    yield _with_id(_guidance(order, [one["id"] for one in issues]))
    yield from issues


def _with_id(resource: Json) -> Json:
    cleaned = without_empty(resource)
    return {"resourceType": resource["resourceType"], "id": content_uuid(cleaned), **cleaned}


def _guidance(order: Rendered, issues: Iterable[str]) -> Json:
    """The GuidanceResponse: what was asked, whether data are missing, and the issues as its output."""
    judgement, assessment = order.judgement, order.judgement.assessment
    said = {
        "outcome": str(assessment.outcome),
        "path": assessment.path,
        "indication": assessment.indication,
        "reason": assessment.reason,
    }
    output = [
        *({"name": name, "valueString": value} for name, value in said.items() if value),
        *({"name": "issue", "valueReference": {"reference": f"urn:uuid:{id_}"}} for id_ in issues),
    ]
    waits = assessment.outcome is Outcome.UNKNOWN
    return {
        "resourceType": "GuidanceResponse",
        "contained": [{"resourceType": "Parameters", "id": "output", "parameter": output}],
        "moduleUri": _module(assessment),
        "status": "data-required" if waits else "success",
        "subject": _patient(order),
        "occurrenceDateTime": judgement.question.day.isoformat(),
        "reasonReference": [_reference(order, judgement.about.order)],
        "note": [{"text": shown_whole(order.cards[0].card["summary"])}] if order.cards else [],
        "outputParameters": {"reference": "#output"},
    }


def _module(assessment: Assessment) -> str:
    policy = assessment.policy
    return f"{POLICIES}/{policy.id}@{policy.effective}" if policy else POLICIES


def _issues(order: Rendered) -> Iterator[Json]:
    """The criteria that fail, then those that are open, each once."""
    assessment = order.judgement.assessment
    sets = assessment.open or assessment.changes
    for id_ in dict.fromkeys(chain(assessment.blocking, *sets)):
        yield _issue(order, assessment.judged[id_])


def _issue(order: Rendered, judged: Judged) -> Json:
    """One criterion that is not met, or that is open and can change the outcome."""
    criterion, finding = judged.criterion, judged.finding
    fails, words = judged.truth is Truth.NOT_MET, StoryWords(order.judgement.visit.library.wording)
    policy = order.judgement.assessment.policy
    reason = words.reason(str(finding.reason)) if finding.reason else ""
    return {
        "resourceType": "DetectedIssue",
        "status": "final" if fails else "preliminary",
        "code": {
            "coding": [{"system": CRITERIA, "code": criterion.id}],
            "text": criterion.says,
        },
        "severity": "high" if fails else "moderate",
        "patient": _patient(order),
        "identifiedDateTime": order.judgement.question.day.isoformat(),
        "implicated": [_reference(order, order.judgement.about.order)],
        "evidence": _evidence(order, judged),
        "detail": words.text(finding.miss) or reason or criterion.asks,
        "reference": policy.url if policy else None,
    }


def _evidence(order: Rendered, judged: Judged) -> list[Json]:
    """Why it is open, by its code, and the entries of the record that bear on it."""
    reason = judged.finding.reason
    coded = [{"coding": [{"system": REASONS, "code": str(reason)}]}] if reason else []
    proofs = (proof for node in nodes(judged) for proof in node.finding.evidence)
    references = dict.fromkeys(proof.reference for proof in proofs if proof.reference)
    details = [_reference(order, reference) for reference in references]
    return [{"code": coded, "detail": details}] if coded or details else []


def _patient(order: Rendered) -> Json:
    return _reference(order, f"Patient/{order.judgement.visit.request.patient_id}")


def _reference(order: Rendered, reference: str) -> Json:
    """A reference to an entry of the record, at the EHR's server where that is known."""
    home = order.judgement.visit.record.home
    return {"reference": f"{home}/{reference}" if home else reference}
