"""Which outcomes are replies to a double opt-in, and so secrets of who gave them."""

from __future__ import annotations

import json
from hashlib import blake2b
from itertools import permutations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and fill it for replies that were given before: their ids follow from their invitations."""
    op.add_column("outcomes", sa.Column("invitation", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    sent = connection.execute(sa.text("SELECT community, id, guests FROM invitations WHERE double_opt_in = 1"))
    replies = [
        {"community": community, "invitation": id, "outcome": _reply(id, *pair)}
        for community, id, guests in sent.all()
        for pair in _pairs(guests)
    ]
    if replies:
        update = "UPDATE outcomes SET invitation = :invitation WHERE community = :community AND id = :outcome"
        connection.execute(sa.text(update), replies)


def _pairs(guests: str) -> list[tuple[str, ...]]:
    members = [guest[0] for guest in json.loads(guests)]  # the values of a `Guest`, in order
    return list(permutations(members, 2)) if len(members) == 2 else []


def _reply(invitation: str, source: str, target: str) -> str:
    return blake2b("\0".join((invitation, source, target, "reply")).encode(), digest_size=16).hexdigest()
