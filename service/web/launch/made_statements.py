"""Statements as they are kept: the answers of a session, stored before the page says so."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256

import orjson

from service.errors import PageError, StoreError
from service.facts.statements import counts_until
from service.fhir.resource_types import RESPONSE
from service.json_object import Json
from service.questionnaires.responses import answers_of
from service.store import Delivery, DraftKey, KeptDraft, KeptStatement, PatientKey
from service.web.launch.assessed_anew import AssessedSession, Given, GivenAnswer, responses_of
from service.web.launch.sessions import AnsweringSession
from service.web.runtime import Runtime

IN_PROGRESS = "in-progress"
# What stood beside a question, by its id.
Shown = Mapping[str, list[Json]]


def make_statements(
    runtime: Runtime, session: AnsweringSession, assessed: AssessedSession, shown: Shown
) -> date:
    """Stores the answers as statements, and says until which day they count.

    PageError if nothing may be made here, or if it could not be stored: then nothing is acknowledged.
    """
    store, key = runtime.store.statements, patient_key(runtime, session)
    policies = [each.assessment.policy for each in assessed.orders if each.assessment.policy]
    if store is None or key is None or not policies or not assessed.responses:
        raise PageError(403, "not_kept")
    today = assessed.advice.orders[0].judgement.question.day
    until = min(counts_until(policy, today) for policy in policies)
    for made in assessed.responses:
        id_ = _id(session, made)
        statement = KeptStatement(
            id=id_,
            of=key,
            response=made,
            author=session.author.reference,
            author_name=session.author.name,
            day=today,
            expires=until,
            content=runtime.library.content,
            shown=[
                {"question": each, "evidence": shown.get(each, [])} for each in answers_of(made)
            ],
            delivery=Delivery("due" if may_create(session) else "none"),
        )
        try:
            store.keep(statement, DraftKey(key, session.author.reference, _form(made)))
        except StoreError as error:
            raise PageError(503, "not_stored", str(error)) from None
    return until


def may_create(session: AnsweringSession) -> bool:
    """Whether the EHR granted that statements are written to it."""
    return session.ehr is not None and _creates(session.ehr.scope)


def _creates(scope: str) -> bool:
    for one in scope.split():
        who, _, rest = one.partition("/")
        type_, _, letters = rest.partition(".")
        may = letters in ("write", "*") or (set(letters) <= set("cruds") and "c" in letters)
        if may and who in ("patient", "user") and type_ in (RESPONSE, "*"):
            return True
    return False


def patient_key(runtime: Runtime, session: AnsweringSession) -> PatientKey | None:
    """Whose statements these are; None without a login from the EHR."""
    if session.ehr is None or not session.author.verified:
        return None
    base = runtime.library.access(session.client_id).base(session.ehr.server)
    return None if base is None else PatientKey(session.client_id, base, session.patient_id)


def keep_draft(runtime: Runtime, session: AnsweringSession, given: Given) -> bool:
    """Keeps the answers so far for the next time; False if they are in this session alone."""
    store, key = runtime.store.statements, patient_key(runtime, session)
    if store is None or key is None:
        return False
    made = responses_of(runtime, session, given, runtime.as_of(), IN_PROGRESS)
    try:
        kept = {one.key.form for one in store.drafts_of(key, session.author.reference)}
        for each in made:
            store.keep_draft(KeptDraft(DraftKey(key, session.author.reference, _form(each)), each))
        for form in kept - {_form(each) for each in made}:
            store.delete_draft(DraftKey(key, session.author.reference, form))
    except StoreError:
        return False
    return True


def drafted_answers(runtime: Runtime, session: AnsweringSession) -> dict[str, GivenAnswer]:
    """The answers that this user gave about this patient before and did not finish."""
    store, key = runtime.store.statements, patient_key(runtime, session)
    if store is None or key is None:
        return {}
    try:
        drafts = store.drafts_of(key, session.author.reference)
    except StoreError:
        return {}
    return {
        id_: GivenAnswer(draft.key.form, answer)
        for draft in reversed(drafts)
        for id_, answer in answers_of(draft.content).items()
    }


def _form(response: Json) -> str:
    """The id of the questionnaire that a response answers, with the day of its version."""
    canonical, _, version = str(response["questionnaire"]).partition("|")
    return f"{canonical.rsplit('/', 1)[1]}-{version}"


def _id(session: AnsweringSession, response: Json) -> str:
    """The id of a statement: the same for a form that is sent twice, another if it was changed between."""
    said = {id_: tuple(answer) for id_, answer in answers_of(response).items()}
    written = orjson.dumps(
        (session.id, session.times, response["questionnaire"], said), option=orjson.OPT_SORT_KEYS
    )
    return sha256(written).hexdigest()[:40]
