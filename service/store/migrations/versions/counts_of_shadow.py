"""0003: how often a candidate policy judged an order or a criterion otherwise than the one in force."""

from alembic import op
from sqlalchemy import BigInteger, Column, DateTime, String, Text

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "shadow_counts",
        Column("id", String(64), primary_key=True),
        Column("content", String(80), nullable=False),
        Column("candidate_content", String(80), nullable=False),
        Column("policy", String(200), nullable=False),
        Column("candidate", String(200), nullable=False),
        Column("criterion", Text, nullable=False),
        Column("answered", String(40), nullable=False),
        Column("shadow", String(40), nullable=False),
        Column("count", BigInteger, nullable=False),
        Column("first_at", DateTime(timezone=True), nullable=False),
        Column("last_at", DateTime(timezone=True), nullable=False),
    )
