"""The store on SQLite, through SQLAlchemy Core."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import numpy as np
from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from models.domain.records import Community, Micros
from service.core.clock import wall_clock
from service.core.errors import FailedPrecondition
from service.store.codecs import CODECS
from service.store.contract import Stored
from service.store.damage import Damage, findings
from service.store.engine import WRITES, Pulse, compact, empty_wal, mark_for_compaction, open_engine
from service.store.migrate import migrate, require_current
from service.store.reading import SqlSnapshot, records_of
from service.store.single_calls import SingleCalls
from service.store.sql_feed import SqlFeed
from service.store.sql_jobs import SqlLeases
from service.store.tables import aliases, communities, incarnations, of, progress, tombstones, vectors
from service.store.transaction import Write, chunks, position, require_community
from service.store.unit_of_work import SqlUnitOfWork

_KEY_BYTES = 16
# Files up to this size are written anew at once when a person or a community goes, larger ones when they are closed.
_COMPACTED_AT_ONCE = 256 * 1024 * 1024


class SqlStore(SqlFeed, SqlLeases, SingleCalls):
    """A `Store` in one SQLite file (a path, or `sqlite:///path`).

    A writer creates the file and migrates an older one. `read_only=True` opens beside a running writer, sees what it
    commits, and can write nothing; `beside=True` is for who holds leases beside one, and writes nothing else. Raises
    FailedPrecondition when the file is newer than this version, is missing or older (for these two), or is something
    else; DataUnusable when it cannot be opened or written.
    """

    def __init__(
        self,
        url_or_path: str | Path,
        *,
        read_only: bool = False,
        beside: bool = False,
        clock: Callable[[], Micros] = wall_clock,
    ) -> None:
        path = Path(str(url_or_path).removeprefix("sqlite:///"))
        self._alone = not (read_only or beside)
        if not self._alone and not path.exists():
            raise FailedPrecondition("There is no data yet")
        self._read_only = read_only
        self._clock = clock
        self._turn = threading.Lock()
        self._open = threading.local()
        self._left_in_wal = False
        self.damage = Damage()
        self._path = path
        self._engine = open_engine(path, read_only=read_only)
        self._pulse = Pulse(path)
        self._departures = 0
        self._incarnations: tuple[int, dict[str, str]] = (0, {})
        try:
            if self._alone:
                with self.damage.noticed():
                    migrate(self._engine)
            else:
                require_current(self._engine)
        except BaseException:
            self._engine.dispose()
            raise

    @classmethod
    def open(cls, url_or_path: str | Path, *, read_only: bool = False) -> SqlStore:
        """The same as calling the class."""
        return cls(url_or_path, read_only=read_only)

    def close(self) -> None:
        """Release files; the store must not be used afterwards."""
        self._pulse.close()
        with self._turn:
            # A damaged file is left as it is: copying it would lose more.
            if self._alone and not self.damage.found:
                compact(self._engine)
                empty_wal(self._engine)
            self._engine.dispose()

    def check(self) -> list[str]:
        """See `Store.check`."""
        found = findings(self._path)
        if found:
            self.damage.note()
        return found

    # Records.

    def communities(self, after: str = "", limit: int = 1000) -> list[Stored[Community]]:
        """See `Store.communities`."""
        with self._connected() as connection:
            query = select(*CODECS["community"].columns, communities.c.version).where(communities.c.id > after)
            return records_of("community", connection.execute(query.order_by(communities.c.id).limit(limit)))

    @contextmanager
    def read(self, community: str) -> Iterator[SqlSnapshot]:
        """See `Store.read`."""
        with self._connected() as connection:
            yield SqlSnapshot(connection, community, require_community(connection, community))

    @contextmanager
    def write(self, community: str, *, founding: bool = False) -> Iterator[SqlUnitOfWork]:
        """See `Store.write`."""
        with self._writing(community, founding=founding) as write:
            yield SqlUnitOfWork(write, self._clock)

    def incarnation(self, community: str) -> str:
        """See `Store.incarnation`."""
        version, known = self._incarnations
        if version != (now := self.departures()):
            known = {}
            self._incarnations = now, known
        if community not in known:
            with self._connected() as connection:
                query = select(incarnations.c.id).where(incarnations.c.community == community)
                known[community] = connection.execute(query).scalar() or ""
        return known[community]

    def departures(self) -> int:
        """See `Store.departures`."""
        return self._departures if self._alone else self.data_version()

    def data_version(self) -> int:
        """See `ChangeFeed.data_version`."""
        with self.damage.noticed():
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
        with self.damage.noticed(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _reading(self, community: str) -> Iterator[Connection]:
        with self._connected() as connection:
            require_community(connection, community)
            yield connection

    @contextmanager
    def _writing(self, community: str, *, founding: bool = False) -> Iterator[Write]:
        """A write transaction, or a part of the one that is open in this thread; `founding` allows a community that is
        not there yet."""
        if self._read_only:
            raise RuntimeError("the store was opened read-only")
        outer: Write | None = getattr(self._open, "write", None)
        if outer is None:
            self.damage.require_none()
            # Writers queue here rather than poll for the lock of the file.
            with self._turn, self.damage.noticed(), self._transaction(community, founding) as write:
                yield write
        elif outer.community != community:
            raise RuntimeError("a unit of work is one community's")
        else:
            with outer.part():
                yield outer

    @contextmanager
    def _transaction(self, community: str, founding: bool) -> Iterator[Write]:
        with self._engine.connect() as plain:
            connection = plain.execution_options(**{WRITES: True})
            with connection.begin():
                head = position(connection, community) if founding else require_community(connection, community)
                self._open.write = write = Write(connection, community, head or 0)
                try:
                    yield write
                finally:
                    self._open.write = None
                write.finish()
                if write.forgets:
                    mark_for_compaction(connection)
        self._departures += write.departs
        if write.compacts:
            compact(self._engine, _COMPACTED_AT_ONCE)
        self._left_in_wal |= write.forgets
        # Deleted text leaves the write-ahead log, too; while somebody reads, it is tried again with the next write.
        if self._left_in_wal:
            self._left_in_wal = not empty_wal(self._engine)


def _half(vector: np.ndarray) -> bytes:
    if vector.ndim != 1:
        raise ValueError("a vector has one dimension")
    return vector.astype("<f2").tobytes()
