"""The tables of the store, and the rows that are written to them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256

import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from service.errors import StoreError

# of the newest file in migrations/versions, which makes the tables as they stand here
REVISION = "0005"
metadata = MetaData()

feedback = Table(
    "feedback",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("service", String(200), nullable=False),
    Column("card", Text, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("accepted", Text, nullable=False, comment="ids of accepted suggestions, a JSON array"),
    Column("reason_code", Text),
    Column("reason_system", Text),
    Column("reason_display", Text),
    Column("comment", Text),
    Column("outcome_at", DateTime(timezone=True), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Index("feedback_by_card", "card"),
)

cards = Table(
    "cards",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("card", String(40), nullable=False, comment="the card's uuid, as feedback names it"),
    Column("decision", String(40), comment="the id of the decision"),
    Column("kind", String(20), nullable=False, comment="coverage, alternatives or considerations"),
    Column("criteria", Text, nullable=False, comment="what made the card, ids, JSON"),
    Column(
        "suggestions", Text, nullable=False, comment="what each suggestion offers, by uuid, JSON"
    ),
    Index("cards_by_card", "card"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", String(40), comment="the assessment's id, as on the card"),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("service", String(200), nullable=False),
    Column("hook", String(200), nullable=False),
    Column("order_hash", String(64), comment="SHA-256 of the order's reference"),
    Column("policy", String(200)),
    Column("effective", String(10)),
    Column("content", String(80), comment="hash of all documents that could change the outcome"),
    Column("path", String(40)),
    Column("indication", String(40)),
    Column("outcome", String(40)),
    Column("awaits", Text, nullable=False, comment="a JSON array"),
    Column("open", Text, nullable=False, comment="ids of open criteria, a JSON array"),
    Column("milliseconds", Float, nullable=False),
    Index("decisions_by_id", "id"),
    Index("decisions_by_day", "at"),
)

seen_tokens = Table(
    "seen_tokens",
    metadata,
    Column("id", String(64), primary_key=True, comment="SHA-256 of issuer and jti"),
    Column("call", String(64), nullable=False, comment="SHA-256 of token, URL and body"),
    Column("expires_at", BigInteger, nullable=False, comment="seconds since 1970"),
    Index("seen_tokens_by_expiry", "expires_at"),
)

gaps = Table(
    "gaps",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("kind", String(20), nullable=False, comment="which rows are missing: decisions"),
    Column("missing", Integer, nullable=False, comment="how many could not be written"),
    Column("began_at", DateTime(timezone=True), nullable=False, comment="the first one's loss"),
    Column("ended_at", DateTime(timezone=True), nullable=False, comment="the last one's loss"),
    Column("reason", Text, nullable=False),
)

checks = Table(
    "checks",
    metadata,
    Column("name", String(20), primary_key=True, comment="what was tried: write"),
    Column("at", DateTime(timezone=True), nullable=False),
)

statements = Table(
    "statements",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", String(64), nullable=False, comment="made by the form, so that twice is once"),
    Column("client", String(200), nullable=False),
    Column("server", Text, nullable=False, comment="base URL of the client's FHIR server"),
    Column("patient", Text, nullable=False, comment="id of the Patient on that server"),
    Column("author", Text, nullable=False, comment="reference of who states it"),
    Column("author_name", Text, nullable=False),
    Column("day", String(10), nullable=False, comment="on which it was made"),
    Column("expires", String(10), nullable=False, comment="the last day on which it counts"),
    Column("response", Text, nullable=False, comment="the QuestionnaireResponse, JSON"),
    Column("content", String(80), nullable=False, comment="hash of the documents it was made by"),
    Column("shown", Text, nullable=False, comment="the evidence beside the questions, JSON"),
    Column("stored_at", DateTime(timezone=True), nullable=False),
    Column("delivery", String(20), nullable=False, comment="to the EHR: none, due, done, refused"),
    Column("delivered_as", Text, comment="its reference in the EHR"),
    Column("delivery_reason", Text, comment="why it is not there"),
    Column("delivery_tries", Integer, nullable=False),
    Column("delivery_at", DateTime(timezone=True), comment="the last try"),
    Index("statements_by_id", "id", unique=True),
    Index("statements_by_patient", "client", "patient"),
    Index("statements_by_expiry", "expires"),
)

statement_drafts = Table(
    "statement_drafts",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", String(64), nullable=False, comment="SHA-256 of patient, user and form"),
    Column("client", String(200), nullable=False),
    Column("server", Text, nullable=False),
    Column("patient", Text, nullable=False),
    Column("author", Text, nullable=False, comment="reference of the user who fills it in"),
    Column("form", Text, nullable=False, comment="which form: policy version and path"),
    Column("content", Text, nullable=False, comment="what is filled in so far, JSON"),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Index("statement_drafts_by_id", "id", unique=True),
    Index("statement_drafts_by_patient", "client", "patient"),
    Index("statement_drafts_by_change", "changed_at"),
)

shadow_counts = Table(
    "shadow_counts",
    metadata,
    Column("id", String(64), primary_key=True, comment="SHA-256 of the columns up to `shadow`"),
    Column("content", String(80), nullable=False, comment="hash of the documents that answered"),
    Column("candidate_content", String(80), nullable=False),
    Column("policy", String(200), nullable=False),
    Column("candidate", String(200), nullable=False),
    Column("criterion", Text, nullable=False, comment="empty for the outcome of the order"),
    Column("answered", String(40), nullable=False),
    Column("shadow", String(40), nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("first_at", DateTime(timezone=True), nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False),
)

kept_requests = Table(
    "kept_requests",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", String(64), nullable=False, comment="SHA-256 of the id in the page's address"),
    Column("content", LargeBinary, nullable=False, comment="the request without its token, JSON"),
    Column("size", Integer, nullable=False, comment="of the content, in bytes"),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index("kept_requests_by_id", "id", unique=True),
    Index("kept_requests_by_size", "key", "size"),
    Index("kept_requests_by_expiry", "expires_at"),
)

Row = dict[str, object]
DECISION = ("id", "policy", "effective", "content", "path", "indication", "outcome")
COVERAGE = "coverage"
FEEDBACK = ("card", "outcome", "reason_code", "reason_system", "reason_display", "comment")


def insert_all(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Inserts rows; raises StoreError if a trigger or a rule of the database left any of them out."""
    options = {"preserve_rowcount": True}
    inserted = connection.execute(table.insert(), list(rows), execution_options=options).rowcount
    # a driver that does not count says -1
    if 0 <= inserted < len(rows):
        raise StoreError(f"the database did not keep every row ({inserted} of {len(rows)})")


def feedback_row(item: Mapping[str, object], service: str, received_at: datetime) -> Row:
    """One row of `feedback`."""
    texts = {name: _text(item.get(name)) for name in FEEDBACK}
    accepted = _array(item.get("accepted"))
    outcome_at = item["outcome_at"]
    return {
        **texts,
        "accepted": accepted,
        "outcome_at": outcome_at,
        "service": service,
        "received_at": received_at,
    }


@dataclass(frozen=True, slots=True)
class GapRecord:
    """How many rows were lost, from when to when, and why the last one was."""

    missing: int
    began_at: datetime
    ended_at: datetime
    reason: str

    def joined(self, other: "GapRecord") -> "GapRecord":
        """Both losses as one."""
        first, last = sorted((self, other), key=lambda gap: gap.began_at)
        return replace(last, missing=first.missing + last.missing, began_at=first.began_at)


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """One decision with the service, hook and time of its call."""

    decision: Mapping[str, object]
    service: str
    hook: str
    at: datetime
    milliseconds: float


def decision_row(decided: DecisionRecord) -> Row:
    """One row of `decisions`; only these columns are stored, never other parts of the decision."""
    decision = decided.decision
    return {
        **{name: _text(decision.get(name)) for name in DECISION},
        "order_hash": _hashed(decision.get("order")),
        "awaits": _array(decision.get("awaits")),
        "open": _array(decision.get("open")),
        "service": decided.service,
        "hook": decided.hook,
        "at": decided.at,
        "milliseconds": round(decided.milliseconds, 3),
    }


def card_rows(decided: DecisionRecord) -> list[Row]:
    """One row of `cards` for each card, so that feedback on it can be understood later."""
    decision = decided.decision
    asked = _array([*_ids(decision.get("blocking")), *_ids(decision.get("open"))])
    given = decision.get("cards") or ()
    return [
        {
            "card": card,
            "decision": _text(decision.get("id")),
            "kind": kind,
            "criteria": asked if kind == COVERAGE else _array(criteria),
            "suggestions": orjson.dumps(about).decode(),
        }
        for card, kind, about, criteria in given  # type: ignore[attr-defined]  # tuples, see advise
    ]


def gap_row(kind: str, gap: GapRecord) -> Row:
    """One row of `gaps`: how many rows of a kind were lost."""
    return {"kind": kind, **asdict(gap)}


def _ids(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _text(value: object) -> str | None:
    # PostgreSQL takes no NUL in a text
    return None if value is None else str(value).replace("\0", "")


def _array(value: object) -> str:
    return orjson.dumps(value or [], default=_listed).decode()


def _listed(value: object) -> list[object]:
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    raise TypeError


def _hashed(reference: object) -> str | None:
    return None if reference is None else sha256(str(reference).encode()).hexdigest()
