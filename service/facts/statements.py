"""What only the prescriber knows: answers of a QuestionnaireResponse, and what supports them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from service.facts.case import Case, days_back, display, evidence
from service.facts.knowledge import Knowledge, Word
from service.facts.stated_values import values_reader
from service.facts.supply.first_dose import first_dose
from service.facts.trial_details import Contradict, details_reader
from service.facts.yes_or_no import COUNTS, END, coded_word, values_of
from service.fhir.elements import (
    cited,
    codes,
    literal_reference,
    names,
    objects,
    read,
    reference_parts,
    same_name,
    text,
    type_and_id,
)
from service.fhir.record import Record
from service.fhir.sources.doubts import MODIFIER
from service.fhir.sources.source import Source
from service.fhir.values.days import NO_ZONE, Zone, parse_day
from service.json_object import Json
from service.memo import IdentitySet
from service.policy.finding import Evidence, Finding, Remark, met, not_met, remark, unknown
from service.policy.model import Policy
from service.policy.operators import Statement, TrialOutcome
from service.policy.truth import Reason, Truth, Way

SHOWN = 4
PATHS = ("initial", "renewal")
RESPONSE = "QuestionnaireResponse"
CODING, STRING, INTEGER, DECIMAL = "valueCoding", "valueString", "valueInteger", "valueDecimal"
PRESCRIBERS = ("Practitioner", "PractitionerRole")
UNSTATED = unknown(Reason.ATTESTATION, way=Way.ATTESTATION)
UNSTATED_FOR_REVIEW = unknown(Reason.ATTESTATION, way=Way.REVIEW)
COMPLETED = frozenset({"completed", "amended"})
NOT_COMPLETED = frozenset({"in-progress", "entered-in-error", "stopped"})
# A yes or a no; None where it is neither; a yes that the details below it contradict.
Said = bool | Literal["contradicted"] | None
WORDS: Mapping[Said, Remark] = {
    True: remark("stated_yes"),
    False: remark("stated_no"),
    None: remark("answer_unclear"),
    "contradicted": remark("details_disagree"),
}
# The findings of statements on some diseases of a policy, by the id of the criterion.
StatementsFor = Callable[..., Mapping[str, Finding]]


class AnswerReading(NamedTuple):
    """How answers are read: what one of a kind (its `value[x]`) says, and what the details below a yes do.

    The first is None where it is no yes and no no.
    """

    says: Callable[[str, object], bool | None]
    contradict: Contradict


def statement(case: Case, asked: Statement) -> Finding:
    """The answer under the first of the ids that has one; some only bring it before the reviewer."""
    if not case.answers:
        return UNSTATED_FOR_REVIEW if asked.for_review else UNSTATED
    finding = _stated_under(case, asked.ids)
    if asked.before and finding.truth is Truth.NOT_MET and first_dose(case) is not None:
        return unknown(Reason.ATTESTATION, *finding.evidence, way=Way.ATTESTATION)
    if not asked.for_review or finding.truth is Truth.NOT_MET:
        return finding
    reason = Reason.REVIEW if finding.truth is Truth.MET else finding.reason
    return unknown(reason or Reason.REVIEW, *finding.evidence, way=Way.REVIEW)


def _stated_under(case: Case, ids: Iterable[str]) -> Finding:
    stated = case.answers
    return next((stated[id_] for id_ in ids if id_ in stated), UNSTATED)


def outcome(case: Case, asked: TrialOutcome) -> Finding:
    """A failed trial as stated; a coded stop for inefficacy supports it and asks for review."""
    finding = _stated_under(case, asked.ids)
    if finding.truth is not Truth.UNKNOWN:
        return finding
    fact = case.knowledge.of_kind("outcome")
    shown = []
    for hit in case.hits(fact.sources, asked.of):
        for reason in read(("statusReason",), hit.resource):
            sets = {entry.value_set for entry in case.record.entries_of_concept(reason)}
            if sets & set(fact.value_sets):
                shown.append(
                    evidence(case, hit, remark("stopped_ineffective", name=display(hit, asked.of)))
                )
    if shown:
        return unknown(Reason.REVIEW, *shown[:3], way=Way.ATTESTATION)
    return UNSTATED


def statements_for(
    record: Record, knowledge: Knowledge, policy: Policy, responses: Sequence[Json], day: date
) -> StatementsFor:
    """The answers that are recent enough and belong to this policy version, for some of its diseases."""
    reading, today = answer_reader(record, knowledge), day.toordinal()
    readers = (reading.contradict, values_reader(policy, knowledge))
    reading = reading._replace(contradict=lambda *below: any(one(*below) for one in readers))
    oldest = max(days_back(today, policy.statements_valid), policy.effective.toordinal())
    zone = record.calendar.zone

    def stated(*indications: str) -> Mapping[str, Finding]:
        ours = _questionnaires(policy, indications)
        return answers(responses, ours, oldest, today, reading, zone)

    return stated


def _questionnaires(policy: Policy, indications: Iterable[str]) -> frozenset[str]:
    """The canonicals whose answers count, with and without the version after `|`.

    One without a version means this version: answers from before it came into force do not count.
    """
    versioned = [
        policy.questionnaire(indication, path) for indication in indications for path in PATHS
    ]
    return frozenset([*versioned, *(canonical.split("|", 1)[0] for canonical in versioned)])


def responses_to(record: Record, source: Source, order: Json, drafts: Iterable[Json]) -> list[Json]:
    """Answered questionnaires from the prefetch, from the other drafts and from inside the order."""
    inside = objects(order.get("contained"))
    sent = [resource for resource in [*drafts, *inside] if resource.get("resourceType") == RESPONSE]
    own = [response for response in sent if record.is_own(source, response)]
    own = [response for response in own if source.doubts.of(response, response) is None]
    own = [*record.resources.get(RESPONSE, []), *own]
    # a contained response is about the order's patient; any other must name its patient
    contained = IdentitySet(inside)
    return [
        response for response in own if response in contained or _names_somebody(source, response)
    ]


def _names_somebody(source: Source, resource: Json) -> bool:
    return any(read(steps, resource) for steps in source.subject)


def answers(
    responses: Iterable[Json],
    questionnaires: frozenset[str],
    oldest: int,
    today: int,
    reading: AnswerReading,
    zone: Zone = NO_ZONE,
) -> dict[str, Finding]:
    """Answers by linkId from completed, authored, recent enough responses, newest last.

    One that is no yes and no no is a question, and takes the place of an older one.
    """
    usable = [
        (day, response)
        for response in responses
        if (day := _authored_day(response, zone)) is not None
        and oldest <= day <= today
        and _is_completed(response) is not False
        and _is_ours(response, questionnaires)
    ]
    findings: dict[str, Finding] = {}
    for day, response in sorted(usable, key=lambda pair: pair[0]):
        # one of which nobody can tell whether it was completed takes the place of an older one too
        counts = _is_completed(response)
        for link_id, value in _answered(response, reading, day):
            findings[link_id] = _finding_of(
                findings.get(link_id), response, day, yes=value if counts else None
            )
    return findings


def answer_reader(record: Record, knowledge: Knowledge) -> AnswerReading:
    """How answers are read that are no boolean: by the value sets of yes and no, else a plain yes or no."""
    word_of, plain = knowledge.answers, knowledge.plain_words

    def said_in(name: str, value: object) -> Word | None:
        if name in (INTEGER, DECIMAL):
            return COUNTS.get(value) if isinstance(value, int | float) else None
        if name == STRING:
            return plain.get(same_name(END.sub("", value))) if isinstance(value, str) else None
        if name != CODING:
            return None
        concept = {"coding": value}
        named = {word for written in names(concept) if (word := plain.get(same_name(written)))}
        if word := coded_word(record, word_of, concept):
            named.add(word)
        elif record.is_coded(concept):
            return None
        return named.pop() if len(named) == 1 else None

    def read_answer(name: str, value: object) -> bool | None:
        word = said_in(name, value)
        return {"yes": True, "no": False}.get(word) if word else None

    return AnswerReading(read_answer, details_reader(record, knowledge))


def _finding_of(before: Finding | None, response: Json, day: int, *, yes: Said) -> Finding:
    """An answer; of two on one day that disagree neither counts."""
    authored = date.fromordinal(day).isoformat()
    shown = Evidence(cited(type_and_id(response)), authored, WORDS[yes], "attestation")
    finding = _as_finding(shown, yes=yes)
    if before and before.truth is not finding.truth and before.evidence[0].date == shown.date:
        both = tuple(dict.fromkeys((*before.evidence, shown)))[:SHOWN]
        return unknown(Reason.CONFLICT, *both, way=Way.ATTESTATION)
    return finding


def _as_finding(shown: Evidence, *, yes: Said) -> Finding:
    if yes is None or yes == "contradicted":
        return unknown(Reason.ATTESTATION, shown, way=Way.ATTESTATION)
    return met(shown) if yes else not_met(shown, miss=remark("prescriber_says_no"))


def _authored_day(response: Json, zone: Zone) -> int | None:
    """The day it was authored; only a prescriber's answer with an exact day counts."""
    day = parse_day(response.get("authored"), zone)
    return day.first if day and day.exact and _by_prescriber(response) else None


def _by_prescriber(response: Json) -> bool:
    for author in objects(response.get("author")):
        reference = literal_reference(author)
        type_ = reference_parts(reference)[0] if reference else None
        if (type_ or text(author.get("type"))) in PRESCRIBERS:
            return True
    return False


def _is_completed(response: Json) -> bool | None:
    """Whether its answers are given; None where it has no status of the list (R4)."""
    status = {code.lower() for code in codes(response.get("status"))}
    if status & COMPLETED:
        return True
    return False if status & NOT_COMPLETED else None


def _is_ours(response: Json, questionnaires: frozenset[str]) -> bool:
    """Whether it answers a questionnaire of this policy version; none named is not ours."""
    canonical = text(response.get("questionnaire"))
    return canonical is not None and canonical in questionnaires


def _answered(holder: Json, reading: AnswerReading, day: int) -> Iterable[tuple[str, Said]]:
    """LinkId and answer of every item that has one, nested ones too, without recursion."""
    waiting = objects(holder.get("item"))
    while waiting:
        item = waiting.pop()
        if item.get(MODIFIER):
            continue
        link_id = text(item.get("linkId"))
        contradicted: bool | None = None  # looked at once for an item, however many answers it has
        for answer in objects(item.get("answer")):
            if answer.get(MODIFIER):
                continue
            for name, value in values_of(answer):
                if not link_id or value is None:
                    continue
                said = value if isinstance(value, bool) else reading.says(name, value)
                if said is True and contradicted is None:
                    contradicted = reading.contradict(item, link_id, day)
                yield link_id, "contradicted" if said is True and contradicted else said
            waiting.extend(objects(answer.get("item")))
        waiting.extend(objects(item.get("item")))
