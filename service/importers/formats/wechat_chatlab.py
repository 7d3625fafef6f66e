"""ChatLab's exchange format, which WeFlow and other tools write, for WeChat and other platforms: JSON or JSON lines.

| what | fact | read in hicccc77/WeFlow:electron/services/export/ |
|---|---|---|
| JSON | chatlab{version,generator}, meta{name,platform,type group or private,groupId}, members[platformId,accountName,groupNickname], messages[sender,accountName,groupNickname,timestamp s,type,content,platformMessageId,replyToMessageId,chatRecords] | types.ts, formatters/ChatLabFormatter.ts |
| lines | _type header, member, message with the same fields | the same |
| types | 0 text 1 picture 2 voice 3 video 4 file 5 sticker 7 link 8 place 23 call 24 share 25 reply 27 card 80 notice 99 other | exportService.ts, MESSAGE_TYPE_MAP |
| types | 20 red packet 21 transfer 22 pat 26 forwarded 81 taken back | from general knowledge of ChatLab |
| people | accountName is the shown name, by default the remark; members hold names out of forwarded chats, too | ChatLabFormatter.ts |
| links | [title](address) | exportService.ts |
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from models.archive.container import BadRow
from service.importers.formats.wechat_files import listed, object_lines, objects, one_object, text_at
from service.importers.formats.wechat_lines import Group, Line, Read, checked, entries, shown_name
from service.importers.formats.wechat_table import room_of
from service.importers.formats.wechat_vocabulary import Kind
from service.importers.frame.clock import since_1970
from service.importers.frame.container import Container
from service.importers.frame.format import Format, Options
from service.importers.frame.json_walk import head_of
from service.importers.frame.report import Report
from service.importers.frame.transcript import Entries, Person, Unused

_JSON = re.compile(r'\s*\{\s*"chatlab"\s*:\s*\{')
_LINES = re.compile(r'\s*\{[^{}]{0,200}"_type"\s*:\s*"header"|\s*\{\s*"chatlab"\s*:\s*\{[^\n]*"_type"\s*:\s*"header"')
_KINDS: dict[str, Kind] = {
    "0": "text",
    **dict.fromkeys(("1", "3", "4", "5", "8", "20", "21", "23", "26", "27"), "silent"),
    "2": "voice",
    **dict.fromkeys(("7", "24"), "title"),
    "25": "quote",
    **dict.fromkeys(("22", "80", "81"), "system"),
}


class ChatLab(Format):
    """JSON and JSON lines of ChatLab's format."""

    name: ClassVar[str] = "wechat-chatlab"
    title: ClassVar[str] = "ChatLab file of a WeChat chat"

    def sure(self, files: Container) -> float:
        """By its first field; less for a platform that is not WeChat, whose ids are others."""
        return max((_sure(files, name) for name in files.ending(".json", ".jsonl")[:20]), default=0.0)

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        """Every file of the container."""
        return entries(_lines(files, report), options, report)


def _sure(files: Container, name: str) -> float:
    head = head_of(files, name)
    if not (_JSON.match(head) or _LINES.match(head)):
        return 0.0
    platform = re.search(r'"platform"\s*:\s*"(\w+)"', head[:4000])
    return 0.97 if platform and platform[1].casefold() in ("wechat", "weixin") else 0.4


def _lines(files: Container, report: Report) -> Iterator[Read]:
    report.clock = "exact: seconds since 1970"
    for name in files.names:
        plain = name.lower().removesuffix(".gz")
        if not plain.endswith((".json", ".jsonl")) or not _sure(files, name):
            yield Unused(what="file that is no chat")
        elif plain.endswith(".jsonl"):
            yield from _of_lines(files, name)
        else:
            yield from _of_json(files, name)


def _of_json(files: Container, name: str) -> Iterator[Read]:
    room = _room(name, one_object(files, name, "meta"))
    yield room
    yield from filter(None, map(_person, listed(files, name, "members")))
    for one in objects(files, name, "messages"):
        yield one if isinstance(one, BadRow) else _message(name, one[0], room, one[1])


def _of_lines(files: Container, name: str) -> Iterator[Read]:
    room = Group(key=room_of(name))
    for one in object_lines(files, name):
        if isinstance(one, BadRow):
            yield one
            continue
        number, record = one
        kind = record.get("_type")
        if kind == "header":
            meta = record.get("meta")
            room = _room(name, meta if isinstance(meta, dict) else {})
            yield room
        elif kind == "member":
            if person := _person(record):
                yield person
        elif kind == "message":
            yield _message(name, number, room, record)
        else:
            yield Unused(what="line of a kind that is not known")


def _room(file: str, meta: Mapping[str, Any]) -> Group:
    name = text_at(meta, "name")
    private = text_at(meta, "type") == "private"
    return Group(key=text_at(meta, "groupId") or name or room_of(file), name=name, private=private)


def _person(record: Mapping[str, Any]) -> Person | None:
    """A member; one whose id is only a name comes out of a forwarded chat, and is nobody here."""
    key, account, group = (text_at(record, field) for field in ("platformId", "accountName", "groupNickname"))
    if not key or key == account or len(key) > 128:
        return None
    name, also = shown_name(group, account)
    return Person(key=key, name="" if name == key else name, also=also)


def _message(file: str, number: int, room: Group, record: Mapping[str, Any]) -> Line | BadRow:
    seconds = text_at(record, "timestamp")
    if not seconds.isdecimal() or len(seconds) not in (9, 10, 11, 13):
        return BadRow(file, number, "timestamp: no seconds since 1970")
    name, also = shown_name(text_at(record, "groupNickname"), text_at(record, "accountName"))
    sender = text_at(record, "sender")
    id = text_at(record, "platformMessageId")
    line = Line(
        file=file,
        number=number,
        time=since_1970(seconds),
        room=room.key,
        text=text_at(record, "content"),
        name="" if name == sender else name,
        wxid=sender,
        also=also,
        kind=_KINDS.get(text_at(record, "type")),
        id="" if id == "0" else id,
        reply_to=text_at(record, "replyToMessageId"),
    )
    return checked(line)
