"""Messages: ingest, read, list, delete. A message changes only when its platform says that it was edited."""

from __future__ import annotations

from collections.abc import Sequence

from models.domain.kinds import MESSAGE
from models.domain.records import Message, Micros
from service.application import crud
from service.application.batches import BatchResult, put_each
from service.application.clock import require_past
from service.store.contract import OnExisting, Store, Stored


def ingest_messages(
    store: Store, community: str, messages: Sequence[Message], now: Micros, *, replace_existing: bool = False
) -> BatchResult:
    """Store a batch durably, in one transaction, one result a message in order.

    Unknown authors become bare members. Rejected with TIME_IN_FUTURE, TIME_TOO_EARLY, DIFFERENT_CONTENT (unless
    `replace_existing`: then it is an edit) or MEMBER_ERASED. Raises CommunityNotFound.
    """

    def check(message: Message) -> None:
        require_past(message.time, now)

    on_existing: OnExisting = "replace" if replace_existing else "fail_if_different"
    with store.write(community) as work:
        return put_each(work, messages, check, on_existing=on_existing)


def get_message(store: Store, community: str, message: str) -> Stored[Message]:
    """One message. Raises MessageNotFound."""
    return crud.get(store, community, MESSAGE, message)


def list_messages(
    store: Store, community: str, after: str = "", size: int = 0, *, author: str = ""
) -> crud.Page[Message]:
    """Messages by id, or those by one member."""
    return crud.page(store, community, MESSAGE, after, size, member=author)


def delete_message(store: Store, community: str, message: str) -> int:
    """Delete a message with what was drawn from it; the revision. Raises MessageNotFound."""
    with store.write(community) as work:
        return crud.delete(work, MESSAGE, message)
