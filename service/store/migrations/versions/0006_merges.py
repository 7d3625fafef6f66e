"""What a merge of two members changed, so that it can be undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; merges that were made before are not known and stay."""
    op.create_table(
        "merges",
        _text("community"),
        sa.Column("id", sa.Integer(), nullable=False),
        _text("kept"),
        _text("merged"),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name=op.f("fk_merges_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_merges")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "before_images",
        _text("community"),
        sa.Column("merge", sa.Integer(), nullable=False),
        *(_text(name) for name in ("kind", "id", "field", "value")),
        _of_community("before_images"),
        sa.ForeignKeyConstraint(
            ["community", "merge"],
            ["merges.community", "merges.id"],
            name=op.f("fk_before_images_community_merge"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("community", "merge", "kind", "id", "field", name=op.f("pk_before_images")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_before_images_community_kind_id"), "before_images", ["community", "kind", "id"])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _of_community(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community"], ["communities.id"], name=op.f(f"fk_{table}_community"), ondelete="CASCADE"
    )
