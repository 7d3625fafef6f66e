"""A snapshot of one community: what an open transaction reads of it. The contract says which type a kind has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from models.domain.records import Micros, Outcome, OutcomeKind
from service.store import before_images
from service.store.batch import LIST_COLUMN
from service.store.codecs import CODECS
from service.store.contract import Change, Job, Merge, Stored
from service.store.sql_jobs import jobs_of
from service.store.tables import PAIR_TABLES, changes, identities, links, members, of, outcomes, tombstones, words
from service.store.transaction import chunks, read_rows

_WITH_STATE = ("project", "suggestion", "round", "invitation")


class SqlSnapshot:
    """See `Snapshot`."""

    def __init__(self, connection: Connection, community: str, revision: int) -> None:
        """`revision` must be read in the transaction of the connection: with it, the snapshot begins."""
        self._connection = connection
        self._revision = revision
        self.community = community

    @property
    def revision(self) -> int:
        """See `Snapshot.revision`."""
        return self._revision

    def get(self, kind: str, ids: Sequence[str]) -> dict[str, Stored[Any]]:
        """See `Snapshot.get`."""
        rows = read_rows(self._connection, self.community, kind, set(ids))
        return {stored.record.id: stored for stored in records_of(kind, rows.values())}

    def page(
        self,
        kind: str,
        after: str = "",
        limit: int = 100,
        *,
        member: str = "",
        state: str = "",
        source: str = "",
        ref: str = "",
    ) -> list[Stored[Any]]:
        """See `Snapshot.page`. Raises ValueError when the kind knows no such condition."""
        table = CODECS[kind].table
        conditions = [table.c.id > after]
        if member:
            conditions.append(_concerns(self.community, kind, member))
        if state:
            conditions.append(_has_state(kind, state))
        for name, value in (("source", source), ("ref", ref)):
            if value:
                conditions.append(_came_of(kind, name) == value)
        query = self._records(kind).where(*conditions).order_by(table.c.id).limit(limit)
        return records_of(kind, self._connection.execute(query))

    def last_word(self, source: str, target: str) -> Outcome | None:
        """See `Snapshot.last_word`."""
        at = outcomes.c
        query = self._records("outcome").where(at.source == source, at.target == target, words)
        newest = self._connection.execute(query.order_by(at.time.desc(), at.id.desc()).limit(1))
        return next((stored.record for stored in records_of("outcome", newest)), None)

    def told(self, sources: Sequence[str], least: int) -> dict[tuple[str, OutcomeKind], int]:
        """See `Snapshot.told`."""
        at, here = outcomes.c, of(outcomes, self.community)
        # The index alone tells how many there are in all, and most have told of few.
        count = select(at.source).where(here).group_by(at.source).having(func.count() >= least)
        kinds = select(at.source, at.kind, func.count()).where(here).group_by(at.source, at.kind)
        found: dict[tuple[str, OutcomeKind], int] = {}
        for chunk in chunks(dict.fromkeys(sources)):
            many = list(self._connection.execute(count.where(at.source.in_(chunk))).scalars())
            rows = self._connection.execute(kinds.where(at.source.in_(many))) if many else ()
            found |= {(source, kind): number for source, kind, number in rows}
        return found

    def since(self, kind: str, time: Micros) -> list[Stored[Any]]:
        """See `Snapshot.since`."""
        table = CODECS[kind].table
        query = self._records(kind).where(table.c.time >= time).order_by(table.c.time, table.c.id)
        return records_of(kind, self._connection.execute(query))

    def scan(self, kind: str, batch: int = 5000) -> Iterator[Any]:
        """See `Snapshot.scan`."""
        codec = CODECS[kind]
        table = codec.table
        order = [table.c.time.nulls_first(), table.c.id] if kind in ("message", "project") else [table.c.id]
        query = select(*codec.columns).where(of(table, self.community)).order_by(*order)
        with closing(self._connection.execute(query)) as rows:
            # The driver steps through the rows as they are asked for, inside the snapshot of the transaction.
            for part in rows.partitions(batch):
                for row in part:
                    yield codec.decode(row)

    def count(self, kind: str) -> int:
        """See `Snapshot.count`."""
        table = CODECS[kind].table
        query = select(func.count()).select_from(table).where(of(table, self.community))
        return int(self._connection.execute(query).scalar_one())

    def is_erased(self, member: str) -> bool:
        """See `Snapshot.is_erased`."""
        query = select(tombstones.c.id).where(of(tombstones, self.community), tombstones.c.id == member)
        return self._connection.execute(query).first() is not None

    def holders(self, handle: str, platform: str = "") -> list[str]:
        """See `Snapshot.holders`."""
        same = func.lower(identities.c.handle) == handle.lower()
        query = select(identities.c.member).where(of(identities, self.community), same)
        if platform:
            query = query.where(identities.c.platform == platform)
        return sorted(set(self._connection.execute(query).scalars()))

    def answers(self, ids: Sequence[str]) -> dict[str, str]:
        """See `Snapshot.answers`."""
        found: dict[str, str] = {}
        for chunk in chunks(ids):
            query = select(members.c.id, members.c.answers).where(of(members, self.community), members.c.id.in_(chunk))
            found.update((id, note) for id, note in self._connection.execute(query))
        return found

    def merges(self) -> list[Merge]:
        """See `Snapshot.merges`."""
        return before_images.known(self._connection, self.community)

    def changes(self, after: int, limit: int = 10000) -> list[Change]:
        """See `Snapshot.changes`."""
        # Who was erased is named there by what their tombstone explains.
        at, erased = changes.c, tombstones.c
        explained = and_(at.kind == "member", erased.community == at.community, erased.ref == at.id)
        columns = (at.seq, at.kind, func.coalesce(erased.id, at.id), at.op)
        query = select(*columns).select_from(changes.outerjoin(tombstones, explained))
        query = query.where(of(changes, self.community), at.seq > after)
        return [Change(*row) for row in self._connection.execute(query.order_by(changes.c.seq).limit(limit))]

    def jobs(self, kind: str = "") -> list[Job]:
        """See `Snapshot.jobs`."""
        return jobs_of(self._connection, self.community, kind)

    def _records(self, kind: str) -> Any:
        codec = CODECS[kind]
        return select(*codec.columns, codec.table.c.version).where(of(codec.table, self.community))


def records_of(kind: str, rows: Iterable[Sequence[Any]]) -> list[Stored[Any]]:
    """Rows of a kind, their version last."""
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
    if kind not in _WITH_STATE:
        raise ValueError(f"{kind} records have no state")
    return CODECS[kind].table.c.state == state


def _came_of(kind: str, name: str) -> ColumnElement[str]:
    if kind != "invitation":
        raise ValueError(f"{kind} records do not come of something")
    return CODECS[kind].table.c[name]
