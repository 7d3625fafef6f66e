"""A chat export as rows of a community: who is whom, what answers what, and whom an @ means.

People are told apart by what the platform calls them where the export says it, else by name. Two passes: the first
reads the file and meets everybody, the second gives what they said, which lay on disk until then.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from models.archive.container import BadRow, Row, Rows
from models.domain.records import Channel, Consent, Identity, Member, Message, Micros
from service.importers.frame.container import Container
from service.importers.frame.format import Format, Options
from service.importers.frame.report import Report
from service.importers.frame.source import KnownHandles
from service.importers.frame.spool import Plain, Spool
from service.importers.frame.transcript import ME, Changed, Person, Quote, Renamed, Room, Said, Unused

_NO_ID = re.compile(r"[/\x00-\x1f\x7f]+")
_AFTER_MENTION = re.compile(r"[\s\u2005,，.。:：;；!！?？、~～)）\]】]|$")
_LONGEST_NAME = 100  # that an @ is looked up for
_MOST_AT = 1000  # that are looked at in a text
_MOST_MENTIONS = 100  # of a message, more than any that somebody wrote
_REMEMBERED = 20_000  # messages of a room that a quotation may mean
_CUT_OFF = re.compile(r"(?:\.\.\.|…)$")
_EVERYBODY = frozenset(("所有人", "all", "everyone", "here", "channel"))


class ChatSource:
    """An export in `files`, read by `format`. `report` says what was understood once the rows have been read."""

    def __init__(self, files: Container, format: Format, options: Options) -> None:
        self._files, self._format, self._options = files, format, options
        self.report = Report(format=format.title)
        self.answered: dict[str, Micros] | None = None
        self.restores = False

    def fingerprint(self) -> str:
        """A hash of the files and of what was said about them."""
        digest = hashlib.blake2b(digest_size=16)
        said = self._options
        digest.update(repr((self._format.name, said.channel, said.zone, said.me, said.day_first)).encode())
        for piece in self._files.fingerprint():
            digest.update(piece)
        return digest.hexdigest()

    def rows(self, consent: Consent, known: KnownHandles) -> Rows:
        """Channels, everybody who is named or spoke, then what was said; lines that cannot be read come first."""
        report = self.report = Report(format=self._format.title, files=len(self._files.names))
        people = People(self._format.name, known, self._options.me, self._files.path.name)
        rooms: dict[str, Room] = {}
        changed: Changes = {}
        with Spool() as said:
            for entry in self._format.read(self._files, self._options, report):
                if isinstance(entry, BadRow):
                    report.bad += 1
                    yield entry
                elif isinstance(entry, Unused):
                    report.unused[entry.what] += entry.count
                elif isinstance(entry, Room):
                    rooms[entry.key] = entry
                else:
                    people.meet(entry)
                    if isinstance(entry, Said | Renamed):
                        said.keep(_plain(entry))
                    elif isinstance(entry, Changed):
                        note_change(changed, entry)
            report.rooms = len(rooms)
            if people.has_me and not self._options.me:
                report.note("The file calls whoever exported it only 我; say who that is with --me, or they stay 我.")
            yield from (Row(self._files.path.name, 1, channel_of(room, people)) for room in rooms.values())
            for person in people.all():
                report.people += 1
                yield Row(self._files.path.name, max(person.line, 1), person.member(consent))
            yield from self._messages(map(_entry, said), people, report, changed)

    def _messages(self, read: Iterable[Said | Renamed], people: People, report: Report, changed: Changes) -> Rows:
        told = Messages(self._format.name, people)
        for entry in read:
            if isinstance(entry, Renamed):
                people.rename(entry)
            elif said := as_changed(entry, changed):
                message = told.message(said)
                report.count(message)
                yield Row(entry.file, entry.line, message)
            else:
                report.unused["deleted message"] += 1


def _plain(entry: Said | Renamed) -> Plain:
    """What a spool takes."""
    if isinstance(entry, Renamed):
        return entry.old, entry.new
    return tuple(entry if entry.quote is None else entry._replace(quote=tuple(entry.quote)))  # type: ignore[arg-type]


def _entry(plain: Plain) -> Said | Renamed:
    if len(plain) == 2:
        return Renamed(old=plain[0], new=plain[1])
    said = Said._make(plain)
    return said._replace(mentions=tuple(said.mentions), quote=said.quote and Quote._make(said.quote))


def platform_of(format: str) -> str:
    """The platform of a format: tools that export the same one are told apart behind a hyphen, "wechat-chatlog"."""
    return format.partition("-")[0]


@dataclass(slots=True)
class _Known:
    """A person of the file. `names` are all by which they are mentioned, the shown one last called."""

    id: str
    name: str
    line: int = 0
    identities: dict[Identity, None] = field(default_factory=dict)
    profile: str = ""
    time_zone: str = ""
    gone: bool = False

    def member(self, consent: Consent) -> Member:
        return Member(
            id=self.id,
            name=self.name or self.id,
            profile=self.profile,
            time_zone=self.time_zone,
            identities=tuple(self.identities),
            consent="nobody" if self.gone else consent,
        )


class People:
    """Who is who in an export. Two keys may be one member: two names of somebody who was renamed, or known handles."""

    def __init__(self, format: str, known: KnownHandles, me: str, file: str) -> None:
        self._platform, self._known, self._me = platform_of(format), known, me
        self._by_key: dict[str, _Known] = {}
        self._by_id: dict[str, _Known] = {}
        self._named: dict[str, str] = {}  # name → key, the newest who goes by it
        self._keyed: set[str] = set()  # keys that the format itself gave, rather than names
        self._owners: dict[Identity, str] = {}
        self._first_words = file  # of whoever made the export: what tells two of them apart
        self.longest = 0
        self.quotes = False  # whether anything is quoted at all

    def meet(self, entry: Person | Said | Changed | Renamed) -> None:
        """Learns from the first pass."""
        if isinstance(entry, Renamed):
            self.rename(entry)
        elif isinstance(entry, Said):
            if entry.author == ME and not self.has_me:
                self._first_words = f"{entry.room}\0{entry.time}\0{entry.text}"
            self.quotes = self.quotes or entry.quote is not None
            for key in (entry.author, *entry.mentions):
                self._of(key, entry.line)
        elif isinstance(entry, Changed):
            for key in entry.mentions:
                self._of(key, 0)
        else:
            self._learn(entry)

    @property
    def has_me(self) -> bool:
        return ME in self._by_key

    def all(self) -> list[_Known]:
        return list(self._by_id.values())

    def member(self, key: str, consent: Consent) -> Member:
        """Somebody who was met, as they are known now."""
        return self._of(key, 0).member(consent)

    def id_of(self, key: str) -> str:
        """The id of a person, who is met now if they were not before."""
        return self._of(key, 0).id

    def named(self, name: str) -> str:
        """The id of whoever goes by a name or key; "" for nobody."""
        key = name if name in self._by_key else self._named.get(name, "")
        return self._by_key[key].id if key else ""

    def names(self) -> Collection[str]:
        return self._named.keys()

    def rename(self, entry: Renamed) -> None:
        """The same person by a new name: for formats in which names are keys, both keys are theirs."""
        key = self._named.get(entry.old, entry.old)
        if key not in self._by_key and (self._platform, key) in self._known:
            self._of(key, 0)
        person = self._by_key.get(key)
        if person is None or entry.new in self._by_key:
            return
        if key not in self._keyed:
            self._by_key[entry.new] = person
        person.name = entry.new
        self._own(person, [Identity(self._platform, entry.new)])
        self._call(entry.new, key)

    def _learn(self, entry: Person) -> None:
        self._keyed.add(entry.key)
        person = self._of(entry.key, 0, entry.identities)
        person.name = entry.name or person.name
        person.profile = entry.profile or person.profile
        person.time_zone = entry.time_zone or person.time_zone
        person.gone = person.gone or entry.gone
        self._own(person, entry.identities)
        for name in (*entry.also, entry.name):
            self._call(name, entry.key)

    def _call(self, name: str, key: str) -> None:
        if name and name not in _EVERYBODY and len(name) <= _LONGEST_NAME:
            self._named[name] = key
            self.longest = max(self.longest, len(name))

    def _of(self, key: str, line: int, identities: Collection[Identity] = ()) -> _Known:
        person = self._by_key.get(key)
        if person is None:
            person = self._by_key[key] = self._new(key, line, identities)
        person.line = person.line or line
        return person

    def _new(self, key: str, line: int, identities: Collection[Identity]) -> _Known:
        if key == ME:
            return self._myself(line)
        handles = identities or (Identity(self._platform, key),)
        at = (self._known.get((one.platform, one.handle)) for one in handles)
        id = next(filter(None, at), "") or hashed("member", self._platform, key)
        name = "" if identities else key
        person = self._by_id.setdefault(id, _Known(id, name, line))
        self._own(person, handles)
        self._call(name, key)
        return person

    def _own(self, person: _Known, identities: Collection[Identity]) -> None:
        """An identity belongs to one member of a community: to who has it there, else to the first to use it."""
        for one in identities:
            owner = self._known.get((one.platform, one.handle), person.id)
            if self._owners.setdefault(one, owner) == person.id:
                person.identities[one] = None

    def _myself(self, line: int) -> _Known:
        """Whoever made the export: who they say they are, else somebody of this file only."""
        if self._me:
            key = self._named.get(self._me, self._me)
            return self._of(key, line)
        id = hashed("me", self._platform, self._first_words)
        return self._by_id.setdefault(id, _Known(id, "我", line))


Changes: TypeAlias = dict[tuple[str, str], Changed]


def note_change(changed: Changes, entry: Changed) -> None:
    """Keeps the newest change of a message."""
    before = changed.get((entry.room, entry.id))
    if before is None or before.time <= entry.time:
        changed[entry.room, entry.id] = entry


def as_changed(said: Said, changed: Changes) -> Said | None:
    """What was said as it reads in the end; None where it was taken back."""
    change = changed.get((said.room, said.id)) if said.id and changed else None
    if change is None or (change.text is not None and change.author != said.author):
        return said
    return None if change.text is None else said._replace(text=change.text, mentions=change.mentions)


class Messages:
    """Turns what was said into messages: ids, answers, mentions; in the order that they come in."""

    def __init__(self, format: str, people: People) -> None:
        self._platform, self._people = platform_of(format), people
        self._said: dict[str, OrderedDict[tuple[str, str], str]] = {}
        self._same: dict[str, int] = {}  # id of the first → how many say the same at the same time
        self._at_once: dict[tuple[str, int], int] = {}

    def message(self, said: Said) -> Message:
        """A message, in the order in which messages come."""
        author, channel = self._people.id_of(said.author), as_id(said.room)
        id = self._id(said, channel, author)
        mentions = [self._people.id_of(key) for key in said.mentions]
        if said.at_names and "@" in said.text:
            names = mentioned(said.text, self._people.names(), self._people.longest)
            mentions += [self._people.named(name) for name in names]
        reply_to = self.named_id(channel, said.reply_to) if said.reply_to else ""
        if said.quote and not reply_to:
            reply_to, by = self._quoted(channel, said.quote)
            mentions += [by] * (not reply_to)
        message = Message(
            id=id,
            author=author,
            time=self._moment(said, channel),
            text=said.text,
            channel=channel,
            thread=self.named_id(channel, said.thread) if said.thread else "",
            topic=said.topic,
            reply_to=reply_to,
            mentions=_of_others(mentions, author) if mentions else (),
        )
        self._remember(message)
        return message

    def _id(self, said: Said, channel: str, author: str) -> str:
        if said.id:
            return self.named_id(channel, said.id)
        parts = "message", channel, str(said.time), author, said.text
        first = hashed(*parts, "1")
        count = self._same[first] = self._same.get(first, 0) + 1
        return first if count == 1 else hashed(*parts, str(count))

    def named_id(self, channel: str, id: str) -> str:
        """The id of a message that has one on its platform."""
        return hashed("message", self._platform, channel, id)

    def _moment(self, said: Said, channel: str) -> int:
        """Keeps lines of the same second or minute in their order: each a microsecond after the one before."""
        if said.id:
            return said.time
        before = self._at_once.get((channel, said.time), 0)
        self._at_once[channel, said.time] = before + 1
        return said.time + before

    def _remember(self, message: Message) -> None:
        if self._people.quotes and (words := squeezed(message.text)):
            recent = self._said.setdefault(message.channel, OrderedDict())
            recent[message.author, words] = message.id
            recent.move_to_end((message.author, words))
            if len(recent) > _REMEMBERED:
                recent.popitem(last=False)

    def _quoted(self, channel: str, quote: Quote) -> tuple[str, str]:
        """The message that is quoted, "" where it is not found, and who said it."""
        by, recent = self._people.named(quote.by), self._said.get(channel, OrderedDict())
        words = squeezed(_CUT_OFF.sub("", quote.words.strip()))
        if by and (found := recent.get((by, words))):
            return found, by
        if len(words) < 4 or not recent:
            return "", by
        for (author, said), id in reversed(recent.items()):
            if said.startswith(words) and by in ("", author):
                return id, author
        return "", by


def _of_others(mentions: list[str], author: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in mentions if one and one != author))[:_MOST_MENTIONS]


def mentioned(text: str, names: Collection[str], longest: int) -> Iterator[str]:
    """The names after an @, the longest known one each; `longest` is the length of the longest name."""
    at, left = text.find("@"), _MOST_AT
    while at >= 0 and (left := left - 1) >= 0:
        for size in range(min(longest, len(text) - at - 1), 0, -1):
            name = text[at + 1 : at + 1 + size]
            if name in names and _AFTER_MENTION.match(text, at + 1 + size):
                yield name
                break
        at = text.find("@", at + 1)


def squeezed(text: str) -> str:
    """Text without its spaces: exporters break lines of what they quote."""
    return "".join(text.split())


@lru_cache
def as_id(name: str) -> str:
    """A name as an id: without slashes and control characters, at most 128 long."""
    return _NO_ID.sub("_", name.strip())[:128] or "chat"


def hashed(*parts: str) -> str:
    """A stable id of these parts."""
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return "im" + hashlib.blake2b(text, digest_size=10).hexdigest()


def channel_of(room: Room, people: People) -> Channel:
    """A room with the ids of those in it."""
    members = tuple(dict.fromkeys(people.id_of(key) for key in room.members))
    return Channel(id=as_id(room.key), name=room.name or room.key, visibility=room.visibility, members=members)
