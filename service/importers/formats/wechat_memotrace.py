"""MemoTrace (留痕, WeChatMsg): one chat or all chats as CSV, one chat as text.

| what | fact | read in LC044/WeChatMsg |
|---|---|---|
| CSV | localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender; UTF-8 with mark | app/DataBase/exporter_csv.py |
| people | a group: Sender is the wxid; a private chat: the last three cells are missing; one's own Remark, NickName may be blank | the same; issues/372 |
| all chats | the same header; Remark and NickName are the chat's, Sender a display name or 我 | app/DataBase/package_msg.py |
| time | CreateTime in seconds; StrTime local | the same |
| replies | Type 49/57 with StrContent empty in CSV: their words are lost there | issues/403 |
| text | "T name", the words, a blank line; a reply ends in 引用:name:words; a notice is "T words" | app/DataBase/exporter_txt.py |

Names in the text are remarks where the exporter has one: nothing else is there. TalkerId counts chats of one computer, so
rooms go by the chat's name.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from sys import maxsize
from typing import ClassVar
from zoneinfo import ZoneInfo

from models.archive.container import BadRow
from service.importers.formats.wechat_files import timed_blocks
from service.importers.formats.wechat_lines import Group, Line, Read, checked, entries, is_me
from service.importers.formats.wechat_table import Header, Hints, header, room_of, table_lines
from service.importers.formats.wechat_words import is_notice, kind_of
from service.importers.frame.clock import CHINA, local_zone
from service.importers.frame.container import Container
from service.importers.frame.decoding import encoding_of
from service.importers.frame.format import Format, Options
from service.importers.frame.json_walk import head_of
from service.importers.frame.report import Report
from service.importers.frame.sheets import rows_of
from service.importers.frame.transcript import Entries, Unused

_WORDS = ("localid", "talkerid", "issender", "strcontent")
_HEAD = re.compile(r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?P<name>[^'\s].*)")
_QUOTE = re.compile(r"(?P<text>.*?)\n引用[:：](?:未知|(?P<by>[^:：\n]{1,64})[:：](?P<words>.*))", re.DOTALL)
_OWN_WORDS = re.compile(r"^(?:引用[:：]|\[(?:图片|语音|视频|表情包|文件|音乐分享)\]$|\s*\[链接\]:title:)", re.MULTILINE)


class MemoTrace(Format):
    """CSV and text of MemoTrace."""

    name: ClassVar[str] = "wechat-memotrace"
    title: ClassVar[str] = "MemoTrace (WeChatMsg) export"

    def sure(self, files: Container) -> float:
        """By the header of a CSV, or by what the text has that no other exporter writes."""
        if any(is_csv(files, name) for name in files.ending(".csv")[:20]):
            return 0.97
        return max((_sure_of_text(head_of(files, name)) for name in files.ending(".txt")[:20]), default=0.0)

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        """Every CSV and text file of the container."""
        return entries(_lines(files, local_zone(options, report, CHINA), report), options, report)


def is_csv(files: Container, name: str) -> bool:
    """Whether a file is a CSV of MemoTrace."""
    found = header(files, name)
    return bool(found and found.has(*_WORDS))


def _sure_of_text(head: str) -> float:
    firsts = [block.lstrip("\ufeff\n").partition("\n")[0] for block in re.split(r"\r?\n\r?\n", head)]
    headed = sum(bool(_HEAD.fullmatch(line.rstrip("\r"))) for line in firsts)
    # QQ writes the sender's number behind the name.
    if headed < 1 or sum(bool(re.search(r"[(<][\w.@-]+[)>]$", line.rstrip("\r"))) for line in firsts) > headed / 2:
        return 0.0
    share = headed / max(1, sum(bool(line.strip()) for line in firsts))
    return (0.9 if _OWN_WORDS.search(head.replace("\r", "")) else 0.6) if share > 0.5 else 0.0


def _lines(files: Container, zone: ZoneInfo, report: Report) -> Iterator[Read]:
    for name in files.names:
        found = header(files, name) if name in files.ending(".csv") else None
        if found and found.has(*_WORDS):
            yield from _table(files, name, found, zone, report)
        elif name in files.ending(".txt") and _sure_of_text(head_of(files, name)):
            yield from _text(files, name, zone, report)
        else:
            yield Unused(what="file that is no chat")


@dataclass(slots=True)
class _Chat:
    """What the rows of one TalkerId tell: what the chat may be called, who speaks, whether somebody is named."""

    names: dict[str, None] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    mine: set[str] = field(default_factory=set)


def _table(files: Container, name: str, found: Header, zone: ZoneInfo, report: Report) -> Iterator[Read]:
    chats = _chats(files, name, found)
    senders = {sender for chat in chats.values() for sender in (*chat.mine, *chat.others)}
    key = room_of(name)
    if len(chats) > 1 or any(map(is_me, senders)):
        rooms = _rooms(chats, key)
        everything = found.taking(name="sender")
        kept = {role: at for role, at in everything.columns.items() if role not in ("remark", "name or id")}
        found = Header(found.line, found.cells, kept, found.above)
        yield from table_lines(files, name, found, zone, report, Hints(rooms=rooms))
        return
    room = Group(key=key, private=not senders)
    hints = Hints(senders_are_ids=True, room=room, rooms=dict.fromkeys(chats, room))
    yield from table_lines(files, name, found, zone, report, hints)


def _chats(files: Container, name: str, found: Header) -> dict[str, _Chat]:
    at = {cell.casefold(): place for place, cell in enumerate(found.cells)}
    places = [at.get(word, maxsize) for word in ("type", "talkerid", "nickname", "remark", "sender", "issender")]
    told: dict[tuple[str, ...], None] = {}  # each once: all but the words of most rows stood before
    for row in rows_of(files, name):
        if not isinstance(row, BadRow) and row[0] > found.line:
            told[tuple([row[1][place] if place < len(row[1]) else "" for place in places])] = None
    chats: dict[str, _Chat] = {}
    for type, id, nickname, remark, sender, is_sender in told:
        if kind_of(type) == "system":
            continue
        chat = chats.setdefault(id, _Chat())
        chat.names |= dict.fromkeys(filter(None, (nickname, remark)))
        if sender:
            (chat.mine if is_sender == "1" else chat.others).add(sender)
    return chats


def _rooms(chats: dict[str, _Chat], file: str) -> dict[str, Group]:
    """Chats by their names; two of one name are told apart by their number."""
    rooms: dict[str, Group] = {}
    for id, chat in chats.items():
        name = next(iter(chat.names), f"{file} {id}")
        taken = any(room.name == name for room in rooms.values())
        private = not chat.others or chat.others <= set(chat.names)
        rooms[id] = Group(key=f"{name} {id}" if taken else name, name=name, private=private)
    return rooms


def _text(files: Container, name: str, zone: ZoneInfo, report: Report) -> Iterator[Read]:
    report.encoding = encoding_of(files.head(name))
    room = Group(key=room_of(name), private=None)
    yield room
    for block in timed_blocks(files, name, _HEAD, zone):
        if isinstance(block, BadRow | Unused):
            yield block
            continue
        number, head, body, time = block
        yield checked(_line(name, number, time, room.key, head["name"].strip(), body))


def _line(file: str, number: int, time: int, room: str, sender: str, body: str) -> Line:
    """A block; one without words is a notice, which stands where the name would."""
    if not body.strip() or is_notice(sender):
        text = f"{sender}\n{body}".strip()
        return Line(file=file, number=number, time=time, room=room, text=text, kind="system")
    quoted = None
    if "\n引用" in body and (match := _QUOTE.fullmatch(body)):
        body, quoted = match["text"], (match["by"], match["words"]) if match["by"] else None
    return Line(file=file, number=number, time=time, room=room, text=body, name=sender, quoted=quoted)
