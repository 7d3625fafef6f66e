"""Everything that can still be read of a damaged database file, written into a new one."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from models.domain.records import Community, Record
from service.store.codecs import CODECS, Codec
from service.store.contract import Store
from service.store.engine import file_uri
from service.store.tables import RECORD_TABLES

_FIRST, _LAST = -(2**63), 2**63 - 1  # numbers of rows
_NEAR = 500  # numbers that are tried one by one beyond a damaged page, before larger steps
_BATCH = 1000
# No records, but they must not be lost: who may not come back, and whose ids are another's by now.
_BESIDE = ("tombstones", "aliases", "incarnations")


@dataclass(slots=True)
class Salvaged:
    """How many records were `saved` and how many are known to be `lost`, by community and kind. Where even the index
    of a table cannot be read, more may be lost than is known, and its name is in `unknown`."""

    saved: Counter[tuple[str, str]] = field(default_factory=Counter)
    lost: Counter[tuple[str, str]] = field(default_factory=Counter)
    unknown: list[str] = field(default_factory=list)


def salvage(damaged: Path, target: Store, new: Path, is_sound: Callable[[Record], bool]) -> Salvaged:
    """Write what can be read of `damaged` into a new store, whose file is `new`; of records only those that are sound.

    Vectors, the log, jobs and merges that could be undone stay behind: they are made anew, or nothing depends on them.
    """
    uri = file_uri(damaged, "ro")
    with closing(sqlite3.connect(uri, uri=True)) as source:
        source.text_factory = bytes  # a text that is none must not stop the rest
        saving = _Saving(source, target, is_sound)
        for kind in CODECS:
            saving.take(kind)
        _copy_beside(source, new, saving.done)
    return saving.done


class _Saving:
    def __init__(self, source: sqlite3.Connection, target: Store, is_sound: Callable[[Record], bool]) -> None:
        self.done = Salvaged()
        self._source = source
        self._target = target
        self._is_sound = is_sound
        self._founded: set[str] = set()

    def take(self, kind: str) -> None:
        """The records of a kind, of all communities."""
        rows = self._sound(kind)
        while batch := list(islice(rows, _BATCH)):
            by_community: defaultdict[str, list[Record]] = defaultdict(list)
            for community, record in batch:
                by_community[community].append(record)
            for community, records in by_community.items():
                self._put(community, kind, records)
        for community, count in self._counted(kind).items():
            missing = count - self.done.saved[community, kind]
            if missing > 0:
                self.done.lost[community, kind] = missing

    def _put(self, community: str, kind: str, records: list[Record]) -> None:
        if community not in self._founded:
            own = [one for one in records if isinstance(one, Community)] or [Community(id=community)]
            self._target.put(community, own)
            self._founded.add(community)
        results = self._target.put(community, records, "replace")
        self.done.saved[community, kind] += sum(result.status != "conflict" for result in results)

    def _sound(self, kind: str) -> Iterator[tuple[str, Record]]:
        codec = CODECS[kind]
        for row in _rows(self._source, codec.table, _columns(codec)):
            with suppress(ValueError, TypeError, KeyError):  # what is no record
                community, *values = [one.decode() if isinstance(one, bytes) else one for one in row]
                record = codec.decode(values)
                if self._is_sound(record):
                    yield str(community), record

    def _counted(self, kind: str) -> dict[str, int]:
        """How many there were, by the index of the table, which lies in other pages."""
        table = RECORD_TABLES[kind]
        owner = _columns(CODECS[kind])[0]
        query = (
            f"SELECT {owner}, count(*) FROM {table.name} INDEXED BY sqlite_autoindex_{table.name}_1 GROUP BY {owner}"
        )
        try:
            return {community.decode(): count for community, count in self._source.execute(query)}
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            self.done.unknown.append(table.name)
            return {}


def _columns(codec: Codec) -> list[str]:
    """Whose a record is, and its fields."""
    return ["id" if codec.kind == "community" else "community", *codec.names]


def _rows(source: sqlite3.Connection, table: Table, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table that can be read, in the order of their numbers, around what cannot."""
    named = ", ".join(f'"{name}"' for name in columns)
    query = f"SELECT rowid, {named} FROM {table.name} NOT INDEXED WHERE rowid >= ? ORDER BY rowid"
    start: int | None = _FIRST
    while start is not None:
        last = start - 1
        try:
            for number, *row in source.execute(query, [start]):
                yield tuple(row)
                last = number
            return
        except sqlite3.DatabaseError:
            # The driver looks one row ahead, and so keeps back the one before the damage.
            kept_back = _first(source, query, last + 1)
            if kept_back is not None:
                yield kept_back[1:]
            start = kept_back[0] + 1 if kept_back else _readable_after(source, query, last)


def _readable_after(source: sqlite3.Connection, query: str, last: int) -> int | None:
    """A number after `last` from which on a row can be read: the lowest, where that is near. None when there is
    none."""
    low = max(last, 0)
    for number in range(low + 1, low + _NEAR):
        if _first(source, query, number):
            return number
    step = _NEAR
    while low + step < _LAST:
        if _first(source, query, low + step):
            return low + step
        step *= 2
    return None


def _first(source: sqlite3.Connection, query: str, number: int) -> tuple[Any, ...] | None:
    """The first row from a number on; None when there is none that can be read."""
    try:
        return tuple(source.execute(f"{query} LIMIT 1", [number]).fetchone() or ()) or None
    except sqlite3.DatabaseError:
        return None


def _copy_beside(source: sqlite3.Connection, new: Path, done: Salvaged) -> None:
    with closing(sqlite3.connect(new, isolation_level=None)) as target:
        target.execute("PRAGMA foreign_keys = ON")
        for name in _BESIDE:
            rows = {row for order in ("ASC", "DESC") for row in _as_far_as_readable(source, name, order, done)}
            for row in sorted(rows):
                marks = ", ".join("?" * len(row))
                with suppress(sqlite3.IntegrityError):  # of a community or member that is lost
                    target.execute(
                        f"INSERT INTO {name} VALUES ({marks})", [str(one, "utf-8", "replace") for one in row]
                    )


def _as_far_as_readable(
    source: sqlite3.Connection, table: str, order: str, done: Salvaged
) -> Iterator[tuple[bytes, ...]]:
    try:
        yield from source.execute(f"SELECT * FROM {table} ORDER BY community {order}, id {order}")
    except sqlite3.DatabaseError:
        if table not in done.unknown:
            done.unknown.append(table)
