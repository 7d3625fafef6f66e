"""Ids that the service makes of what they stand for: the same for the same fact, so that saying it twice is harmless.

Ids of outcomes stand in a namespace of their own. Whoever knows what they are made of can guess them, so callers may
neither write nor probe them.
"""

from __future__ import annotations

import hashlib

OURS = "yiqi:"  # how ids of outcomes begin that the service made


def digest(*parts: str) -> str:
    """32 letters and digits made of these parts."""
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def outcome_id(*parts: str) -> str:
    """The id of an outcome that is made of these parts."""
    return OURS + digest(*parts)


def earlier_id(id: str) -> str:
    """What earlier versions called it, as data and archives of theirs still do."""
    return id.removeprefix(OURS)
