"""What tests of chat formats share: a little community that is written out and read back, and files that are spoilt."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from models.archive.container import ArchiveError, BadRow
from models.domain.records import Channel, Member, Message
from service.importers.formats import format_named, recognised
from service.importers.frame.container import open_container
from service.importers.frame.format import Options
from service.importers.frame.gather import ChatSource
from service.importers.frame.report import Report

CASES = Path(os.environ.get("YIQI_IMPORT_CASES", "no such folder"))  # files from outside, one folder each
NOON = 1_709_640_000  # 2024-03-05T12:00:00Z, in seconds
FEW = 40  # communities that are written and read
SPOILT = 60  # files that are spoilt


def shared_case(name: str) -> Path:
    """A file that was handed in from outside; tests that need it are skipped where it is not."""
    if not (CASES / name).exists():
        pytest.skip("only where such files are kept")
    return CASES / name


@dataclass(slots=True)
class Read:
    """What came out of a file, with handles and positions in place of ids."""

    channels: dict[str, Channel] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    report: Report = field(default_factory=Report)

    def names(self) -> dict[str, str]:
        """Names by handle."""
        return {self.handle(one.id): one.name for one in self.members}

    def handle(self, id: str) -> str:
        return next(one.identities[0].handle for one in self.members if one.id == id)

    def said(self) -> list[Told]:
        """Messages in order of time."""
        messages = sorted(self.messages, key=lambda one: one.time)
        places = {one.id: place for place, one in enumerate(messages)}
        return [
            Told(
                author=self.handle(one.author),
                time=one.time,
                text=one.text,
                room=self.channels[one.channel].name,
                reply_to=places[one.reply_to] if one.reply_to else None,
                mentions=frozenset(map(self.handle, one.mentions)),
            )
            for one in messages
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message; `reply_to` is the place of another one, `author` and `mentions` are handles."""

    author: str
    time: int
    text: str
    room: str
    reply_to: int | None = None
    mentions: frozenset[str] = frozenset()


def read(path: Path, options: Options | None = None, format: str = "") -> Read:
    """All that is in a file, by the format it is taken for, or by `format`."""
    files = open_container(path)
    found = recognised(files)
    if not format:
        assert found, "no format takes it for its own"
        assert found[0][0] >= 0.5
    source = ChatSource(files, format_named(format) if format else found[0][1], options or Options())
    result = Read()
    for row in source.rows("members", {}):
        if isinstance(row, BadRow):
            result.bad.append(row)
        elif isinstance(row.record, Channel):
            result.channels[row.record.id] = row.record
        elif isinstance(row.record, Member):
            result.members.append(row.record)
        elif isinstance(row.record, Message):
            result.messages.append(row.record)
    result.report = source.report
    return result


def survives(path: Path, format: str) -> None:
    """Reads what may be anything: rows and errors for people are all that may come of it, twice the same."""
    try:
        files = open_container(path)
        recognised(files)
        source = ChatSource(files, format_named(format), Options())
        first = list(source.rows("members", {}))
        assert first == list(source.rows("members", {}))
        for row in first:
            str(row).encode()
    except ArchiveError as error:
        if not str(error):
            raise


# --- a little community ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """Who says what, a number of seconds after NOON that is its place, in which room, answering and mentioning whom."""

    author: int
    text: str
    room: int
    reply_to: int | None
    mention: int | None


@dataclass(frozen=True, slots=True)
class Community:
    """People by number with their names, rooms by number with their names, and lines in order."""

    people: list[str]
    rooms: list[str]
    lines: list[Line]

    def told(self, handle: Callable[[int], str], at: Callable[[int, bool], str], *, silent: bool = False) -> list[Told]:
        """What should come back; `at` is how a mention reads (of whom, and whether it begins the text)."""
        return [
            Told(
                author=handle(line.author),
                time=(NOON + place) * 1_000_000,
                text=line.text if line.mention is None else f"{line.text} {at(line.mention, False)}",
                room=self.rooms[line.room],
                reply_to=None if silent else line.reply_to,
                mentions=frozenset() if line.mention in (None, line.author) else frozenset({handle(line.mention)}),
            )
            for place, line in enumerate(self.lines)
        ]


_WORDS = st.text("abz ÄéЖ陶泥窑😀.,!?'-\n", min_size=1, max_size=30).map(str.strip).filter(bool)
_NAMES = st.text("abcÄЖ陶泥", min_size=1, max_size=8)


@st.composite
def communities(draw: st.DrawFn) -> Community:
    """People, rooms and lines; an answer stands in the room of what it answers, and everybody speaks."""
    people = draw(st.lists(_NAMES, min_size=1, max_size=5, unique_by=str.lower))
    rooms = draw(st.lists(_NAMES, min_size=1, max_size=3, unique=True))
    lines: list[Line] = [Line(person, "hello", 0, None, None) for person in range(len(people))]
    for _ in range(draw(st.integers(0, 12))):
        room = draw(st.integers(0, len(rooms) - 1))
        earlier = [place for place, line in enumerate(lines) if line.room == room]
        lines.append(
            Line(
                author=draw(st.integers(0, len(people) - 1)),
                text=draw(_WORDS),
                room=room,
                reply_to=draw(st.sampled_from([None, *earlier])),
                mention=draw(st.sampled_from([None, *range(len(people))])),
            )
        )
    used = {line.room for line in lines}
    return Community(people, [name for place, name in enumerate(rooms) if place in used or place == 0], _dense(lines))


def _dense(lines: list[Line]) -> list[Line]:
    """Rooms without a line are left out, so that numbers follow each other."""
    numbers = {room: number for number, room in enumerate(sorted({line.room for line in lines}))}
    return [Line(one.author, one.text, numbers[one.room], one.reply_to, one.mention) for one in lines]


# --- files that are spoilt -------------------------------------------------------------------------------------------

DEEP: Any = None
for _ in range(30):
    DEEP = [DEEP]
_HOSTILE = st.sampled_from(
    [None, True, -1, 0, 2**63, 10**30, 1.5, float("inf"), float("nan"), "", "x", "\ud800", "\x00a\x00", "@" * 40,
     "<@" * 20, ">" * 30, "9" * 30, [], {}, [[]], [None], {"id": {}}, DEEP]
)  # fmt: skip


@st.composite
def spoilt_values(draw: st.DrawFn, whole: Any) -> Any:
    """A JSON value of which one to three parts are something else, or are gone."""
    whole = json.loads(json.dumps(whole))
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(whole))
        if not places:
            break
        within, at = draw(st.sampled_from(places))
        if draw(st.booleans()) and draw(st.booleans()):
            del within[at]
        else:
            within[at] = deepcopy(draw(_HOSTILE))
    return whole


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for at, part in inner:
        found.append((value, at))
        found.extend(_places(part))
    return found


@st.composite
def spoilt_bytes(draw: st.DrawFn, data: bytes) -> bytes:
    """Bytes of which some are cut out, doubled or something else."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        length = draw(st.integers(0, 20))
        piece = draw(st.sampled_from([b"", b'"', b"{", b"]", b"\\", b"\xff", b"\x00", b"\\x1B", b"[" * 2000, b"1e999"]))
        data = data[:at] + piece + data[at + length :]
    return data
