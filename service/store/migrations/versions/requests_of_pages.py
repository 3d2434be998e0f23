"""0005: requests that are kept for a short time, for the pages of their orders."""

from alembic import op
from sqlalchemy import Column, DateTime, Integer, LargeBinary, String

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Makes the table with its indexes."""
    op.create_table(
        "kept_requests",
        Column("key", Integer, primary_key=True),
        Column("id", String(64), nullable=False),
        Column("content", LargeBinary, nullable=False),
        Column("size", Integer, nullable=False),
        Column("expires_at", DateTime(timezone=True), nullable=False),
    )
    op.create_index("kept_requests_by_id", "kept_requests", ["id"], unique=True)
    op.create_index("kept_requests_by_size", "kept_requests", ["key", "size"])
    op.create_index("kept_requests_by_expiry", "kept_requests", ["expires_at"])
