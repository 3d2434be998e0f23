"""One draft order: which policy decides, for which disease, and what comes of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from service.advise.therapies import cards_beside, whats_beside
from service.cards.card import Told
from service.cards.context import Scene
from service.cards.coverage import coverage_card
from service.cards.twin import About
from service.cds.as_of import AsOf
from service.cds.request import HookRequest
from service.clinical.beginning import beginning
from service.clinical.dose_remarks import dose_remarks, other_diseases, remarks_alone
from service.clinical.offer import Authorization, Beside, DoseRemark, Fix
from service.clinical.orders.corrected_dose import Repair, repaired
from service.clinical.orders.missing_reason import reasons_missing
from service.clinical.orders.missing_tests import tests_missing
from service.clinical.running_authorization import running_authorization
from service.clinical.situations import is_intolerant
from service.facts.answer import answer
from service.facts.case import Case
from service.facts.model import Client
from service.facts.order.drafts import Asked, Draft, active_diagnoses, as_order, indications_asked
from service.facts.order.withheld import NOT_UNDERSTOOD, held
from service.facts.payers.coverages import Covered, Known, covered
from service.facts.payers.payers import in_network, is_payer
from service.facts.statements import answer_reader, answers
from service.facts.supply.unread import asked_about, in_words
from service.fhir.elements import objects
from service.fhir.paths import read
from service.fhir.record import Record
from service.fhir.sources.source import Source
from service.fhir.values.days import parse_day
from service.fhir.values.zone import Zone
from service.json_object import Json
from service.library.library import Library
from service.memo import per_document
from service.policy.assess import Assessment, Outcome, assess
from service.policy.criterion import Criterion, leaves
from service.policy.finding import Finding
from service.policy.model import Policy
from service.policy.operators import Regimen
from service.policy.remark import Remark, remark
from service.policy.truth import WAYS, Truth, Way

PATHS = ("initial", "renewal")
RESPONSE = "QuestionnaireResponse"
# A diagnosis by a code that is in none of our lists, as the reason of an answer.
UNMAPPED = "unmapped"
ORDERS = "MedicationRequest"
# Short answers to an order of which nobody can tell for which disease it is.
DISEASE_UNCLEAR = ("unknown_indication", "unmapped_indication")


@dataclass(frozen=True, slots=True)
class Visit:
    """One call: who asks about whom, as of which day, with which record."""

    library: Library
    request: HookRequest
    client: Client
    as_of: AsOf
    record: Record


@dataclass(frozen=True, slots=True)
class Question:
    """One order on one day with the coverage that pays for it."""

    drug: str
    draft: Draft
    day: date
    payer: Covered
    policy: Policy | None


def judge_order(
    visit: Visit, drug: str, draft: Draft, drafts: Sequence[Draft]
) -> tuple[list[Told], Json]:
    """The cards of one order, coverage first, and the JSON twin.

    What is said beside coverage is said once, with the first of several drafts for the drug.
    """
    several = len(drafts) > 1
    question = _question(visit, drug, draft)
    judged = _held(visit, question, _assess(visit, question))
    payer = question.payer
    known = judged.case or _unjudged(visit, question, judged)
    beside = _beside(visit, question, judged, known) if draft is drafts[0] else Beside()
    about = About(
        draft.reference,
        question.day,
        visit.library.content,
        {name: str(state) for name, state in visit.record.states.items()},
        coverages=payer.coverages,
        unread=visit.record.unread(),
        asked=judged.unread,
        set_aside=visit.record.set_aside(),
    )
    dose, repair = _dose(visit, judged, known)
    chosen = _is_chosen(beside, dose, judged)
    nobody = visit.library.wording.text(remark("unknown_payer"))
    scene = Scene(
        payer=payer.payer.name if payer.payer else nobody,
        payer_short=payer.payer.short if payer.payer else nobody,
        drug=drug,
        order=draft.label,
        several_orders=several,
        brief=visit.request.hook == "order-select",
        source_names=visit.library.source_names,
        why_short=judged.short,
        elsewhere_says=payer.elsewhere.says if payer.elsewhere else None,
        perhaps=judged.perhaps,
        coverages=payer.coverages,
        repair=None
        if several or judged.held or chosen or not _goes_on(visit, known, beside)
        else repair,
        dose=() if judged.held else _as_chosen(dose) if chosen else dose,
        running=_running(judged),
        fixes=_fixes(visit, question, judged),
    )
    card, twin = coverage_card(visit.library.wording, judged.assessment, about, scene, beside)
    return [
        card,
        *cards_beside(visit.library, beside, [one.reference for one in drafts], scene),
    ], twin


def _goes_on(visit: Visit, case: Case, beside: Beside) -> bool:
    """Whether the drug is to be given: not left, not stopped as not tolerated, nothing settled first."""
    if _is_left(beside) or any(one.holds_dose for one in beside.notes):
        return False
    if beside.offer and beside.offer.situation.holds_dose:
        return False
    return not is_intolerant(visit.library.clinical, case)


def _is_left(beside: Beside) -> bool:
    """Whether the drug itself is to be left, or one click replaces it: then no other puts its dose right."""
    offer = beside.offer
    if offer is None or offer.situation.action != "replace":
        return False
    return offer.situation.coverage == "any" or any(one.order for one in offer.options)


def _is_chosen(beside: Beside, dose: Sequence[DoseRemark], judged: "Answered") -> bool:
    """Whether less than the label is a choice that is proposed: then no click takes it back."""
    options = beside.offer.options if beside.offer else ()
    nodes = judged.assessment.judged.values()
    wrong = any(
        isinstance(one.criterion.operator, Regimen) and _on_order(one.finding) for one in nodes
    )
    alone = all(one.kind == "below" for one in dose if one.is_repaired)
    return alone and not wrong and any(one.therapy.keeps_dose for one in options)


def _as_chosen(dose: Sequence[DoseRemark]) -> tuple[DoseRemark, ...]:
    """The remarks on a dose below the label, which a proposal beside it names too."""
    return tuple(
        replace(one, values={**one.values, "chosen": "yes"}) if one.kind == "below" else one
        for one in dose
    )


def _beside(visit: Visit, question: Question, judged: "Answered", case: Case) -> Beside:
    """While an order is still being made coverage alone is told."""
    if visit.request.hook != "order-sign" or judged.held:
        return Beside()
    payer = question.payer.payer
    id_ = payer.id if payer else None
    return whats_beside(visit.library, id_, case, judged.assessment)


def _fixes(visit: Visit, question: Question, judged: "Answered") -> tuple[Fix, ...]:
    """What closes gaps: the reason first, then missing tests; only when the order is signed."""
    if visit.request.hook != "order-sign" or question.policy is None or not question.draft.clear:
        return ()
    if question.payer.elsewhere is not None or judged.held:
        return ()
    reasons: tuple[Fix, ...] = ()
    if judged.case is None or not judged.case.order.reason_given:
        diagnoses = visit.library.source_of("Condition")
        reasons = reasons_missing(
            visit.record,
            question.draft,
            question.policy,
            diagnoses,
            visit.library.knowledge.pointing,
        )
    if judged.case is None:
        return reasons
    gaps, drafts = visit.library.clinical.gaps, (one.resource for one in visit.request.draft_orders)
    return (*reasons, *tests_missing(judged.case, judged.assessment, gaps, drafts))


def _running(judged: "Answered") -> Authorization | None:
    """The authorization that runs today, where the order is judged as a renewal."""
    if judged.case is None or judged.held or judged.assessment.path != "renewal":
        return None
    return running_authorization(judged.case)


def _dose(
    visit: Visit, judged: "Answered", case: Case
) -> tuple[tuple[DoseRemark, ...], Repair | None]:
    """What the label says of the dose; the order put right where that or the policy asks for it."""
    root, policy = judged.assessment.root, judged.assessment.policy
    if judged.case is None:
        return _dose_alone(visit, case)
    if root is None or policy is None:
        return (), None
    nodes = judged.assessment.judged
    known = [(nodes[id_], one) for id_, one in _doses_asked(root.criterion) if id_ in nodes]
    if not known:
        return (), None
    # with the path unknown both are asked: what is said of a start is said
    asked = next((one for _, one in known if one.phase == "initial"), known[0][1])
    begins = beginning(case, visit.library.clinical.course(case.drug, case.indications))
    titles = {name: one.title for name, one in policy.indications.items()}
    allowed = all(one.finding.truth is Truth.MET for one, _ in known)
    said = dose_remarks(case, asked, begins, titles, allowed=allowed)
    said = (*said, *_beside_it(visit, case))
    wrong = any(one.is_repaired for one in said) or any(_on_order(one.finding) for one, _ in known)
    return said, repaired(case, asked, begins) if wrong else None


def _dose_alone(visit: Visit, case: Case) -> tuple[tuple[DoseRemark, ...], Repair | None]:
    """What the label says where no policy judges: it holds for every payer."""
    label = case.knowledge.labels.get(case.drug)
    if label is None:
        return (), None
    begins = beginning(case, visit.library.clinical.course(case.drug, case.indications))
    said, is_wrong = remarks_alone(case, label, begins)
    return (*said, *_beside_it(visit, case)), (
        repaired(case, label.asked, begins) if is_wrong else None
    )


def _beside_it(visit: Visit, case: Case) -> tuple[DoseRemark, ...]:
    """Another disease on record for which the label has another dose."""
    label = case.knowledge.labels.get(case.drug)
    if label is None or not case.order.reason_given:
        return ()
    active = active_diagnoses(case.record, label, visit.library.source_of("Condition"))
    return tuple(other_diseases(case, label, active))


@per_document
def _doses_asked(root: Criterion) -> tuple[tuple[str, Regimen], ...]:
    """The criteria that hold an order against the label."""
    asked = ((one.id, one.operator) for one in leaves(root))
    return tuple((id_, one) for id_, one in asked if isinstance(one, Regimen))


def _on_order(finding: Finding) -> bool:
    unstated = finding.truth is Truth.UNKNOWN and finding.way is Way.ORDER
    return unstated or finding.truth is Truth.NOT_MET


def _question(visit: Visit, drug: str, draft: Draft) -> Question:
    day = order_day(visit.as_of, draft.resource, visit.record.calendar.zone)
    library = visit.library
    known = Known(library.payers, library.plan, library.knowledge.pointing)
    payer = covered(visit.record, draft.resource, known, visit.client.default_payer, day)
    policy = library.policy(payer.payer.id, drug, day) if payer.payer else None
    return Question(drug, draft, day, payer, policy)


def order_day(as_of: AsOf, order: Json, zone: Zone) -> date:
    """The day that an order is judged on."""
    if as_of.kind == "order":
        written = parse_day(order.get("authoredOn"), zone)
        if written is not None and written.exact:
            return date.fromordinal(written.first)
    return as_of.day


@dataclass(frozen=True, slots=True)
class Answered:
    """The assessment; with the name of a short answer where there is nothing to judge."""

    assessment: Assessment
    short: str | None = None
    case: Case | None = None
    perhaps: tuple[str, ...] = ()
    unread: tuple[Remark, ...] = ()
    held: bool = False


def _held(visit: Visit, question: Question, answered: Answered) -> Answered:
    """Never met where the patient died or the record or the order is not to be used as it is."""
    orders = visit.library.source_of(ORDERS)
    said = held(visit.record, question.draft.resource, orders, question.day)
    if said is None:
        return answered
    known = answered.assessment
    way = Way.ORDER if said == NOT_UNDERSTOOD else Way.REVIEW
    if known.outcome in (Outcome.MET, Outcome.UNKNOWN):
        awaits = sorted({*known.awaits, str(way)}, key=[str(one) for one in WAYS].index)
        known = replace(known, outcome=Outcome.UNKNOWN, awaits=awaits)
    return replace(answered, assessment=replace(known, reason=said), short=said, held=True)


def _assess(visit: Visit, question: Question) -> Answered:
    policy = question.policy
    if not question.draft.clear:
        return _awaiting_order(policy, "order_unclear")
    if question.payer.unclear:
        return _awaiting_order(policy, "payer_unclear", reason="payer_unclear")
    if policy is None:
        reason = None if question.payer.readable else "payer_not_supplied"
        short = "no_drug_coverage" if question.payer.passed_over else reason
        return Answered(Assessment(Outcome.NO_POLICY, reason=reason), short)
    if question.payer.elsewhere is not None:
        return Answered(Assessment(Outcome.ELSEWHERE, policy))
    return _assess_indication(visit, question, policy)


def _assess_indication(visit: Visit, question: Question, policy: Policy) -> Answered:
    diagnoses = visit.library.source_of("Condition")
    pointing = visit.library.knowledge.pointing
    asked = indications_asked(visit.record, question.draft.resource, policy, diagnoses, pointing)
    if asked.outside:
        return Answered(Assessment(Outcome.NOT_ADDRESSED, policy))
    if not asked.live and asked.unread:
        titles = tuple(policy.indications[one].title for one in asked.perhaps)
        return _awaiting_order(policy, "unmapped_indication", titles, UNMAPPED)
    if not asked.live:
        return _awaiting_order(policy, "unknown_indication")
    case = _case(visit, question, policy, asked)
    found = assess(policy, asked.live, case.ask, case.ask_for)
    return Answered(found, case=case, unread=tuple(map(in_words, asked_about(case))))


def _awaiting_order(
    policy: Policy | None, short: str, perhaps: tuple[str, ...] = (), reason: str | None = None
) -> Answered:
    found = Assessment(Outcome.UNKNOWN, policy, awaits=[str(Way.ORDER)], reason=reason)
    return Answered(found, short, perhaps=perhaps)


def _unjudged(visit: Visit, question: Question, judged: "Answered") -> Case:
    """The patient for whom no policy judges the order; the label names the diseases, nothing is stated."""
    label = visit.library.knowledge.labels.get(question.drug)
    if label is None or not question.draft.clear or judged.short in DISEASE_UNCLEAR:
        return _patient(visit, question, Asked((), from_order=False, outside=False))
    resource, record = question.draft.resource, visit.record
    diagnoses, pointing = visit.library.source_of("Condition"), visit.library.knowledge.pointing
    asked = indications_asked(record, resource, label, diagnoses, pointing)
    return _patient(visit, question, asked)


def _patient(visit: Visit, question: Question, asked: Asked) -> Case:
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
        answers={},
        answer=answer,
        user=visit.request.user_id,
    )


def _case(visit: Visit, question: Question, policy: Policy, asked: Asked) -> Case:
    case, record = _patient(visit, question, asked), visit.record
    responses, read_answer = _responses(visit, question.draft), answer_reader(case)
    today = case.today
    oldest = max(case.back(policy.statements_valid), policy.effective.toordinal())
    zone = record.calendar.zone

    # It must not hold the case: a circle of references would keep the whole request in memory.
    def stated(*live: str) -> dict[str, Finding]:
        known = _questionnaires(policy, live)
        return answers(responses, known, oldest, today, read_answer, zone)

    case.answers, case.stated_for = stated(*asked.live), stated
    return case


def _questionnaires(policy: Policy, live: Iterable[str]) -> frozenset[str]:
    """The canonicals whose answers count, with and without the version behind the bar.

    An unversioned one is this version's: answers from before it came into force do not count.
    """
    versioned = [policy.questionnaire(one, path) for one in live for path in PATHS]
    return frozenset([*versioned, *(one.split("|", 1)[0] for one in versioned)])


def _responses(visit: Visit, draft: Draft) -> list[Json]:
    """Answered questionnaires from the prefetch, beside the draft order and inside it."""
    source = visit.library.source_of(RESPONSE)
    beside = [one.resource for one in visit.request.draft_orders]
    inside = objects(draft.resource.get("contained"))
    found = [one for one in [*beside, *inside] if one.get("resourceType") == RESPONSE]
    own = [one for one in found if visit.record.is_own(source, one)]
    own = [one for one in own if source.doubts.of(one, one) is None]
    own = [*visit.record.resources.get(RESPONSE, []), *own]
    # one inside the order is about the order's patient, any other must say whose answers it holds
    held = {id(one) for one in inside}
    return [one for one in own if id(one) in held or _names_somebody(source, one)]


def _names_somebody(source: Source, resource: Json) -> bool:
    return any(read(steps, resource) for steps in source.subject)
