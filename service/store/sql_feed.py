"""Cursors, dead letters and the look at what is new, in SQL."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from service.store.feed import Change, DeadLetter
from service.store.tables import changes, communities, cursors, dead_letters, of
from service.store.transaction import Write


class SqlFeed:
    """The `ChangeFeed` of a store that opens transactions."""

    @abstractmethod
    def _connected(self) -> AbstractContextManager[Connection]: ...

    @abstractmethod
    def _reading(self, community: str) -> AbstractContextManager[Connection]: ...

    @abstractmethod
    def _writing(self, community: str) -> AbstractContextManager[Write]: ...

    def heads(self) -> dict[str, int]:
        """See `ChangeFeed.heads`."""
        # A look at the end of each community's part of the index: grouping would read all of it.
        last = select(func.max(changes.c.seq)).where(changes.c.community == communities.c.id).scalar_subquery()
        with self._connected() as connection:
            return {id: int(head or 0) for id, head in connection.execute(select(communities.c.id, last))}

    def cursor(self, community: str, consumer: str) -> int | None:
        """See `ChangeFeed.cursor`."""
        query = select(cursors.c.seq).where(of(cursors, community), cursors.c.consumer == consumer)
        with self._reading(community) as connection:
            return connection.execute(query).scalar()

    def cursors(self, community: str) -> dict[str, int]:
        """See `ChangeFeed.cursors`."""
        query = select(cursors.c.consumer, cursors.c.seq).where(of(cursors, community))
        with self._reading(community) as connection:
            return {row.consumer: row.seq for row in connection.execute(query)}

    def put_cursor(self, community: str, consumer: str, sequence: int) -> None:
        """See `ChangeFeed.put_cursor`."""
        row = {"community": community, "consumer": consumer, "seq": sequence}
        with self._writing(community) as write:
            write.connection.execute(upsert(cursors).values(row).on_conflict_do_update(set_={"seq": sequence}))

    def dead_letters(self, community: str, consumer: str = "") -> list[DeadLetter]:
        """See `ChangeFeed.dead_letters`."""
        at = dead_letters.c
        query = select(at.consumer, at.seq, at.kind, at.id, at.op, at.fault, at.tries, at.since, at.due)
        query = query.where(_set_aside(community, consumer)).order_by(at.consumer, at.kind, at.id)
        with self._reading(community) as connection:
            return [DeadLetter(row[0], Change(*row[1:5]), *row[5:]) for row in connection.execute(query)]

    def put_dead_letters(self, community: str, letters: Sequence[DeadLetter]) -> None:
        """See `ChangeFeed.put_dead_letters`."""
        with self._writing(community) as write:
            for letter in letters:
                write.connection.execute(delete(dead_letters).where(_same(community, letter)))
                write.connection.execute(insert(dead_letters).values(_row(community, letter)))

    def drop_dead_letters(self, community: str, letters: Sequence[DeadLetter]) -> None:
        """See `ChangeFeed.drop_dead_letters`."""
        with self._writing(community) as write:
            for letter in letters:
                write.connection.execute(delete(dead_letters).where(_same(community, letter)))

    def replay_dead_letters(self, community: str, consumer: str = "") -> int:
        """See `ChangeFeed.replay_dead_letters`."""
        with self._writing(community) as write:
            due = update(dead_letters).where(_set_aside(community, consumer)).values(due=0)
            return write.connection.execute(due).rowcount


def _set_aside(community: str, consumer: str) -> ColumnElement[bool]:
    mine = of(dead_letters, community)
    return and_(mine, dead_letters.c.consumer == consumer) if consumer else mine


def _same(community: str, letter: DeadLetter) -> ColumnElement[bool]:
    same = (dead_letters.c.kind == letter.change.kind, dead_letters.c.id == letter.change.id)
    return and_(_set_aside(community, letter.consumer), *same)


def _row(community: str, letter: DeadLetter) -> dict[str, str | int]:
    change = letter.change
    return {
        "community": community,
        "consumer": letter.consumer,
        "kind": change.kind,
        "id": change.id,
        "op": change.op,
        "seq": change.seq,
        "fault": letter.fault,
        "tries": letter.tries,
        "since": letter.since,
        "due": letter.due,
    }
