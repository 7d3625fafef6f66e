"""What organizers say of a round: its day, its place, and a sentence of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; rounds that are there say nothing."""
    with op.batch_alter_table("rounds") as table:
        for name in ("date", "place", "note"):
            table.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
