"""What qq-chat-exporter saves of QQ: JSON (one file, pieces in one file, or lines), or its text.

| what | fact [shuakami/qq-chat-exporter:NapCatQQ/src/qq-chat-exporter/core/exporter/JsonExporter.ts, TextExporter.ts,
  core/parser/SimpleMessageParser.ts; plugins/…/__tests__/unit/SimpleMessageParser.test.ts] |
|---|---|
| JSON | {metadata {name "QQChatExporter …"}, chatInfo {name, type group|private|temp}, statistics, messages [],
  exportOptions}; in pieces {metadata, chunkInfo, chunks [{chatInfo, messages}]} |
| message | {id, seq, timestamp (ms; older: ISO), sender {uid, uin?, name, nickname?, groupCard?, remark?}, type,
  content {text, elements [{type, data}], mentions? [{type user|all, uid, uin, name}], reply?}, recalled, system} |
| sender.name | group card, else the exporter's private remark, else nickname: a name that is the remark is not shown |
| elements | text {text}; at; reply {referencedMessageId?, messageId (an id or a seq), senderName, senderUin, content};
  json {title} is a shared link; image, file, video, audio, face, market_face, forward, location have no words |
| text | [图片:FILE] [表情12] [回复消息] [转发消息] [JSON消息] stand for what is none |
| TXT | head with frames of =, 聊天名称:, 聊天类型: 群聊|私聊; then blocks "NAME:", "时间: T", "内容: WORDS",
  "资源: 2 个文件", "  - image: FILE", "提及: A, B", "回复: NAME - WORDS" |

Lines (.jsonl with a manifest.json) are general knowledge. In the TXT people are names, and whom a reply quotes is too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar
from zoneinfo import ZoneInfo

from models.archive.container import ArchiveError, BadRow
from models.domain.records import Identity, Micros
from service.importers.formats.qq import BY_NAME, PLATFORM, RECALLED, without_placeholders
from service.importers.frame.clock import CHINA, local_zone, written
from service.importers.frame.container import Container
from service.importers.frame.decoding import is_broken
from service.importers.frame.format import Format, Options
from service.importers.frame.json_lists import Item, objects
from service.importers.frame.json_walk import Broken, head_of, json_heads, walk
from service.importers.frame.report import Report
from service.importers.frame.text_files import lines_in, texts
from service.importers.frame.transcript import Entries, Person, Quote, Room, Said, Unused
from service.importers.frame.values import Json, entries, fields, iso, key, label, milliseconds, words

_OPENED = frozenset(("", "messages", "chunks", "chunks[]", "chunks[].messages"))
_MESSAGES = ("messages[]", "chunks[].messages[]")
_ABOUT = ("chatInfo", "chunks[].chatInfo")
_UNNAMED = frozenset(("未知用户", "未知", ""))
_LONGEST = 1 << 20
_RESOURCES = re.compile(r"资源: \d+ 个文件")
_TIME = re.compile(r"时间: \d")
_BLOCK = re.compile(r"(?P<name>.{1,200}):")


class QQExporter(Format):
    """Chats of QQ as qq-chat-exporter writes them."""

    name: ClassVar[str] = "qq-exporter"
    title: ClassVar[str] = "qq-chat-exporter (QQ)"

    def sure(self, files: Container) -> float:
        if any(_is_json(head) for _, head in json_heads(files, ".json")) or _line_files(files):
            return 0.95
        return 0.95 if any(_is_text(head_of(files, name)) for name in texts(files)[:20]) else 0.0

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        jsons = [name for name, head in json_heads(files, ".json", most=len(files.names)) if _is_json(head)]
        lines, plain = _line_files(files), [name for name in texts(files) if _is_text(head_of(files, name))]
        if not (jsons or lines or plain):
            raise ArchiveError("nothing in this was written by qq-chat-exporter; export a chat as JSON")
        channel = options.channel if len(jsons) + len(plain) + bool(lines) == 1 else ""
        for name in jsons:
            yield from _Chat(_chat_info(files, name), name, channel).entries(_of_json(files, name))
        if lines:
            yield from _Chat(_manifest(files), lines[0], channel).entries(_of_lines(files, lines))
        report.clock = "as written, with their offset"
        if plain:
            zone = local_zone(options, report, CHINA)
            for name in plain:
                yield from _Text(files, name, zone, channel).entries()


def _is_json(head: str) -> bool:
    return head.lstrip().startswith("{") and (
        "QQChatExporter" in head or ('"chatInfo"' in head and '"messages"' in head and '"sender"' in head)
    )


def _is_text(head: str) -> bool:
    top = head[:2000]
    return "[QQChatExporter" in top or "QQ聊天记录导出文件" in top


def _line_files(files: Container) -> list[str]:
    return [name for name in files.ending(".jsonl") if _is_message_line(head_of(files, name, 1 << 14))]


def _is_message_line(head: str) -> bool:
    first = head.split("\n", 1)[0]
    return first.startswith("{") and all(
        f'"{word}"' in first for word in ("sender", "content", "recalled", "timestamp")
    )


# --- JSON -------------------------------------------------------------------------------------------------------------


def _chat_info(files: Container, name: str) -> Json:
    """What stands above the messages, or below them."""
    found = (one.value for one in walk(files, name, _OPENED) if one.path in _ABOUT)
    return next((fields(value) for value in found if isinstance(value, dict)), {})


def _manifest(files: Container) -> Json:
    return next((info for name in files.ending("manifest.json") if (info := _chat_info(files, name))), {})


def _of_json(files: Container, name: str) -> Iterator[tuple[str, int, object] | BadRow]:
    number = 0
    for found in walk(files, name, _OPENED):
        if isinstance(found.value, Broken):
            yield BadRow(name, max(found.number, 1), found.value.reason)
        elif found.path in _MESSAGES:
            number += 1
            yield name, number, found.value


def _of_lines(files: Container, names: list[str]) -> Iterator[tuple[str, int, object] | BadRow]:
    for name in names:
        for item in objects(files, name, ()):
            yield (name, item.line, item.value) if isinstance(item, Item) else item


class _Chat:
    """A chat of JSON: `about` is its chatInfo."""

    def __init__(self, about: Json, file: str, channel: str) -> None:
        name = label(about.get("name")) or file.rpartition("/")[2].partition(".")[0]
        self._room = Room(key=channel or name)
        self._is_group = about.get("type") == "group"
        self._speakers: dict[str, None] = {}
        self._ids: dict[str, str] = {}  # seq → id of what was said so far

    def entries(self, messages: Iterator[tuple[str, int, object] | BadRow]) -> Entries:
        for one in messages:
            if isinstance(one, BadRow):
                yield one
                continue
            try:
                yield from self._message(*one)
            except ValueError as error:
                yield BadRow(one[0], one[1], f"a message: {error}")
        if self._is_group:
            yield self._room
        else:
            yield replace(self._room, visibility="private", members=tuple(self._speakers))

    def _message(self, file: str, line: int, value: object) -> Iterator[Person | Said | Unused]:
        message = fields(value)
        content, sender = fields(message.get("content")), fields(message.get("sender"))
        if unused := _unused(message, content):
            yield Unused(what=unused)
            return
        person = self._person(sender)
        time, text = _time(message), _text(content)
        mentions = [mention for one in entries(content.get("mentions")) if (mention := self._mention(fields(one)))]
        reply_to, quote = self._reply(content)
        id = key(message.get("id"))
        for name in (id, key(message.get("seq"))):
            self._ids[name] = id
        self._speakers[person.key] = None
        yield person
        yield from mentions
        yield Said(file=file, line=line, author=person.key, time=time, text=text, room=self._room.key, id=id,
                   reply_to=reply_to, mentions=tuple(one.key for one in mentions), quote=quote)  # fmt: skip

    def _person(self, sender: Json) -> Person:
        uin, uid = key(sender.get("uin")), key(sender.get("uid"))
        if not (id := uin if uin not in ("", "0") else uid):
            raise ValueError("nothing says who sent it")
        remark, name = label(sender.get("remark")), label(sender.get("name"))
        card, nickname = label(sender.get("groupCard")), label(sender.get("nickname"))
        shown = card or nickname or ("" if name in (remark, uin, uid) or name in _UNNAMED else name)
        return Person(key=id, name=shown, also=tuple(one for one in (nickname, card, name, remark, uid) if one),
                      identities=(Identity(PLATFORM, id),))  # fmt: skip

    def _mention(self, mention: Json) -> Person | None:
        if mention.get("type") == "all":
            return None
        uin, uid = key(mention.get("uin")), key(mention.get("uid"))
        id = uin if uin not in ("", "0") else uid
        if not id or id == "all":
            return None
        return Person(key=id, identities=(Identity(PLATFORM, id),))

    def _reply(self, content: Json) -> tuple[str, Quote | None]:
        """What is answered: by its id where that was said, else by whose words are quoted."""
        data = fields(content.get("reply"))
        for element in entries(content.get("elements")):
            if fields(element).get("type") == "reply":
                data = data | fields(fields(element).get("data"))
        for name in ("referencedMessageId", "messageId"):
            if known := self._ids.get(key(data.get(name)), ""):
                return known, None
        quoted = without_placeholders(words(data.get("content")))
        by = label(data.get("senderName")) or key(data.get("senderUin"))
        return "", Quote(by=by, words=quoted) if by or quoted else None


def _unused(message: Json, content: Json) -> str:
    if message.get("recalled") is True:
        return "recalled message"
    kinds = [fields(element).get("type") for element in entries(content.get("elements"))]
    if message.get("system") is True or message.get("type") == "system" or "system" in kinds:
        return "notice of QQ"
    return "message that the exporter could not read" if message.get("type") == "error" else ""


def _time(message: Json) -> Micros:
    value = message.get("timestamp")
    if isinstance(value, str) and not value.isdigit():
        return iso(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e11:
        value = value * 1000  # seconds, in some versions
    return milliseconds(value)


def _text(content: Json) -> str:
    elements = [fields(element) for element in entries(content.get("elements"))]
    if not elements:
        return without_placeholders(words(content.get("text")))
    return "".join(_element(label(one.get("type")), fields(one.get("data"))) for one in elements).strip()


def _element(kind: str, data: Json) -> str:
    if kind == "text":
        return words(data.get("text"))
    if kind == "at":
        name = words(data.get("text")) or words(data.get("name"))
        return name if name.startswith("@") or not name else f"@{name} "
    if kind == "json":
        title = words(data.get("title"))
        return "" if title == "JSON消息" else title
    return ""


# --- text -------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Open:
    line: int
    name: str
    lines: list[str] = field(default_factory=list)
    size: int = 0


class _Text:
    """The text that it writes: a block a message, which begins with "NAME:" and "时间: "."""

    def __init__(self, files: Container, name: str, zone: ZoneInfo, channel: str) -> None:
        self._files, self._name, self._zone = files, name, zone
        self._room, self._given, self._is_group = channel, bool(channel), False
        self._speakers: dict[str, None] = {}

    def entries(self) -> Entries:
        open_: _Open | None = None
        before: tuple[int, str] | None = None
        for row in lines_in(self._files, self._name):
            if isinstance(row, BadRow):
                yield row
                continue
            if _TIME.match(row[1]) and before and (match := _BLOCK.fullmatch(before[1])):
                yield from self._closed(open_)
                open_ = _Open(before[0], match["name"], [row[1]])
                before = None
                continue
            if before is not None:
                self._add(open_, before[1])
            before = row
        if before is not None:
            self._add(open_, before[1])
        yield from self._closed(open_, last=True)
        yield self._end()

    def _add(self, open_: _Open | None, line: str) -> None:
        if open_ is None:
            self._head(line)
            return
        open_.size += len(line) + 1
        if open_.size < _LONGEST:
            open_.lines.append(line)

    def _head(self, line: str) -> None:
        what, _, rest = line.partition(": ")
        if what == "聊天名称" and not self._given:
            self._room = label(rest)
        elif what == "聊天类型":
            self._is_group = rest.strip() == "群聊"

    def _end(self) -> Room:
        if self._is_group:
            return Room(key=self._key)
        return Room(key=self._key, visibility="private", members=tuple(self._speakers))

    @property
    def _key(self) -> str:
        return self._room or self._name.rpartition("/")[2].removesuffix(".txt")

    def _closed(self, open_: _Open | None, last: bool = False) -> Iterator[Person | Said | Unused | BadRow]:
        if open_ is None:
            return
        lines = _without_end(open_.lines) if last else open_.lines
        try:
            if open_.size >= _LONGEST:
                raise ValueError("longer than any message")
            if any(map(is_broken, (open_.name, *lines))):
                raise ValueError("holds bytes that are no text")
            time = written(lines[0].removeprefix("时间: "), self._zone)
        except ValueError as error:
            yield BadRow(self._name, open_.line, str(error))
            return
        text, quote = _parts(lines[1:])
        if RECALLED.fullmatch(text):
            yield Unused(what="recalled message")
            return
        name = label(open_.name)
        if name in ("系统消息", "0", "10000"):
            yield Unused(what="notice of QQ")
            return
        self._speakers[name] = None
        yield Person(key=name, name=name, identities=(Identity(BY_NAME, name),))
        yield Said(file=self._name, line=open_.line, author=name, time=time, text=text, room=self._key, quote=quote)


def _without_end(lines: list[str]) -> list[str]:
    """Lines of the last block without what the exporter writes below it."""
    for at in range(len(lines) - 1, max(len(lines) - 12, 0), -1):
        if lines[at].strip() == "导出完成" and lines[at - 1].startswith("===="):
            return lines[: at - 1]
    return lines


def _parts(lines: list[str]) -> tuple[str, Quote | None]:
    """The words of a block, and whom it answers: what the exporter adds stands below the words."""
    quote = None
    for at in range(len(lines) - 1, -1, -1):
        if lines[at].startswith("回复: "):
            by, _, quoted = "\n".join(lines[at:]).removeprefix("回复: ").partition(" - ")
            quote = Quote(by=by.strip(), words=without_placeholders(quoted))
            lines = lines[:at]
            break
    lines = _trimmed(lines)
    if lines and lines[-1].startswith("提及: "):
        lines = _trimmed(lines[:-1])
    end = next((at for at in range(len(lines) - 1, -1, -1) if not lines[at].startswith("  - ")), -1)
    if end >= 0 and _RESOURCES.fullmatch(lines[end]):
        lines = lines[:end]
    if lines and lines[0].startswith("类型: "):
        lines = lines[1:]
    return without_placeholders("\n".join(lines).replace("\x00", "").strip().removeprefix("内容: ")), quote


def _trimmed(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines
