"""A WhatsApp chat that was exported from the phone: _chat.txt of an iPhone (in a zip), or the .txt of Android.

| what | fact |
|---|---|
| iPhone | [DATE, TIME] Name: words; U+200E before what the app itself writes; notices come under the group's name |
| Android | DATE, TIME - Name: words; a notice has no "Name: " |
| dates | of the phone's language: 05/03/2024, 3/5/24, 05.03.24, 2024/3/5, 5. 3. 2024; 12 hours with AM, p. m., 下午,
  often behind U+202F; "klo", "um", "à" before the time (whatsapp-chat-parser issues/248; whats-reader issues/78; a
  public description of Finnish exports; readers that cite their samples) |
| lines | what has no date goes on with the message before; an Android caption stands below its file |
| placeholders | <Media omitted>, image omitted, <attached: FILE>, FILE (file attached): see whatsapp_words |
| people | names of the exporter's address book, else numbers; "~ Name" is what somebody calls themselves; an @ is
  @⁨Name⁩ between U+2068 and U+2069, or a number |

Nothing says whether 05/03 is in March or in May: a number above 12 does, or dates that would run backwards, in any
file of the same phone; else the organizer is asked. There are no ids, no replies and no time zone. Whether a chat is
one of two people is not said either: unless a notice or a third speaker shows a group, it stays private.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import ClassVar
from zoneinfo import ZoneInfo

from models.archive.container import ArchiveError, BadRow
from models.domain.records import Identity, Micros
from service.importers.formats.whatsapp_words import (
    DELETED,
    ENCRYPTED,
    NOTICE_IN_NAME,
    UNSEEN,
    chat_named,
    is_call,
    is_placeholder,
    notice_of,
    of_groups,
    own_words,
    plain,
)
from service.importers.frame.clock import local_zone, micros
from service.importers.frame.container import Container
from service.importers.frame.decoding import is_broken
from service.importers.frame.format import Format, Options
from service.importers.frame.json_walk import head_of
from service.importers.frame.report import Report
from service.importers.frame.text_files import lines_in, texts
from service.importers.frame.transcript import Entries, Person, Room, Said, Unused

PLATFORM = "whatsapp"
_M = f"[{UNSEEN}]*"
_S = r"[\s\u00a0\u202f]"
_HALF = r"[AaPp]\.?[\s\u00a0\u202f]?[Mm]\b\.?|上午|下午|凌晨|清晨|早上|中午|晚上|午前|午後|오전|오후|vorm\.|nachm\."
_HEADER = re.compile(
    rf"^{_M}(?P<open>\[)?{_M}(?P<a>\d{{1,4}}){_M}(?P<sep>[./-]\ ?|年){_M}(?P<b>\d{{1,2}}){_M}(?:[./-]\ ?|月){_M}"
    rf"(?P<c>\d{{1,4}})(?:日|\.)?{_M}[,،]?{_S}+(?:(?:at|um|à|klo|kl\.|alle|às|a\ las|om){_S}+)?"
    rf"(?P<before>{_HALF})?{_S}*(?P<hour>\d{{1,2}})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d))?"
    rf"(?:{_S}*(?P<after>{_HALF}))?{_M}(?(open)\]{_S}?|{_S}[-–]{_S}){_M}(?P<rest>.*)$"
)
_PHONE = re.compile(r"\+?[\d\s()./-]{7,30}")
_MENTION = re.compile("@\u2068\\s*~?\\s*([^\u2068\u2069\n]{1,100})\u2069")
_LONGEST = 1 << 20  # characters of a message
_SHARE = 10  # one of so many dates that are written the same way is none by chance
_SHORT = 40  # characters of a placeholder in a language that is not known here

Shape = tuple[bool, str, bool, str, bool]


class WhatsApp(Format):
    """Chats of WhatsApp, each in a text file."""

    name: ClassVar[str] = "whatsapp"
    title: ClassVar[str] = "WhatsApp chat"

    def sure(self, files: Container) -> float:
        return max((_sure(head_of(files, name)) for name in texts(files)[:20]), default=0.0)

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        zone = local_zone(options, report)
        scans = [_Scan(files, name) for name in texts(files) if _sure(head_of(files, name)) >= 0.5]
        if not scans:
            raise ArchiveError("no WhatsApp chat is in this; export a chat from the phone, without media")
        agreed = {scan.day_first for scan in scans} - {None}
        for scan in scans:
            day_first = _day_first(scan, agreed, options)
            channel = options.channel if len(scans) == 1 else ""
            yield from _Chat(files, scan, zone, day_first, report, channel).entries()


def _sure(head: str) -> float:
    lines = [line for line in head.split("\n") if line.strip()]
    found = [match for line in lines[:400] if (match := _HEADER.match(line.rstrip("\r")))]
    if not any(": " in match["rest"] or match["rest"].endswith(":") for match in found):
        return 0.0
    return 0.95 if len(found) > 2 or _HEADER.match(lines[0].rstrip("\r")) else 0.6


def _day_first(scan: _Scan, agreed: set[bool | None], options: Options) -> bool:
    """Whether 05/03 is in March, as was said, else as this file shows, else as all others of the same export do."""
    found = options.day_first
    if found is None:
        found = scan.day_first
    if found is None and len(agreed) == 1 and not scan.both:
        found = next(iter(agreed))
    if found is None and scan.both:
        raise ArchiveError(
            f"{scan.name} has dates with the day first and dates with the month first ({scan.sample}): split the file, "
            "and read each part with --day-first or with --month-first"
        )
    if found is None:
        raise ArchiveError(
            f"{scan.name}: nothing shows whether {scan.sample} is day first or month first; "
            "say it with --day-first or --month-first"
        )
    return found


@dataclass(slots=True)
class _Dates:
    """What the dates of one way of writing say about their order."""

    count: int = 0
    sample: str = ""
    first_over: bool = False
    second_over: bool = False
    backwards: list[int] = field(default_factory=lambda: [0, 0])  # read day first, month first
    last: list[tuple[int, int, int]] = field(default_factory=lambda: [(0, 0, 0), (0, 0, 0)])

    def see(self, first: int, second: int, year: int, sample: str) -> None:
        self.count += 1
        self.sample = self.sample or sample
        self.first_over = self.first_over or first > 12
        self.second_over = self.second_over or second > 12
        for at, read in enumerate(((year, second, first), (year, first, second))):
            self.backwards[at] += read < self.last[at]
            self.last[at] = read


class _Scan:
    """What has to be known of a file before it is read: how it writes dates, and who only ever gives notices."""

    def __init__(self, files: Container, name: str) -> None:
        self.name = name
        self._dates: dict[Shape, _Dates] = {}
        self._said: dict[str, bool] = {}  # sender → whether anything of theirs is not of the app itself
        for line in lines_in(files, name):
            if not isinstance(line, BadRow) and (match := _HEADER.match(line[1])):
                self._see(match)
        most = sum(dates.count for dates in self._dates.values())
        self.shapes = {shape for shape, dates in self._dates.items() if dates.count * _SHARE >= most}
        self._decide()

    def is_the_chat(self, sender: str) -> bool:
        """Whether a "sender" is the chat itself: notices only."""
        return not self._said.get(sender, True)

    def _see(self, match: re.Match[str]) -> None:
        if not match["a"].isdecimal() or len(self._dates) > 200:
            return
        dates = self._dates.setdefault(shape_of(match), _Dates())
        if len(match["a"]) < 4:
            dates.see(int(match["a"]), int(match["b"]), int(match["c"]), _date_of(match))
        else:
            dates.count += 1
        sender, _, text = match["rest"].partition(": ")
        ours = (text.startswith("\u200e") and not is_placeholder(plain(text).strip())) or bool(ENCRYPTED.search(text))
        self._said[name_of(sender)] = self._said.get(name_of(sender), False) or not ours

    def _decide(self) -> None:
        dates = [self._dates[shape] for shape in self.shapes if not shape[4]]
        first, second = (any(one.first_over for one in dates), any(one.second_over for one in dates))
        self.sample = next((one.sample for one in dates), "")
        self.both = first and second
        self.day_first: bool | None = None
        if first != second:
            self.day_first = first
        elif not first and (not dates or all(shape[1] == "." for shape in self.shapes if not shape[4])):
            self.day_first = True  # points are of languages that begin with the day
        elif not first:
            day, month = (sum(one.backwards[at] for one in dates) for at in (0, 1))
            if (day == 0) != (month == 0):
                self.day_first = day == 0


def shape_of(match: re.Match[str]) -> Shape:
    """How a date is written; what is written otherwise is something that somebody pasted."""
    half = "before" if match["before"] else "after" if match["after"] else ""
    return bool(match["open"]), match["sep"].strip(), match["second"] is not None, half, len(match["a"]) == 4


def name_of(sender: str) -> str:
    """A name as it is shown: without marks, and without the ~ before what strangers call themselves."""
    return " ".join(plain(sender).replace("\x00", "").split()).removeprefix("~").strip()[:200]


@dataclass(slots=True)
class _Open:
    """A message that may go on."""

    line: int
    match: re.Match[str]
    lines: list[str]
    size: int = 0


class _Chat:
    def __init__(
        self, files: Container, scan: _Scan, zone: ZoneInfo, day_first: bool, report: Report, channel: str
    ) -> None:
        self._files, self._scan, self._zone, self._day_first, self._report = files, scan, zone, day_first, report
        self._name = channel or chat_named(_place(files, scan.name))
        self._given = bool(channel)
        self._speakers: Counter[str] = Counter()
        self._is_group = False
        self._chat = ""
        self._room = self._name or _plain_name(files, scan.name)

    def entries(self) -> Entries:
        self._chat = self._name_of_chat()
        if not self._given:
            self._room = self._chat or self._room
        open_: _Open | None = None
        for row in lines_in(self._files, self._scan.name):
            if isinstance(row, BadRow):
                yield row
                continue
            number, line = row
            match = _HEADER.match(line)
            if match and shape_of(match) in self._scan.shapes:
                if open_:
                    yield from self._closed(open_)
                open_ = _Open(number, match, [], len(line))
            elif open_:
                open_.size += len(line) + 1
                if open_.size <= _LONGEST:
                    open_.lines.append(line)
            elif line.strip():
                yield Unused(what="line above the first message")
        if open_:
            yield from self._closed(open_)
        yield self._room_entry()

    def _name_of_chat(self) -> str:
        """Whoever tells of the encryption is the chat: the group, or the other of two."""
        for line in head_of(self._files, self._scan.name).split("\n"):
            if (match := _HEADER.match(line)) and match["open"] and ENCRYPTED.search(match["rest"]):
                return name_of(match["rest"].partition(": ")[0])
        return ""

    def _room_entry(self) -> Room:
        speakers = list(self._speakers)
        # Of two, one would give the chat its name, and speak.
        named = self._scan.is_the_chat(self._chat) and len(speakers) > 1
        if self._is_group or named or len(speakers) > 2:
            return Room(key=self._room)
        self._report.note(f"{self._room} looks like a chat of two: its words stay with them.")
        return Room(key=self._room, visibility="private", members=tuple(speakers))

    def _closed(self, said: _Open) -> Iterator[Person | Said | Unused | BadRow]:
        file, line = self._scan.name, said.line
        rest = said.match["rest"]
        if said.size > _LONGEST:
            yield BadRow(file, line, "longer than any message; is a part of another file in it?")
            return
        if is_broken(rest) or any(map(is_broken, said.lines)):
            yield BadRow(file, line, "holds bytes that are no text; export the chat once more")
            return
        try:
            time = self._moment(said.match)
        except ValueError as error:
            yield BadRow(file, line, str(error))
            return
        sender, colon, text = rest.partition(": ")
        if not colon and rest.endswith(":"):
            sender, colon, text = rest[:-1], ":", ""
        name = name_of(sender)
        if not colon or not name or NOTICE_IN_NAME.search(sender):
            yield self._notice("\n".join((rest, *said.lines)))
            return
        yield from self._spoken(line, time, name, "\n".join((text, *said.lines)))

    def _spoken(self, line: int, time: Micros, name: str, raw: str) -> Iterator[Person | Said | Unused]:
        self._is_group = self._is_group or bool(_MENTION.search(raw))
        text = plain(_MENTION.sub(r"@\1", raw)).replace("\x00", "").strip()
        if DELETED.fullmatch(text):
            yield Unused(what="deleted message")
            return
        words = own_words(text)
        first = line <= 3 and ENCRYPTED.match(text)
        if raw.startswith("\u200e") or self._scan.is_the_chat(name) or first:
            if self._is_notice(name, text, words):
                yield self._notice(text)
                return
            # What begins with this mark is not of their own; a caption is what is left of it.
            words = "" if words == text else words
        if _PHONE.fullmatch(name):
            digits = re.sub(r"\D", "", name)
            yield Person(key=name, name=name, also=(digits,), identities=(Identity(PLATFORM, f"+{digits}"),))
        self._speakers[name] += 1
        yield Said(file=self._scan.name, line=line, author=name, time=time, text=words, room=self._room)

    def _is_notice(self, name: str, text: str, words: str) -> bool:
        """Whether a line of the app itself is a notice, and not a placeholder for what somebody sent."""
        if words != text or is_placeholder(text):
            return False
        return self._scan.is_the_chat(name) or is_call(text) or bool(notice_of(text)) or len(text) > _SHORT

    def _notice(self, text: str) -> Unused:
        kind = notice_of(plain(text))
        self._is_group = self._is_group or of_groups(kind)
        return Unused(what=kind or "notice of WhatsApp")

    def _moment(self, match: re.Match[str]) -> Micros:
        """When it was. ValueError when there is no such time."""
        a, b, c = (int(match[part]) for part in "abc")
        year, month, day = (a, b, c) if len(match["a"]) == 4 else (c, b, a) if self._day_first else (c, a, b)
        if year < 100:
            year += 2000
        half = plain(match["before"] or match["after"] or "")
        hour = _hour(int(match["hour"]), half)
        try:
            if not 2000 < year < 2100:
                raise ValueError("year")
            return micros(
                datetime(year, month, day, hour, int(match["minute"]), int(match["second"] or 0), 0, self._zone)
            )
        except (ValueError, OverflowError):
            order = "the day" if self._day_first else "the month"
            raise ValueError(f"no such time: {match[0][:40]!r}, read with {order} first") from None


def _hour(hour: int, half: str) -> int:
    if not half:
        return hour
    if half == "中午":
        return hour if hour > 10 else hour + 12
    evening = half[:1] in "Pp" or half in ("下午", "晚上", "午後", "오후", "nachm.")
    return hour % 12 + 12 * evening


def _date_of(match: re.Match[str]) -> str:
    return plain(match[0][match.start("a") : match.end("c")])


def _place(files: Container, name: str) -> str:
    """Where the name of the chat may stand: the file, its folder, or the zip."""
    path = PurePosixPath(name)
    own = path.name.removesuffix(".gz").removesuffix(".txt")
    if own != "_chat":
        return own
    return path.parent.name or PurePosixPath(files.path.name.removesuffix(".zip")).name


def _plain_name(files: Container, name: str) -> str:
    place = _place(files, name)
    return "WhatsApp" if place in ("_chat.txt", "_chat", "") else place
