"""Which rooms are open to everybody, as things stand now."""

from __future__ import annotations

from collections.abc import Iterable

from models.domain.kinds import CHANNEL, MESSAGE
from service.store.contract import Snapshot


def open_rooms(at: Snapshot, channels: Iterable[str]) -> frozenset[str]:
    """Those of these channels that everybody may read. One of which nothing is stated is closed; "" is no room."""
    asked = set(channels)
    stated = at.get(CHANNEL, sorted(asked - {""}))
    return frozenset(id for id in asked if not id or (id in stated and stated[id].record.visibility == "community"))


def open_messages(at: Snapshot, messages: Iterable[str]) -> frozenset[str]:
    """Those of these messages that there are and that everybody may read."""
    found = {id: stored.record.channel for id, stored in at.get(MESSAGE, sorted(set(messages) - {""})).items()}
    rooms = open_rooms(at, found.values())
    return frozenset(id for id, channel in found.items() if channel in rooms)
