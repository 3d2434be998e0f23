"""0001: the four tables that versions before Alembic made; what an older one lacks is added.

These versions made each table that was missing and never changed one, so that a database of theirs holds
some of these tables, each in this shape.
"""

from alembic import op
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

revision = "0001"
down_revision = None

initial = MetaData()

Table(
    "feedback",
    initial,
    Column("key", Integer, primary_key=True),
    Column("service", String(200), nullable=False),
    Column("card", Text, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("accepted", Text, nullable=False),
    Column("reason_code", Text),
    Column("reason_system", Text),
    Column("reason_display", Text),
    Column("comment", Text),
    Column("outcome_at", DateTime(timezone=True), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Index("feedback_by_card", "card"),
)

Table(
    "cards",
    initial,
    Column("key", Integer, primary_key=True),
    Column("card", String(40), nullable=False),
    Column("decision", String(40)),
    Column("kind", String(20), nullable=False),
    Column("criteria", Text, nullable=False),
    Column("suggestions", Text, nullable=False),
    Index("cards_by_card", "card"),
)

Table(
    "decisions",
    initial,
    Column("key", Integer, primary_key=True),
    Column("id", String(40)),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("service", String(200), nullable=False),
    Column("hook", String(200), nullable=False),
    Column("order_hash", String(64)),
    Column("policy", String(200)),
    Column("effective", String(10)),
    Column("content", String(80)),
    Column("path", String(40)),
    Column("indication", String(40)),
    Column("outcome", String(40)),
    Column("awaits", Text, nullable=False),
    Column("open", Text, nullable=False),
    Column("milliseconds", Float, nullable=False),
    Index("decisions_by_id", "id"),
    Index("decisions_by_day", "at"),
)

Table(
    "seen_tokens",
    initial,
    Column("id", String(64), primary_key=True),
    Column("call", String(64), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index("seen_tokens_by_expiry", "expires_at"),
)


def upgrade() -> None:
    """Makes the tables that are missing."""
    initial.create_all(op.get_bind())
