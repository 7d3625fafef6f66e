"""Invented WeChat groups, written out as the exporters do, and what must be read back."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st

from models.archive.container import ArchiveError, BadRow, Row
from models.domain.records import Channel, Member, Message
from service.importers.formats import ENOUGH, format_named, recognised
from service.importers.frame.container import open_container
from service.importers.frame.format import Options
from service.importers.frame.gather import ChatSource
from service.importers.frame.report import Report
from service.importers.frame.source import KnownHandles

CASES = Path(os.environ.get("YIQI_IMPORT_CASES", "no such folder"))  # files from outside, one folder each
CHINA = ZoneInfo("Asia/Shanghai")
ROOM = "5120@chatroom"
START = 1_709_600_000


class Found(NamedTuple):
    """What an import gave."""

    channels: list[Channel]
    members: list[Member]
    messages: list[Message]
    bad: list[BadRow]
    report: Report
    format: str

    def named(self, name: str) -> Member:
        (member,) = [member for member in self.members if member.name == name]
        return member

    def name_of(self, id: str) -> str:
        (name,) = [member.name for member in self.members if member.id == id]
        return name

    def said(self, text: str) -> Message:
        (message,) = [message for message in self.messages if message.text == text]
        return message

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages]

    def identities(self, name: str) -> set[tuple[str, str]]:
        return {(one.platform, one.handle) for one in self.named(name).identities}


def read(path: Path, *, format: str = "", known: KnownHandles | None = None, **options: Any) -> Found:
    """Reads what is at `path` as what it is recognised as, or as `format`."""
    files = open_container(path)
    likely = recognised(files)
    assert format or (likely and likely[0][0] >= ENOUGH), f"not recognised: {likely}"
    chosen = format_named(format) if format else likely[0][1]
    source = ChatSource(files, chosen, Options(**options))
    rows = list(source.rows("members", known or {}))
    again = list(source.rows("members", known or {}))
    assert rows == again, "the same rows each time"
    records = [row.record for row in rows if isinstance(row, Row)]
    return Found(
        [record for record in records if isinstance(record, Channel)],
        [record for record in records if isinstance(record, Member)],
        [record for record in records if isinstance(record, Message)],
        [row for row in rows if isinstance(row, BadRow)],
        source.report,
        chosen.name,
    )


def write(folder: Path, name: str, data: str | bytes) -> Path:
    """A file of these words."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def shared_case(name: str) -> Path:
    """A folder of files that were handed in from outside; tests that need it are skipped where it is not."""
    found = sorted(CASES.glob(f"{name}-*"))
    if not found:
        pytest.skip("only where such files are kept")
    return found[0]


# --- an invented group -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Somebody:
    wxid: str
    nickname: str
    group_name: str = ""
    remark: str = ""

    @property
    def shown(self) -> str:
        return self.group_name or self.nickname


@dataclass(frozen=True)
class Line:
    """`kind`: text, picture, voice, transcript, link, reply, at, notice. `to` is a line or, for at, a person."""

    author: int
    seconds: int
    kind: str
    words: str
    to: int = -1


@dataclass(frozen=True)
class World:
    people: tuple[Somebody, ...]
    lines: tuple[Line, ...] = field(default_factory=tuple)

    def name(self, line: Line) -> str:
        return self.people[line.author].shown

    def wxid(self, line: Line) -> str:
        return self.people[line.author].wxid

    def local(self, line: Line, form: str = "%Y-%m-%d %H:%M:%S") -> str:
        return datetime.fromtimestamp(line.seconds, CHINA).strftime(form)

    def text(self, line: Line) -> str:
        """What the person wrote."""
        return f"@{self.people[line.to].shown}\u2005{line.words}" if line.kind == "at" else line.words


Told = tuple[str, int, str, int, frozenset[str]]


def told(world: World, *, replies: bool = True, transcripts: bool = True) -> list[Told]:
    """Author, second, words, position of what is answered (-1), names that are mentioned: of every message."""
    messages: list[Told] = []
    places: dict[int, int] = {}
    for at, line in enumerate(world.lines):
        if line.kind == "notice":
            continue
        places[at] = len(messages)
        words = {"picture": "", "voice": "", "at": world.text(line).replace("\u2005", " ")}.get(line.kind, line.words)
        if line.kind == "transcript" and not transcripts:
            words = ""
        answers = places[line.to] if line.kind == "reply" and replies else -1
        at_whom = world.people[line.to].shown if line.kind == "at" and line.to != line.author else ""
        mentions = frozenset([at_whom] if at_whom else [])
        messages.append((world.name(line), line.seconds, words, answers, mentions))
    return messages


def found_told(found: Found, names: dict[str, str] | None = None) -> list[Told]:
    """The same of what was read; `names` are other names that stand for the shown ones."""
    names = names or {}
    shown = {member.id: names.get(member.name, member.name) for member in found.members}
    places = {message.id: at for at, message in enumerate(found.messages)}
    return [
        (
            shown[message.author],
            message.time // 1_000_000,
            message.text,
            places[message.reply_to] if message.reply_to else -1,
            frozenset(shown[one] for one in message.mentions),
        )
        for message in found.messages
    ]


_NAMES = ("老周", "老周2", "青禾 成都", "Anna B", "小林", "陶艺-老王", "mo_lin", "Ö. Kim", "阿木🪵")
_KINDS = ("text", "text", "picture", "voice", "transcript", "link", "reply", "at", "notice")
_WORDS = st.text("泥釉窑拉坯烧火周末借陶土abc ", min_size=4, max_size=20).map(lambda one: " ".join(one.split()))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A group of two to five people, who all say something, and up to ten further lines, each at its own second."""
    names = draw(st.lists(st.sampled_from(_NAMES), min_size=2, max_size=5, unique=True))
    people = tuple(
        Somebody(f"wxid_p{at}q{at}", name, draw(st.sampled_from(("", f"杭州{at}-{name}"))), f"备注{at}")
        for at, name in enumerate(names)
    )
    lines: list[Line] = []
    for at in range(len(people) + draw(st.integers(0, 10))):
        kind = draw(st.sampled_from(_KINDS)) if at >= len(people) else "text"
        texts = [place for place, line in enumerate(lines) if line.kind in ("text", "reply")]
        if kind == "reply" and not texts:
            kind = "text"
        to = draw(st.sampled_from(texts)) if kind == "reply" else draw(st.integers(0, len(people) - 1))
        # Words are told apart by their number, and cannot be taken for another line's.
        words = f"第{at:02}句{draw(_WORDS)}".strip()
        author = at if at < len(people) else draw(st.integers(0, len(people) - 1))
        lines.append(Line(author, START + 61 * at, kind, words, to))
    return World(people, tuple(lines))


def table(rows: Iterable[Sequence[object]], ends: str = "\r\n") -> str:
    """Rows as CSV."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=ends).writerows(rows)
    return out.getvalue()


def workbook(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as a small Excel file, of text only."""
    cell = '<c t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>'
    body = "".join(f"<row>{''.join(cell.format(escape(str(one))) for one in row)}</row>" for row in rows)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="聊天记录" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, text in parts.items():
            packed.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return out.getvalue()


# --- spoilt files ----------------------------------------------------------------------------------------------------

_ODD: tuple[object, ...] = (
    None, True, -1, 0, 1e308, 10**30, 10**400, "", " ", "\ud800", "a\x00b", "我", "系统", [], {}, [[[[]]]], {"a": {}},
    "x" * 3000,
    "[引用 ：]", "「：」", "9999-99-99 99:99:99", "> ", "[图片", "<msg><appmsg><type>57</type><refermsg>",
)  # fmt: skip
_PIECES = (
    b"",
    b"\x00",
    b"\xff\xfe",
    b'"',
    b"\n",
    b"\n\n",
    b",",
    b"{",
    b"]",
    b"\xed\xa0\x80",
    b"<msg>",
    b"  ",
    b"9" * 30,
)


def spoil(data: bytes, seed: int) -> bytes:
    """A file with some bytes cut, put in or doubled."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((0, 1, 3, 20, len(data))))
        middle = chance.choice((chance.choice(_PIECES), data[start:end] * 2))
        data = data[:start] + middle + data[end:]
    return data


def spoil_values(value: Any, seed: int) -> Any:
    """JSON with some of its values replaced or left out."""
    chance = random.Random(seed)
    share = chance.choice((0.02, 0.1, 0.4))

    def spoilt(one: Any, depth: int) -> Any:
        if depth and chance.random() < share:
            return chance.choice(_ODD)
        if isinstance(one, dict):
            return {key: spoilt(inner, depth + 1) for key, inner in one.items() if chance.random() > share / 4}
        return [spoilt(inner, depth + 1) for inner in one] if isinstance(one, list) else one

    return spoilt(value, 0)


def survives(path: Path, format: str) -> None:
    """Whatever the file holds: rows, or a sentence. Anything else raises."""
    try:
        files = open_container(path)
        for sure, _ in recognised(files):
            assert 0 <= sure <= 1
        for row in ChatSource(files, format_named(format), Options()).rows("members", {}):
            if isinstance(row, BadRow):
                assert row.reason
            elif isinstance(row.record, Message):
                row.record.text.encode()
    except ArchiveError as error:
        said = str(error)
    else:
        return
    assert len(said) > 10


def as_json(value: object) -> str:
    """JSON as the exporters indent it."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def spoilt_json(write_world: Callable[[World], Any], world: World, seed: int) -> bytes:
    """A JSON export with wrong values in it; what cannot be written as UTF-8 is escaped."""
    return json.dumps(spoil_values(write_world(world), seed)).encode()


SMALL = World(
    (
        Somebody("wxid_zhou11", "老周", "陶艺-老周", "周叔"),
        Somebody("wxid_he22", "青禾"),
        Somebody("wxid_lin33", "小林"),
    ),
    (
        Line(1, START, "text", "我这边有个空院子，可以拉坯"),
        Line(0, START + 60, "text", "想找人一起烧窑"),
        Line(2, START + 120, "picture", "图"),
        Line(2, START + 180, "reply", "我有电窑", 1),
        Line(1, START + 240, "at", "周六行吗", 0),
        Line(0, START + 300, "voice", "声"),
        Line(0, START + 330, "transcript", "带点泥料来"),
        Line(2, START + 360, "link", "怎样磨一把凿子"),
        Line(2, START + 420, "notice", "邀请"),
    ),
)
