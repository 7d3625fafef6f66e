"""The store on SQLite, through SQLAlchemy Core."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import OperationalError

from models.domain.records import KIND_OF, Community, Member, Micros, Record
from service.core.errors import CommunityNotFound, FailedPrecondition, Unavailable
from service.store import people
from service.store.batch import LIST_COLUMN, Batch, encode_all
from service.store.codecs import CODECS
from service.store.contract import OnExisting, PutResult, Stored
from service.store.engine import WRITES, Pulse, compact, empty_wal, mark_for_compaction, open_engine
from service.store.migrate import migrate, require_current
from service.store.sql_feed import SqlFeed
from service.store.tables import (
    PAIR_TABLES,
    aliases,
    communities,
    identities,
    links,
    messages,
    of,
    progress,
    requests,
    suggestions,
    tombstones,
    vectors,
)
from service.store.transaction import Write, chunks, community_exists, newest, read_rows, require_community

_REQUESTS_KEPT: Micros = 2 * 24 * 3600 * 1_000_000
_KEY_BYTES = 16
# Files up to this size are written anew at once when a person or a community goes, larger ones when they are closed.
_COMPACTED_AT_ONCE = 256 * 1024 * 1024


def _wall_clock() -> Micros:
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True)
class _Moment:
    """See `Moment`."""

    connection: Connection
    community: str
    sequence: int

    def scan(self, kind: str) -> Iterator[Record]:
        """See `Moment.scan`."""
        return _scanned(self.connection, self.community, kind)


class SqlStore(SqlFeed):
    """A `Store` in one SQLite file (a path, or `sqlite:///path`).

    A writer creates the file and migrates an older one. `read_only=True` opens beside a running writer, sees what it
    commits, and can write nothing. Raises FailedPrecondition when the file is newer than this version, is missing or
    older (read-only), or is something else; Unavailable when it cannot be opened.
    """

    def __init__(
        self, url_or_path: str | Path, *, read_only: bool = False, clock: Callable[[], Micros] = _wall_clock
    ) -> None:
        path = Path(str(url_or_path).removeprefix("sqlite:///"))
        if read_only and not path.exists():
            raise FailedPrecondition("There is no data yet")
        self._read_only = read_only
        self._clock = clock
        self._turn = threading.Lock()
        self._left_in_wal = False
        self._engine = open_engine(path, read_only=read_only)
        self._pulse = Pulse(path)
        try:
            if read_only:
                require_current(self._engine)
            else:
                migrate(self._engine)
        except BaseException:
            self._engine.dispose()
            raise

    @classmethod
    def open(cls, url_or_path: str | Path, *, read_only: bool = False) -> SqlStore:
        """The same as calling the class."""
        return cls(url_or_path, read_only=read_only)

    @property
    def writable(self) -> bool:
        """See `Store.writable`."""
        return not self._read_only

    def close(self) -> None:
        """Release files; the store must not be used afterwards."""
        self._pulse.close()
        with self._turn:
            if not self._read_only:
                compact(self._engine)
                empty_wal(self._engine)
            self._engine.dispose()

    # Records.

    def communities(self, after: str = "", limit: int = 1000) -> list[Stored]:
        """See `Store.communities`."""
        with self._connected() as connection:
            query = select(*CODECS["community"].columns, communities.c.version).where(communities.c.id > after)
            return _stored("community", connection.execute(query.order_by(communities.c.id).limit(limit)))

    def put(
        self, community: str, records: Sequence[Record], on_existing: OnExisting = "fail_if_different"
    ) -> list[PutResult]:
        """See `Store.put`. Raises ValueError for text with lone surrogates or numbers beyond 64 bits."""
        rows = encode_all(community, records)
        founding = any(isinstance(record, Community) for record in records[:1])
        with self._writing(community, founding=founding) as write:
            return Batch(write, records, rows).put(on_existing)

    def put_together(
        self, community: str, records: Sequence[Record], versions: Mapping[tuple[str, str], int] | None = None
    ) -> bool:
        """See `Store.put_together`. Raises ValueError as `put` does."""
        rows = encode_all(community, records)
        try:
            with self._writing(community) as write:
                _require_versions(write, versions or {})
                results = Batch(write, records, rows).put("replace")
                if any(result.status == "conflict" for result in results):
                    raise _NothingWritten
        except _NothingWritten:
            return False
        return True

    def replace(self, community: str, record: Record, expected_version: int | None) -> PutResult | None:
        """See `Store.replace`."""
        rows = encode_all(community, [record])
        kind = KIND_OF[type(record)]
        with self._writing(community) as write:
            found = read_rows(write.connection, community, kind, [record.id])
            if not found:
                return None
            version = int(found[record.id][-1])
            if expected_version not in (None, version):
                return PutResult("conflict", version)
            return Batch(write, [record], rows).put("replace")[0]

    def get(self, community: str, kind: str, ids: Sequence[str]) -> dict[str, Stored]:
        """See `Store.get`."""
        with self._reading(community) as connection:
            rows = read_rows(connection, community, kind, set(ids))
        return {stored.record.id: stored for stored in _stored(kind, rows.values())}

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
    ) -> list[Stored]:
        """See `Store.page`. Raises ValueError when the kind knows no such condition."""
        codec = CODECS[kind]
        table = codec.table
        query = select(*codec.columns, table.c.version).where(of(table, community), table.c.id > after)
        if member:
            query = query.where(_concerns(community, kind, member))
        if state:
            query = query.where(_has_state(kind, state))
        for name, value in (("source", source), ("ref", ref)):
            if value:
                query = query.where(_came_of(kind, name) == value)
        with self._reading(community) as connection:
            return _stored(kind, connection.execute(query.order_by(table.c.id).limit(limit)))

    def since(self, community: str, kind: str, time: Micros) -> list[Stored]:
        """See `Store.since`."""
        codec = CODECS[kind]
        table = codec.table
        query = select(*codec.columns, table.c.version).where(of(table, community), table.c.time >= time)
        with self._reading(community) as connection:
            return _stored(kind, connection.execute(query.order_by(table.c.time, table.c.id)))

    def scan(self, community: str, kind: str, batch: int = 5000) -> Iterator[Record]:
        """See `Store.scan`. The snapshot is taken with the first record asked for."""
        with self._reading(community):
            pass
        return self._scan(community, kind, batch)

    def _scan(self, community: str, kind: str, batch: int) -> Iterator[Record]:
        with self._reading(community) as connection:
            yield from _scanned(connection, community, kind, batch)

    @contextmanager
    def moment(self, community: str) -> Iterator[_Moment]:
        """See `Store.moment`. One transaction, whose snapshot begins with the reading of the log's position."""
        with self._reading(community) as connection:
            yield _Moment(connection, community, newest(connection, community))

    def count(self, community: str, kind: str) -> int:
        """See `Store.count`."""
        table = CODECS[kind].table
        with self._reading(community) as connection:
            return int(
                connection.execute(select(func.count()).select_from(table).where(of(table, community))).scalar_one()
            )

    def delete(self, community: str, kind: str, ids: Sequence[str]) -> int:
        """See `Store.delete`. Raises ValueError for members and communities, which have their own methods."""
        if kind in ("member", "community"):
            raise ValueError(f"a {kind} is not deleted this way")
        with self._writing(community) as write:
            found = read_rows(write.connection, community, kind, set(ids))
            there = [id for id in dict.fromkeys(ids) if id in found]
            write.forgets = bool(there)
            if kind == "message":
                _forget_drawn_from(write, there)
            table = CODECS[kind].table
            for chunk in chunks(there):
                write.connection.execute(delete(table).where(of(table, community), table.c.id.in_(chunk)))
                if kind in LIST_COLUMN:
                    linked = (of(links, community), links.c.kind == kind, links.c.id.in_(chunk))
                    write.connection.execute(delete(links).where(*linked))
            for id in there:
                write.log(kind, id, "delete")
            return len(there)

    # People.

    def erase_member(self, community: str, member: str) -> bool:
        """See `Store.erase_member`. What is erased also leaves the files, at once unless somebody is just reading."""
        with self._writing(community) as write:
            if not read_rows(write.connection, community, "member", [member]):
                return False
            people.erase(write, member)
            write.forgets = True
        self._compact()
        return True

    def is_erased(self, community: str, member: str) -> bool:
        """See `Store.is_erased`."""
        query = select(tombstones.c.id).where(of(tombstones, community), tombstones.c.id == member)
        with self._reading(community) as connection:
            return connection.execute(query).first() is not None

    def holders(self, community: str, handle: str, platform: str = "") -> list[str]:
        """See `Store.holders`."""
        query = select(identities.c.member).where(
            of(identities, community), func.lower(identities.c.handle) == handle.lower()
        )
        if platform:
            query = query.where(identities.c.platform == platform)
        with self._reading(community) as connection:
            return sorted(set(connection.execute(query).scalars()))

    def merge_members(self, community: str, kept: str, merged: str) -> bool:
        """See `Store.merge_members`. Raises ValueError when both are the same."""
        if kept == merged:
            raise ValueError("a member cannot be merged with themselves")
        with self._writing(community) as write:
            found = read_rows(write.connection, community, "member", [kept, merged])
            if len(found) < 2:
                return False
            decode = CODECS["member"].decode
            people.merge(write, cast(Member, decode(found[kept])), cast(Member, decode(found[merged])))
            return True

    def delete_community(self, community: str) -> bool:
        """See `Store.delete_community`."""
        try:
            with self._writing(community) as write:
                write.connection.execute(delete(communities).where(communities.c.id == community))
                write.forgets = True
        except CommunityNotFound:
            return False
        self._compact()
        return True

    def data_version(self) -> int:
        """See `ChangeFeed.data_version`."""
        with _refusals_translated():
            return self._pulse.count()

    # Cached vectors.

    def vectors(self, community: str, model: str, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        """See `Store.vectors`."""
        query = select(vectors.c.key, vectors.c.vector).where(of(vectors, community), vectors.c.model == model)
        found: dict[bytes, np.ndarray] = {}
        with self._reading(community) as connection:
            for chunk in chunks(set(keys)):
                for key, vector in connection.execute(query.where(vectors.c.key.in_(chunk))):
                    found[key] = np.frombuffer(vector, dtype="<f2").astype(np.float16)
        return found

    def put_vectors(self, community: str, model: str, entries: Iterable[tuple[bytes, str, np.ndarray]]) -> None:
        """See `Store.put_vectors`. Raises ValueError for keys that are not 16 bytes and vectors that are not 1-d."""
        rows = [
            {"community": community, "model": model, "key": bytes(key), "member": member, "vector": _half(vector)}
            for key, member, vector in entries
        ]
        if any(len(row["key"]) != _KEY_BYTES for row in rows):
            raise ValueError("a key is 16 bytes")
        with self._writing(community) as write:
            named = {str(row["member"]) for row in rows}
            gone = write.among(tombstones.c.id, named) | write.among(aliases.c.id, named)
            kept = [row for row in rows if row["member"] not in gone]
            if kept:
                write.connection.execute(upsert(vectors).on_conflict_do_nothing(), kept)

    def drop_vectors(self, community: str, model: str) -> int:
        """See `Store.drop_vectors`."""
        with self._writing(community) as write:
            gone = delete(vectors).where(of(vectors, community), vectors.c.model == model)
            return write.connection.execute(gone).rowcount

    # Notes.

    def seen_request(self, community: str, request_id: str) -> str | None:
        """See `Store.seen_request`."""
        query = select(requests.c.resource).where(of(requests, community), requests.c.request_id == request_id)
        with self._reading(community) as connection:
            return cast("str | None", connection.execute(query).scalar())

    def remember_request(self, community: str, request_id: str, resource: str) -> None:
        """See `Store.remember_request`. The first resource remembered for a request stays."""
        now = self._clock()
        row = {"community": community, "request_id": request_id, "resource": resource, "time": now}
        with self._writing(community) as write:
            old = (of(requests, community), requests.c.time < now - _REQUESTS_KEPT)
            write.connection.execute(delete(requests).where(*old))
            write.connection.execute(upsert(requests).values(row).on_conflict_do_nothing())

    def progress(self, community: str, job: str) -> str | None:
        """See `Store.progress`."""
        query = select(progress.c.note).where(of(progress, community), progress.c.job == job)
        with self._reading(community) as connection:
            return cast("str | None", connection.execute(query).scalar())

    def put_progress(self, community: str, job: str, note: str) -> None:
        """See `Store.put_progress`."""
        with self._writing(community) as write:
            write.connection.execute(delete(progress).where(of(progress, community), progress.c.job == job))
            write.connection.execute(insert(progress).values(community=community, job=job, note=note))

    # Transactions.

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        with _refusals_translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _reading(self, community: str) -> Iterator[Connection]:
        with self._connected() as connection:
            require_community(connection, community)
            yield connection

    @contextmanager
    def _writing(self, community: str, *, founding: bool = False) -> Iterator[Write]:
        """A write transaction; `founding` allows a community that is not there yet."""
        if self._read_only:
            raise RuntimeError("the store was opened read-only")
        # Writers queue here rather than poll for the lock of the file.
        with self._turn, _refusals_translated():
            with self._engine.connect() as plain:
                connection = plain.execution_options(**{WRITES: True})
                with connection.begin():
                    if not (founding and not community_exists(connection, community)):
                        require_community(connection, community)
                    write = Write(connection, community)
                    yield write
                    write.finish()
                    if write.forgets:
                        mark_for_compaction(connection)
            self._left_in_wal |= write.forgets
            self._purge()

    def _purge(self) -> None:
        """Clear the write-ahead log of deleted text; while somebody reads, it is tried again with the next write."""
        if self._left_in_wal:
            self._left_in_wal = not empty_wal(self._engine)

    def _compact(self) -> None:
        with self._turn, _refusals_translated():
            compact(self._engine, _COMPACTED_AT_ONCE)
            self._left_in_wal = True
            self._purge()


@contextmanager
def _refusals_translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise Unavailable("The store", debug=str(error.orig)) from error


def _scanned(connection: Connection, community: str, kind: str, batch: int = 5000) -> Iterator[Record]:
    codec = CODECS[kind]
    table = codec.table
    order = [table.c.time.nulls_first(), table.c.id] if kind in ("message", "project") else [table.c.id]
    query = select(*codec.columns).where(of(table, community)).order_by(*order)
    with closing(connection.execute(query)) as rows:
        # The driver steps through the rows as they are asked for, inside the snapshot of the transaction.
        for part in rows.partitions(batch):
            for row in part:
                yield codec.decode(row)


def _stored(kind: str, rows: Iterable[Sequence[Any]]) -> list[Stored]:
    decode = CODECS[kind].decode
    return [Stored(decode(row), int(row[-1])) for row in rows]


def _concerns(community: str, kind: str, member: str) -> ColumnElement[bool]:
    table = CODECS[kind].table
    if kind in PAIR_TABLES:
        return or_(table.c.source == member, table.c.target == member)
    if kind == "message":
        return table.c.author == member
    if kind == "suggestion":
        return table.c.member == member
    if kind in LIST_COLUMN:
        theirs = (of(links, community), links.c.kind == kind, links.c.member == member)
        return table.c.id.in_(select(links.c.id).where(*theirs))
    raise ValueError(f"{kind} records are not found by member")


def _has_state(kind: str, state: str) -> ColumnElement[bool]:
    if kind not in ("project", "suggestion", "round", "invitation"):
        raise ValueError(f"{kind} records have no state")
    return CODECS[kind].table.c.state == state


def _came_of(kind: str, name: str) -> ColumnElement[str]:
    if kind != "invitation":
        raise ValueError(f"{kind} records do not come of something")
    return CODECS[kind].table.c[name]


class _NothingWritten(Exception):
    """Leaves a transaction without writing it."""


def _require_versions(write: Write, versions: Mapping[tuple[str, str], int]) -> None:
    by_kind: dict[str, dict[str, int]] = {}
    for (kind, id), version in versions.items():
        by_kind.setdefault(kind, {})[id] = version
    for kind, wanted in by_kind.items():
        rows = read_rows(write.connection, write.community, kind, wanted)
        if any(int(rows[id][-1]) != version if id in rows else version != 0 for id, version in wanted.items()):
            raise _NothingWritten


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


def _half(vector: np.ndarray) -> bytes:
    if vector.ndim != 1:
        raise ValueError("a vector has one dimension")
    return vector.astype("<f2").tobytes()
