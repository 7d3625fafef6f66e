"""WeFlow and its predecessor EchoTrace: Excel (full, compact), CSV, WeClone's CSV, text, JSON (plain, arkme).

| what | fact | read in hicccc77/WeFlow:electron/services/export/formatters/ |
|---|---|---|
| Excel | rows 会话信息; 微信ID or 账号ID, id, 昵称, name, …; 导出工具, …; then 序号,时间,发送者昵称,发送者微信ID or 发送者账号ID,发送者备注,群昵称 (groups),发送者身份,消息类型,内容 | ExcelFormatter.ts |
| compact | 序号,时间,发送者身份,消息类型,内容 | the same |
| people | 发送者身份 is the shown name, by default the remark; 我 for one's own in a chat of two; 系统 for notices | contactResolver.ts |
| text | "T 'name'", words, blank line | TxtFormatter.ts |
| WeClone | id,MsgSvrID,type_name (text, image, …),is_sender,talker (a name),msg,src,CreateTime (ISO, local) | WeCloneFormatter.ts |
| JSON | weflow, session{wxid,nickname,remark,displayName,type 群聊 or 私聊}, messages[createTime s,type,localType,content,isSend,senderUsername,senderDisplayName,platformMessageId,replyToMessageId,quotedSender,quotedContent]; arkme: senders[senderID,wxid,nickname,groupNickname,remark], groupMembers[…], messages with senderID | JsonFormatter.ts |
| replies | words[引用 name：quoted] in the text; in JSON quotedSender, quotedContent and replyToMessageId, too | exportService.ts |
| placeholders | [图片] [语音消息] [表情包：words] [链接] title, then the address [转发的聊天记录]title, then the lines; a voice message may be its transcript, a picture its path | exportService.ts |
| EchoTrace | Excel with 我 and 群成员 (anybody unknown) as 发送者身份, the remark as 发送者昵称 where there is one; JSON session, messages without ids and quotations, groupMembers behind | ycccccccy/echotrace:lib/services/chat_export_service.dart |

senderDisplayName is the remark where the exporter has one, unless senders say otherwise; nothing tells which it is.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from models.archive.container import BadRow
from service.importers.formats.wechat_files import listed, objects, one_object, text_at, timed_blocks
from service.importers.formats.wechat_lines import Group, Line, Read, checked, entries, is_group, is_me, shown_name
from service.importers.formats.wechat_table import Header, Hints, header, room_of, table_lines
from service.importers.formats.wechat_words import kind_of
from service.importers.frame.clock import CHINA, local_zone, since_1970
from service.importers.frame.container import Container
from service.importers.frame.decoding import encoding_of
from service.importers.frame.format import Format, Options
from service.importers.frame.json_walk import head_of
from service.importers.frame.report import Report
from service.importers.frame.transcript import Entries, Person, Unused

_TABLE = ("时间", "发送者身份", "消息类型", "内容")
_WECLONE = ("msgsvrid", "type_name", "is_sender", "talker", "msg", "createtime")
_TABLES = (".xlsx", ".xls", ".csv")
_HEAD = re.compile(r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) '(?P<name>.*)'")
_SURE = re.compile(r"\s*\d{4}-\d\d-\d\d \d\d:\d\d:\d\d '.*'\r?\n")
_SESSION_LABELS = frozenset(("微信ID", "账号ID", "昵称", "备注", "会话信息"))


class WeFlow(Format):
    """Excel, CSV, text and JSON of WeFlow and EchoTrace."""

    name: ClassVar[str] = "wechat-weflow"
    title: ClassVar[str] = "WeFlow or EchoTrace export"

    def sure(self, files: Container) -> float:
        """By the header of a table, the fields of a JSON, or the first line of a text."""
        return max((0.96 * bool(_kind(files, name)) for name in files.names[:20]), default=0.0)

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        """Every file of the container; avatars and media beside them are left out."""
        return entries(_lines(files, local_zone(options, report, CHINA), report), options, report)


def _kind(files: Container, name: str) -> str:
    plain = name.lower().removesuffix(".gz")
    if plain.endswith(_TABLES):
        found = header(files, name)
        if found and found.has(*_TABLE):
            return "table"
        return "weclone" if found and found.has(*_WECLONE) and not found.has("room_name") else ""
    if plain.endswith(".txt"):
        return "text" if _SURE.match(head_of(files, name)) else ""
    if plain.endswith(".json"):
        head = head_of(files, name)
        session = re.match(r'\s*\{\s*(?:"weflow"\s*:\s*\{[^{}]*\}\s*,\s*)?"session"\s*:\s*\{', head)
        return "json" if session and ('"weflow"' in head[:200] or '"localType"' in head) else ""
    return ""


def _lines(files: Container, zone: ZoneInfo, report: Report) -> Iterator[Read]:
    for name in files.names:
        kind = _kind(files, name)
        if kind == "json":
            report.clock = "exact: seconds since 1970"
            yield from _json(files, name)
        elif kind == "text":
            yield from _text(files, name, zone, report)
        elif kind and (found := header(files, name)):
            hints = Hints(senders_are_ids=False, room=_session(name, found))
            yield from table_lines(files, name, found, zone, report, hints)
        else:
            yield Unused(what="file that is no chat")


def _session(file: str, found: Header) -> Group:
    """The chat that the lines above the header speak of. Whoever exported it is 我 in a chat of two only."""
    facts: dict[str, str] = {}
    for row in found.above:
        label = ""
        for cell in row:
            if cell in _SESSION_LABELS:
                label = cell
            elif cell and label:
                facts.setdefault(label, cell)
                label = ""
    id, name = facts.get("微信ID") or facts.get("账号ID", ""), facts.get("昵称", "")
    if not id:
        return Group(key=room_of(file), private=None if found.has(*_TABLE) else False)
    return Group(key=id, name="" if name == id else name, private=not is_group(id))


def _text(files: Container, name: str, zone: ZoneInfo, report: Report) -> Iterator[Read]:
    report.encoding = encoding_of(files.head(name))
    room = Group(key=room_of(name), private=None)
    yield room
    for block in timed_blocks(files, name, _HEAD, zone):
        if isinstance(block, BadRow | Unused):
            yield block
            continue
        number, head, body, time = block
        sender = head["name"].strip()
        line = Line(
            file=name, number=number, time=time, room=room.key, text=body, name=sender, mine=is_me(sender) or None
        )
        yield checked(line)


# --- JSON ------------------------------------------------------------------------------------------------------------


def _json(files: Container, name: str) -> Iterator[Read]:
    session = one_object(files, name, "session")
    id = text_at(session, "wxid")
    private = not (is_group(id) or "群" in text_at(session, "type"))
    room = Group(key=id or room_of(name), name=text_at(session, "nickname", "displayName"), private=private)
    yield room
    senders = _senders(files, name) if '"senders"' in head_of(files, name) else {}
    for person in senders.values():
        if person.key != room.key or private:
            yield person
    # Everybody in the group, who spoke or not; the list stands behind the messages.
    yield from filter(None, map(_person, listed(files, name, "groupMembers")))
    for one in objects(files, name, "messages"):
        if isinstance(one, BadRow):
            yield one
            continue
        number, record = one
        try:
            time = since_1970(_seconds(record))
        except ValueError as error:
            yield BadRow(name, number, f"createTime: {error}")
            continue
        yield checked(_message(name, number, time, room.key, record, senders))


def _seconds(record: Mapping[str, Any]) -> str:
    seconds = text_at(record, "createTime")
    if not seconds.isdecimal() or not 9 <= len(seconds) <= 11:
        raise ValueError("no seconds since 1970")
    return seconds


def _person(record: Mapping[str, Any]) -> Person | None:
    key = text_at(record, "wxid")
    if not key or key == "unknown" or len(key) > 128:
        return None
    remark = text_at(record, "remark")
    shown, also = shown_name(text_at(record, "groupNickname"), text_at(record, "nickname"))
    others = tuple(one for one in (*also, text_at(record, "displayName"), remark) if one and one != shown)
    return Person(key=key, name="" if is_me(shown) else shown, also=others)


def _senders(files: Container, name: str) -> dict[str, Person]:
    """Who is behind a senderID."""
    found: dict[str, Person] = {}
    for one in listed(files, name, "senders"):
        if person := _person(one):
            found[text_at(one, "senderID")] = person
    return found


def _message(
    file: str, number: int, time: int, room: str, record: Mapping[str, Any], senders: Mapping[str, Person]
) -> Line:
    sender = senders.get(text_at(record, "senderID"))
    wxid = sender.key if sender else text_at(record, "senderUsername")
    shown, _ = shown_name(text_at(record, "senderDisplayName"))
    quoted = text_at(record, "quotedContent")
    type = text_at(record, "type")
    id = text_at(record, "platformMessageId")
    return Line(
        file=file,
        number=number,
        time=time,
        room=room,
        text=text_at(record, "content"),
        name=sender.name if sender else shown,
        wxid="" if wxid == "unknown" else wxid,
        mine=text_at(record, "isSend") == "1",
        kind=kind_of(type) or kind_of(text_at(record, "localType")),
        id="" if id == "0" else id,
        reply_to=text_at(record, "replyToMessageId"),
        quoted=(text_at(record, "quotedSender"), quoted) if quoted else None,
    )
