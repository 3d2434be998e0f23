"""What only the prescriber knows: answers of a QuestionnaireResponse, and what supports them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

from service.facts.case import Case, days_back, display, evidence, last_day
from service.facts.knowledge import Knowledge, Word
from service.facts.order.answer_authors import author_of_answer, authors_named_in
from service.facts.order.statement_authors import Authors, StatementAuthor
from service.facts.stated_values import values_reader
from service.facts.supply.first_dose import first_dose
from service.facts.trial_details import Contradict, details_reader
from service.facts.yes_or_no import COUNTS, END, coded_word, values_of
from service.fhir.elements import (
    cited,
    codes,
    names,
    objects,
    read,
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
from service.policy.finding import (
    STATED,
    STOPPED_INEFFECTIVE,
    STOPPED_OTHERWISE,
    Evidence,
    Finding,
    Remark,
    met,
    not_met,
    remark,
    unknown,
)
from service.policy.model import Policy
from service.policy.operators import Statement, TrialOutcome
from service.policy.truth import Reason, Truth, Way

SHOWN = 4
EVER = datetime.min.replace(tzinfo=UTC)
PATHS = ("initial", "renewal")
RESPONSE = "QuestionnaireResponse"
# the system of the identifier that our page gives a statement
STATEMENT = "https://dupilumab-cds.github.io/fhir/statement"
CODING, STRING, INTEGER, DECIMAL = "valueCoding", "valueString", "valueInteger", "valueDecimal"
UNSTATED = unknown(Reason.ATTESTATION, way=Way.ATTESTATION)
UNSTATED_FOR_REVIEW = unknown(Reason.ATTESTATION, way=Way.REVIEW)
COMPLETED = frozenset({"completed", "amended"})
WITHDRAWN = frozenset({"entered-in-error", "stopped"})
NOT_COMPLETED = WITHDRAWN | {"in-progress"}
# A yes or a no; None where it is neither; a yes that the details below it contradict.
Said = bool | Literal["contradicted"] | None
NOT_COUNTED = "not_counted"
NOT_FINISHED = remark("not_finished")
WITHOUT_DAY = remark("without_day")
DATED_LATER = remark("dated_later")
OF_OTHER_VERSION = remark("of_other_version")
# The findings of statements on some diseases of a policy, by the id of the criterion.
StatementsFor = Callable[..., Mapping[str, Finding]]


class AnswerReading(NamedTuple):
    """How answers are read: what one of a kind (its `value[x]`) says, what the details below a yes do.

    The first is None where it is no yes and no no. `authors` tells who made a response.
    """

    says: Callable[[str, object], bool | None]
    contradict: Contradict
    authors: Authors


class Validity(NamedTuple):
    """The days on which an answer counts: made from `oldest` to `today`, and up to which day."""

    oldest: int
    today: int
    until: Callable[[int], int]


class Standing(NamedTuple):
    """Whether a response counts: its day (None: it has none), its author, until when, or why it does not.

    `moment` is when it was made, where it says so with its time zone.
    """

    day: int | None
    moment: datetime | None
    author: StatementAuthor
    until: int | None
    refused: Remark | None


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
    """The first that counts; else why the first one does not."""
    stated = [case.answers[id_] for id_ in ids if id_ in case.answers]
    counting = (finding for finding in stated if not _is_refused(finding))
    return next(counting, stated[0] if stated else UNSTATED)


def _is_refused(finding: Finding) -> bool:
    return finding.miss is not None and finding.miss.kind == NOT_COUNTED


def outcome(case: Case, asked: TrialOutcome) -> Finding:
    """A failed trial as stated; a coded stop for inefficacy supports it and asks for review.

    It is shown beside a statement too, whatever that says. Beside a stated failure that no such reason
    supports, therapies are shown that were stopped for another coded reason.
    """
    finding = _stated_under(case, asked.ids)
    shown = _stopped(case, asked, STOPPED_INEFFECTIVE)[:3]
    if finding.truth is Truth.MET and not shown:
        shown = _stopped(case, asked, STOPPED_OTHERWISE)[:3]
    if finding.truth is not Truth.UNKNOWN:
        return finding._replace(evidence=(*finding.evidence, *shown)) if shown else finding
    if shown:
        return unknown(Reason.REVIEW, *finding.evidence, *shown, way=Way.ATTESTATION)
    return finding


def _stopped(case: Case, asked: TrialOutcome, kind: str) -> list[Evidence]:
    """Therapies whose coded reason to stop is that they did not help, or is another one of the lists."""
    fact = case.knowledge.of_kind("outcome")
    groups = {name.split(".", 1)[0] for name in fact.value_sets}
    shown = []
    for hit in case.hits(fact.sources, asked.of):
        for reason in read(("statusReason",), hit.resource):
            reasons = case.record.entries_of_concept(reason)
            failed = any(one.value_set in fact.value_sets for one in reasons)
            other = next((one for one in reasons if one.value_set.split(".", 1)[0] in groups), None)
            name = display(hit, asked.of)
            if kind == STOPPED_INEFFECTIVE and failed:
                shown.append(evidence(case, hit, remark("stopped_ineffective", name=name)))
            elif kind == STOPPED_OTHERWISE and other is not None and not failed:
                why = other.display
                shown.append(evidence(case, hit, remark("stopped_otherwise", name=name, why=why)))
    return shown


def counts_until(policy: Policy, day: date) -> date:
    """The last day on which a statement of a day counts: by its age, or until the policy version ends."""
    last = date.fromordinal(last_day(day.toordinal(), policy.statements_valid))
    return last if policy.until is None else min(last, policy.until)


def statements_for(
    policy: Policy, responses: Sequence[Json], day: date, authors: Authors
) -> StatementsFor:
    """The answers that are recent enough and belong to this policy version, for some of its diseases."""
    record, knowledge = authors.record, authors.knowledge
    reading, today = answer_reader(record, knowledge, authors), day.toordinal()
    readers = (reading.contradict, values_reader(policy, knowledge))
    reading = reading._replace(contradict=lambda *below: any(one(*below) for one in readers))
    oldest = max(days_back(today, policy.statements_valid), policy.effective.toordinal())
    zone = record.calendar.zone
    validity = Validity(oldest, today, lambda made: _until(policy, made))

    def stated(*indications: str) -> Mapping[str, Finding]:
        ours = _questionnaires(policy, indications)
        return answers(responses, ours, validity, reading, zone)

    return stated


def _questionnaires(policy: Policy, indications: Iterable[str]) -> frozenset[str]:
    """The canonicals whose answers count, with and without the version after `|`.

    One without a version means this version: answers from before it came into force do not count.
    """
    versioned = [
        policy.questionnaire(indication, path) for indication in indications for path in PATHS
    ]
    return frozenset([*versioned, *(canonical.split("|", 1)[0] for canonical in versioned)])


def responses_to(
    record: Record,
    source: Source,
    order: Json,
    drafts: Iterable[Json],
    stored: Iterable[Json] = (),
) -> list[Json]:
    """Answered questionnaires from the prefetch, the other drafts, inside the order, and our own store.

    Of a stored one that was written to the EHR only the EHR's counts: there it may have been changed.
    """
    inside = objects(order.get("contained"))
    sent = [resource for resource in [*drafts, *inside] if resource.get("resourceType") == RESPONSE]
    own = [response for response in sent if record.is_own(source, response)]
    there = {name for response in [*own, *_all(record)] for name in _names_of(response)}
    own = [response for response in own if source.doubts.of(response, response) is None]
    own = [*record.resources.get(RESPONSE, []), *own]
    # a contained response is about the order's patient; any other must name its patient
    contained = IdentitySet(inside)
    named = [
        response for response in own if response in contained or _names_somebody(source, response)
    ]
    return [*named, *(one for one in stored if there.isdisjoint(_names_of(one)))]


def _all(record: Record) -> list[Json]:
    """All responses of the prefetch, those that are not understood too."""
    return [*record.resources.get(RESPONSE, ()), *record.not_understood.get(RESPONSE, ())]


def _names_of(response: Json) -> Iterator[str]:
    """What tells that two responses are one: its reference, and our identifier."""
    if reference := type_and_id(response):
        yield reference
    for identifier in objects(response.get("identifier")):
        if identifier.get("system") == STATEMENT and (value := text(identifier.get("value"))):
            yield value


def _names_somebody(source: Source, resource: Json) -> bool:
    return any(read(steps, resource) for steps in source.subject)


def _until(policy: Policy, made: int) -> int:
    return counts_until(policy, date.fromordinal(made)).toordinal()


def answers(
    responses: Iterable[Json],
    questionnaires: frozenset[str],
    validity: Validity,
    reading: AnswerReading,
    zone: Zone = NO_ZONE,
) -> dict[str, Finding]:
    """Answers by linkId from completed, authored, recent enough responses, newest last.

    One that is no yes and no no is a question, and takes the place of an older one. Where no answer
    counts, the finding says why those that were given do not.
    """
    standings = [
        (standing, response)
        for response in responses
        if (standing := _standing(response, questionnaires, validity, reading, zone)) is not None
    ]
    # in their order of time; without a day first
    standings.sort(key=lambda pair: (pair[0].day or 0, pair[0].moment or EVER))
    findings: dict[str, Finding] = {}
    made: dict[str, Standing] = {}
    refused: dict[str, Finding] = {}
    for whole, response in standings:
        # one of which nobody can tell whether it was completed takes the place of an older one too
        counts = _is_completed(response)
        for link_id, value, author in _answered(response, reading, whole, validity.today):
            standing = whole._replace(author=author, refused=whole.refused or author.refused)
            if standing.refused is not None:
                refused[link_id] = _refused(refused.get(link_id), response, standing, yes=value)
                continue
            said = value if counts else None
            before = findings.get(link_id)
            if before is not None and _corrects(standing, made[link_id]):
                before = None
            findings[link_id] = _finding_of(before, response, standing, yes=said)
            made[link_id] = standing
    return {**refused, **findings}


def _standing(
    response: Json,
    questionnaires: frozenset[str],
    validity: Validity,
    reading: AnswerReading,
    zone: Zone,
) -> Standing | None:
    """Whether a response counts, or why not; None if it is none of ours, or was taken back."""
    ours = _is_ours(response, questionnaires)
    if ours is None or _is_withdrawn(response):
        return None
    day = parse_day(response.get("authored"), zone)
    made = day.first if day and day.exact else None
    author = reading.authors.of(response)
    until = None if made is None else validity.until(made)
    refused = _why_not(response, author, made, validity, ours=ours)
    return Standing(made, _moment(response.get("authored")), author, until, refused)


def _corrects(later: Standing, earlier: Standing) -> bool:
    """Whether an author states later on the same day what takes the place of an earlier statement."""
    if later.moment is None or earlier.moment is None or not later.author.key:
        return False
    return later.author.key == earlier.author.key and later.moment > earlier.moment


def _moment(authored: object) -> datetime | None:
    """An instant with its time zone; None where it is less exact."""
    try:
        at = datetime.fromisoformat(text(authored) or "")
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _why_not(
    response: Json, author: StatementAuthor, made: int | None, validity: Validity, *, ours: bool
) -> Remark | None:
    if author.refused is not None:
        return author.refused
    if not ours:
        return OF_OTHER_VERSION
    if _is_completed(response) is False:
        return NOT_FINISHED
    return WITHOUT_DAY if made is None else _why_not_now(made, validity)


def _why_not_now(made: int, validity: Validity) -> Remark | None:
    if made > validity.today:
        return DATED_LATER
    if made < validity.oldest:
        return remark("too_old", day=date.fromordinal(validity.until(made)))
    return None


def answer_reader(
    record: Record, knowledge: Knowledge, authors: Authors | None = None
) -> AnswerReading:
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

    by = authors or Authors(record, knowledge)
    return AnswerReading(read_answer, details_reader(record, knowledge), by)


def _finding_of(
    before: Finding | None, response: Json, standing: Standing, *, yes: Said
) -> Finding:
    """An answer; of two on one day that disagree neither counts."""
    shown = _shown(response, standing, yes=yes)
    finding = _as_finding(shown, yes=yes)
    if before and before.truth is not finding.truth and before.evidence[0].date == shown.date:
        both = tuple(dict.fromkeys((*before.evidence, shown)))[:SHOWN]
        return unknown(Reason.CONFLICT, *both, way=Way.ATTESTATION)
    return finding


def _refused(before: Finding | None, response: Json, standing: Standing, *, yes: Said) -> Finding:
    """An answer that does not count, and why: the newest first."""
    shown = _shown(response, standing, yes=yes)
    value = remark("stated_in_vain", stated=shown.value, why=standing.refused)
    earlier = before.evidence if before else ()
    proofs = tuple(dict.fromkeys((shown._replace(value=value), *earlier)))[:SHOWN]
    miss = remark("not_counted", why=standing.refused)
    return unknown(Reason.ATTESTATION, *proofs, way=Way.ATTESTATION, miss=miss)


def _said(yes: Said, author: str, until: date | None) -> Remark:
    match yes:
        case True:
            return remark("stated_yes", author=author, until=until)
        case False:
            return remark("stated_no", author=author, until=until)
        case None:
            return remark("answer_unclear", author=author, until=until)
        case _:
            return remark("details_disagree", author=author, until=until)


def _shown(response: Json, standing: Standing, *, yes: Said) -> Evidence:
    """An answer as evidence: what was said, by whom, on which day, and until when it counts."""
    counts = standing.refused is None and standing.until is not None and isinstance(yes, bool)
    until = date.fromordinal(standing.until) if counts and standing.until else None
    said = _said(yes, standing.author.name, until)
    authored = None if standing.day is None else date.fromordinal(standing.day).isoformat()
    return Evidence(cited(type_and_id(response)), authored, said, STATED)


def _as_finding(shown: Evidence, *, yes: Said) -> Finding:
    if yes is None or yes == "contradicted":
        return unknown(Reason.ATTESTATION, shown, way=Way.ATTESTATION)
    return met(shown) if yes else not_met(shown, miss=remark("prescriber_says_no"))


def _is_completed(response: Json) -> bool | None:
    """Whether its answers are given; None where it has no status of the list (R4)."""
    status = {code.lower() for code in codes(response.get("status"))}
    if status & COMPLETED:
        return True
    return False if status & NOT_COMPLETED else None


def _is_withdrawn(response: Json) -> bool:
    status = {code.lower() for code in codes(response.get("status"))}
    return bool(status & WITHDRAWN)


def _is_ours(response: Json, questionnaires: frozenset[str]) -> bool | None:
    """Whether it answers a questionnaire of this policy version.

    False for another version of one, None if it is none of ours.
    """
    canonical = text(response.get("questionnaire"))
    if canonical is None or canonical.split("|", 1)[0] not in questionnaires:
        return None if canonical not in questionnaires else True
    return canonical in questionnaires


def _answered(
    response: Json, reading: AnswerReading, whole: Standing, today: int
) -> Iterable[tuple[str, Said, StatementAuthor]]:
    """LinkId, answer and its author of every item that has one, nested ones too, without recursion."""
    day, authors = whole.day or today, reading.authors
    # an item, and who answered the groups that it is in
    nobody: list[Json] = []
    waiting = [(item, nobody) for item in objects(response.get("item"))]
    while waiting:
        item, above = waiting.pop()
        if item.get(MODIFIER):
            continue
        named = authors_named_in(item) or above
        link_id = text(item.get("linkId"))
        contradicted: bool | None = None  # looked at once for an item, however many answers it has
        for answer in objects(item.get("answer")):
            if answer.get(MODIFIER):
                continue
            author = author_of_answer(authors, response, whole.author, named, answer)
            for name, value in values_of(answer):
                if not link_id or value is None:
                    continue
                said = value if isinstance(value, bool) else reading.says(name, value)
                if said is True and contradicted is None:
                    contradicted = reading.contradict(item, link_id, day)
                yield link_id, "contradicted" if said is True and contradicted else said, author
            waiting.extend((below, named) for below in objects(answer.get("item")))
        waiting.extend((below, named) for below in objects(item.get("item")))
