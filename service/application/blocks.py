"""Blocks: who never wants to meet whom."""

from __future__ import annotations

import hashlib
from typing import cast

from models.domain.records import Block, Micros
from service.application import crud
from service.core.errors import InvalidArgument
from service.store.contract import Store

_MAX_ID = 128


def block_member(store: Store, community: str, source: str, target: str, now: Micros) -> None:
    """Keep two members apart, either way. Repeating is harmless. Raises MemberNotFound, InvalidArgument."""
    if source == target:
        raise InvalidArgument(f'"{source}"', reason="SAME_MEMBER")
    crud.require_members(store, community, source, target)
    if not _between(store, community, source, target):
        store.put(community, [Block(id=_block_id(source, target), source=source, target=target, time=now)])


def unblock_member(store: Store, community: str, source: str, target: str) -> None:
    """Take back the source's own block. Repeating is harmless. Raises MemberNotFound."""
    crud.require_members(store, community, source, target)
    store.delete(community, "block", _between(store, community, source, target))


def list_blocks(store: Store, community: str, after: str = "", size: int = 0, *, member: str = "") -> crud.Page:
    """Blocks by id, or those by or against a member: for organizers, never for the blocked."""
    return crud.page(store, community, "block", after, size, member=member)


def _between(store: Store, community: str, source: str, target: str) -> list[str]:
    """The ids of all blocks of `target` by `source`: imports and merges bring their own ids, and perhaps several."""
    found: list[str] = []
    after = ""
    while blocks := store.page(community, "block", after, crud.MAX_PAGE, member=source):
        pairs = [cast(Block, stored.record) for stored in blocks]
        found += [block.id for block in pairs if (block.source, block.target) == (source, target)]
        after = pairs[-1].id
    return found


def _block_id(source: str, target: str) -> str:
    readable = f"{source}~{target}"
    if len(readable) <= _MAX_ID and readable.count("~") == 1:
        return readable
    return hashlib.blake2b(f"{source}\0{target}".encode(), digest_size=16).hexdigest()
