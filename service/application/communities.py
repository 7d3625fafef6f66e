"""Communities: create, read, update, list, delete."""

from __future__ import annotations

from collections.abc import Sequence

from models.domain.kinds import COMMUNITY
from models.domain.records import Community
from service.application import crud
from service.application.crud import Written
from service.core.lookalikes import require_plain
from service.store.contract import Store, Stored


def create_community(store: Store, community: Community, *, request_id: str = "") -> Written[Community]:
    """Create a community; the same content again is success. Raises AlreadyExists, also for a reused
    `request_id`, and InvalidArgument (ID_MISLEADING)."""
    with store.write(community.id, founding=True) as work:
        if not work.revision:
            require_plain(community.id)
            # What a request made is noted under its community, which has to be there.
            work.put([community])
        return crud.create(work, community, request_id)


def get_community(store: Store, community: str) -> Stored[Community]:
    """One community. Raises CommunityNotFound."""
    return crud.get(store, community, COMMUNITY, community)


def update_community(
    store: Store, community: Community, mask: Sequence[str], version: int | None = None
) -> Written[Community]:
    """Set the fields in `mask`; see `crud.update`."""
    with store.write(community.id) as work:
        return crud.update(work, community, mask, version)


def list_communities(store: Store, after: str = "", size: int = 0) -> crud.Page[Community]:
    """Communities by id."""
    return crud.pages_of_communities(store, after, size)


def delete_community(store: Store, community: str, version: int | None = None) -> None:
    """Delete a community and everything in it. Raises CommunityNotFound, EtagMismatch."""
    with store.write(community) as work:
        crud.fetch_version(work, COMMUNITY, community, version)
        work.delete_community()
