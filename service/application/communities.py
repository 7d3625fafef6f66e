"""Communities: create, read, update, list, delete."""

from __future__ import annotations

from collections.abc import Sequence

from models.domain.records import Community
from service.application import crud
from service.core.errors import AlreadyExists, CommunityNotFound
from service.store.contract import Store, Stored


def create_community(store: Store, community: Community, *, request_id: str = "") -> Stored:
    """Create a community; the same content again is success. Raises AlreadyExists, also for a reused `request_id`."""
    resource = f"community/{community.id}"
    if request_id and _exists(store, community.id) and store.seen_request(community.id, request_id) == resource:
        return get_community(store, community.id)
    if store.put(community.id, [community])[0].status == "conflict":
        raise AlreadyExists(crud.called(community))
    if request_id:
        store.remember_request(community.id, request_id, resource)
    return get_community(store, community.id)


def get_community(store: Store, community: str) -> Stored:
    """One community. Raises CommunityNotFound."""
    return crud.fetch(store, community, "community", community)


def update_community(store: Store, community: Community, mask: Sequence[str], version: int | None = None) -> Stored:
    """Set the fields in `mask`; see `shelf.update`."""
    return crud.update(store, community.id, community, mask, version)


def list_communities(store: Store, after: str = "", size: int = 0) -> crud.Page:
    """Communities by id."""
    return crud.pages_of_communities(store, after, size)


def delete_community(store: Store, community: str, version: int | None = None) -> None:
    """Delete a community and everything in it. Raises CommunityNotFound, EtagMismatch."""
    crud.fetch_version(store, community, "community", community, version)
    if not store.delete_community(community):
        raise CommunityNotFound(community)


def _exists(store: Store, community: str) -> bool:
    try:
        store.head(community)
    except CommunityNotFound:
        return False
    return True
