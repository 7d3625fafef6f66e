"""A WeChat group export (CSV of time, sender, text) as a source.

People are told apart by their wxid where the export has one, else by nickname, followed through the changes that the
group was told of. A line without words (a picture, a voice message) stays as a message without text: it is activity.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from models.archive.container import ArchiveError, BadRow, Row, Rows
from models.domain.records import Channel, Consent, Identity, Member, Message
from service.importers.source import KnownHandles
from service.importers.wechat_csv import HeaderError, Line, read_lines
from service.importers.wechat_text import announced, is_system, mentioned, quoted, renamed, spoken

NICKNAME, WXID = "wechat", "wxid"
_NO_ID = re.compile(r"[/\x00-\x1f\x7f]+")
_CUT_OFF = ("...", "…")


class WeChatSource:
    """The export at `path` as one channel. `time_zone` is an IANA name. ArchiveError when it is no such export."""

    def __init__(self, path: Path, *, channel: str, time_zone: str) -> None:
        try:
            self._zone = ZoneInfo(time_zone)
            self._data = path.read_bytes()
            self._file = path.name
            self._lines = list(read_lines(self._data, path.name, self._zone))
        except (ZoneInfoNotFoundError, ValueError) as error:
            reason = str(error) if isinstance(error, HeaderError) else f"no such time zone: {time_zone}"
            raise ArchiveError(f"{path}: {reason}") from error
        except OSError as error:
            raise ArchiveError(f"{path} cannot be read: {error.strerror}") from error
        self._channel = Channel(id=_as_id(channel), name=channel)

    def fingerprint(self) -> str:
        """A hash of the file, the channel and the time zone."""
        settings = f"{self._channel.name}\0{self._zone.key}\0".encode()
        return hashlib.blake2b(settings + self._data, digest_size=16).hexdigest()

    def rows(self, consent: Consent, known: KnownHandles) -> Rows:
        """The channel, everyone who spoke, then what they said, oldest first; lines that cannot be read come first."""
        yield from (line for line in self._lines if isinstance(line, BadRow))
        group = _Group(self._channel.id, known)
        messages = list(group.messages(_in_order([line for line in self._lines if isinstance(line, Line)])))
        yield Row(self._file, 1, self._channel)
        for person in group.people.values():
            yield Row(self._file, person.line, person.member(consent))
        yield from (Row(self._file, line, message) for line, message in messages)


@dataclass(slots=True)
class _Person:
    id: str
    line: int
    wxid: str = ""
    nicknames: list[str] = field(default_factory=list)
    owned: list[str] = field(default_factory=list)

    def call(self, nickname: str) -> None:
        if nickname in self.nicknames:
            self.nicknames.remove(nickname)
        self.nicknames.append(nickname)

    def member(self, consent: Consent) -> Member:
        identities = [Identity(NICKNAME, name) for name in self.owned]
        if self.wxid:
            identities.append(Identity(WXID, self.wxid))
        name = self.nicknames[-1] if self.nicknames else self.id
        return Member(id=self.id, name=name, identities=tuple(identities), consent=consent)


class _Group:
    """Follows who is who through an export, and turns lines into messages."""

    def __init__(self, channel: str, known: KnownHandles) -> None:
        self.people: dict[str, _Person] = {}
        self._channel = channel
        self._known = known
        self._by_nickname: dict[str, _Person] = {}
        self._by_wxid: dict[str, _Person] = {}
        self._owner: dict[str, str] = {}
        self._longest = 0
        self._said: dict[tuple[str, str], str] = {}
        self._recent: dict[str, list[tuple[str, str]]] = {}
        self._same: Counter[tuple[int, str, str]] = Counter()
        self._at_once: Counter[int] = Counter()

    def messages(self, lines: list[Line]) -> Iterator[tuple[int, Message]]:
        for line in lines:
            said = self._notice(line) if is_system(line.sender, line.kind, line.text) else line
            if said:
                yield said.number, self._message(said, self._person(said))

    def _notice(self, line: Line) -> Line | None:
        """Learns from a system line; the line as said by a person, where it is an announcement of one."""
        if names := renamed(line.text):
            self._rename(*names, line.number)
        if (notice := announced(line.text)) and notice.text and notice.by in self._by_nickname:
            return replace(line, sender=notice.by, wxid=self._by_nickname[notice.by].wxid, kind="", text=notice.text)
        return None

    def _rename(self, old: str, new: str, number: int) -> None:
        person = self._by_nickname.get(old) or self._add("", old, number)
        # A nickname that somebody already goes by stays theirs: the two cannot be told apart from here on.
        if new not in self._by_nickname:
            self._call(person, new)

    def _person(self, line: Line) -> _Person:
        person = self._find(line) or self._add(line.wxid, line.sender, line.number)
        self._call(person, line.sender)
        return person

    def _find(self, line: Line) -> _Person | None:
        return self._by_wxid.get(line.wxid) if line.wxid else self._by_nickname.get(line.sender)

    def _add(self, wxid: str, nickname: str, number: int) -> _Person:
        known = self._known.get((WXID, wxid)) or ("" if wxid else self._known.get((NICKNAME, nickname)))
        person = _Person(known or _hash("member", wxid or nickname), number, wxid)
        person = self.people.setdefault(person.id, person)
        if wxid:
            person.wxid = wxid
            self._by_wxid[wxid] = person
        self._call(person, nickname)
        return person

    def _call(self, person: _Person, nickname: str) -> None:
        person.call(nickname)
        self._by_nickname[nickname] = person
        self._longest = max(self._longest, len(nickname))
        # An identity belongs to one member of a community: the first to use it.
        owner = self._owner.setdefault(nickname, self._known.get((NICKNAME, nickname), person.id))
        if owner == person.id and nickname not in person.owned:
            person.owned.append(nickname)

    def _message(self, line: Line, person: _Person) -> Message:
        quote = quoted(line.text)
        text = spoken(quote.text if quote else line.text, line.kind)
        names = mentioned(quote.text if quote else line.text, self._by_nickname, self._longest)
        mentions = [self._by_nickname[name].id for name in names]
        reply_to = ""
        if quote and (by := self._by_nickname.get(quote.by)):
            reply_to = self._find_said(by.id, quote.said)
            mentions += [by.id] * (not reply_to)
        message = Message(
            id=self._message_id(line, person),
            author=person.id,
            time=self._moment(line.time),
            text=text,
            channel=self._channel,
            reply_to=reply_to,
            mentions=tuple(dict.fromkeys(id for id in mentions if id != person.id)),
        )
        self._remember(message, quote.text if quote else line.text)
        return message

    def _message_id(self, line: Line, person: _Person) -> str:
        key = (line.time, person.id, line.text)
        self._same[key] += 1
        return _hash("message", self._channel, *map(str, key), str(self._same[key]))

    def _moment(self, time: int) -> int:
        """Keeps lines of the same second or minute in their order: each a microsecond after the one before."""
        self._at_once[time] += 1
        return time + self._at_once[time] - 1

    def _remember(self, message: Message, said: str) -> None:
        for words in {_squeeze(said), _squeeze(message.text)} - {""}:
            self._said[message.author, words] = message.id
            self._recent.setdefault(message.author, []).append((words, message.id))

    def _find_said(self, author: str, words: str) -> str:
        words = _squeeze(words)
        if found := self._said.get((author, words)):
            return found
        start = words.removesuffix(_CUT_OFF[0]).removesuffix(_CUT_OFF[1])
        if start == words or len(start) < 4:
            return ""
        return next((id for said, id in reversed(self._recent.get(author, [])) if said.startswith(start)), "")


def _in_order(lines: list[Line]) -> list[Line]:
    newest_first = len(lines) > 1 and lines[0].time > lines[-1].time
    return sorted(lines, key=lambda line: (line.time, -line.number if newest_first else line.number))


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _as_id(name: str) -> str:
    return _NO_ID.sub("_", name.strip())[:128] or "wechat"


def _hash(*parts: str) -> str:
    return "wx" + hashlib.blake2b("\0".join(parts).encode(), digest_size=10).hexdigest()
