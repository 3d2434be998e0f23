"""`POST /fhir/Questionnaire/<id>/$populate` (SDC 3): what the record in the call shows, and no answer."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from service.advise import Rendered, advise
from service.advise.plain_resources import bundle, prefetch_of
from service.cds.request import parse_hook_request
from service.cpu_limit import CpuShare
from service.errors import RequestError
from service.facts.client import Client
from service.fhir.elements import literal_reference, objects, reference_parts
from service.json_object import Json
from service.pages.story.story_words import StoryWords
from service.policy.assessment import criteria_of_path
from service.policy.judge import judge
from service.policy.judged_criterion import nodes
from service.questionnaires.form import Form
from service.questionnaires.populated_response import RecordEntry, populated
from service.web.launch.launched_order import HOOK, ORDERS
from service.web.runtime import Runtime

NO_SUBJECT = "Parameters: name the patient in a parameter 'subject' (valueReference)"
NO_ORDER = (
    "no order was looked at: send the patient's record and a draft MedicationRequest for the drug of the"
    " questionnaire in parameters 'context' (part 'content'); what the record shows is therefore left out"
)
OTHER_POLICY = "the order is judged by another policy, disease or payer than the questionnaire's"


def populate(runtime: Runtime, client: Client, form: Form, parameters: object, size: int) -> Json:
    """The Parameters that the operation returns; RequestError for a call without a patient."""
    if not isinstance(parameters, dict) or parameters.get("resourceType") != "Parameters":
        raise RequestError(400, "structure", NO_SUBJECT)
    given = objects(parameters.get("parameter"))
    subject = next(
        (one.get("valueReference") for one in given if one.get("name") == "subject"), None
    )
    type_, patient = reference_parts(literal_reference(subject) or "")
    if not isinstance(subject, dict) or type_ != "Patient" or not patient:
        raise RequestError(400, "required", NO_SUBJECT)
    share = CpuShare(runtime.cpu_seconds, runtime.turns.give_way)
    shows: dict[str, list[RecordEntry]] = {}
    with runtime.turns.turn(share, size):
        drafts = [*_contents(given, drafts=True)]
        content = _request(runtime, patient, drafts, [*_contents(given, drafts=False)])
        request = parse_hook_request(content, frozenset({HOOK}), share)
        as_of = runtime.as_of()
        orders = advise(runtime.library, request, client, as_of).orders if drafts else ()
        ours = [each for each in orders if _is_of(form, each)]
        if ours:
            shows = _shows(runtime, form, ours[0])
    made = populated(form.questionnaire(), subject, as_of.day, shows)
    issues = [] if ours else [_issue(OTHER_POLICY if orders else NO_ORDER)]
    return {
        "resourceType": "Parameters",
        "parameter": [{"name": "response", "resource": made}, *issues],
    }


def _contents(given: list[Json], *, drafts: bool) -> Iterator[Json]:
    """The resources in the call: draft orders, or all others."""
    for parameter in given:
        for part in objects(parameter.get("part")) if parameter.get("name") == "context" else ():
            resource = part.get("resource")
            if part.get("name") == "content" and isinstance(resource, dict):
                for one in _unbundled(resource):
                    draft = one.get("resourceType") == ORDERS and one.get("status") == "draft"
                    if draft is drafts:
                        yield one


def _unbundled(resource: Json) -> list[Json]:
    if resource.get("resourceType") != "Bundle":
        return [resource]
    inside: list[Any] = [entry.get("resource") for entry in objects(resource.get("entry"))]
    return [one for one in inside if isinstance(one, dict)]


def _request(runtime: Runtime, patient: str, drafts: list[Json], others: list[Json]) -> Json:
    """The call as a request of order-sign: each resource under the key of its type, if there is one."""
    prefetch = prefetch_of(others, runtime.library.sources)
    prefetch.setdefault("patient", {"resourceType": "Patient", "id": patient})
    return {
        "hook": HOOK,
        "hookInstance": str(uuid4()),
        "context": {
            "userId": "Practitioner/unknown",
            "patientId": patient,
            "draftOrders": bundle([{"resource": one} for one in drafts]),
        },
        "prefetch": prefetch,
    }


def _is_of(form: Form, rendered: Rendered) -> bool:
    assessment = rendered.judgement.assessment
    return assessment.policy is form.policy and form.indication in assessment.indications


def _shows(runtime: Runtime, form: Form, rendered: Rendered) -> dict[str, list[RecordEntry]]:
    """What the record shows of each question, with its parts."""
    case, words = rendered.judgement.assessed.case, StoryWords(runtime.library.wording)
    whole = criteria_of_path(form.policy, form.path, (form.indication,))
    found: dict[str, list[RecordEntry]] = {}
    for node in nodes(judge(whole, case.ask)):
        if node.criterion.id in form.question_ids:
            proofs = dict.fromkeys(proof for one in nodes(node) for proof in one.finding.evidence)
            found[node.criterion.id] = [
                RecordEntry(words.text(proof.value), proof.date, proof.kind, proof.reference)
                for proof in proofs
            ]
    return found


def _issue(why: str) -> Json:
    outcome = {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "warning", "code": "incomplete", "diagnostics": why}],
    }
    return {"name": "issues", "resource": outcome}
