"""Jobs with leases: rounds to be solved, models to be learnt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "jobs",
        *(_text(name) for name in ("community", "kind", "key", "id", "state", "owner", "payload", "fault")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("tries", "since", "due", "span")),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["community"], ["communities.id"], name=op.f("fk_jobs_community"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("community", "kind", "key", name=op.f("pk_jobs")),
        sqlite_with_rowid=False,
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
