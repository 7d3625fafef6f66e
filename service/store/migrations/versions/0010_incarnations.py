"""What tells a community from those that had its id before it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, without a row for the communities that are there: nobody had their ids before."""
    op.create_table(
        "incarnations",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community", name=op.f("pk_incarnations")),
        sqlite_with_rowid=False,
    )
