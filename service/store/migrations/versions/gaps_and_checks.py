"""0002: how many decisions were lost and when; a row that is written to see whether rows can be stored."""

from alembic import op
from sqlalchemy import Column, DateTime, Integer, String, Text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes both tables."""
    op.create_table(
        "gaps",
        Column("key", Integer, primary_key=True),
        Column("kind", String(20), nullable=False),
        Column("missing", Integer, nullable=False),
        Column("began_at", DateTime(timezone=True), nullable=False),
        Column("ended_at", DateTime(timezone=True), nullable=False),
        Column("reason", Text, nullable=False),
    )
    op.create_table(
        "checks",
        Column("name", String(20), primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
    )
