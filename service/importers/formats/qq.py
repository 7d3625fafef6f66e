"""QQ's own text export, of the message manager of its desktop program: one chat, or all of them in one file.

| what | fact |
|---|---|
| head | 消息记录（此消息记录为文本格式，不支持重新导入）, frames of =, 消息分组:GROUP OF CHATS, 消息对象:CHAT |
| entry | YYYY-MM-DD H:MM:SS 【level】card(QQ number), words, a blank line; card<mail> for who is found by mail
  (three public readers: qq-chat-history, ChatLab's parser of QQ's TXT, QQtoExcel; TIM writes 上午/下午) |
| a chat of two | the same without number: YYYY-MM-DD H:MM:SS name (qq-chat-history's tests) |
| 消息分组 of groups | 我的QQ群, 我的群聊, 已退出的群, 已退出的多人聊天 (readers); of people: lists of friends |
| platform | number 10000 (and 1000000, general knowledge); 80000000 is whoever writes without a name |
| placeholders | [图片] [表情] [语音] [视频] and others |
| files | UTF-8 with mark, older ones GBK; lines end with CRLF; times of the computer, without a zone |

The card is shown, also with its level where levels are written (a card may begin with 【, too: an @ may be both).
A chat is a group when its list of chats says so, when there are levels, or more than two speak; else it stays private.
Replies are not carried. An @ is @card.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar
from zoneinfo import ZoneInfo

from models.archive.container import ArchiveError, BadRow
from models.domain.records import Identity, Micros
from service.importers.frame.clock import CHINA, local_zone, written
from service.importers.frame.container import Container
from service.importers.frame.decoding import encoding_of, is_broken
from service.importers.frame.format import Format, Options
from service.importers.frame.json_walk import head_of
from service.importers.frame.report import Report
from service.importers.frame.text_files import lines_in, texts
from service.importers.frame.transcript import Entries, Person, Room, Said, Unused
from service.importers.frame.values import address, label

PLATFORM = "qq"
BY_NAME = "qq-name"  # a platform for people of whom only the name is known
_ENTRY = re.compile(
    r"^(\d{4}-\d{1,2}-\d{1,2} (?:[上下]午 ?)?\d{1,2}:\d\d:\d\d(?: [AaPp][Mm])?)[ \t]+"
    r"(?:(?P<card>.{0,200}?)(?:\((?P<number>\d{4,12})\)|<(?P<mail>[^<>\s]{1,200})>)|(?P<name>\S.{0,100}))\s*$"
)
_LEVEL = re.compile(r"^【[^】]{1,30}】")
_FRAME = re.compile(r"^={60,}$")
_GROUPS = re.compile(r"(?:我的|已退出的)?(?:QQ)?(?:群|群聊|讨论组|多人聊天)", re.IGNORECASE)
_THING = (
    r"图片|表情|动画表情|语音|视频|文件|位置|闪照|红包|QQ红包|转账|聊天记录|合并转发|名片|推荐好友|推荐群|礼物|窗口抖动|截图|回复消息|"
    r"转发消息|位置消息|JSON消息|卡片消息|商城表情|未知消息"
)
PLACEHOLDER = re.compile(
    rf"\[(?:{_THING})(?:[:：][^\]\n]{{0,300}})?\](?:请使用(?:新版|最新版)?手机QQ查看(?:闪照|红包)?[。.]?)?|\[表情\d{{1,4}}\]"
)
RECALLED = re.compile(r".{0,60}撤回了?一条(?:成员)?消息.{0,30}")
_SYSTEM = frozenset(("10000", "1000000"))
_NAMELESS = "80000000"
_LONGEST = 1 << 20


class QQ(Format):
    """Chats of QQ as its desktop program writes them."""

    name: ClassVar[str] = "qq"
    title: ClassVar[str] = "QQ text export (消息管理器)"

    def sure(self, files: Container) -> float:
        return max((_sure(head_of(files, name)) for name in texts(files)[:20]), default=0.0)

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        zone = local_zone(options, report, CHINA)
        names = [name for name in texts(files) if _sure(head_of(files, name)) >= 0.5]
        if not names:
            raise ArchiveError("no text export of QQ is in this; export a chat from the message manager as .txt")
        report.encoding = encoding_of(files.head(names[0]))
        for name in names:
            yield from _File(files, name, zone, options).entries()


def without_placeholders(text: str) -> str:
    return re.sub(r"[ \t]+$", "", PLACEHOLDER.sub("", text), flags=re.MULTILINE).strip()


def _sure(head: str) -> float:
    lines = [line.strip() for line in head.split("\n")[:400]]
    known = any(line.startswith(("消息分组:", "消息对象:")) for line in lines)
    found = [match for line in lines if (match := _ENTRY.match(line))]
    if known and (found or any("消息记录" in line for line in lines)):
        return 0.97
    return 0.7 if sum(bool(match["number"] or match["mail"]) for match in found) > 1 else 0.0


@dataclass(slots=True)
class _Open:
    line: int
    time: str
    card: str
    number: str
    name: str
    lines: list[str] = field(default_factory=list)
    size: int = 0


class _File:
    """A file, read from top to bottom: heads begin a chat, entries a message."""

    def __init__(self, files: Container, name: str, zone: ZoneInfo, options: Options) -> None:
        self._files, self._name, self._zone, self._options = files, name, zone, options
        self._spaced = _spaced(head_of(files, name))
        self._begin("", "")
        self._several = False

    def entries(self) -> Entries:
        open_: _Open | None = None
        blank = True
        for row in lines_in(self._files, self._name):
            if isinstance(row, BadRow):
                yield row
                continue
            number, line = row[0], row[1].rstrip().lstrip("\ufeff")
            head = line.startswith(("消息分组:", "消息对象:")) or bool(_FRAME.match(line))
            match = None if head else _ENTRY.match(line)
            if match and (match["number"] or match["mail"] or blank or not self._spaced):
                yield from self._closed(open_)
                card, id = match["card"] or "", match["number"] or match["mail"] or ""
                open_ = _Open(number, match[1], card.strip(), id, (match["name"] or "").strip())
            elif head and blank:
                yield from self._closed(open_)
                open_ = None
                yield from self._head(line)
            elif open_:
                open_.size += len(line) + 1
                if open_.size < _LONGEST:
                    open_.lines.append(line)
            elif line:
                yield from self._head(line)
            blank = not line or head
        yield from self._closed(open_)
        yield from self._end()

    def _begin(self, group: str, chat: str) -> None:
        self._group, self._chat, self._speakers, self._levels = group, chat, dict[str, None](), False

    def _head(self, line: str) -> Entries:
        """A line that is no message: what chat begins, a frame, or something else."""
        what, _, rest = line.partition(":")
        if what in ("消息分组", "消息对象"):
            if self._speakers:
                self._several = True
                yield from self._end()
            group, chat = (rest.strip(), "") if what == "消息分组" else (self._group, rest.strip())
            self._begin(group, chat)
        elif not _FRAME.match(line) and "消息记录" not in line:
            yield Unused(what="line above the first message")

    @property
    def _room(self) -> str:
        if self._options.channel and not self._several:
            return self._options.channel
        return label(self._chat) or self._name.rpartition("/")[2].removesuffix(".txt")

    def _end(self) -> Iterator[Room]:
        if not self._speakers:
            return
        if _GROUPS.fullmatch(self._group) or self._levels or len(self._speakers) > 2:
            yield Room(key=self._room)
        else:
            yield Room(key=self._room, visibility="private", members=tuple(self._speakers))

    def _closed(self, said: _Open | None) -> Iterator[Person | Said | Unused | BadRow]:
        if said is None:
            return
        try:
            time, text = self._time(said.time), self._text(said)
        except ValueError as error:
            yield BadRow(self._name, said.line, str(error))
            return
        if said.number in _SYSTEM or said.card == "系统消息":
            yield Unused(what="notice of QQ")
        elif said.number == _NAMELESS:
            yield Unused(what="message of somebody without a name")
        elif RECALLED.fullmatch(text):
            yield Unused(what="recalled message")
        else:
            yield from self._said(said, time, text)

    def _time(self, text: str) -> Micros:
        time = written(text, self._zone)
        if not 0 < time < 4_102_444_800_000_000:
            raise ValueError(f"no such time: {text}")
        return time

    def _text(self, said: _Open) -> str:
        if said.size >= _LONGEST:
            raise ValueError("longer than any message; is a part of another file in it?")
        text = "\n".join(said.lines).replace("\x00", "")
        if is_broken(text) or is_broken(said.card + said.name):
            raise ValueError("holds bytes that are no text")
        return text.strip()

    def _said(self, said: _Open, time: Micros, text: str) -> Iterator[Person | Said]:
        self._levels = self._levels or bool(said.number and _LEVEL.match(said.card))
        person = _person(said)
        self._speakers[person.key] = None
        yield person
        yield Said(file=self._name, line=said.line, author=person.key, time=time, text=without_placeholders(text),
                   room=self._room)  # fmt: skip


def _person(said: _Open) -> Person:
    if not said.number:
        name = label(said.name)
        return Person(key=name, name=name, identities=(Identity(BY_NAME, name),))
    full, mail = label(said.card), address(said.number)
    name = _LEVEL.sub("", full).strip() or full
    identities = (Identity(PLATFORM, said.number.lower()), *((Identity("email", mail),) if mail else ()))
    return Person(key=said.number.lower(), name=name, also=(full,) if full else (), identities=identities)


def _spaced(head: str) -> bool:
    """Whether entries stand behind blank lines; where they do, a date within a message begins none."""
    lines = [line.rstrip() for line in head.split("\n")]
    found = [at for at, line in enumerate(lines) if _ENTRY.match(line)]
    return (
        sum(at > 0 and (not lines[at - 1] or bool(_FRAME.match(lines[at - 1]))) for at in found) * 5 >= len(found) * 4
    )
