"""What a member is called."""

from __future__ import annotations

from models.community.view import Community
from models.text.quoting import name


def called(view: Community, member: str) -> str:
    """What a member is called, as a `name`; their id where nothing is known."""
    record = view.member(member)
    return name(record.name if record and record.name else member)
