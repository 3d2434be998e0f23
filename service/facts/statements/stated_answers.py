"""What was stated under each question: the newest answers that count, or why none does."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from service.facts.statements.answer_reading import AnswerReading, Said, answered
from service.facts.statements.statement_responses import Responses
from service.facts.statements.validity import Validity
from service.facts.statements.who_may_state import StatementAuthor
from service.fhir.elements import (
    cited,
    codes,
    text,
    type_and_id,
)
from service.fhir.values.days import NO_ZONE, Zone, moment_of, parse_day
from service.json_object import Json
from service.policy.finding import (
    STATED,
    Evidence,
    Finding,
    Remark,
    met,
    not_met,
    remark,
    unknown,
)
from service.policy.truth import Reason, Way

SHOWN = 4
EVER = datetime.min.replace(tzinfo=UTC)
AMENDED = "amended"
COMPLETED = frozenset({"completed", AMENDED})
NOT_COMPLETED = frozenset({"in-progress"})
NOT_FINISHED = remark("not_finished")
WITHOUT_DAY = remark("without_day")
DATED_LATER = remark("dated_later")
OF_OTHER_VERSION = remark("of_other_version")
GONE_FROM_EHR = remark("gone_from_ehr")


class Standing(NamedTuple):
    """Whether a response counts: its day (None: it has none), its author, until when, or why it does not.

    `moment` is when it was made, where it says so with its time zone.
    """

    day: int | None
    moment: datetime | None
    author: StatementAuthor
    until: int | None
    refused: Remark | None


class CountedAnswer(NamedTuple):
    """One answer to a question that counts, the response it is in, and how it is shown."""

    response: Json
    standing: Standing
    shown: Evidence
    said: Said


def answers(
    responses: Responses,
    questionnaires: frozenset[str],
    validity: Validity,
    reading: AnswerReading,
    zone: Zone = NO_ZONE,
) -> dict[str, Finding]:
    """Answers by linkId from completed, authored, recent enough responses.

    One that is no yes and no no is a question, and takes the place of an older one. Where no answer
    counts, the finding says why those that were given do not.
    """
    standings = [
        (standing, response)
        for response in responses.given
        if (standing := _standing(response, questionnaires, validity, reading, zone)) is not None
    ]
    # in their order of time; without a day first
    standings.sort(key=lambda pair: (pair[0].day or 0, pair[0].moment or EVER))
    given: dict[str, list[CountedAnswer]] = {}
    refused: dict[str, Finding] = {}
    for whole, response in standings:
        gone = GONE_FROM_EHR if response in responses.gone else None
        # one of which nobody can tell whether it was completed takes the place of an older one too
        counts = _is_completed(response)
        day = whole.day or validity.today
        for link_id, value, author in answered(response, reading, whole.author, day):
            standing = whole._replace(author=author)
            if (why := whole.refused or author.refused or gone) is not None:
                stands_not = standing._replace(refused=why)
                earlier = refused.get(link_id)
                refused[link_id] = _refused(earlier, response, stands_not, yes=value)
                continue
            shown = _shown(response, standing, yes=value if counts else None)
            answer = CountedAnswer(response, standing, shown, value if counts else None)
            given.setdefault(link_id, []).append(answer)
    return {**refused, **{link_id: _finding_of(each) for link_id, each in given.items()}}


def _standing(
    response: Json,
    questionnaires: frozenset[str],
    validity: Validity,
    reading: AnswerReading,
    zone: Zone,
) -> Standing | None:
    """Whether a response counts, or why not; None if it is none of ours."""
    ours = _is_ours(response, questionnaires)
    if ours is None:
        return None
    day = parse_day(response.get("authored"), zone)
    made = day.first if day and day.exact else None
    author = reading.authors.of(response)
    until = None if made is None else validity.until(made)
    refused = _why_not(response, author, made, validity, ours=ours)
    return Standing(made, moment_of(response.get("authored")), author, until, refused)


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


def _is_ours(response: Json, questionnaires: frozenset[str]) -> bool | None:
    """Whether it answers a questionnaire of this policy version.

    False for another version of one, None if it is none of ours.
    """
    canonical = text(response.get("questionnaire")) or ""
    if canonical.split("|", 1)[0] not in questionnaires:
        return None
    return canonical in questionnaires


def _is_completed(response: Json) -> bool | None:
    """Whether its answers are given; None where it has no status of the list (R4)."""
    status = {code.lower() for code in codes(response.get("status"))}
    if status & COMPLETED:
        return True
    return False if status & NOT_COMPLETED else None


def _finding_of(given: Sequence[CountedAnswer]) -> Finding:
    """What the answers of the newest day say, without those that their own authors replaced on it.

    Where two disagree neither counts. What another author said on an earlier day is shown beside.
    """
    newest = given[-1].standing.day
    stand = _not_replaced([one for one in given if one.standing.day == newest])
    findings = [_as_finding(one.shown, yes=one.said) for one in stand]
    shown = tuple(dict.fromkeys(one.shown for one in stand))
    if len({finding.truth for finding in findings}) > 1:
        return unknown(Reason.CONFLICT, *shown[:SHOWN], way=Way.ATTESTATION)
    finding, last = findings[-1], stand[-1]
    beside = _otherwise_said(given, last)
    return finding if beside is None else finding._replace(evidence=(*finding.evidence, beside))


def _not_replaced(given: Sequence[CountedAnswer]) -> list[CountedAnswer]:
    """The answers of one day that their own authors did not replace: later, or in an amended response."""
    latest: dict[str, datetime] = {}
    for one in given:
        for key in one.standing.author.filed_under:
            if one.standing.moment is not None:
                latest[key] = max(latest.get(key, EVER), one.standing.moment)
    stand = [one for one in given if not _is_before(one, latest)]
    amended = {key for one in stand if _is_amended(one.response) for key in _versions(one)}
    return [
        one
        for one in stand
        if _is_amended(one.response) or amended.isdisjoint(_versions(one, looked_up=True))
    ]


def _is_before(one: CountedAnswer, latest: Mapping[str, datetime]) -> bool:
    """Whether its author said something else later on the same day."""
    moment = one.standing.moment
    keys = one.standing.author.looked_up
    return moment is not None and any(latest.get(key, moment) > moment for key in keys)


def _versions(one: CountedAnswer, *, looked_up: bool = False) -> Iterator[tuple[str, str]]:
    """The author with the reference of the response: what its versions have alike."""
    author, reference = one.standing.author, type_and_id(one.response)
    for key in author.looked_up if looked_up else author.filed_under:
        if reference is not None:
            yield key, reference


def _is_amended(response: Json) -> bool:
    return AMENDED in codes(response.get("status"))


def _otherwise_said(given: Sequence[CountedAnswer], last: CountedAnswer) -> Evidence | None:
    """The newest answer of another author that says the opposite on an earlier day."""
    own = set(last.standing.author.looked_up)
    if not own or not isinstance(last.said, bool):
        return None
    for one in reversed(given):
        opposite = isinstance(one.said, bool) and one.said is not last.said
        if opposite and own.isdisjoint(one.standing.author.filed_under):
            return one.shown
    return None


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
