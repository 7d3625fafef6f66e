"""Whom a record names, and under which id they are known by now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import BindParameter, bindparam, null, select

from models.domain.records import (
    Block,
    Channel,
    Guest,
    Invitation,
    Member,
    Message,
    Outcome,
    Project,
    Record,
    Round,
    Suggestion,
    Tie,
)
from models.rounds.spec.json_text import renamed_round
from service.store.tables import aliases, members, messages, of, tombstones
from service.store.transaction import Write, chunks

# Records of these types bring unknown members along as bare ones.
INTRODUCING = (Message, Project, Tie, Outcome, Block)


def named(record: Record) -> tuple[str, ...]:
    """The ids of members that a record names."""
    match record:
        case Member():
            return (record.id,)
        case Message():
            return (record.author, *record.mentions)
        case Project() | Channel() | Round() | Invitation():
            return record.members
        case Tie() | Outcome() | Block():
            return (record.source, record.target)
        case Suggestion():
            return (record.member,)
        case _:
            return ()


def listed(record: Record) -> tuple[str, ...]:
    """The ids in the record's list of members: those who lose their place there, not the record, when they go."""
    match record:
        case Message():
            return record.mentions
        case Project() | Channel() | Round() | Invitation():
            return record.members
        case _:
            return ()


def with_listed(record: Record, ids: Iterable[str]) -> Record:
    """The record with another list of members, each once, in order. Rounds and invitations keep those of them."""
    unique = tuple(dict.fromkeys(ids))
    match record:
        case Message():
            return record if unique == record.mentions else replace(record, mentions=unique)
        case Project() | Channel():
            return record if unique == record.members else replace(record, members=unique)
        case Round():
            gone = {id: None for id in record.members if id not in unique}
            return renamed_round(record, gone) if gone else record
        case Invitation():
            return _with_guests(record, [guest for guest in record.guests if guest.member in unique])
        case _:
            return record


def stands(record: Record) -> bool:
    """Whether there is anything left of a record: an invitation needs two guests."""
    return not isinstance(record, Invitation) or len(set(record.members)) >= 2


def _with_guests(invitation: Invitation, guests: Sequence[Guest]) -> Invitation:
    """The same with these guests, each once. Where somebody is gone, so are the words, which may have been theirs."""
    unique = tuple({guest.member: guest for guest in reversed(guests)}.values())[::-1]
    if unique == invitation.guests:
        return invitation
    if len(unique) < len(invitation.guests):
        invitation = replace(invitation, title="", text="")
    return replace(invitation, guests=unique)


class Names:
    """What a transaction knows about the ids that its records name."""

    def __init__(self, write: Write, records: Sequence[Record], known: Collection[str]) -> None:
        """`known` are those who are there of the members among the records; of others it is looked up."""
        wanted = {id for record in records for id in named(record)}
        looked_up = {record.id for record in records if isinstance(record, Member)}
        self.known = write.among(members.c.id, wanted - looked_up).union(known)
        gone = _gone(write, wanted - self.known)
        self.alias = {id: into for id, into in gone.items() if into is not None}
        self.erased = gone.keys() - self.alias.keys()
        self.known.update(self.alias.values())
        sources = {record.message for record in records if isinstance(record, Suggestion) and record.message}
        self.messages = write.among(messages.c.id, sources)

    def settle(self, record: Record) -> Record | None:
        """The record as it may be stored: merged ids replaced, erased ids off its lists.

        None when it must not be stored: an erased member is its author or a side of it, a merge made it a tie of
        somebody with themselves, or it is a suggestion whose member or message is gone.
        """
        if self.alias:
            settled = renamed(record, self.alias)
            if settled is not record and len(set(named(settled))) == 1 and isinstance(settled, Tie | Outcome | Block):
                return None
            record = settled
        if self.erased:
            record = with_listed(record, [id for id in listed(record) if id not in self.erased])
            if not self.erased.isdisjoint(named(record)):
                return None
        if not stands(record) or (isinstance(record, Suggestion) and not self._stands(record)):
            return None
        return record

    def _stands(self, suggestion: Suggestion) -> bool:
        # What is read from messages may arrive after the message or its author went: it must not outlive them.
        return suggestion.member in self.known and (not suggestion.message or suggestion.message in self.messages)

    def introduce(self, record: Record) -> list[str]:
        """Take note that the record will be stored. The members that it brings along, each once, in order."""
        if isinstance(record, Message):
            self.messages.add(record.id)
        if isinstance(record, Member):
            self.known.add(record.id)
        if not isinstance(record, INTRODUCING):
            return []
        new = [id for id in dict.fromkeys(named(record)) if id not in self.known]
        self.known.update(new)
        return new


def renamed(record: Record, alias: Mapping[str, str]) -> Record:
    """The record with merged ids replaced by those that they were merged into."""
    if not any(id in alias for id in named(record)):
        return record
    match record:
        case Message():
            record = replace(record, author=alias.get(record.author, record.author))
        case Tie() | Outcome() | Block():
            source, target = alias.get(record.source, record.source), alias.get(record.target, record.target)
            return replace(record, source=source, target=target)
        case Suggestion():
            return replace(record, member=alias.get(record.member, record.member))
        case Round():
            return renamed_round(record, alias)
        case Invitation():
            guests = [replace(guest, member=alias.get(guest.member, guest.member)) for guest in record.guests]
            return _with_guests(record, guests)
    return with_listed(record, [alias.get(id, id) for id in listed(record)])


def _gone(write: Write, ids: Iterable[str]) -> dict[str, str | None]:
    """Of these ids those that were merged away, and into whom, and those that were erased (None)."""
    wanted: BindParameter[str] = bindparam("wanted", expanding=True)
    merged = select(aliases.c.id, aliases.c.target).where(of(aliases, write.community), aliases.c.id.in_(wanted))
    erased = select(tombstones.c.id, null()).where(of(tombstones, write.community), tombstones.c.id.in_(wanted))
    found: dict[str, str | None] = {}
    for chunk in chunks(ids):
        rows = write.connection.execute(merged.union_all(erased), {"wanted": chunk})
        found.update((id, into) for id, into in rows)
    return found
