"""One write transaction in one community, with the log entries it will leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any, Literal, TypeVar

from sqlalchemy import Column, Connection, Table, bindparam, func, insert, select

from service.core.errors import CommunityNotFound
from service.store.codecs import CODECS
from service.store.tables import changes, communities, of

# SQLite takes 32,766 variables in a statement; the rest is headroom for the other conditions.
_CHUNK = 10_000
T = TypeVar("T")


def chunks(items: Iterable[T]) -> Iterator[list[T]]:
    """The items in lists short enough for one IN."""
    everything = list(items)
    for start in range(0, len(everything), _CHUNK):
        yield everything[start : start + _CHUNK]


def community_exists(connection: Connection, community: str) -> bool:
    """Whether the community is there."""
    return connection.execute(select(communities.c.id).where(communities.c.id == community)).first() is not None


def require_community(connection: Connection, community: str) -> None:
    """Raises CommunityNotFound when it is not there."""
    if not community_exists(connection, community):
        raise CommunityNotFound(community)


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


def newest(connection: Connection, community: str) -> int:
    """The newest sequence number of the log, 0 when it is empty."""
    found = connection.execute(select(func.max(changes.c.seq)).where(changes.c.community == community)).scalar()
    return int(found or 0)


class Write:
    """The open transaction. `log` gathers entries; `finish` numbers them and must be called just before the commit.

    `forgets` says that it deletes what people wrote, which is then to leave the files, too.
    """

    def __init__(self, connection: Connection, community: str) -> None:
        self.connection = connection
        self.community = community
        self.forgets = False
        self._log: list[tuple[str, str, str]] = []

    def log(self, kind: str, id: str, op: Literal["put", "delete"] = "put") -> None:
        """Note a change, in order."""
        self._log.append((kind, id, op))

    def finish(self) -> None:
        """Write the noted changes with the next sequence numbers. Safe from gaps as long as writers take turns."""
        if not self._log:
            return
        head = newest(self.connection, self.community)
        rows = [(self.community, seq, *entry) for seq, entry in enumerate(self._log, head + 1)]
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
