"""How far each consumer of the change log came, and the entries that one could not take in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; what consumers noted as their progress becomes their cursor."""
    _make("cursors", ("community", "consumer"), _number("seq"))
    _make(
        "dead_letters",
        ("community", "consumer", "kind", "id"),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("op", "fault")),
        *(_number(name) for name in ("seq", "tries", "since", "due")),
    )
    moved = "FROM progress WHERE job IN ('suggestions', 'introductions')"
    op.execute(f"INSERT INTO cursors (community, consumer, seq) SELECT community, job, CAST(note AS INTEGER) {moved}")
    op.execute(f"DELETE {moved}")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _make(name: str, key: tuple[str, ...], *columns: sa.Column[str] | sa.Column[int]) -> None:
    op.create_table(
        name,
        *(sa.Column(part, sa.Text(), nullable=False) for part in key),
        *columns,
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name=op.f(f"fk_{name}_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )
