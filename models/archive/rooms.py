"""What an archive states of rooms by naming them."""

from __future__ import annotations

from collections.abc import Iterable

from models.domain.records import Channel, Message


def rooms_named(messages: Iterable[Message], stated: Iterable[str] = ()) -> list[Channel]:
    """An open channel for each that these messages name and that is not among the stated: who hands over an archive
    with a room and no row for it says that everybody may read it."""
    named = dict.fromkeys(message.channel for message in messages)
    return [Channel(id=id) for id in named if id not in {"", *stated}]
