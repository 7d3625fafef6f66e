"""What the log and notes still say of somebody who is erased, made to say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import ColumnElement, Table, and_, delete, func, insert, literal, or_, update

from service.store.contract import IMPORT_UNDER_WAY
from service.store.tables import (
    PAIR_TABLES,
    changes,
    dead_letters,
    messages,
    of,
    progress,
    requests,
    suggestions,
    tombstones,
)
from service.store.transaction import CHUNK, Write, chunks


class Footprints:
    """The ids of what a member said and of what is between them and others: to be read while they are there."""

    def __init__(self, write: Write, member: str) -> None:
        self._write = write
        self._ids = {
            "message": write.ids(messages, messages.c.author == member),
            "suggestion": write.ids(suggestions, suggestions.c.member == member),
        }
        for kind, table in PAIR_TABLES.items():
            self._ids[kind] = write.ids(table, or_(table.c.source == member, table.c.target == member))

    def cover(self, former: Sequence[str]) -> None:
        """Remember these ids of theirs as erased, and name them by that alone. What was theirs loses its ids: it is
        gone, and whoever reads the log finds nothing under any."""
        self._hide([_made_of(id) for id in former])
        for kind, ids in self._ids.items():
            for chunk in chunks(ids):
                gone = (dead_letters.c.kind == kind, dead_letters.c.id.in_(chunk))
                self._delete(dead_letters, *gone)
                self._delete(requests, requests.c.resource.in_([f"{kind}/{id}" for id in chunk]))
        for id in former:
            self._cover_member(id)

    def _hide(self, also: list[ColumnElement[bool]]) -> None:
        """Give entries of the log ids that tell nothing: what was theirs, and `also`. Reads the log once where that is
        no more than fits into one statement."""
        theirs = [(kind, chunk) for kind, ids in self._ids.items() for chunk in chunks(ids)]
        named = [and_(changes.c.kind == kind, changes.c.id.in_(chunk)) for kind, chunk in theirs]
        few = sum(len(chunk) for _, chunk in theirs) <= CHUNK
        for conditions in [[*also, *named]] if few else [also, *([one] for one in named)]:
            hidden = update(changes).where(of(changes, self._write.community), or_(*conditions))
            self._write.connection.execute(hidden.values(id=literal(" ").concat(func.hex(func.randomblob(16)))))

    def _cover_member(self, member: str) -> None:
        """The log goes on naming them, by what their tombstone explains."""
        ref = f" {uuid4().hex}"  # no id begins with a space
        row = {"community": self._write.community, "id": member, "ref": ref}
        self._write.connection.execute(insert(tombstones).values(row))
        named = (of(changes, self._write.community), changes.c.kind == "member", changes.c.id == member)
        self._write.connection.execute(update(changes).where(*named).values(id=ref))
        self._write.rename("member", member, ref)
        self._delete(requests, requests.c.resource == f"member/{member}")
        # An import that is under way begins again, and finds done what is done.
        self._delete(progress, progress.c.job != IMPORT_UNDER_WAY, func.instr(progress.c.note, member) > 0)

    def _delete(self, table: Table, *conditions: ColumnElement[bool]) -> None:
        self._write.connection.execute(delete(table).where(of(table, self._write.community), *conditions))


def _made_of(member: str) -> ColumnElement[bool]:
    """Ids of earlier versions were made of both members' ids, and what had them may be gone for long."""
    at, size = changes.c.id, len(member) + 1
    named = or_(func.substr(at, 1, size) == f"{member}~", func.substr(at, -size) == f"~{member}")
    return and_(changes.c.kind.in_(PAIR_TABLES), named)
