"""Who answers on the page, about which patient and order: kept on the server, under an opaque id.

The browser has the id in the address and a secret in a cookie; without both nobody sees the patient.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Any

import orjson

from service.json_object import Json
from service.web.kept_requests import KeptRequest
from service.web.runtime import Runtime
from service.web.shared_memory import MemoryFiles

MINUTES = 30  # without use
LARGEST = 16 * 1024 * 1024  # bytes of a request that was fetched from the EHR


@dataclass(frozen=True, slots=True)
class Author:
    """Who makes the statements; unverified where nobody has logged in, and then without a reference."""

    reference: str = ""
    name: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Ehr:
    """The EHR that launched the page; `until` in seconds since 1970, when its token ends."""

    server: str
    token: str = field(repr=False)
    scope: str
    until: float


@dataclass(frozen=True, slots=True)
class AnsweringSession:
    """One person's visit to the page of one patient's order.

    `answers` are those given so far, by question: the id of the questionnaire, yes or no, the details.
    `made_until` is the last day on which the statements count that were made of them; empty before.
    `stated` are the questions of which statements were made, `times` how often that was done.
    `delivered` says what came of writing them to the EHR (done, due, refused), `not_delivered` why not.
    `version` counts the changes of answers, `changes` has the version of the last one of each question.
    """

    id: str
    secret_hash: str
    csrf: str
    client_id: str
    patient_id: str
    author: Author
    request_id: str
    ehr: Ehr | None = None
    encounter: str | None = None
    answers: Json = field(default_factory=dict)
    made_until: str = ""
    stated: tuple[str, ...] = ()
    times: int = 0
    delivered: str = ""
    not_delivered: str = ""
    version: int = 0
    changes: Mapping[str, int] = field(default_factory=dict)

    def with_answers(self, answers: Json) -> "AnsweringSession":
        """The same visit with these answers, of which no statements were made if they differ."""
        both = {**self.answers, **answers}
        changed = [id_ for id_ in both if answers.get(id_) != self.answers.get(id_)]
        if not changed:
            return self
        version = self.version + 1
        return replace(
            self,
            answers=answers,
            made_until="",
            delivered="",
            not_delivered="",
            version=version,
            changes={**self.changes, **dict.fromkeys(changed, version)},
        )

    def changed_since(self, version: int, shown: Json) -> set[str]:
        """The questions that another window changed after this version, where a page shows them otherwise."""
        return {
            id_
            for id_, changed in self.changes.items()
            if changed > version and shown.get(id_) != self.answers.get(id_)
        }


@dataclass(frozen=True, slots=True)
class AnsweringSessions:
    """The sessions of one server, in files that all its processes read."""

    files: MemoryFiles

    @classmethod
    def of(cls, runtime: Runtime) -> "AnsweringSessions":
        """Those of a running server."""
        return cls(runtime.launch_memory.sessions)

    def begin(self, request: KeptRequest, **about: Any) -> tuple[AnsweringSession, str] | None:
        """A new session about a request, and the secret for the cookie; None if it cannot be kept."""
        request_id = self.files.write(request.as_bytes())
        if request_id is None:
            return None
        secret, id_ = token_urlsafe(24), token_urlsafe(24)
        session = AnsweringSession(
            id=id_,
            secret_hash=_hash(secret),
            csrf=token_urlsafe(24),
            client_id=request.client_id,
            request_id=request_id,
            **about,
        )
        return (session, secret) if self._save(session) else None

    def read(self, id_: str, secret: str) -> AnsweringSession | None:
        """The session of this id, for the browser with its secret; None for all others, and if it is over."""
        raw = self.files.contents(id_)
        session = None if raw is None else _read(raw)
        if session is None or not compare_digest(session.secret_hash, _hash(secret)):
            return None
        self.files.used(session.id)
        self.files.used(session.request_id)
        return session

    def request(self, session: AnsweringSession) -> KeptRequest | None:
        """The request that a session is about; None if it is gone."""
        raw = self.files.contents(session.request_id)
        return None if raw is None else KeptRequest.of_bytes(raw)

    def change(
        self, id_: str, changed: Callable[[AnsweringSession], AnsweringSession]
    ) -> AnsweringSession | None:
        """Changes a session as it is now; what others change meanwhile is not lost, for they wait.

        None if the session is over, or could not be kept.
        """
        with self.files.alone(id_) as is_there:
            raw = self.files.contents(id_) if is_there else None
            session = None if raw is None else _read(raw)
            if session is None:
                return None
            session = changed(session)
            return session if self._save(session) else None

    def _save(self, session: AnsweringSession) -> bool:
        return self.files.write(orjson.dumps(session), session.id) is not None

    def end(self, session: AnsweringSession) -> None:
        """Forgets a session and its request."""
        self.files.delete(session.id)
        self.files.delete(session.request_id)


def _read(raw: bytes) -> AnsweringSession | None:
    """A session as it was saved; None for a file that is something else."""
    saved = orjson.loads(raw)
    if "csrf" not in saved:
        return None
    ehr = saved["ehr"]
    return AnsweringSession(
        **{
            **saved,
            "author": Author(**saved["author"]),
            "stated": tuple(saved["stated"]),
            "ehr": None if ehr is None else Ehr(**ehr),
        }
    )


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
