"""What a sign-up sheet said last of a member, so that a newer one can tell what was changed here since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what was imported before is not known."""
    op.add_column("members", sa.Column("answers", sa.Text(), nullable=False, server_default=""))
