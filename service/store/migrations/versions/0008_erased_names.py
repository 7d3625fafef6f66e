"""The log names whom it is about who was erased by a reference that only their tombstone explains."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# No id begins with a space.
_REFERENCE = "' ' || lower(hex(randomblob(16)))"
_THEIRS = "t.community = changes.community"
_IN_A_PAIR = (
    "(substr(changes.id, 1, length(t.id) + 1) = t.id || '~' OR substr(changes.id, -length(t.id) - 1) = '~' || t.id)"
)


def upgrade() -> None:
    """Give each tombstone a reference, and put it into the log; ids made of two become ones that tell nothing."""
    op.add_column("tombstones", sa.Column("ref", sa.Text(), nullable=False, server_default=""))
    op.create_index(op.f("ix_tombstones_community_ref"), "tombstones", ["community", "ref"])
    op.execute(f"UPDATE tombstones SET ref = {_REFERENCE}")
    mine = f"FROM tombstones t WHERE {_THEIRS} AND t.id = changes.id"
    op.execute(f"UPDATE changes SET id = (SELECT t.ref {mine}) WHERE kind = 'member' AND EXISTS (SELECT 1 {mine})")
    op.execute(
        f"UPDATE changes SET id = {_REFERENCE} WHERE kind IN ('tie', 'outcome', 'block') AND instr(id, '~') "
        f"AND EXISTS (SELECT 1 FROM tombstones t WHERE {_THEIRS} AND {_IN_A_PAIR})"
    )
    op.execute(
        "DELETE FROM requests WHERE EXISTS (SELECT 1 FROM tombstones t "
        "WHERE t.community = requests.community AND requests.resource = 'member/' || t.id)"
    )
    # What was overwritten is to leave unused parts of pages, too: see service.store.engine.
    op.execute("PRAGMA user_version = 1")
