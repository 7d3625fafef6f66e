"""What all WeChat exports have in common once a line is read: who is who, what is a notice, what is said.

A reader of an exporter makes a `Line` of what stands there; `entries` puts them in order and makes entries of them.
Facts of the app itself, from general knowledge: a group nickname (群昵称), a nickname and a remark (备注) are three
things. The remark is the exporter's private name for a friend. @ and quotations use the group nickname or the
nickname, some exporters the remark. A room whose id ends in @chatroom is a group; any other is a chat of two.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from models.archive.container import BadRow
from models.domain.records import Identity, Micros
from service.importers.formats.wechat_vocabulary import MYSELF, NOBODY, Kind
from service.importers.formats.wechat_words import (
    announced,
    is_notice,
    is_platform,
    quote_of,
    renamed,
    spoken,
    told,
    without_emoticons,
)
from service.importers.frame.decoding import is_broken
from service.importers.frame.format import Options
from service.importers.frame.json_walk import UNREADABLE
from service.importers.frame.report import Report
from service.importers.frame.spool import Plain, Scratch, packed, unpacked
from service.importers.frame.transcript import ME, Entries, Person, Renamed, Room, Said, Unused

WXID, NICKNAME = "wxid", "wechat"
LONGEST_NAME, LONGEST_ID = 200, 128
EARLIEST, LATEST = 0, 253_402_300_799_999_999  # the year 9999


class Line(NamedTuple):
    """A line of an export as it stands, its columns named.

    `name` is the name to show, "" where the export knows none; `also` are the others, remarks among them. `wxid` is ""
    in exports that know people by name only. `mine` marks lines of whoever made the export, None where
    it does not say. `kind` is None for a type that
    is not known or not given. `quoted` is who and what, where the export says it apart from the text.
    """

    file: str
    number: int
    time: Micros
    room: str
    text: str
    name: str = ""
    wxid: str = ""
    also: tuple[str, ...] = ()
    mine: bool | None = None
    kind: Kind | None = None
    id: str = ""
    reply_to: str = ""
    quoted: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What is known of a room before its lines are read.

    `private` is a chat of two; None where the export does not say: one where only its maker and one other speak is.
    """

    key: str
    name: str = ""
    private: bool | None = False


Read: TypeAlias = Line | BadRow | Unused | Person | Group


def checked(line: Line) -> Line | BadRow:
    """The line, or why it can be none: broken text, a time out of reach, a name that is no name."""
    texts = (line.text, line.name, line.wxid, line.room, line.id, line.reply_to, *line.also, *(line.quoted or ()))
    if is_broken("".join(texts)):
        return BadRow(line.file, line.number, "holds bytes that are no text")
    if len(line.name) > LONGEST_NAME or len(line.wxid) > LONGEST_ID:
        return BadRow(line.file, line.number, "the sender is too long for a name: its columns have slipped")
    if not EARLIEST <= line.time <= LATEST:
        return BadRow(line.file, line.number, "the time is out of reach")
    return line


def is_group(room: str) -> bool:
    """Whether a room's id is that of a group."""
    return room.endswith("chatroom")


def shown_name(*names: str) -> tuple[str, tuple[str, ...]]:
    """The first of these that is a name, and the others."""
    given = [name.strip() for name in names]
    known = [name for name in dict.fromkeys(given) if name and name.casefold() not in NOBODY]
    return (known[0], tuple(known[1:])) if known else ("", ())


def is_me(name: str) -> bool:
    """Whether a name is only the exporter's word for whoever made the export."""
    return name.strip().casefold() in MYSELF


def entries(read: Iterable[Read], options: Options, report: Report) -> Entries:
    """Entries of lines in any order, oldest first."""
    teller = _Teller()
    if options.me.startswith("wxid_"):
        yield from teller.know(Person(key=options.me))
    with _Spool() as spool:
        for one in _readable(read):
            if isinstance(one, Line):
                spool.keep(one)
            elif isinstance(one, Group):
                teller.rooms[one.key] = one
            elif isinstance(one, Person):
                yield from teller.know(one)
            else:
                yield one
        for line in spool.in_order():
            yield from teller.tell(line)
    yield from teller.last(options.channel, report)


def _readable(read: Iterable[Read]) -> Iterator[Read]:
    """What can be read; a file that breaks off in its packing is said to."""
    number, file = 0, ""
    try:
        for one in read:
            if isinstance(one, Line | BadRow):
                file, number = one[:2]
            yield one
    except UNREADABLE as error:
        yield BadRow(file, number + 1, f"the file cannot be read further; export it again ({error})")


class _Spool(Scratch):
    """Lines on disk, to be had in the order of their times: some exporters write the newest first."""

    def __init__(self) -> None:
        super().__init__()
        self._times, self._places = array("q"), array("q")

    def keep(self, line: Line) -> None:
        self._times.append(line.time)
        self._places.append(self._file.tell())
        self._file.write(packed(tuple(line)))

    def in_order(self) -> Iterator[Line]:
        """Oldest first; what is of one moment in its order, which is backwards where the newest come first."""
        times, places = self._times, self._places
        places.append(self._file.tell())
        numbers = range(len(times))
        if len(times) > 1 and times[0] > times[-1]:
            numbers = numbers[::-1]
        for number in sorted(numbers, key=times.__getitem__):
            self._file.seek(places[number])
            yield _as_line(unpacked(self._file.read(places[number + 1] - places[number])))


def _as_line(values: Plain) -> Line:
    line = Line._make(values)
    return line._replace(also=tuple(line.also), quoted=line.quoted and (line.quoted[0], line.quoted[1]))


class _Teller:
    """Follows who is who through the lines of an export, and tells what they said."""

    def __init__(self) -> None:
        self.rooms: dict[str, Group] = {}
        self._people: dict[str, Person] = {}  # by wxid, as they were last told of
        self._met: dict[str, tuple[str, tuple[str, ...]]] = {}  # by wxid, what they were last called
        self._names: dict[str, str] = {}  # name → key, of those who have spoken
        self._spoke: dict[str, dict[str, None]] = {}  # room → keys
        self._with_me: set[str] = set()  # rooms in which whoever made the export speaks
        self._ids: set[int] = set()

    def know(self, person: Person) -> Entries:
        """Somebody the export lists apart from what is said."""
        if not is_platform(person.name, person.key) and not is_group(person.key):
            yield from self._meet(person.key, person.name, person.also)

    def tell(self, line: Line) -> Entries:
        self._spoke.setdefault(line.room, {})
        if self._is_system(line):
            yield from self._notice(line)
            return
        key = self._key(line)
        if not key:
            yield Unused(what="line of nobody the export knows")
            return
        yield from self._person(line, key)
        yield self._said(line, key)

    def last(self, room_name: str, report: Report) -> Entries:
        """The rooms, once it is known who spoke where. `room_name` is what an organizer calls the only one."""
        only = len(self._spoke) == 1
        for key, spoke in self._spoke.items():
            room = self.rooms.get(key, Group(key=key))
            name = room_name if room_name and only else room.name
            of_two = len(spoke) <= 2 and key in self._with_me
            if room.private or (room.private is None and of_two):
                yield Room(key=key, name=name, visibility="private", members=tuple(spoke))
                continue
            if of_two:
                report.note(f"{name or key}: only two people speak; if it is a private chat, leave it out.")
            yield Room(key=key, name=name)

    def _is_system(self, line: Line) -> bool:
        if line.kind == "system" or is_platform(line.name, line.wxid):
            return True
        nobody = not line.name and not line.wxid and not line.mine
        # Without a sender a line is the platform's where it reads like that; a kind of people's messages is nobody's.
        if nobody and line.kind is None and not line.also:
            return bool(renamed(line.text) or announced(line.text)) or told(line.text) != told("")
        return is_notice(line.text, line.name)

    def _notice(self, line: Line) -> Entries:
        """Learns from a notice; an announcement is what its author said."""
        if (notice := announced(line.text)) and notice.text:
            if key := self._names.get(notice.by):
                yield self._said(line._replace(wxid="", text=notice.text, kind="text"), key)
                return
            if not notice.by and line.wxid and not is_platform(line.name, line.wxid):
                yield from self._person(line, line.wxid)
                yield self._said(line._replace(text=notice.text, kind="text"), line.wxid)
                return
        # A name that somebody already goes by stays theirs: the two cannot be told apart from here on.
        if (names := renamed(line.text)) and names[1] not in self._names and not is_me(names[0]):
            old, new = names
            key = self._names.get(old, "")
            self._names[new] = key if key in self._people else new
            yield Renamed(old=old, new=new)
        yield Unused(what="account of a company or a feed" if line.wxid.startswith("gh_") else told(line.text))

    def _key(self, line: Line) -> str:
        """What tells the person apart: their id, else the name; "" for nobody."""
        room = self.rooms.get(line.room)
        # Some give the room for a sender in a group whom they do not know.
        if line.wxid and (line.wxid != line.room or (room is not None and room.private)):
            return line.wxid
        if is_me(line.name) or (line.mine and not line.name):
            return ME
        if line.name:
            return self._names.get(line.name) or line.name
        if room is not None and room.private and line.mine is False:
            return room.name or room.key  # the other of two
        # Only whoever made the export is left without a name: see WeChatMsg issues/372.
        return ME if line.mine or (line.mine is None and line.kind is not None and not line.also) else ""

    def _person(self, line: Line, key: str) -> Entries:
        self._spoke[line.room].setdefault(key)
        if line.mine or key == ME:
            self._with_me.add(line.room)
        if key == line.wxid:
            yield from self._meet(key, "" if is_me(line.name) else line.name, line.also)
        elif key != ME:
            self._names.setdefault(line.name, key)

    def _meet(self, key: str, name: str, also: tuple[str, ...]) -> Entries:
        """What is new about somebody with an id. The id comes first: people are found by it, and not by a name."""
        if self._met.get(key) == (name, also):
            return
        self._met[key] = name, also
        bare = without_emoticons(name).strip()
        others = tuple(one for one in dict.fromkeys((*also, bare)) if one and one != name and not is_me(one))
        before = self._people.get(key)
        if before is None:
            yield Person(key=key, name=key, identities=(Identity(WXID, key),))
        elif name in ("", before.name) and set(others) <= set(before.also):
            return
        now = Person(
            key=key,
            name=name or (before.name if before else ""),
            also=tuple(dict.fromkeys((*(before.also if before else ()), *others))),
            identities=(Identity(NICKNAME, name),) if name else (),
        )
        self._people[key] = now
        for one in (*others, name):
            if one:
                self._names[one] = key
        if name or others:
            yield now

    def _said(self, line: Line, key: str) -> Said:
        words = line.text.removeprefix(f"{line.wxid}:\n") if line.wxid else line.text
        text, quote = spoken(words, line.kind)
        if line.quoted:
            quote = quote_of(*line.quoted)
        if quote and is_me(quote.by):
            quote = quote._replace(by=ME)
        reply_to = line.reply_to if hash(line.reply_to) in self._ids else ""
        if line.id:
            self._ids.add(hash(line.id))
        return Said(
            file=line.file,
            line=line.number,
            author=key,
            time=line.time,
            text=text,
            room=line.room,
            id=line.id,
            reply_to=reply_to,
            quote=quote,
        )
