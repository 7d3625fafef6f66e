"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    op.create_table(
        "communities",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communities")),
    )
    op.create_table(
        "changes",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("op", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name=op.f("fk_changes_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", "seq", name=op.f("pk_changes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "channels",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name=op.f("fk_channels_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_channels")),
    )
    op.create_table(
        "links",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["community"], ["communities.id"], name=op.f("fk_links_community"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("community", "kind", "member", "id", name=op.f("pk_links")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "members",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("aims", sa.Text(), nullable=False),
        sa.Column("offers", sa.Text(), nullable=False),
        sa.Column("seeks", sa.Text(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("availability", sa.Text(), nullable=False),
        sa.Column("identities", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("paused_until", sa.BigInteger(), nullable=True),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name=op.f("fk_members_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_members")),
    )
    op.create_table(
        "progress",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name=op.f("fk_progress_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", "job", name=op.f("pk_progress")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "projects",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name=op.f("fk_projects_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_projects")),
    )
    op.create_index(op.f("ix_projects_community_state_id"), "projects", ["community", "state", "id"], unique=False)
    op.create_index(op.f("ix_projects_community_time_id"), "projects", ["community", "time", "id"], unique=False)
    op.create_table(
        "requests",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name=op.f("fk_requests_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", "request_id", name=op.f("pk_requests")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tombstones",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name=op.f("fk_tombstones_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_tombstones")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "vectors",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name=op.f("fk_vectors_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", "model", "key", name=op.f("pk_vectors")),
    )
    op.create_index(op.f("ix_vectors_community_member"), "vectors", ["community", "member"], unique=False)
    op.create_table(
        "aliases",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "target"], ["members.community", "members.id"], name=op.f("fk_aliases_community_target")
        ),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name=op.f("fk_aliases_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_aliases")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_aliases_community_target"), "aliases", ["community", "target"], unique=False)
    op.create_table(
        "blocks",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "source"], ["members.community", "members.id"], name=op.f("fk_blocks_community_source")
        ),
        sa.ForeignKeyConstraint(
            ["community", "target"], ["members.community", "members.id"], name=op.f("fk_blocks_community_target")
        ),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name=op.f("fk_blocks_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_blocks")),
    )
    op.create_index(op.f("ix_blocks_community_source_id"), "blocks", ["community", "source", "id"], unique=False)
    op.create_index(op.f("ix_blocks_community_target_id"), "blocks", ["community", "target", "id"], unique=False)
    op.create_table(
        "identities",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "member"], ["members.community", "members.id"], name=op.f("fk_identities_community_member")
        ),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name=op.f("fk_identities_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", "platform", "handle", name=op.f("pk_identities")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_identities_community_member"), "identities", ["community", "member"], unique=False)
    op.create_table(
        "messages",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.Text(), nullable=False),
        sa.Column("mentions", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "author"], ["members.community", "members.id"], name=op.f("fk_messages_community_author")
        ),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name=op.f("fk_messages_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_community_author_id"), "messages", ["community", "author", "id"], unique=False)
    op.create_index(op.f("ix_messages_community_time_id"), "messages", ["community", "time", "id"], unique=False)
    op.create_table(
        "outcomes",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "source"], ["members.community", "members.id"], name=op.f("fk_outcomes_community_source")
        ),
        sa.ForeignKeyConstraint(
            ["community", "target"], ["members.community", "members.id"], name=op.f("fk_outcomes_community_target")
        ),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name=op.f("fk_outcomes_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_outcomes")),
    )
    op.create_index(op.f("ix_outcomes_community_source_id"), "outcomes", ["community", "source", "id"], unique=False)
    op.create_index(op.f("ix_outcomes_community_target_id"), "outcomes", ["community", "target", "id"], unique=False)
    op.create_table(
        "suggestions",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "member"], ["members.community", "members.id"], name=op.f("fk_suggestions_community_member")
        ),
        sa.ForeignKeyConstraint(
            ["community"], ["communities.id"], name=op.f("fk_suggestions_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_suggestions")),
    )
    op.create_index(
        op.f("ix_suggestions_community_member_id"), "suggestions", ["community", "member", "id"], unique=False
    )
    op.create_index(op.f("ix_suggestions_community_message"), "suggestions", ["community", "message"], unique=False)
    op.create_index(
        op.f("ix_suggestions_community_state_id"), "suggestions", ["community", "state", "id"], unique=False
    )
    op.create_table(
        "ties",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "source"], ["members.community", "members.id"], name=op.f("fk_ties_community_source")
        ),
        sa.ForeignKeyConstraint(
            ["community", "target"], ["members.community", "members.id"], name=op.f("fk_ties_community_target")
        ),
        sa.ForeignKeyConstraint(["community"], ["communities.id"], name=op.f("fk_ties_community"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_ties")),
    )
    op.create_index(op.f("ix_ties_community_source_id"), "ties", ["community", "source", "id"], unique=False)
    op.create_index(op.f("ix_ties_community_target_id"), "ties", ["community", "target", "id"], unique=False)
