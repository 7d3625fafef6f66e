"""A WeChat chat as a table, CSV or Excel, by whatever tool or by hand: time, sender, words, and perhaps more columns.

Which column is what is told by its header, in the first lines; only where one word stands for different things in
different tools (sender, talker, id) by what is in it. All header words live here, in `HEADERS`.

| seen | where |
|---|---|
| 时间,发送人,内容 and the like, any order, with title lines or Excel's "sep=," above | files of organizers |
| localId,TalkerId,Type,… | MemoTrace, see wechat_memotrace |
| id,MsgSvrID,type_name,is_sender,talker,… | PyWxDump and WeClone, see wechat_pywxdump |
| Time,SenderName,Sender,TalkerName,Talker,Content | chatlog, see wechat_chatlog |
| 序号,时间,发送者昵称,发送者微信ID,…,发送者身份,消息类型,内容 | WeFlow and EchoTrace, see wechat_weflow |

Times are local without a zone, or seconds since 1970. There are no ids and no replies but quotations in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from pathlib import PurePosixPath
from typing import ClassVar, NamedTuple
from zoneinfo import ZoneInfo

from models.archive.container import ArchiveError, BadRow
from service.importers.formats.wechat_lines import Group, Line, Read, checked, entries, is_group, is_me, shown_name
from service.importers.formats.wechat_vocabulary import NOBODY
from service.importers.formats.wechat_words import kind_of
from service.importers.frame.clock import CHINA, local_zone, written
from service.importers.frame.container import HEAD, Container
from service.importers.frame.format import Format, Options
from service.importers.frame.json_walk import UNREADABLE
from service.importers.frame.report import Report
from service.importers.frame.sheets import HEADER_WITHIN, encoding_in_words, rows_of
from service.importers.frame.transcript import Entries, Unused

# What a column may be → header words, small letters, the surest first.
HEADERS: dict[str, str] = {
    "seconds": "createtime create_time 时间戳 消息时间戳 timestamp",
    "time": """
时间 发送时间 消息时间 创建时间 聊天时间
time datetime date_time sent sent_at senttime strtime formattedtime formatted_time createdat created_at send_time
""",
    "date": "日期 date 发送日期",
    "group name": "群昵称 群内昵称 群内名称 群名片 groupnickname group_nickname",
    "name": """
发送者昵称 发送人昵称 昵称 sendername sender_name senderdisplayname nickname nick_name 微信昵称 发送人 发送者 发言人
用户名 姓名 成员 名字 用户 from name author user username displayname accountname
""",
    "name or id": "sender talker",
    "remark": "发送者备注 备注 备注名 发送人备注 remark remarkname",
    "role": "发送者身份 身份",
    "id": """
wxid 发送者微信id 发送者账号id 发送人微信号 发送者微信号 发送人微信id 发送者wxid 发送人wxid 微信号 微信id
发送者id 发送人id sender_id senderid senderusername sender_wxid senderwxid user_id userid accountid
""",
    "row or id": "id",
    "type": "类型 消息类型 type type_name typename msgtype msg_type localtype",
    "sub type": "subtype sub_type 子类型",
    "mine": "issender is_sender issend is_send isself is_self 是否本人 是否自己 是否为自己发送",
    "text": """
内容 消息内容 消息正文 正文 聊天内容 消息 文本 文本内容 发言内容
text message content msg strcontent body message_content
""",
    "room id": "talkerid room_name roomid room_id chatroom 群id 会话id 群聊id",
    "room": "talkername 群名 群名称 群聊名称 群聊 会话 会话名称 聊天对象 roomname chatname chat",
    "message id": "msgsvrid platformmessageid msgid msg_id message_id messageid 消息id svrid server_id",
    "reply to": "replytomessageid reply_to reply_to_id",
    "not used": """
序号 编号 no no. # index localid local_id status src 状态 seq sequence source sortseq extra 媒体路径 文件路径 头像
""",
}
_ROLE_OF = {word: role for role, words in HEADERS.items() for word in words.split()}
KNOWN = frozenset(_ROLE_OF)


def role_of(word: str) -> str:
    """What a column of this name is for."""
    return _ROLE_OF[word.casefold()]


_IN_WORDS = {
    "seconds": "time",
    "name or id": "sender",
    "role": "name, where there is no other",
    "remark": "not used, but to find whom others mean",
    "id": "WeChat id",
    "row or id": "WeChat id",
    "mine": "whether it is the exporter's own",
}
_NEEDED = {"time": "时间, 发送时间, time", "sender": "发送人, 昵称, sender", "text": "内容, 消息, text"}
_ID = re.compile(r"[A-Za-z][-\w.]{4,}|\w[-\w.]*@[\w.]+", re.ASCII)
_ROOM_TITLE = re.compile(r"(?:群聊|群名|群名称|会话|聊天对象|聊天记录)\s*[:：]\s*(.+)")
_LINE_END = re.compile(rb"[\r\n]")
SAMPLE = 500  # rows by which an unclear column is settled


@dataclass(frozen=True, slots=True)
class Header:
    """The row of a table that names its columns: `columns` are what they are for → where; `above` the lines before."""

    line: int
    cells: tuple[str, ...]
    columns: Mapping[str, int]
    above: tuple[tuple[str, ...], ...] = ()

    def taking(self, **columns: str) -> Header:
        """The same with columns that are for something else than their names say: what for (_ for a space) → word."""
        cells = [cell.casefold() for cell in self.cells]
        changed = {role.replace("_", " "): cells.index(word) for role, word in columns.items() if word in cells}
        kept = {role: at for role, at in self.columns.items() if at not in changed.values()}
        return replace(self, columns=kept | changed)

    def has(self, *words: str) -> bool:
        """Whether it has all of these header words."""
        return set(words) <= {cell.casefold() for cell in self.cells}

    @property
    def is_chat(self) -> bool:
        """Whether it names what a chat cannot be without."""
        return not self.missing()

    def missing(self) -> list[str]:
        """What it does not name, of what a chat cannot be without."""
        had = {
            "time": ("time", "seconds", "date"),
            "sender": ("name", "group name", "name or id", "id", "role", "remark"),
            "text": ("text",),
        }
        return [what for what, roles in had.items() if not any(role in self.columns for role in roles)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What is known of a table because of the tool that wrote it; None: not known.

    `senders_are_ids`: the column Sender or talker. `rooms_are_ids`: an id that is no group's is a chat of two.
    """

    senders_are_ids: bool | None = None
    rooms_are_ids: bool = False
    room: Group | None = None
    rooms: Mapping[str, Group] = field(default_factory=dict)  # by the value of the column
    me: str = ""  # the id of whoever made the export


_NOTHING = Hints()


def header(files: Container, name: str) -> Header | None:
    """The header of a table; None where nothing can be one. Never raises."""
    try:
        if len(files.head(name)) == HEAD and not _LINE_END.search(files.head(name)):
            return None
        rows = [row for row in islice(rows_of(files, name), HEADER_WITHIN) if not isinstance(row, BadRow)]
    except (ArchiveError, ValueError, *UNREADABLE):
        return None
    hits = [sum(cell.casefold() in KNOWN for cell in cells) for _, cells in rows]
    if not any(hits):
        return None
    at = hits.index(max(hits))
    line, cells = rows[at]
    return Header(line, tuple(cells), _columns(cells), tuple(tuple(above) for _, above in rows[:at]))


def _columns(cells: list[str]) -> dict[str, int]:
    words = [cell.casefold() for cell in cells]
    columns: dict[str, int] = {}
    for role, known in HEADERS.items():
        for word in reversed(known.split()):
            if word in words:
                columns[role] = words.index(word)
    return columns


def tables(files: Container) -> list[str]:
    """Names of files that may be tables."""
    return files.ending(".csv", ".tsv", ".xlsx", ".xls", ".xlsm", ".ods", ".txt") or list(files.names)


class WeChatTable(Format):
    """Any table with time, sender and words."""

    name: ClassVar[str] = "wechat"
    title: ClassVar[str] = "WeChat chat as a table"

    def sure(self, files: Container) -> float:
        """.8 for a header with time, sender and text; less for every column that no chat has."""
        best = 0.0
        for name in tables(files)[:20]:
            found = header(files, name)
            if found and found.is_chat:
                strange = sum(bool(cell) and cell.casefold() not in KNOWN for cell in found.cells)
                best = max(best, 0.8 - 0.05 * min(strange, 6))
        return best

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        """Every table of the container; a file that is none is said to be left out."""
        zone = local_zone(options, report, CHINA)
        return entries(self._lines(files, options, report, zone), options, report)

    def _lines(self, files: Container, options: Options, report: Report, zone: ZoneInfo) -> Iterator[Read]:
        found = {name: header(files, name) for name in tables(files)}
        chats = {name: one for name, one in found.items() if one and one.is_chat}
        if not chats:
            raise ArchiveError(_refusal(files, found))
        for name in files.names:
            if name in chats:
                yield from table_lines(files, name, chats[name], zone, report)
            else:
                yield Unused(what="file that is no chat")


def _refusal(files: Container, found: Mapping[str, Header | None]) -> str:
    name, one = next(((name, one) for name, one in found.items() if one), ("", None))
    if one is None:
        return f"{files.path} holds no table with columns for time, sender and text"
    missing = "; ".join(f"{what} ({_NEEDED[what]})" for what in one.missing())
    return f"{name}: line {one.line} names no column for {missing}; give the columns such names"


def table_lines(
    files: Container,
    name: str,
    found: Header,
    zone: ZoneInfo,
    report: Report,
    hints: Hints = _NOTHING,
) -> Iterator[Read]:
    """The lines of a table. What is not known of it is told from its first rows."""
    report.encoding = encoding_in_words(files, name)
    table = _Table(files, name, found, zone, hints)
    table.settle()
    for at, cell in enumerate(found.cells):
        if cell:
            report.columns[cell] = table.meaning(at)
    yield from table.lines()


class _Table:
    def __init__(self, files: Container, name: str, found: Header, zone: ZoneInfo, hints: Hints) -> None:
        self._files, self._name, self._found, self._zone, self._hints = files, name, found, zone, hints
        self._columns = dict(found.columns)
        self._room = Group(key=room_of(name))
        self._told: set[str] = set()

    def settle(self) -> None:
        """Decides what an unclear column is, and which room this is."""
        sample = [row for row in islice(self._rows(), SAMPLE) if not isinstance(row, BadRow)]
        columns = self._columns
        if (at := columns.pop("row or id", None)) is not None and "id" not in columns and _ids(sample, at):
            columns["id"] = at
        if (at := columns.pop("name or id", None)) is not None:
            said = self._hints.senders_are_ids
            ids = _ids(sample, at) if said is None else said
            if ids and "id" not in columns:
                columns["id"] = at
            elif not ids and "name" not in columns:
                columns["name"] = at
            elif not ids:
                columns["role"] = columns.get("role", at)
        if self._hints.room:
            self._room = self._hints.room
        elif titled := self._titled():
            self._room = Group(key=titled, name=titled)

    def meaning(self, at: int) -> str:
        """What the column at this place was taken for, in words."""
        role = next((role for role, place in self._columns.items() if place == at), "not used")
        return _IN_WORDS.get(role, role)

    def lines(self) -> Iterator[Read]:
        yield self._room
        for row in self._rows():
            if isinstance(row, BadRow):
                yield row
            elif tuple(row[1]) == self._found.cells:
                yield Unused(what="header in the middle")
            else:
                yield from self._read(*row)

    def _rows(self) -> Iterator[tuple[int, list[str]] | BadRow]:
        for row in rows_of(self._files, self._name):
            if (row.line if isinstance(row, BadRow) else row[0]) > self._found.line:
                yield row

    def _read(self, number: int, cells: list[str]) -> Iterator[Read]:
        columns = self._columns
        if columns["text"] >= len(cells):
            yield BadRow(self._name, number, f"only {len(cells)} columns, where the header has more")
            return
        row = {role: cells[at] for role, at in columns.items() if at < len(cells)}
        # Words with commas in them that nobody put in quotes.
        if len(cells) > len(self._found.cells) == columns["text"] + 1:
            row["text"] = ",".join(cells[columns["text"] :])
        try:
            time = time_of(row, self._zone)
        except ValueError as error:
            yield BadRow(self._name, number, f"time: {error}")
            return
        group = self._group(row)
        if group.key not in self._told and group is not self._room:
            self._told.add(group.key)
            yield group
        yield line_of(self._name, number, row, time, group, self._hints)

    def _group(self, row: Mapping[str, str]) -> Group:
        return group_of(row, self._hints) or self._room

    def _titled(self) -> str:
        cells = (cell for row in self._found.above for cell in row)
        titles = (match[1].strip() for cell in cells if (match := _ROOM_TITLE.fullmatch(cell)))
        return next(titles, "")


def group_of(row: Mapping[str, str], hints: Hints) -> Group | None:
    """The room of a row, where rows tell: several chats in one file are told apart by id, else by name."""
    key, name = row.get("room id", ""), row.get("room", "")
    if key in hints.rooms:
        return hints.rooms[key]
    if not key and not name:
        return None
    private = bool(key) and not is_group(key) if hints.rooms_are_ids else key.startswith("wxid_")
    return Group(key=key or name, name=name, private=private)


def line_of(file: str, number: int, row: Mapping[str, str], time: int, group: Group, hints: Hints) -> Line | BadRow:
    """A row whose cells are known by what they are for, as a line."""
    who = _who(*map(row.get, _ABOUT_WHO), hints.me)
    id = row.get("message id", "")
    line = Line(
        file=file,
        number=number,
        time=time,
        room=group.key,
        text=row.get("text", "").replace("\r\n", "\n"),
        name=who.name,
        wxid=who.wxid,
        also=who.also,
        mine=who.mine,
        kind=kind_of(row.get("type", ""), row.get("sub type", "")),
        id="" if id in ("", "0") else id,
        reply_to=row.get("reply to", ""),
    )
    return checked(line)


class _Who(NamedTuple):
    """Who said a row, in the words of `Line`."""

    name: str
    wxid: str
    also: tuple[str, ...]
    mine: bool | None


_ABOUT_WHO = ("group name", "name", "role", "remark", "id", "mine")


@lru_cache(maxsize=5000)  # as many as speak in a group
def _who(*said: str | None) -> _Who:
    group_name, nickname, role, remark, wxid, is_mine, me = (one or "" for one in said)
    name, also = shown_name(group_name, nickname, role)
    mine = True if any(map(is_me, (wxid, nickname, role))) else _is_yes(is_mine)
    if is_me(wxid) or wxid.casefold() in NOBODY:
        wxid = ""
    if mine and not wxid:
        wxid = me
    if not name and not wxid:
        name = remark
    others = tuple(one for one in dict.fromkeys((*also, remark)) if one and one != name and not is_me(one))
    return _Who(name, wxid, others, mine)


def _ids(sample: list[tuple[int, list[str]]], at: int) -> bool:
    """Whether a column holds ids and not names: all look like one, and one beyond doubt."""
    values = {cells[at] for _, cells in sample if at < len(cells)}
    values = {one for one in values if one and not is_me(one) and not one.startswith("系统")} - {"未知", "system"}
    return bool(values) and all(map(_ID.fullmatch, values)) and any(one.startswith("wxid_") for one in values)


def _is_yes(cell: str) -> bool | None:
    return None if not cell else cell.casefold() in ("1", "true", "是", "yes")


def time_of(row: Mapping[str, str], zone: ZoneInfo) -> int:
    """When a row was said. Seconds since 1970 are surer than a time without a zone. ValueError when it is no time."""
    seconds = row.get("seconds", "")
    if seconds.isdigit() and "time" in row:
        return written(seconds, zone)
    return written(f"{row.get('date', '')} {row.get('time', '') or seconds}", zone)


def room_of(name: str) -> str:
    """What a chat is called whose file says it nowhere else: the file's name, without what tools put behind it."""
    stem = PurePosixPath(name.removesuffix(".gz")).stem
    return re.sub(r"(?:_utf8|_聊天记录_\d{10,})$", "", stem) or stem
