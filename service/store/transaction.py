"""One write transaction in one community, with the log entries it will leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any, Literal, TypeVar

from sqlalchemy import Column, Connection, Table, bindparam, func, insert, select

from service.core.errors import CommunityNotFound
from service.store.codecs import CODECS
from service.store.tables import changes, communities, of

# SQLite takes 32,766 variables in a statement; the rest is headroom for the other conditions.
CHUNK = 10_000
T = TypeVar("T")


def chunks(items: Iterable[T]) -> Iterator[list[T]]:
    """The items in lists short enough for one IN."""
    everything = list(items)
    for start in range(0, len(everything), CHUNK):
        yield everything[start : start + CHUNK]


def position(connection: Connection, community: str) -> int | None:
    """The newest sequence number of the log, 0 when it is empty; None when the community is not there."""
    log = select(func.max(changes.c.seq)).where(changes.c.community == community).scalar_subquery()
    found = connection.execute(select(func.coalesce(log, 0)).where(communities.c.id == community)).scalar()
    return None if found is None else int(found)


def require_community(connection: Connection, community: str) -> int:
    """The position of its log. Raises CommunityNotFound when it is not there."""
    found = position(connection, community)
    if found is None:
        raise CommunityNotFound(community)
    return found


def read_rows(connection: Connection, community: str, kind: str, ids: Iterable[str]) -> dict[str, Sequence[Any]]:
    """The rows (the record's fields, then the version) that exist among the ids."""
    codec = CODECS[kind]
    table = codec.table
    wanted = table.c.id.in_(bindparam("wanted", expanding=True))
    query = select(*codec.columns, table.c.version).where(of(table, community), wanted)
    rows: dict[str, Sequence[Any]] = {}
    for chunk in chunks(ids):
        rows.update((row[0], row) for row in connection.execute(query, {"wanted": chunk}))
    return rows


def bulk_insert(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of texts and integers whose values stand in the order of `names`.

    Hands the driver plain tuples: building the parameters row by row costs more than SQLite takes to store them.
    """
    if not rows:
        return
    compiled = insert(table).compile(dialect=connection.dialect, column_keys=list(names))
    if compiled.positiontup is None:
        connection.exec_driver_sql(str(compiled), [dict(zip(names, row, strict=True)) for row in rows])
        return
    pick = itemgetter(*[names.index(name) for name in compiled.positiontup])
    connection.exec_driver_sql(str(compiled), [pick(row) for row in rows])


class Write:
    """The open transaction, and the log entries that it will leave, numbered from `head`, where the log ended before.

    `finish` writes them and must be called just before the commit. `forgets` says that it deletes what people wrote,
    which is then to leave the files, too: with `compacts` from the file of the database at once. `departs` says that a
    member or the community is there no more.
    """

    def __init__(self, connection: Connection, community: str, head: int) -> None:
        self.connection = connection
        self.community = community
        self.forgets = False
        self.compacts = False
        self.departs = False
        self._head = head
        self._log: list[tuple[str, str, str]] = []

    @property
    def revision(self) -> int:
        """The number of the newest entry. Nobody else writes meanwhile, so it holds from the commit on."""
        return self._head + len(self._log)

    def log(self, kind: str, id: str, op: Literal["put", "delete"] = "put") -> None:
        """Note a change, in order."""
        self.departs |= kind == "member" and op == "delete"
        self._log.append((kind, id, op))

    def rename(self, kind: str, id: str, to: str) -> None:
        """Note the changes of this transaction under another id."""
        self._log = [(one, to if (one, at) == (kind, id) else at, op) for one, at, op in self._log]

    @contextmanager
    def part(self) -> Iterator[None]:
        """What is done in the block is undone when it raises, and nothing else."""
        before = len(self._log)
        try:
            with self.connection.begin_nested():
                yield
        except BaseException:
            del self._log[before:]
            raise

    def finish(self) -> None:
        """Write the noted changes. Safe from gaps as long as writers take turns."""
        rows = [(self.community, seq, *entry) for seq, entry in enumerate(self._log, self._head + 1)]
        bulk_insert(self.connection, changes, ("community", "seq", "kind", "id", "op"), rows)

    def ids(self, table: Table, *conditions: Any, column: str = "id") -> list[str]:
        """The values of a column where the conditions hold, sorted."""
        query = select(table.c[column]).where(of(table, self.community), *conditions).order_by(table.c[column])
        return list(self.connection.execute(query).scalars())

    def among(self, column: Column[str], values: Iterable[str]) -> set[str]:
        """Which of the values stand in the column, in this community."""
        found: set[str] = set()
        wanted = column.in_(bindparam("wanted", expanding=True))
        query = select(column).where(column.table.c.community == self.community, wanted)
        for chunk in chunks(values):
            found.update(self.connection.execute(query, {"wanted": chunk}).scalars())
        return found
