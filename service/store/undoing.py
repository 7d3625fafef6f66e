"""Making two members again of those whom a merge made one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import delete, select, tuple_, update

from models.domain import strict_json
from models.domain.fields import fields_of
from models.domain.records import Channel, Identity, Invitation, Member, Message, Project, Record
from service.store.batch import LIST_COLUMN
from service.store.before_images import Fields, Images, earlier
from service.store.codecs import CODECS
from service.store.contract import Merge
from service.store.merging import COLUMNS, move, united
from service.store.names import listed, renamed, with_listed
from service.store.people import delete_rows, store
from service.store.tables import (
    PAIR_TABLES,
    RECORD_TABLES,
    aliases,
    identities,
    messages,
    of,
    suggestions,
    vectors,
)
from service.store.transaction import Write, read_rows

T = TypeVar("T")
_LISTS = tuple(field.name for field in fields_of(Member) if field.item)
_SINGLE = tuple(field.name for field in fields_of(Member) if field.name not in (*_LISTS, "id", "attributes", "extra"))


def undo(write: Write, merge: Merge) -> None:
    """See `UnitOfWork.undo_merge`; the kept one is there, and no later merge stands in the way."""
    kept, merged = merge.kept, merge.merged.id
    images = Images(write, merge.number)
    write.log("member", merged, "delete")
    _log_what_keeps_apart(write, images, kept)
    delete_rows(write, aliases, aliases.c.id == merged)
    _restore_members(write, images, merge)
    for kind, columns in COLUMNS.items():
        for column in columns:
            move(write, kind, column, kept, merged, images.noted(kind, column))
    _follow_messages(write, kept, merged)
    for kind in LIST_COLUMN:
        _restore_lists(write, kind, images, kept, merged)
    for kind in RECORD_TABLES:
        if kind != "member":
            _bring_back(write, kind, images.whole(kind).values())
    moved = update(aliases).where(of(aliases, write.community), aliases.c.id.in_(images.aliases()))
    write.connection.execute(moved.values(target=merged))
    # They may be of the other's words.
    delete_rows(write, vectors, vectors.c.member == kept)
    images.end()


def _log_what_keeps_apart(write: Write, images: Images, kept: str) -> None:
    """Readers of a piece of the log must not see the one who comes back without their blocks and dismissals."""
    for kind in PAIR_TABLES:
        for id in sorted({*images.whole(kind), *images.fields(kind)}):
            write.log(kind, id)


# --- the two ---------------------------------------------------------------------------------------------------------


def _restore_members(write: Write, images: Images, merge: Merge) -> None:
    whole = images.whole("member")
    before, merged = whole[merge.kept], merge.merged
    assert isinstance(before, Member)
    rows = read_rows(write.connection, write.community, "member", [merge.kept])
    now = CODECS["member"].decode(rows[merge.kept])
    assert isinstance(now, Member)
    taken = _taken(write, merged, merge.kept)
    merged = replace(merged, identities=tuple(one for one in merged.identities if one not in taken))
    store(write, [_own(now, before, united(before, merge.merged)), merged])


def _taken(write: Write, member: Member, kept: str) -> set[Identity]:
    """Handles of theirs that somebody else has by now."""
    at, wanted = identities.c, [(one.platform, one.handle) for one in member.identities]
    query = select(at.platform, at.handle).where(of(identities, write.community), at.member != kept)
    found = write.connection.execute(query.where(tuple_(at.platform, at.handle).in_(wanted)))
    return {Identity(*row) for row in found}


def _own(now: Member, before: Member, merged: Member) -> Member:
    """The kept member without what came from the other; what was changed since the merge stays."""
    three = (now, before, merged)
    fields: dict[str, Any] = {name: _single(*(getattr(one, name) for one in three)) for name in _SINGLE}
    fields |= {name: _list(*(getattr(one, name) for one in three)) for name in _LISTS}
    fields |= {
        "attributes": _by_name(*(one.attributes for one in three)),
        "extra": _extra(*(one.extra for one in three)),
    }
    return replace(now, **fields)


def _single(now: T, before: T, merged: T) -> T:
    return before if now == merged else now


def _list(now: tuple[T, ...], before: tuple[T, ...], merged: tuple[T, ...]) -> tuple[T, ...]:
    if now == merged:
        return before
    return tuple(one for one in now if one in before or one not in merged)


def _by_name(now: Mapping[str, T], before: Mapping[str, T], merged: Mapping[str, T]) -> dict[str, T]:
    if now == merged:
        return dict(before)
    return {key: value for key, value in now.items() if key in before or merged.get(key) != value}


def _extra(now: str, before: str, merged: str) -> str:
    if now == merged:
        return before
    left = _by_name(*(strict_json.kept_object(one) for one in (now, before, merged)))
    return strict_json.write(left) if left else ""


# --- what names them -------------------------------------------------------------------------------------------------


def _restore_lists(write: Write, kind: str, images: Images, kept: str, merged: str) -> None:
    noted = {id: fields for id, fields in images.fields(kind).items() if fields.keys() - set(COLUMNS.get(kind, ()))}
    rows = read_rows(write.connection, write.community, kind, noted)
    changed = []
    for id in sorted(rows):
        fields = {name: value for name, value in noted[id].items() if name not in COLUMNS.get(kind, ())}
        changed.append(_as_before(CODECS[kind].decode(rows[id]), fields, kept, merged))
    store(write, changed)


def _as_before(now: Record, fields: Fields, kept: str, merged: str) -> Record:
    """A record with the fields that the merge changed as they were; of one that changed since, what is the other's."""
    before = earlier(now, fields)
    after = renamed(before, {merged: kept})
    apart = _apart(now, before, kept, merged)
    values = {name: getattr(before if getattr(now, name) == getattr(after, name) else apart, name) for name in fields}
    return replace(now, **values)


def _apart(now: Record, before: Record, kept: str, merged: str) -> Record:
    """A list that changed since: the merged one stands in the place that they had, where the kept one still stands."""
    if kept not in listed(before):
        return renamed(now, {kept: merged})
    if kept not in listed(now):
        return now
    match now:
        case Message() | Project() | Channel():
            at = listed(now).index(kept) + 1
            return with_listed(now, (*listed(now)[:at], merged, *listed(now)[at:]))
        case Invitation():
            assert isinstance(before, Invitation)
            theirs = [guest for guest in before.guests if guest.member == merged]
            return replace(now, guests=(*now.guests, *theirs))
    return now


def _follow_messages(write: Write, kept: str, merged: str) -> None:
    """What was read out of messages since the merge follows them; an open suggestion is made anew."""
    theirs = select(messages.c.id).where(of(messages, write.community), messages.c.author == merged)
    drawn = (suggestions.c.member == kept, suggestions.c.message.in_(theirs))
    for id in write.ids(suggestions, *drawn, suggestions.c.state == "open"):
        write.log("suggestion", id, "delete")
    gone = delete(suggestions).where(of(suggestions, write.community), *drawn, suggestions.c.state == "open")
    write.connection.execute(gone)
    move(write, "suggestion", "member", kept, merged, *drawn[1:])


def _bring_back(write: Write, kind: str, records: Iterable[Record]) -> None:
    """Put what the merge deleted, where its id is free."""
    gone = {record.id: record for record in records}
    there = read_rows(write.connection, write.community, kind, gone)
    store(write, [record for id, record in gone.items() if id not in there])
