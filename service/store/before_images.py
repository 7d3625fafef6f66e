"""What merges of two members changed, as it was before: kept for as long as a merge can be undone, and no longer."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, literal, or_, select, update

from models.domain.records import KIND_OF, Member, Micros, Record
from service.store.codecs import CODECS
from service.store.contract import Merge
from service.store.tables import RECORD_TABLES, before_images, merges, of
from service.store.transaction import Write, bulk_insert, read_rows

WHOLE = ""  # the field under which all of a record that is gone stands
Fields: TypeAlias = dict[str, Any]  # as they lie in a row, by name


def known(connection: Connection, community: str) -> list[Merge]:
    """The merges that can be undone, the newest first."""
    at, image = merges.c, before_images.c
    gone = (image.merge == at.id, image.kind == "member", image.id == at.merged, image.field == WHOLE)
    query = select(at.id, at.kept, at.time, image.value).select_from(merges.join(before_images, and_(*gone)))
    query = query.where(of(merges, community), of(before_images, community)).order_by(at.id.desc())
    found = connection.execute(query)
    return [Merge(id, kept, _member(json.loads(value)), time) for id, kept, time, value in found]


def begin(write: Write, kept: Member, merged: Member, time: Micros) -> Images:
    """Note a merge, and the two as they are."""
    last = select(func.coalesce(func.max(merges.c.id), 0)).where(of(merges, write.community))
    number = int(write.connection.execute(last).scalar_one()) + 1
    row = {"community": write.community, "id": number, "kept": kept.id, "merged": merged.id, "time": time}
    write.connection.execute(insert(merges).values(row))
    images = Images(write, number)
    images.note_whole([kept, merged])
    return images


class Images:
    """What one merge changed."""

    def __init__(self, write: Write, merge: int) -> None:
        self._write = write
        self._merge = merge

    def note_whole(self, records: Iterable[Record]) -> None:
        """Records that the merge deletes, or rewrites beyond telling field by field."""
        self._note((record, WHOLE, _whole(record)) for record in records)

    def note_changed(self, before: Record, after: Record) -> None:
        """The fields in which a record will be another one."""
        codec = CODECS[KIND_OF[type(before)]]
        old, new = codec.dump(before, codec.names), codec.dump(after, codec.names)
        self._note((before, name, old[name]) for name in codec.names if old[name] != new[name])

    def note_column(self, kind: str, column: str, value: str) -> None:
        """The column of all rows of a kind in which this value stands."""
        table = RECORD_TABLES[kind]
        image = [literal(one) for one in (self._write.community, self._merge, kind)]
        rows = select(*image, table.c.id, literal(column), literal(json.dumps(value)))
        rows = rows.where(of(table, self._write.community), table.c[column] == value)
        self._write.connection.execute(insert(before_images).from_select(list(before_images.c.keys()), rows))

    def note_aliases(self, ids: Iterable[str]) -> None:
        """Ids that had been merged into the one that goes."""
        self._insert([("alias", id, WHOLE, "") for id in ids])

    def aliases(self) -> list[str]:
        """The ids of `note_aliases`."""
        return [row.id for row in self._read("alias")]

    def whole(self, kind: str) -> dict[str, Record]:
        """The records of a kind that the merge deleted or rewrote, by id."""
        found = {row.id: json.loads(row.value) for row in self._read(kind) if row.field == WHOLE}
        return {id: CODECS[kind].type(**CODECS[kind].load(fields)) for id, fields in found.items()}

    def fields(self, kind: str) -> dict[str, Fields]:
        """The fields of a kind that the merge changed, as they were, by id."""
        found: defaultdict[str, Fields] = defaultdict(dict)
        for row in self._read(kind):
            if row.field != WHOLE:
                found[row.id][row.field] = json.loads(row.value)
        return found

    def noted(self, kind: str, column: str) -> ColumnElement[bool]:
        """The condition that a row of the kind had another value in a column."""
        image = before_images.c
        mine = (image.merge == self._merge, image.kind == kind, image.field == column)
        ids = select(image.id).where(of(before_images, self._write.community), *mine)
        return RECORD_TABLES[kind].c.id.in_(ids)

    def end(self) -> None:
        """Forget the merge."""
        gone = delete(merges).where(of(merges, self._write.community), merges.c.id == self._merge)
        self._write.connection.execute(gone)

    def _read(self, kind: str) -> Sequence[Row[str, str, str]]:
        image = before_images.c
        query = select(image.id, image.field, image.value).where(of(before_images, self._write.community))
        query = query.where(image.merge == self._merge, image.kind == kind).order_by(image.id, image.field)
        return self._write.connection.execute(query).all()

    def _note(self, values: Iterable[tuple[Record, str, Any]]) -> None:
        self._insert([(KIND_OF[type(record)], record.id, name, json.dumps(value)) for record, name, value in values])

    def _insert(self, rows: list[tuple[str, str, str, str]]) -> None:
        place = (self._write.community, self._merge)
        bulk_insert(self._write.connection, before_images, before_images.c.keys(), [(*place, *row) for row in rows])


# --- what must not outlive what it is about --------------------------------------------------------------------------


def forget_merges_of(write: Write, ids: Iterable[str]) -> None:
    """Forget every merge in which one of these people was either side."""
    named = list(ids)
    gone = delete(merges).where(of(merges, write.community), or_(merges.c.kept.in_(named), merges.c.merged.in_(named)))
    write.connection.execute(gone)


def forget_records(write: Write, kind: str, ids: Sequence[str]) -> None:
    """Forget what merges changed in records that are deleted."""
    mine = (of(before_images, write.community), before_images.c.kind == kind, before_images.c.id.in_(ids))
    write.connection.execute(delete(before_images).where(*mine))


def forget_member(write: Write, kinds: Iterable[str], change: Callable[[Record], Record]) -> None:
    """Take somebody who is erased out of what lists were before; `change` does it to a record."""
    image = before_images.c
    for kind in kinds:
        query = select(image.merge, image.id, image.field, image.value).where(
            of(before_images, write.community), image.kind == kind, image.field != WHOLE
        )
        noted: defaultdict[tuple[int, str], Fields] = defaultdict(dict)
        for merge, id, name, value in write.connection.execute(query).all():
            noted[merge, id][name] = json.loads(value)
        there = read_rows(write.connection, write.community, kind, {id for _, id in noted})
        for (merge, id), fields in noted.items():
            if id in there:
                _change(write, merge, earlier(CODECS[kind].decode(there[id]), fields), fields, change)


def forget_orphans(write: Write) -> None:
    """Forget what merges changed in records that are not there any more."""
    image = before_images.c
    for kind, table in RECORD_TABLES.items():
        there = select(table.c.id).where(of(table, write.community))
        mine = (of(before_images, write.community), image.kind == kind, image.field != WHOLE)
        write.connection.execute(delete(before_images).where(*mine, image.id.not_in(there)))


def earlier(record: Record, fields: Fields) -> Record:
    """A record with the fields that it had before."""
    return replace(record, **CODECS[KIND_OF[type(record)]].load(fields))


def _change(write: Write, merge: int, before: Record, fields: Fields, change: Callable[[Record], Record]) -> None:
    kind, image = KIND_OF[type(before)], before_images.c
    for name, value in CODECS[kind].dump(change(before), fields).items():
        if value != fields[name]:
            this = (image.merge == merge, image.kind == kind, image.id == before.id, image.field == name)
            changed = update(before_images).where(of(before_images, write.community), *this)
            write.connection.execute(changed.values(value=json.dumps(value)))


def _whole(record: Record) -> Fields:
    codec = CODECS[KIND_OF[type(record)]]
    return codec.dump(record, codec.names)


def _member(fields: Fields) -> Member:
    return Member(**CODECS["member"].load(fields))
