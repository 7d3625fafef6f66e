"""Blocks: who never wants to meet whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from uuid import uuid4

from models.domain import invitations as model
from models.domain.kinds import BLOCK, INVITATION
from models.domain.records import Block, Invitation, Micros
from service.application import crud
from service.core.errors import InvalidArgument
from service.store.contract import Snapshot, Store, UnitOfWork


def block_member(store: Store, community: str, source: str, target: str, now: Micros) -> int:
    """Keep two members apart, either way; the revision. Repeating is harmless.

    What asks just the two, or asks them and others with double opt-in, counts as declined by the source, unless all
    accepted: the target sees it as before, and it can become nothing of the two.

    Raises MemberNotFound, InvalidArgument.
    """
    if source == target:
        raise InvalidArgument(f'"{source}"', reason="SAME_MEMBER")
    with store.write(community) as work:
        crud.require_members(work, source, target)
        if not _between(work, source, target):
            work.put([Block(id=uuid4().hex, source=source, target=target, time=now)])
            _decline(work, source, target)
        return work.revision


def _decline(work: UnitOfWork, source: str, target: str) -> None:
    sent = (one.record for one in crud.everything(work, INVITATION, member=source, state="open"))
    asked = [one for one in sent if _asks_both(one, source, target) and not model.mutual(one)]
    if declined := [_declined(one, source) for one in asked]:
        work.put(declined, "replace")


def _asks_both(invitation: Invitation, source: str, target: str) -> bool:
    if invitation.double_opt_in:
        return target in invitation.members
    return set(invitation.members) == {source, target}


def _declined(invitation: Invitation, member: str) -> Invitation:
    own = model.guest_of(invitation, member)
    assert own is not None
    return model.with_guest(invitation, replace(own, reply="declined"))


def unblock_member(store: Store, community: str, source: str, target: str) -> int:
    """Take back the source's own block; the revision. Repeating is harmless. Raises MemberNotFound."""
    with store.write(community) as work:
        crud.require_members(work, source, target)
        work.delete(BLOCK, _between(work, source, target))
        return work.revision


def any_between(at: Snapshot, member: str, others: Collection[str]) -> bool:
    """Whether a member blocks any of these, or is blocked by one."""
    found = (stored.record for stored in crud.everything(at, BLOCK, member=member))
    return any((one.target if one.source == member else one.source) in others for one in found)


def list_blocks(store: Store, community: str, after: str = "", size: int = 0, *, member: str = "") -> crud.Page[Block]:
    """Blocks by id, or those by or against a member: for organizers, never for the blocked."""
    return crud.page(store, community, BLOCK, after, size, member=member)


def _between(at: Snapshot, source: str, target: str) -> list[str]:
    """The ids of all blocks of `target` by `source`: imports and merges bring their own ids, and perhaps several."""
    blocks = (stored.record for stored in crud.everything(at, BLOCK, member=source))
    return [block.id for block in blocks if (block.source, block.target) == (source, target)]
