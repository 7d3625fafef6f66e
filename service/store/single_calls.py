"""Single reads and writes, each in a snapshot or unit of work of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from models.domain.records import Community, Record
from service.core.errors import CommunityNotFound
from service.store.contract import Change, Job, OnExisting, PutResult, Snapshot, Stored, UnitOfWork


class SingleCalls:
    """What `Store` has of the methods of `Snapshot` and `UnitOfWork`, for whatever has `read` and `write`."""

    def read(self, community: str) -> AbstractContextManager[Snapshot]:
        """See `Store.read`."""
        raise NotImplementedError

    def write(self, community: str, *, founding: bool = False) -> AbstractContextManager[UnitOfWork]:
        """See `Store.write`."""
        raise NotImplementedError

    def get(self, community: str, kind: str, ids: Sequence[str]) -> Mapping[str, Stored[Any]]:
        """See `Store.get`."""
        with self.read(community) as at:
            return at.get(kind, ids)

    def page(
        self,
        community: str,
        kind: str,
        after: str = "",
        limit: int = 100,
        *,
        member: str = "",
        state: str = "",
        source: str = "",
        ref: str = "",
    ) -> Sequence[Stored[Any]]:
        """See `Store.page`."""
        with self.read(community) as at:
            return at.page(kind, after, limit, member=member, state=state, source=source, ref=ref)

    def scan(self, community: str, kind: str, batch: int = 5000) -> Iterator[Any]:
        """See `Store.scan`."""
        with self.read(community):
            return self._scan(community, kind, batch)

    def _scan(self, community: str, kind: str, batch: int) -> Iterator[Any]:
        with self.read(community) as at:
            yield from at.scan(kind, batch)

    def count(self, community: str, kind: str) -> int:
        """See `Store.count`."""
        with self.read(community) as at:
            return at.count(kind)

    def jobs(self, community: str, kind: str = "") -> list[Job]:
        """See `Store.jobs`."""
        with self.read(community) as at:
            return at.jobs(kind)

    def head(self, community: str) -> int:
        """See `Store.head`."""
        with self.read(community) as at:
            return at.revision

    def changes(self, community: str, after: int, limit: int = 10000) -> list[Change]:
        """See `Store.changes`."""
        with self.read(community) as at:
            return at.changes(after, limit)

    def put(
        self, community: str, records: Sequence[Record], on_existing: OnExisting = "fail_if_different"
    ) -> list[PutResult[Any]]:
        """See `Store.put`."""
        founding = any(isinstance(record, Community) for record in records[:1])
        with self.write(community, founding=founding) as work:
            return work.put(records, on_existing)

    def delete(self, community: str, kind: str, ids: Sequence[str]) -> int:
        """See `Store.delete`."""
        with self.write(community) as work:
            return work.delete(kind, ids)

    def erase_member(self, community: str, member: str) -> bool:
        """See `Store.erase_member`."""
        with self.write(community) as work:
            return work.erase_member(member)

    def merge_members(self, community: str, kept: str, merged: str) -> bool:
        """See `Store.merge_members`."""
        with self.write(community) as work:
            return work.merge_members(kept, merged)

    def undo_merge(self, community: str, merged: str) -> bool:
        """See `Store.undo_merge`."""
        with self.write(community) as work:
            return work.undo_merge(merged)

    def delete_community(self, community: str) -> bool:
        """See `Store.delete_community`."""
        try:
            with self.write(community) as work:
                work.delete_community()
        except CommunityNotFound:
            return False
        return True
