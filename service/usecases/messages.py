"""Messages: ingest, read, list, delete. A message never changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from models.records import Message, Micros, Record
from service.store.contract import Store, Stored
from service.usecases import shelf
from service.usecases.batches import ItemResult, put_each
from service.usecases.clock import require_past


def ingest_messages(store: Store, community: str, messages: Sequence[Message], now: Micros) -> list[ItemResult]:
    """Store a batch durably, in one transaction, one result a message in order.

    Unknown authors become bare members. Rejected with TIME_IN_FUTURE, TIME_TOO_EARLY, DIFFERENT_CONTENT or
    MEMBER_ERASED. Raises CommunityNotFound.
    """

    def check(record: Record) -> None:
        require_past(cast(Message, record).time, now)

    return put_each(store, community, messages, check)


def get_message(store: Store, community: str, message: str) -> Stored:
    """One message. Raises MessageNotFound."""
    return shelf.fetch(store, community, "message", message)


def list_messages(store: Store, community: str, after: str = "", size: int = 0, *, author: str = "") -> shelf.Page:
    """Messages by id, or those by one member."""
    return shelf.page(store, community, "message", after, size, member=author)


def delete_message(store: Store, community: str, message: str) -> None:
    """Delete a message with what was drawn from it. Raises MessageNotFound."""
    shelf.delete(store, community, "message", message)
