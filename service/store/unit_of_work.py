"""A unit of work in one community: what an open transaction reads and writes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from models.domain.kinds import MEMBER
from models.domain.records import Micros, Record
from service.store import before_images, merging, people, undoing
from service.store.batch import LIST_COLUMN, Batch
from service.store.codecs import CODECS
from service.store.contract import OnExisting, PutResult, later_merge
from service.store.reading import SqlSnapshot, records_of
from service.store.sql_jobs import SqlQueue
from service.store.tables import communities, incarnations, links, members, messages, of, requests, suggestions, vectors
from service.store.transaction import Write, chunks, read_rows

_REQUESTS_KEPT: Micros = 2 * 24 * 3600 * 1_000_000


class SqlUnitOfWork(SqlSnapshot, SqlQueue):
    """See `UnitOfWork`."""

    def __init__(self, write: Write, clock: Callable[[], Micros]) -> None:
        super().__init__(write.connection, write.community, write.revision)
        self._write = write
        self._clock = clock

    @property
    def revision(self) -> int:
        """See `UnitOfWork`."""
        return self._write.revision

    def put(self, records: Sequence[Record], on_existing: OnExisting = "fail_if_different") -> list[PutResult[Any]]:
        """See `UnitOfWork.put`. Raises ValueError for text with lone surrogates or numbers beyond 64 bits."""
        return Batch(self._write, records).put(on_existing)

    def put_together(self, records: Sequence[Record]) -> bool:
        """See `UnitOfWork.put_together`. Raises ValueError as `put` does."""
        return Batch(self._write, records).put_together()

    def note_answers(self, notes: Mapping[str, str]) -> None:
        """See `UnitOfWork.note_answers`."""
        if notes:
            this = (of(members, self.community), members.c.id == bindparam("member"))
            noted = update(members).where(*this).values(answers=bindparam("note"))
            self._connection.execute(noted, [{"member": id, "note": note} for id, note in notes.items()])

    def delete(self, kind: str, ids: Sequence[str]) -> int:
        """See `UnitOfWork.delete`. Raises ValueError for members and communities, which have their own methods."""
        if kind in ("member", "community"):
            raise ValueError(f"a {kind} is not deleted this way")
        write, table = self._write, CODECS[kind].table
        found = read_rows(write.connection, write.community, kind, set(ids))
        there = [id for id in dict.fromkeys(ids) if id in found]
        write.forgets |= bool(there)
        if kind == "message":
            _forget_drawn_from(write, there)
        for chunk in chunks(there):
            write.connection.execute(delete(table).where(of(table, write.community), table.c.id.in_(chunk)))
            before_images.forget_records(write, kind, chunk)
            if kind in LIST_COLUMN:
                linked = (of(links, write.community), links.c.kind == kind, links.c.id.in_(chunk))
                write.connection.execute(delete(links).where(*linked))
        for id in there:
            write.log(kind, id, "delete")
        return len(there)

    def erase_member(self, member: str) -> bool:
        """See `UnitOfWork.erase_member`. What is erased also leaves the files, at once unless somebody is just
        reading."""
        if not read_rows(self._write.connection, self.community, "member", [member]):
            return False
        people.erase(self._write, member)
        self._write.forgets = self._write.compacts = True
        return True

    def merge_members(self, kept: str, merged: str) -> bool:
        """See `UnitOfWork.merge_members`. Raises ValueError when both are the same."""
        if kept == merged:
            raise ValueError("a member cannot be merged with themselves")
        found = read_rows(self._write.connection, self.community, "member", [kept, merged])
        if len(found) < 2:
            return False
        one, other = (stored.record for stored in records_of(MEMBER, (found[id] for id in (kept, merged))))
        merging.merge(self._write, one, other, self._clock())
        return True

    def undo_merge(self, merged: str) -> bool:
        """See `UnitOfWork.undo_merge`. Raises ValueError when a later merge stands in the way."""
        known = self.merges()
        this = next((one for one in known if one.merged.id == merged), None)
        if this is None:
            return False
        if later_merge(known, this):
            raise ValueError("a later merge must be undone first")
        undoing.undo(self._write, this)
        return True

    def delete_community(self) -> None:
        """See `UnitOfWork.delete_community`."""
        drawn = {"community": self.community, "id": uuid4().hex}
        self._write.connection.execute(insert(incarnations).prefix_with("OR REPLACE").values(drawn))
        self._write.connection.execute(delete(communities).where(communities.c.id == self.community))
        self._write.forgets = self._write.compacts = self._write.departs = True

    def remember_request(self, request_id: str, resource: str) -> str | None:
        """See `UnitOfWork.remember_request`."""
        now, connection = self._clock(), self._connection
        # Those ahead stem from a clock that was wrong.
        over = ~requests.c.time.between(now - _REQUESTS_KEPT, now + _REQUESTS_KEPT)
        connection.execute(delete(requests).where(of(requests, self.community), over))
        row = {"community": self.community, "request_id": request_id, "resource": resource, "time": now}
        if connection.execute(upsert(requests).values(row).on_conflict_do_nothing()).rowcount:
            return None
        made = select(requests.c.resource).where(of(requests, self.community), requests.c.request_id == request_id)
        return cast(str, connection.execute(made).scalar_one())


def _forget_drawn_from(write: Write, ids: Sequence[str]) -> None:
    authors: set[str] = set()
    for chunk in chunks(ids):
        drawn = suggestions.c.message.in_(chunk)
        for id in write.ids(suggestions, drawn):
            write.log("suggestion", id, "delete")
        write.connection.execute(delete(suggestions).where(of(suggestions, write.community), drawn))
        authors.update(write.ids(messages, messages.c.id.in_(chunk), column="author"))
    for chunk in chunks(authors):
        write.connection.execute(delete(vectors).where(of(vectors, write.community), vectors.c.member.in_(chunk)))
