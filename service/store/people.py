"""Forgetting a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import ColumnElement, Table, delete, or_, select

from models.domain.records import Record
from service.store import before_images
from service.store.batch import LIST_COLUMN, Batch
from service.store.codecs import CODECS
from service.store.footprints import Footprints
from service.store.names import listed, stands, with_listed
from service.store.tables import (
    PAIR_TABLES,
    aliases,
    identities,
    links,
    members,
    messages,
    of,
    suggestions,
    vectors,
)
from service.store.transaction import Write, read_rows


def erase(write: Write, member: str) -> None:
    """Forget an existing member: everything that `Store.erase_member` lists."""
    footprints = Footprints(write, member)
    theirs = select(messages.c.id).where(of(messages, write.community), messages.c.author == member)
    drawn = suggestions.c.message.in_(theirs)
    for id in write.ids(suggestions, drawn, suggestions.c.member != member):
        write.log("suggestion", id, "delete")
    former = [member, *write.ids(aliases, aliases.c.target == member)]
    before_images.forget_merges_of(write, former)
    before_images.forget_member(write, LIST_COLUMN, partial(_without, member))
    rewrite_lists(write, member, partial(_without, member))
    delete_rows(write, suggestions, or_(drawn, suggestions.c.member == member))
    delete_rows(write, links, links.c.kind == "message", links.c.id.in_(theirs))
    delete_rows(write, messages, messages.c.author == member)
    for table in PAIR_TABLES.values():
        delete_rows(write, table, or_(table.c.source == member, table.c.target == member))
    delete_rows(write, aliases, aliases.c.target == member)
    remove(write, member)
    before_images.forget_orphans(write)
    write.log("member", member, "delete")
    footprints.cover(former)


def lists_with(write: Write, kind: str, member: str) -> list[Record]:
    """The records of a kind that list the member, by id."""
    ids = write.ids(links, links.c.kind == kind, links.c.member == member)
    rows = read_rows(write.connection, write.community, kind, ids)
    return [CODECS[kind].decode(rows[id]) for id in sorted(rows)]


def rewrite_lists(write: Write, member: str, change: Callable[[Record], Record]) -> None:
    """Store anew the channels, projects, rounds, invitations and mentions that list the member."""
    for kind in LIST_COLUMN:
        changed = [change(record) for record in lists_with(write, kind, member)]
        store(write, [record for record in changed if stands(record)])
        for record in changed:
            if not stands(record):
                _drop(write, kind, record.id)


def store(write: Write, records: Sequence[Record]) -> None:
    """Put these records in place of what is there."""
    if records:
        Batch(write, records).put("replace")


def remove(write: Write, member: str) -> None:
    """Delete the member's own row, handles and cached vectors."""
    delete_rows(write, vectors, vectors.c.member == member)
    delete_rows(write, identities, identities.c.member == member)
    delete_rows(write, members, members.c.id == member)


def delete_rows(write: Write, table: Table, *conditions: ColumnElement[bool]) -> None:
    """Delete rows of the community."""
    write.connection.execute(delete(table).where(of(table, write.community), *conditions))


def _without(member: str, record: Record) -> Record:
    return with_listed(record, [id for id in listed(record) if id != member])


def _drop(write: Write, kind: str, id: str) -> None:
    table = CODECS[kind].table
    delete_rows(write, table, table.c.id == id)
    delete_rows(write, links, links.c.kind == kind, links.c.id == id)
    write.log(kind, id, "delete")
