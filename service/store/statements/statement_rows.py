"""What is kept of a prescriber's statement and of a half-filled form, and their rows in the store.

These rows are patient data. They are kept only where the operator turned it on (`CDS_STATEMENTS`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Literal

import orjson

from service.json_object import Json
from service.store.tables import Row

# The status of a response that its author has withdrawn.
WITHDRAWN = "entered-in-error"
# To the EHR: not asked for, still to be written, written, or refused for good.
DeliveryState = Literal["none", "due", "done", "refused"]


@dataclass(frozen=True, slots=True)
class PatientKey:
    """One patient of one client: the client's id, the base URL of its FHIR server, the Patient's id there."""

    client: str
    server: str
    patient: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "server", self.server.rstrip("/"))

    @property
    def columns(self) -> dict[str, str]:
        """The three columns that both tables have."""
        return {
            name: clean(value)
            for name, value in (
                ("client", self.client),
                ("server", self.server),
                ("patient", self.patient),
            )
        }


@dataclass(frozen=True, slots=True)
class Delivery:
    """Whether a statement is in the EHR too: as what, or why not; `tries` and `at` are of its calls."""

    state: DeliveryState = "none"
    reference: str | None = None
    reason: str | None = None
    tries: int = 0
    at: datetime | None = None

    @property
    def columns(self) -> Row:
        """Its columns of `statements`."""
        return {
            "delivery": self.state,
            "delivered_as": self.reference,
            "delivery_reason": self.reason,
            "delivery_tries": self.tries,
            "delivery_at": self.at,
        }


@dataclass(frozen=True, slots=True)
class KeptStatement:
    """One finished QuestionnaireResponse.

    The form makes the `id`, so that a form that is sent twice is kept once. `author` is a reference such
    as Practitioner/7. It counts from `day` to `expires`, both included. `content` is the hash of the
    documents that asked, `shown` the evidence that stood beside the questions.
    """

    id: str
    of: PatientKey
    response: Json
    author: str
    author_name: str
    day: date
    expires: date
    content: str
    shown: Sequence[Json] = ()
    stored_at: datetime | None = None
    delivery: Delivery = field(default_factory=Delivery)

    @property
    def is_withdrawn(self) -> bool:
        """Whether its author has withdrawn it."""
        return self.response.get("status") == WITHDRAWN


@dataclass(frozen=True, slots=True)
class DraftKey:
    """Whose form it is: the patient, the reference of the user, and which form (policy version and path)."""

    of: PatientKey
    user: str
    form: str

    @property
    def id(self) -> str:
        """SHA-256 of all its parts."""
        parts = (self.of.client, self.of.server, self.of.patient, self.user, self.form)
        return sha256(orjson.dumps(parts)).hexdigest()


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A half-filled form: what the page wants to have back."""

    key: DraftKey
    content: Json
    changed_at: datetime | None = None


def statement_row(statement: KeptStatement, now: datetime) -> Row:
    """One row of `statements`."""
    return {
        **statement.of.columns,
        **statement.delivery.columns,
        "id": clean(statement.id),
        "author": clean(statement.author),
        "author_name": clean(statement.author_name),
        "day": statement.day.isoformat(),
        "expires": statement.expires.isoformat(),
        "response": _json(statement.response),
        "content": clean(statement.content),
        "shown": _json(list(statement.shown)),
        "stored_at": now,
    }


def statement_of(row: Any) -> KeptStatement:
    """The statement of a row."""
    return KeptStatement(
        id=row.id,
        of=PatientKey(row.client, row.server, row.patient),
        response=orjson.loads(row.response),
        author=row.author,
        author_name=row.author_name,
        day=date.fromisoformat(row.day),
        expires=date.fromisoformat(row.expires),
        content=row.content,
        shown=tuple(orjson.loads(row.shown)),
        stored_at=_in_utc(row.stored_at),
        delivery=Delivery(
            row.delivery,
            row.delivered_as,
            row.delivery_reason,
            row.delivery_tries,
            _in_utc(row.delivery_at),
        ),
    )


def draft_row(draft: KeptDraft, now: datetime) -> Row:
    """One row of `statement_drafts`."""
    return {
        **draft.key.of.columns,
        "id": draft.key.id,
        "author": clean(draft.key.user),
        "form": clean(draft.key.form),
        "content": _json(draft.content),
        "changed_at": now,
    }


def draft_of(row: Any) -> KeptDraft:
    """The draft of a row."""
    key = DraftKey(PatientKey(row.client, row.server, row.patient), row.author, row.form)
    return KeptDraft(key, orjson.loads(row.content), _in_utc(row.changed_at))


def clean(value: str) -> str:
    """A text that PostgreSQL takes: it takes no NUL."""
    return value.replace("\0", "")


def _json(value: object) -> str:
    # with its keys in order, so that the same statement is the same text
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _in_utc(at: datetime | None) -> datetime | None:
    # SQLite gives times without their zone
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
