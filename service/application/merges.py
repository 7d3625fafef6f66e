"""Two records of one person made one, and made two again."""

from __future__ import annotations

from dataclasses import dataclass

from models.domain.kinds import MEMBER
from models.domain.records import Member
from service.application import crud, project_noes
from service.application.crud import Written
from service.core.errors import InvalidArgument, LaterMerge, MemberErased, MergeNotFound
from service.store.contract import Merge, Snapshot, Store, Stored, later_merge

MOST_MERGES = 1000


@dataclass(frozen=True, slots=True)
class Undoable:
    """A merge, and the later one that must be undone before it, if there is one."""

    merge: Merge
    later: Merge | None


@dataclass(frozen=True, slots=True)
class Undone:
    """The two members whom a merge had made one, and the position in the log from which on they stand like this."""

    kept: Stored[Member]
    restored: Stored[Member]
    revision: int


def merge_members(store: Store, community: str, kept: str, merged: str) -> Written[Member]:
    """Make two records of one person one; the kept one as it stands then. Raises MemberNotFound, InvalidArgument."""
    if kept == merged:
        raise InvalidArgument(f'"{kept}"', reason="SAME_MEMBER")
    with store.write(community) as work:
        crud.require_members(work, kept, merged)
        project_noes.hand_over(work, merged, kept)
        work.merge_members(kept, merged)
        return crud.written(work, crud.fetch(work, MEMBER, kept))


def list_merges(store: Store, community: str) -> list[Undoable]:
    """The newest merges that are not undone, the newest first, at most 1000."""
    with store.read(community) as at:
        merges = at.merges()
    return [Undoable(one, later_merge(merges, one)) for one in merges[:MOST_MERGES]]


def undo_merge(store: Store, community: str, merged: str) -> Undone:
    """Give somebody who was merged away their own record again; see `UnitOfWork.undo_merge`.

    Raises MergeNotFound, MemberErased, and LaterMerge when another merge must be undone first.
    """
    with store.write(community) as work:
        merge = _merge_of(work, merged)
        work.undo_merge(merged)
        kept, restored = (crud.fetch(work, MEMBER, id) for id in (merge.kept, merged))
        return Undone(kept, restored, work.revision)


def _merge_of(at: Snapshot, merged: str) -> Merge:
    merges = at.merges()
    merge = next((one for one in merges if one.merged.id == merged), None)
    if merge is None:
        raise MemberErased(merged) if at.is_erased(merged) else MergeNotFound(f'"{merged}"')
    if later := later_merge(merges, merge):
        raise LaterMerge(
            f'"{merged}" was merged into "{merge.kept}", and "{later.merged.id}" into "{later.kept}" later'
        )
    return merge
