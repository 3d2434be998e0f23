"""Statements as they are kept: the answers of a session, stored before the page says so."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256

import orjson

from service.errors import PageError, StoreError
from service.facts.statements.validity import counts_until
from service.fhir.resource_types import RESPONSE
from service.json_object import Json
from service.questionnaires.responses import answers_of
from service.store import Delivery, DraftKey, KeptDraft, KeptStatement, PatientKey
from service.web.launch.session_assessment import AssessedSession, Given, GivenAnswer, responses_of
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
    statements = [
        KeptStatement(
            id=_id(session, made),
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
        for made in assessed.responses
    ]
    forms = [DraftKey(key, session.author.reference, _form(one)) for one in assessed.responses]
    try:
        store.keep(*statements, drafts=forms)
    except StoreError as error:
        raise PageError(503, "not_stored", str(error)) from None
    return until


def own_statements(runtime: Runtime, session: AnsweringSession) -> tuple[KeptStatement, ...] | None:
    """The statements of this user about this patient that count still; None if they cannot be read."""
    store, key = runtime.store.statements, patient_key(runtime, session)
    if store is None or key is None:
        return ()
    try:
        found = store.of(key)
    except StoreError:
        return None
    today, author = runtime.as_of().day, session.author.reference
    return tuple(
        one
        for one in found
        if one.author == author and one.expires >= today and not one.is_withdrawn
    )


def withdraw(runtime: Runtime, session: AnsweringSession, id_: str) -> KeptStatement:
    """Withdraws a statement of this user about this patient; PageError if that cannot be done."""
    store, key = runtime.store.statements, patient_key(runtime, session)
    if store is None or key is None:
        raise PageError(403, "not_kept")
    try:
        found = next((one for one in store.of(key) if one.id == id_), None)
        if found is None or not store.withdraw(key, session.author.reference, id_):
            raise PageError(404, "no_such_statement")
    except StoreError as error:
        raise PageError(503, "not_withdrawn", str(error)) from None
    return found


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
    user = session.author.reference
    drafts = [KeptDraft(DraftKey(key, user, _form(each)), each) for each in made]
    try:
        store.keep_drafts(key, user, drafts)
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
