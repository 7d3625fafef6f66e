"""Channels: create, read, update, list, delete."""

from __future__ import annotations

from collections.abc import Sequence

from models.domain.kinds import CHANNEL
from models.domain.records import Channel
from service.application import crud
from service.application.crud import Written
from service.core.errors import FailedPrecondition
from service.store.contract import Store, Stored


def create_channel(store: Store, community: str, channel: Channel, *, request_id: str = "") -> Written[Channel]:
    """Declare a channel; see `crud.create`."""
    with store.write(community) as work:
        return crud.create(work, channel, request_id)


def get_channel(store: Store, community: str, channel: str) -> Stored[Channel]:
    """One channel. Raises ChannelNotFound."""
    return crud.get(store, community, CHANNEL, channel)


def update_channel(
    store: Store, community: str, channel: Channel, mask: Sequence[str], version: int | None = None
) -> Written[Channel]:
    """Set the fields in `mask`; see `crud.update`."""
    with store.write(community) as work:
        return crud.update(work, channel, mask, version)


def list_channels(
    store: Store, community: str, after: str = "", size: int = 0, *, member: str = ""
) -> crud.Page[Channel]:
    """Channels by id, or those that list a member."""
    return crud.page(store, community, CHANNEL, after, size, member=member)


def delete_channel(store: Store, community: str, channel: str, version: int | None = None) -> int:
    """Forget the record of a channel that is open to the community; the revision. Raises ChannelNotFound, EtagMismatch.

    FailedPrecondition when it is not open: whoever created it anew would open what was said in it, which nobody asks
    for by deleting.
    """
    with store.write(community) as work:
        stored = crud.fetch_version(work, CHANNEL, channel, version)
        if stored.record.visibility != "community":
            raise FailedPrecondition(f"{crud.called(stored.record)} is not open to the community")
        return crud.delete(work, CHANNEL, channel)
