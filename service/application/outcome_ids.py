"""Ids of records that the service makes of itself: the same for the same fact, so that saying it twice is harmless."""

from __future__ import annotations

import hashlib


def outcome_id(*parts: str) -> str:
    """32 letters and digits made of these parts."""
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
