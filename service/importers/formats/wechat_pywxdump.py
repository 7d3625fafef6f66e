"""PyWxDump: one chat as CSV in pieces of 5000, or as JSON, with users.json beside it.

| what | fact | read in xaoyaoo/PyWxDump |
|---|---|---|
| CSV | WXID_0_5000.csv: id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime; UTF-8 | pywxdump/db/export/exportCSV.py |
| JSON | a list of objects with the same fields and extra | pywxdump/db/export/exportJSON.py |
| people | talker is a wxid, 我 or one's own wxid, 系统, 未知; users.json: wxid → nickname, remark, account | pywxdump/db/dbMSG.py |
| room | room_name is the chat's id, ending in @chatroom for a group; its name is nowhere | the same |
| time | local | the same |
| replies | the words, a blank line, [引用](T)name:quoted | the same |
| voice | 语音时长：3.20秒, then 翻译结果：words where it was transcribed | the same |
| links | title, what it says about itself, <a href=…> | the same |

The server's number of a message (MsgSvrID) is its id.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from models.archive.container import BadRow
from service.importers.formats.wechat_files import as_row, objects, text_at
from service.importers.formats.wechat_lines import Group, Read, entries, is_me
from service.importers.formats.wechat_table import Hints, group_of, header, line_of, room_of, table_lines, time_of
from service.importers.frame.clock import CHINA, local_zone
from service.importers.frame.container import Container
from service.importers.frame.format import Format, Options
from service.importers.frame.json_walk import head_of, walk
from service.importers.frame.report import Report
from service.importers.frame.transcript import Entries, Person, Unused

_WORDS = ("msgsvrid", "type_name", "is_sender", "talker", "room_name", "msg")
_JSON = re.compile(r'\s*\[\s*\{[^\[{}]{0,2000}"MsgSvrID"\s*:')
_PIECE = re.compile(r"_(\d+)_(\d+)\.[a-z.]+$")


class PyWxDump(Format):
    """CSV pieces or JSON of PyWxDump, with users.json where it is there."""

    name: ClassVar[str] = "wechat-pywxdump"
    title: ClassVar[str] = "PyWxDump export"

    def sure(self, files: Container) -> float:
        """By the header of a CSV, or the fields of the first object."""
        return max((0.97 * _is_piece(files, name) for name in files.ending(".csv", ".json")[:20]), default=0.0)

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        """Every piece in its order."""
        return entries(_lines(files, local_zone(options, report, CHINA), report), options, report)


def _is_piece(files: Container, name: str) -> bool:
    if name.lower().removesuffix(".gz").endswith(".json"):
        return bool(_JSON.match(head_of(files, name)))
    found = header(files, name)
    return bool(found and found.has(*_WORDS))


def _lines(files: Container, zone: ZoneInfo, report: Report) -> Iterator[Read]:
    users: dict[str, Mapping[str, Any]] = {}
    for name in files.names:
        if name.rsplit("/", 1)[-1] == "users.json":
            users |= _users(files, name)
    me = ""
    for key, user in users.items():
        wxid = text_at(user, "wxid") or key
        if is_me(key):
            me = wxid
        if not is_me(wxid):
            yield Person(key=wxid, name=text_at(user, "nickname"), also=(text_at(user, "remark"),))
    if not users:
        report.note("There is no users.json beside the file: people are called by their ids.")
    for name in sorted(files.names, key=_place):
        if name.rsplit("/", 1)[-1] == "users.json":
            continue
        if not _is_piece(files, name):
            yield Unused(what="file that is no chat")
        elif name.lower().removesuffix(".gz").endswith(".json"):
            yield from _json(files, name, zone, Hints(rooms_are_ids=True, me=me))
        else:
            hints = Hints(senders_are_ids=True, rooms_are_ids=True, me=me)
            if found := header(files, name):
                yield from table_lines(files, name, found, zone, report, hints)


def _users(files: Container, name: str) -> dict[str, Mapping[str, Any]]:
    """wxid → what users.json says of them; nothing where it is no such file."""
    found = walk(files, name, {""})
    return {one.path: one.value for one in found if isinstance(one.value, dict) and one.path}


def _place(name: str) -> tuple[str, int]:
    """Pieces in the order of their numbers, which is not that of their names."""
    match = _PIECE.search(name.lower())
    return (name[: match.start()], int(match[1][:18])) if match else (name, 0)


def _json(files: Container, name: str, zone: ZoneInfo, hints: Hints) -> Iterator[Read]:
    told: set[str] = set()
    for one in objects(files, name, ""):
        if isinstance(one, BadRow):
            yield one
            continue
        number, record = one
        row = as_row(record)
        row["id"] = row.pop("name or id", "")
        try:
            time = time_of(row, zone)
        except ValueError as error:
            yield BadRow(name, number, f"time: {error}")
            continue
        group = group_of(row, hints) or Group(key=room_of(name))
        if group.key not in told:
            told.add(group.key)
            yield group
        yield line_of(name, number, row, time, group, hints)
