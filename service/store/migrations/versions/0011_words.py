"""An index over what members said of each other, for the newest word between two."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_outcomes_words",
        "outcomes",
        ["community", "source", "target", "time", "id"],
        sqlite_where=sa.text("kind != 'shown'"),
    )
