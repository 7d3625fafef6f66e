"""Making two records of one person one."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, insert, update

from models.domain import strict_json
from models.domain.fields import Field, Most, fields_of
from models.domain.records import CONSENT_LEVEL, Member, Micros
from service.store import before_images
from service.store.batch import LIST_COLUMN
from service.store.before_images import Images
from service.store.codecs import CODECS
from service.store.names import renamed, stands
from service.store.people import delete_rows, lists_with, remove, rewrite_lists, store
from service.store.tables import PAIR_TABLES, RECORD_TABLES, aliases, identities, of
from service.store.transaction import Write, read_rows

T = TypeVar("T")
# How much a member may have; two together may have more, and an archive of that would not be taken back.
_MOST = {field.name: mark.count for field in fields_of(Member) for mark in field.marks if isinstance(mark, Most)}
# The columns that name one member, of the kinds that have one or two.
COLUMNS = {
    **dict.fromkeys(PAIR_TABLES, ("source", "target")),
    "message": ("author",),
    "suggestion": ("member",),
}


def merge(write: Write, kept: Member, merged: Member, time: Micros) -> None:
    """Make everything that names `merged` name `kept`; both exist."""
    alias = {merged.id: kept.id}
    images = before_images.begin(write, kept, merged, time)
    write.log("member", merged.id, "delete")
    # First of all: the handles must be free before the other takes them.
    delete_rows(write, identities, identities.c.member == merged.id)
    store(write, [united(kept, merged)])
    _part_from_themselves(write, images, kept.id, merged.id)
    _note_lists(write, images, merged.id, alias)
    rewrite_lists(write, merged.id, lambda record: renamed(record, alias))
    for kind, columns in COLUMNS.items():
        for column in columns:
            images.note_column(kind, column, merged.id)
            move(write, kind, column, merged.id, kept.id)
    images.note_aliases(write.ids(aliases, aliases.c.target == merged.id))
    moved = update(aliases).where(of(aliases, write.community), aliases.c.target == merged.id)
    write.connection.execute(moved.values(target=kept.id))
    remove(write, merged.id)
    write.connection.execute(insert(aliases), [{"community": write.community, "id": merged.id, "target": kept.id}])


def move(write: Write, kind: str, column: str, old: str, new: str, *conditions: ColumnElement[bool]) -> None:
    """Put another member into a column of the rows that have the old one there, and log them."""
    table = RECORD_TABLES[kind]
    these = (table.c[column] == old, *conditions)
    for id in write.ids(table, *these):
        write.log(kind, id)
    moved = update(table).where(of(table, write.community), *these)
    write.connection.execute(moved.values({column: new, "version": table.c.version + 1}))


def united(kept: Member, merged: Member) -> Member:
    """One member out of two, as `UnitOfWork.merge_members` says."""
    both = {field.name: _together(field, kept, merged) for field in fields_of(Member)}
    pauses = [time for time in (kept.paused_until, merged.paused_until) if time is not None]
    return replace(
        kept,
        **both
        | {
            "id": kept.id,
            # A bare member is called by their id, which is no name.
            "name": next((one.name for one in (kept, merged) if one.name not in ("", one.id)), both["name"]),
            "consent": min(kept.consent, merged.consent, key=CONSENT_LEVEL.__getitem__),
            "paused_until": max(pauses) if pauses else None,
            "extra": _united_extra(kept.extra, merged.extra),
        },
    )


def _together(field: Field, kept: Member, merged: Member) -> Any:
    """Lists and attributes of both, and of what there is one of, the kept member's."""
    mine, theirs = getattr(kept, field.name), getattr(merged, field.name)
    if field.item:
        return _union(mine, theirs)[: _MOST[field.name]]
    if isinstance(mine, dict):
        first = dict(islice({**mine, **theirs}.items(), _MOST[field.name]))
        return {**first, **mine}
    return mine or theirs


def _part_from_themselves(write: Write, images: Images, kept: str, merged: str) -> None:
    """Delete what one of the two said of the other: nobody is tied to themselves."""
    for kind, table in PAIR_TABLES.items():
        both = (kept, merged)
        to_themselves = (table.c.source.in_(both), table.c.target.in_(both), table.c.source != table.c.target)
        ids = write.ids(table, *to_themselves)
        rows = read_rows(write.connection, write.community, kind, ids)
        images.note_whole(CODECS[kind].decode(rows[id]) for id in ids)
        for id in ids:
            write.log(kind, id, "delete")
        delete_rows(write, table, *to_themselves)


def _note_lists(write: Write, images: Images, merged: str, alias: dict[str, str]) -> None:
    for kind in LIST_COLUMN:
        for before in lists_with(write, kind, merged):
            after = renamed(before, alias)
            if stands(after):
                images.note_changed(before, after)
            else:
                images.note_whole([before])


def _union(first: tuple[T, ...], second: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _united_extra(kept: str, merged: str) -> str:
    if not (kept and merged):
        return kept or merged
    both = strict_json.write({**strict_json.kept_object(merged), **strict_json.kept_object(kept)})
    return both if len(both.encode()) <= _MOST["extra"] else kept
