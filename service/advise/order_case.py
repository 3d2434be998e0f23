"""Makes the case of one order: the record, the order, and the prescriber's statements."""

from collections.abc import Callable, Iterable, Mapping

from service.advise.policy_for import Question, Visit
from service.facts.answer import answer
from service.facts.case import Case, back
from service.facts.indications import OrderIndications, indications_of_order
from service.facts.order.drafts import Draft, as_order
from service.facts.payers import in_network, is_payer
from service.facts.statements import answer_reader, answers
from service.fhir.elements import objects
from service.fhir.paths import read
from service.fhir.sources.source import Source
from service.json_object import Json
from service.memo import IdentitySet
from service.policy.finding import Finding
from service.policy.model import Policy

PATHS = ("initial", "renewal")
RESPONSE = "QuestionnaireResponse"
NO_DISEASE = OrderIndications((), from_order=False, outside=False)

# What is stated of some diseases, by the id of the criterion.
Stated = Callable[..., Mapping[str, Finding]]


def case_with_policy(
    visit: Visit, question: Question, policy: Policy, asked: OrderIndications
) -> Case:
    """The case that a policy judges, with the answers to its questionnaires."""
    return _case(visit, question, asked, _stated(visit, question, policy))


def case_without_policy(visit: Visit, question: Question, *, disease_clear: bool) -> Case:
    """The case if no policy judges: its diseases are those of the label, and it has no statements."""
    label = visit.library.knowledge.labels.get(question.drug)
    if label is None or not disease_clear:
        return _case(visit, question, NO_DISEASE)
    resource, record = question.draft.resource, visit.record
    diagnoses, pointing = visit.library.source_of("Condition"), visit.library.knowledge.pointing
    return _case(
        visit, question, indications_of_order(record, resource, label, diagnoses, pointing)
    )


def _case(
    visit: Visit, question: Question, asked: OrderIndications, stated: Stated | None = None
) -> Case:
    record, payer = visit.record, question.payer.payer
    return Case(
        knowledge=visit.library.knowledge,
        record=record,
        client=visit.client,
        order=as_order(question.draft, asked),
        day=question.day,
        drug=question.drug,
        indications=asked.live,
        is_payer=lambda holder: is_payer(record, payer, holder),
        in_network=lambda pharmacy: in_network(payer, pharmacy),
        answers=stated(*asked.live) if stated else {},
        answer=answer,
        user=visit.request.user_id,
        stated_for=stated,
        shared=visit.shared.setdefault((question.drug, question.day), {}),
    )


def _stated(visit: Visit, question: Question, policy: Policy) -> Stated:
    """The prescriber's answers that are recent enough and belong to this policy version."""
    record, today = visit.record, question.day.toordinal()
    responses = _responses(visit, question.draft)
    read_answer = answer_reader(record, visit.library.knowledge)
    oldest = max(back(today, policy.statements_valid), policy.effective.toordinal())
    zone = record.calendar.zone

    def stated(*live: str) -> dict[str, Finding]:
        canonicals = _questionnaires(policy, live)
        return answers(responses, canonicals, oldest, today, read_answer, zone)

    return stated


def _questionnaires(policy: Policy, live: Iterable[str]) -> frozenset[str]:
    """The canonicals whose answers count, with and without the version after `|`.

    One without a version means this version: answers from before it came into force do not count.
    """
    versioned = [policy.questionnaire(indication, path) for indication in live for path in PATHS]
    return frozenset([*versioned, *(canonical.split("|", 1)[0] for canonical in versioned)])


def _responses(visit: Visit, draft: Draft) -> list[Json]:
    """Answered questionnaires from the prefetch, beside the draft order and inside it."""
    source = visit.library.source_of(RESPONSE)
    drafts = [draft.resource for draft in visit.request.draft_orders]
    inside = objects(draft.resource.get("contained"))
    responses = [
        resource for resource in [*drafts, *inside] if resource.get("resourceType") == RESPONSE
    ]
    own = [response for response in responses if visit.record.is_own(source, response)]
    own = [response for response in own if source.doubts.of(response, response) is None]
    own = [*visit.record.resources.get(RESPONSE, []), *own]
    # a contained response is about the order's patient; any other must name its patient
    contained = IdentitySet(inside)
    return [
        response for response in own if response in contained or _names_somebody(source, response)
    ]


def _names_somebody(source: Source, resource: Json) -> bool:
    return any(read(steps, resource) for steps in source.subject)
