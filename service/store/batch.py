"""A batch of records on its way into the tables: decided one by one in memory, written table by table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select, tuple_, update

from models.domain.records import KIND_OF, Community, Member, Record
from service.store.codecs import CODECS, Row
from service.store.contract import OnExisting, PutResult
from service.store.names import Names
from service.store.tables import identities, links, of
from service.store.transaction import Write, bulk_insert, chunks, read_rows

# Parents before children, for the foreign keys.
_ORDER = (
    "community", "member", "channel", "message", "project", "tie", "outcome", "block", "suggestion", "round",
    "invitation",
)  # fmt: skip
LIST_COLUMN = {
    "message": "mentions",
    "project": "members",
    "channel": "members",
    "round": "members",
    "invitation": "guests",
}


class _Kind:
    """The rows of one kind that a batch touches: as stored, as they will stand, and their versions."""

    def __init__(self, write: Write, kind: str, ids: Iterable[str]) -> None:
        self.codec = CODECS[kind]
        self.stored: dict[str, Row] = {}
        self.versions: dict[str, int] = {}
        self.rows: dict[str, Row] = {}
        self.touched: dict[str, None] = {}
        self.load(write, ids)

    def load(self, write: Write, ids: Iterable[str]) -> None:
        width = len(self.codec.names)
        for id, row in read_rows(write.connection, write.community, self.codec.kind, ids).items():
            self.stored[id] = self.rows[id] = tuple(row[:width])
            self.versions[id] = row[width]

    def set(self, id: str, row: Row) -> int:
        self.rows[id] = row
        self.touched[id] = None
        self.versions[id] = self.versions.get(id, 0) + 1
        return self.versions[id]


class Batch:
    """Puts records into an open transaction.

    Reads what it needs with one query a kind, so the cost of a record does not grow with the number of round trips.
    """

    def __init__(self, write: Write, records: Sequence[Record]) -> None:
        """Raises ValueError for records that cannot be stored, before anything is written."""
        self._write = write
        self._records = records
        self._encoded = _encode_all(write.community, records)
        self._kinds = self._load()
        self._names = Names(write, records, self._kinds["member"].stored)
        self._kinds["member"].load(write, self._merged_into())
        self._holders = self._load_holders()
        self._held: dict[str, set[tuple[str, str]]] = {}
        for handle, holder in self._holders.items():
            self._held.setdefault(holder, set()).add(handle)
        self._log: list[tuple[str, str]] = []

    def put(self, on_existing: OnExisting) -> list[PutResult[Any]]:
        """Decide every record in order, then write them all."""
        results = self._decide(on_existing)
        self._flush()
        return results

    def put_together(self) -> bool:
        """Write all of them, replacing what is there, or none."""
        refused = any(result.status == "conflict" for result in self._decide("replace"))
        if not refused:
            self._flush()
        return not refused

    def _decide(self, on_existing: OnExisting) -> list[PutResult[Any]]:
        return [self._put(record, row, on_existing) for record, row in zip(self._records, self._encoded, strict=True)]

    def _put(self, record: Record, row: Row, on_existing: OnExisting) -> PutResult[Record]:
        kind = KIND_OF[type(record)]
        rows = self._kinds[kind]
        if kind == "member" and record.id in self._names.alias:
            return PutResult("unchanged", self._kinds["member"].versions[self._names.alias[record.id]])
        settled = self._names.settle(record)
        if settled is None:
            return PutResult("conflict", rows.versions.get(record.id, 0))
        if settled is not record:
            row = rows.codec.encode(settled)
        current = rows.rows.get(record.id)
        if current is not None and not (on_existing == "replace" and current != row):
            if current == row and on_existing != "fail":
                return PutResult("unchanged", rows.versions[record.id], settled)
            return PutResult("conflict", rows.versions[record.id])
        if isinstance(settled, Member) and not self._claim(settled):
            return PutResult("conflict", rows.versions.get(record.id, 0))
        for stranger in self._names.introduce(settled):
            self._introduce(stranger)
        version = rows.set(record.id, row)
        self._log.append((kind, record.id))
        return PutResult("created" if current is None else "replaced", version, settled)

    def _introduce(self, id: str) -> None:
        members = self._kinds["member"]
        members.set(id, members.codec.encode(Member(id=id, name=id)))
        self._log.append(("member", id))

    def _claim(self, member: Member) -> bool:
        """Give the member the handles they state; False, and nothing changed, when somebody else holds one."""
        wanted = {(one.platform, one.handle) for one in member.identities}
        if any(self._holders.get(handle, member.id) != member.id for handle in wanted):
            return False
        for handle in self._held.get(member.id, set()) - wanted:
            del self._holders[handle]
        self._holders.update(dict.fromkeys(wanted, member.id))
        self._held[member.id] = wanted
        return True

    def _load(self) -> dict[str, _Kind]:
        ids: dict[str, set[str]] = {kind: set() for kind in _ORDER}
        for record in self._records:
            ids[KIND_OF[type(record)]].add(record.id)
        return {kind: _Kind(self._write, kind, wanted) for kind, wanted in ids.items()}

    def _merged_into(self) -> set[str]:
        """Whom members of this batch were merged into."""
        alias = self._names.alias
        return {alias[one.id] for one in self._records if isinstance(one, Member) and one.id in alias}

    def _load_holders(self) -> dict[tuple[str, str], str]:
        """Who holds a handle, for the handles of members of this batch who state others than are stored."""
        rows = zip(self._records, self._encoded, strict=True)
        restated = {record.id for record, row in rows if isinstance(record, Member) and self._restated(record.id, row)}
        stated = [record for record in self._records if isinstance(record, Member) and record.id in restated]
        wanted = {(one.platform, one.handle) for member in stated for one in member.identities}
        there = restated & self._kinds["member"].stored.keys()
        held = [identities.c.member.in_(chunk) for chunk in chunks(there)]
        # Two variables a pair.
        asked = [tuple_(identities.c.platform, identities.c.handle).in_(chunk) for chunk in chunks(wanted)]
        query = select(identities.c.platform, identities.c.handle, identities.c.member)
        holders: dict[tuple[str, str], str] = {}
        for condition in (*held, *asked):
            found = self._write.connection.execute(query.where(of(identities, self._write.community), condition))
            holders.update(((platform, handle), member) for platform, handle, member in found)
        return holders

    def _restated(self, id: str, row: Row) -> bool:
        """Whether the row of a member has other identities than are stored."""
        members = self._kinds["member"]
        at = members.codec.names.index("identities")
        return bool(row[at] != (members.stored[id][at] if id in members.stored else "[]"))

    def _flush(self) -> None:
        for kind, id in self._log:
            self._write.log(kind, id)
        for kind in _ORDER:
            rows = self._kinds[kind]
            if not rows.touched:
                continue
            new = [id for id in rows.touched if id not in rows.stored]
            changed = [id for id in rows.touched if id in rows.stored]
            self._insert(rows, new)
            self._update(rows, changed)
            if kind == "member":
                self._flush_identities(rows)
            if kind in LIST_COLUMN:
                self._flush_links(kind, rows)

    def _insert(self, rows: _Kind, ids: list[str]) -> None:
        bulk_insert(self._write.connection, rows.codec.table, rows.codec.bound, self._bound(rows, ids))

    def _update(self, rows: _Kind, ids: list[str]) -> None:
        if not ids:
            return
        codec = rows.codec
        settable = [name for name in (*codec.names, "version") if name != "id"]
        statement = (
            update(codec.table)
            .where(of(codec.table, self._write.community), codec.table.c.id == bindparam("new_id"))
            .values({name: bindparam(f"new_{name}") for name in settable})
        )
        names = [f"new_{name}" for name in codec.bound]
        values = [dict(zip(names, bound, strict=True)) for bound in self._bound(rows, ids)]
        self._write.connection.execute(statement, values)

    def _bound(self, rows: _Kind, ids: list[str]) -> list[Row]:
        return [rows.codec.bind(self._write.community, rows.rows[id], rows.versions[id]) for id in ids]

    def _flush_identities(self, members: _Kind) -> None:
        restated = [id for id in members.touched if self._restated(id, members.rows[id])]
        for chunk in chunks(id for id in restated if id in members.stored):
            gone = delete(identities).where(of(identities, self._write.community), identities.c.member.in_(chunk))
            self._write.connection.execute(gone)
        at = members.codec.names.index("identities")
        handles = {(*handle, id) for id in restated for handle in json.loads(members.rows[id][at])}
        rows = [(self._write.community, *handle) for handle in sorted(handles)]
        bulk_insert(self._write.connection, identities, ("community", "platform", "handle", "member"), rows)

    def _flush_links(self, kind: str, rows: _Kind) -> None:
        at = rows.codec.names.index(LIST_COLUMN[kind])
        before = {(member, id) for id in rows.touched for member in _texts(rows.stored, id, at)}
        after = {(member, id) for id in rows.touched for member in _texts(rows.rows, id, at)}
        for chunk in chunks(before - after):
            pair = tuple_(links.c.member, links.c.id).in_(chunk)
            self._write.connection.execute(
                delete(links).where(of(links, self._write.community), links.c.kind == kind, pair)
            )
        rows_added = [(self._write.community, kind, member, id) for member, id in sorted(after - before)]
        bulk_insert(self._write.connection, links, ("community", "kind", "member", "id"), rows_added)


def _texts(rows: dict[str, Row], id: str, at: int) -> list[str]:
    row = rows.get(id)
    listed = [] if row is None or row[at] == "[]" else json.loads(row[at])
    # A guest is a list that begins with who it is.
    return [one if isinstance(one, str) else one[0] for one in listed]


def _encode_all(community: str, records: Sequence[Record]) -> list[Row]:
    for record in records:
        if isinstance(record, Community) and record.id != community:
            raise ValueError("the record of another community")
    return [CODECS[KIND_OF[type(record)]].encode(record) for record in records]
