"""Blocks: who never wants to meet whom."""

from __future__ import annotations

from uuid import uuid4

from models.domain.kinds import BLOCK
from models.domain.records import Block, Micros
from service.application import crud
from service.core.errors import InvalidArgument
from service.store.contract import Snapshot, Store


def block_member(store: Store, community: str, source: str, target: str, now: Micros) -> int:
    """Keep two members apart, either way; the revision. Repeating is harmless.

    Raises MemberNotFound, InvalidArgument.
    """
    if source == target:
        raise InvalidArgument(f'"{source}"', reason="SAME_MEMBER")
    with store.write(community) as work:
        crud.require_members(work, source, target)
        if not _between(work, source, target):
            work.put([Block(id=uuid4().hex, source=source, target=target, time=now)])
        return work.revision


def unblock_member(store: Store, community: str, source: str, target: str) -> int:
    """Take back the source's own block; the revision. Repeating is harmless. Raises MemberNotFound."""
    with store.write(community) as work:
        crud.require_members(work, source, target)
        work.delete(BLOCK, _between(work, source, target))
        return work.revision


def list_blocks(store: Store, community: str, after: str = "", size: int = 0, *, member: str = "") -> crud.Page[Block]:
    """Blocks by id, or those by or against a member: for organizers, never for the blocked."""
    return crud.page(store, community, BLOCK, after, size, member=member)


def _between(at: Snapshot, source: str, target: str) -> list[str]:
    """The ids of all blocks of `target` by `source`: imports and merges bring their own ids, and perhaps several."""
    blocks = (stored.record for stored in crud.everything(at, BLOCK, member=source))
    return [block.id for block in blocks if (block.source, block.target) == (source, target)]
