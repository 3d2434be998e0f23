"""The tables."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

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
