"""Forgetting a person, and making two records of one person one."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast

from sqlalchemy import delete, insert, or_, select, update

from models.domain.records import Consent, Member, Record
from service.store.batch import LIST_COLUMN, Batch
from service.store.codecs import CODECS
from service.store.names import listed, renamed, stands, with_listed
from service.store.tables import (
    PAIR_TABLES,
    aliases,
    identities,
    links,
    members,
    messages,
    of,
    suggestions,
    tombstones,
    vectors,
)
from service.store.transaction import Write, read_rows

T = TypeVar("T")
_STRICTEST: tuple[Consent, ...] = ("nobody", "organizers", "members")


def erase(write: Write, member: str) -> None:
    """Forget an existing member: everything that `Store.erase_member` lists."""
    theirs = select(messages.c.id).where(of(messages, write.community), messages.c.author == member)
    drawn = suggestions.c.message.in_(theirs)
    for id in write.ids(suggestions, drawn, suggestions.c.member != member):
        write.log("suggestion", id, "delete")
    _rewrite_lists(write, member, lambda record: with_listed(record, [id for id in listed(record) if id != member]))
    _delete(write, suggestions, or_(drawn, suggestions.c.member == member))
    _delete(write, links, links.c.kind == "message", links.c.id.in_(theirs))
    _delete(write, messages, messages.c.author == member)
    for table in PAIR_TABLES.values():
        _delete(write, table, or_(table.c.source == member, table.c.target == member))
    former = [member, *write.ids(aliases, aliases.c.target == member)]
    _delete(write, aliases, aliases.c.target == member)
    _remove(write, member)
    write.connection.execute(insert(tombstones), [{"community": write.community, "id": id} for id in former])
    write.log("member", member, "delete")


def merge(write: Write, kept: Member, merged: Member) -> None:
    """Make everything that names `merged` name `kept`; both exist."""
    alias = {merged.id: kept.id}
    write.log("member", merged.id, "delete")
    # First of all: the handles must be free before the other takes them.
    _delete(write, identities, identities.c.member == merged.id)
    _store(write, [_united(kept, merged)])
    _rewrite_lists(write, merged.id, lambda record: renamed(record, alias))
    _move(write, messages, "message", "author", alias)
    _move(write, suggestions, "suggestion", "member", alias)
    _move_pairs(write, kept.id, merged.id)
    moved = update(aliases).where(of(aliases, write.community), aliases.c.target == merged.id)
    write.connection.execute(moved.values(target=kept.id))
    _remove(write, merged.id)
    write.connection.execute(insert(aliases), [{"community": write.community, "id": merged.id, "target": kept.id}])


def _rewrite_lists(write: Write, member: str, change: Callable[[Record], Record]) -> None:
    """Store anew the channels, projects, rounds, invitations and mentions that list the member."""
    for kind in LIST_COLUMN:
        rows = read_rows(
            write.connection, write.community, kind, write.ids(links, links.c.kind == kind, links.c.member == member)
        )
        changed = [change(CODECS[kind].decode(rows[id])) for id in sorted(rows)]
        _store(write, [record for record in changed if stands(record)])
        for record in changed:
            if not stands(record):
                _drop(write, kind, record.id)


def _drop(write: Write, kind: str, id: str) -> None:
    table = CODECS[kind].table
    _delete(write, table, table.c.id == id)
    _delete(write, links, links.c.kind == kind, links.c.id == id)
    write.log(kind, id, "delete")


def _store(write: Write, records: Sequence[Record]) -> None:
    if records:
        Batch(write, records).put("replace")


def _move(write: Write, table: Any, kind: str, column: str, alias: dict[str, str]) -> None:
    for old, new in alias.items():
        for id in write.ids(table, table.c[column] == old):
            write.log(kind, id)
        moved = update(table).where(of(table, write.community), table.c[column] == old)
        write.connection.execute(moved.values({column: new, "version": table.c.version + 1}))


def _move_pairs(write: Write, kept: str, merged: str) -> None:
    for kind, table in PAIR_TABLES.items():
        both = (kept, merged)
        to_themselves = (table.c.source.in_(both), table.c.target.in_(both), table.c.source != table.c.target)
        for id in write.ids(table, *to_themselves):
            write.log(kind, id, "delete")
        _delete(write, table, *to_themselves)
        for column in ("source", "target"):
            _move(write, table, kind, column, {merged: kept})


def _remove(write: Write, member: str) -> None:
    _delete(write, vectors, vectors.c.member == member)
    _delete(write, identities, identities.c.member == member)
    _delete(write, members, members.c.id == member)


def _delete(write: Write, table: Any, *conditions: Any) -> None:
    write.connection.execute(delete(table).where(of(table, write.community), *conditions))


def _united(kept: Member, merged: Member) -> Member:
    pauses = [time for time in (kept.paused_until, merged.paused_until) if time is not None]
    return replace(
        kept,
        # A bare member is called by their id, which is no name.
        name=next((one.name for one in (kept, merged) if one.name not in ("", one.id)), kept.name or merged.name),
        profile=kept.profile or merged.profile,
        place=kept.place or merged.place,
        time_zone=kept.time_zone or merged.time_zone,
        aims=_union(kept.aims, merged.aims),
        offers=_union(kept.offers, merged.offers),
        seeks=_union(kept.seeks, merged.seeks),
        values=_union(kept.values, merged.values),
        languages=_union(kept.languages, merged.languages),
        availability=_union(kept.availability, merged.availability),
        identities=_union(kept.identities, merged.identities),
        consent=min(kept.consent, merged.consent, key=_STRICTEST.index),
        paused_until=max(pauses) if pauses else None,
        attributes={**merged.attributes, **kept.attributes},
        extra=_united_extra(kept.extra, merged.extra),
    )


def _union(first: tuple[T, ...], second: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _united_extra(kept: str, merged: str) -> str:
    if not (kept and merged):
        return kept or merged
    both = {**cast("dict[str, Any]", json.loads(merged)), **json.loads(kept)}
    return json.dumps(both, ensure_ascii=False, separators=(",", ":"))
