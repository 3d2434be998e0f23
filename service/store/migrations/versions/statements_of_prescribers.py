"""0004: statements that prescribers made on our page, and half-filled forms."""

from alembic import op
from sqlalchemy import Column, DateTime, Integer, String, Text

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Makes both tables with their indexes."""
    op.create_table(
        "statements",
        Column("key", Integer, primary_key=True),
        Column("id", String(64), nullable=False),
        Column("client", String(200), nullable=False),
        Column("server", Text, nullable=False),
        Column("patient", Text, nullable=False),
        Column("author", Text, nullable=False),
        Column("author_name", Text, nullable=False),
        Column("day", String(10), nullable=False),
        Column("expires", String(10), nullable=False),
        Column("response", Text, nullable=False),
        Column("content", String(80), nullable=False),
        Column("shown", Text, nullable=False),
        Column("stored_at", DateTime(timezone=True), nullable=False),
        Column("delivery", String(20), nullable=False),
        Column("delivered_as", Text),
        Column("delivery_reason", Text),
        Column("delivery_tries", Integer, nullable=False),
        Column("delivery_at", DateTime(timezone=True)),
    )
    op.create_index("statements_by_id", "statements", ["id"], unique=True)
    op.create_index("statements_by_patient", "statements", ["client", "patient"])
    op.create_index("statements_by_expiry", "statements", ["expires"])
    op.create_table(
        "statement_drafts",
        Column("key", Integer, primary_key=True),
        Column("id", String(64), nullable=False),
        Column("client", String(200), nullable=False),
        Column("server", Text, nullable=False),
        Column("patient", Text, nullable=False),
        Column("author", Text, nullable=False),
        Column("form", Text, nullable=False),
        Column("content", Text, nullable=False),
        Column("changed_at", DateTime(timezone=True), nullable=False),
    )
    op.create_index("statement_drafts_by_id", "statement_drafts", ["id"], unique=True)
    op.create_index("statement_drafts_by_patient", "statement_drafts", ["client", "patient"])
    op.create_index("statement_drafts_by_change", "statement_drafts", ["changed_at"])
