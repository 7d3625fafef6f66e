"""chatlog (sjzar) and its kin: CSV, JSON or plain text of /api/v1/chatlog.

| what | fact | read in sjzar/chatlog |
|---|---|---|
| CSV | Time,SenderName,Sender,TalkerName,Talker,Content; Sender a wxid, for notices 系统消息 without a name | internal/chatlog/http/route.go |
| JSON | a list: seq,time (RFC 3339),talker,talkerName,isChatRoom,sender,senderName,isSelf,type,subType,content,contents | internal/model/message.go |
| text | name(wxid) [room(id)] T, or id T where there is no name; one's own is name(我); words; blank line | the same, PlainText |
| time | CSV local; JSON with offset; text local, without the year in a range of one year, without the day in one of a day | pkg/util/time.go |
| replies | "> name(wxid) MM-DD HH:MM:SS", "> words", then the reply; JSON: contents.refer is a message | message.go |
| placeholders | ![图片](u) [语音](u) ![视频](u) ![动画表情](u) [链接\\|title](u) [文件\\|name](u) [合并转发\\|title] and indented lines | the same, mediamessage.go |

Messages of CSV and JSON get the same ids: of when, who and what, because a CSV has no others.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from models.archive.container import ArchiveError, BadRow
from service.importers.formats.wechat_files import blocks, objects, text_at
from service.importers.formats.wechat_lines import Group, Line, Read, checked, entries, is_group, is_me
from service.importers.formats.wechat_table import Hints, header, room_of, table_lines
from service.importers.formats.wechat_words import kind_of
from service.importers.frame.clock import CHINA, local_zone, written
from service.importers.frame.container import Container
from service.importers.frame.decoding import encoding_of
from service.importers.frame.format import Format, Options
from service.importers.frame.json_walk import head_of
from service.importers.frame.report import Report
from service.importers.frame.transcript import Entries, Unused

_WORDS = ("time", "sendername", "sender", "talkername", "talker", "content")
_JSON = re.compile(r'\s*\[\s*\{[^{}]{0,2000}"isChatRoom"\s*:')
_HEAD = re.compile(r"(?P<who>[^\s>].*?) (?:\[(?P<room>.+)\] )?(?P<time>(?:(?:\d{4}-)?\d\d-\d\d )?\d\d:\d\d:\d\d)")
_NAMED = re.compile(r"(?P<name>.*)\((?P<id>[^()]+)\)")
_SURE = re.compile(
    r"^[^\s>].*\((?:我|wxid_\w+|[\w@.-]+)\) (?:\[.+\] )?(?:(?:\d{4}-)?\d\d-\d\d )?\d\d:\d\d:\d\d\r?$", re.MULTILINE
)
_DATED = re.compile(r"(?<!\d)(20\d\d)(?:[-_.]?(\d\d)(?:[-_.]?(\d\d))?)?(?!\d)")


class Chatlog(Format):
    """CSV, JSON and text of chatlog."""

    name: ClassVar[str] = "wechat-chatlog"
    title: ClassVar[str] = "chatlog export"

    def sure(self, files: Container) -> float:
        """By the header of a CSV, the fields of the first object, or the first lines of a text."""
        return max((_kind(files, name)[1] for name in files.names[:20]), default=0.0)

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        """Every file of the container."""
        return entries(_lines(files, local_zone(options, report, CHINA), report), options, report)


def _kind(files: Container, name: str) -> tuple[str, float]:
    plain = name.lower().removesuffix(".gz")
    if plain.endswith(".csv"):
        found = header(files, name)
        return "csv", 0.97 * bool(found and found.has(*_WORDS))
    head = head_of(files, name)
    if _JSON.match(head):
        return "json", 0.97
    # Its text comes without a file name: it is saved under any.
    if plain.endswith((".txt", ".log", ".md")) or "." not in plain:
        return "text", min(0.92, 0.5 * len(_SURE.findall(head))) if _SURE.match(head) else 0.0
    return "", 0.0


def _lines(files: Container, zone: ZoneInfo, report: Report) -> Iterator[Read]:
    for name in files.names:
        kind, sure = _kind(files, name)
        found = header(files, name) if kind == "csv" else None
        if not sure:
            yield Unused(what="file that is no chat")
        elif found:
            found = found.taking(room_id="talker", room="talkername", id="sender", name="sendername")
            yield from table_lines(files, name, found, zone, report, Hints(rooms_are_ids=True))
        elif kind == "json":
            report.clock = "as written, with their offset"
            yield from _json(files, name, zone)
        else:
            yield from _text(files, name, zone, report)


# --- JSON ------------------------------------------------------------------------------------------------------------


def _json(files: Container, name: str, zone: ZoneInfo) -> Iterator[Read]:
    told: set[str] = set()
    for one in objects(files, name, ""):
        if isinstance(one, BadRow):
            yield one
            continue
        number, record = one
        try:
            time = written(text_at(record, "time"), zone)
        except ValueError as error:
            yield BadRow(name, number, f"time: {error}")
            continue
        talker = text_at(record, "talker")
        room = Group(
            key=talker or room_of(name),
            name=text_at(record, "talkerName"),
            private=bool(talker) and not (record.get("isChatRoom") is True or is_group(talker)),
        )
        if room.key not in told:
            told.add(room.key)
            yield room
        yield checked(_message(name, number, time, room.key, record))


def _message(file: str, number: int, time: int, room: str, record: Mapping[str, Any]) -> Line:
    type, sub = text_at(record, "type"), text_at(record, "subType")
    contents = record.get("contents")
    contents = contents if isinstance(contents, dict) else {}
    kind = kind_of(type, sub)
    text = text_at(record, "content")
    if kind == "title":
        text = text_at(contents, "title", "desc") or text
    refer = contents.get("refer")
    return Line(
        file=file,
        number=number,
        time=time,
        room=room,
        text=text,
        name=text_at(record, "senderName"),
        wxid=text_at(record, "sender"),
        mine=record.get("isSelf") is True,
        kind=kind,
        quoted=_refer(refer) if isinstance(refer, dict) else None,
    )


def _refer(refer: Mapping[str, Any]) -> tuple[str, str]:
    words = text_at(refer, "content") if kind_of(text_at(refer, "type")) in ("text", None) else ""
    return text_at(refer, "sender", "senderName"), words


# --- text ------------------------------------------------------------------------------------------------------------


def _text(files: Container, name: str, zone: ZoneInfo, report: Report) -> Iterator[Read]:
    report.encoding = encoding_of(files.head(name))
    told: set[str] = set()
    for block in blocks(files, name, _HEAD):
        if isinstance(block, BadRow | Unused):
            yield block
            continue
        number, head, body = block
        room = _room(head["room"] or "", name)
        if room.key not in told:
            told.add(room.key)
            yield room
        when = _dated(head["time"], name, report)
        try:
            time = written(when, zone)
        except ValueError as error:
            yield BadRow(name, number, f"time: {error}")
            continue
        yield checked(_spoken_line(name, number, time, room.key, head["who"], body))


def _spoken_line(file: str, number: int, time: int, room: str, who: str, body: str) -> Line:
    named = _NAMED.fullmatch(who)
    name, id = (named["name"], named["id"]) if named else ("", who)
    mine = is_me(id)
    return Line(
        file=file, number=number, time=time, room=room, text=body, name=name, wxid="" if mine else id, mine=mine
    )


def _room(shown: str, file: str) -> Group:
    if not shown:
        return Group(key=room_of(file), private=None)
    named = _NAMED.fullmatch(shown)
    return Group(key=named["id"], name=named["name"]) if named else Group(key=shown)


def _dated(time: str, file: str, report: Report) -> str:
    """A time with its date, of which the file's name may have what the line lacks. ArchiveError where it has not."""
    if len(time) == 19:
        return time
    dates = _DATED.findall(file)
    year, month, day = dates[0] if len({one[0] for one in dates}) == 1 else ("", "", "")
    if len(time) == 14 and year:
        report.note(f"The times have no year; it was taken from the name of the file: {year}.")
        return f"{year}-{time}"
    if len(time) == 8 and day:
        report.note(f"The times have no date; it was taken from the name of the file: {year}-{month}-{day}.")
        return f"{year}-{month}-{day} {time}"
    raise ArchiveError(
        f"{file}: the times have no year or no date; ask chatlog for format=csv or format=json, "
        "or put the date into the name of the file, such as group_2024-03-05.txt"
    )
