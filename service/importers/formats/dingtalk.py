"""Messages of DingTalk as a JSON list. DingTalk has no export: a script saves what its command line or a bot gets.

| what | fact |
|---|---|
| of the command line | {result: {conversationMessagesList: [{openConversationId, title, singleChat, messages: [
  {content, createTime "yyyy-MM-dd HH:mm:ss", openMessageId, sender (a name), senderOpenDingTalkId, quotedMessage
  {openMessageId}}]}]}} (tests of public readers of `dws chat message list-all`) |
| of a bot | {msgId, createAt (ms), conversationId or openConversationId, conversationTitle, conversationType "1"
  two|"2" group, senderId, senderStaffId, senderNick, msgtype or msgType, text {content},
  isReplyMsg, atUsers [{dingtalkId}]}
  (public readers of its stream) |
| file | any of them: a list, one object a line, or pages |

Which of several spellings of a field stands there is not fixed: all of the above are read. Words that only name what
is none ("[图片]", "[文件]…") are none. Times without a zone are of China unless --time-zone says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from models.archive.container import ArchiveError, BadRow
from models.domain.records import Identity, Micros
from service.importers.frame.clock import CHINA, local_zone, written
from service.importers.frame.container import Container
from service.importers.frame.format import Format, Options
from service.importers.frame.json_lists import Item, files_of, first_objects, objects
from service.importers.frame.json_walk import json_heads
from service.importers.frame.report import Report
from service.importers.frame.transcript import Entries, Person, Quote, Room, Said, Unused
from service.importers.frame.values import Json, entries, fields, key, label, milliseconds, words

PLATFORM = "dingtalk"
BY_NAME = "dingtalk-name"
LISTS = ("result.conversationMessagesList", "conversationMessagesList", "result.messages", "messages", "result.items",
         "data.messages", "data", "items")  # fmt: skip
_ENDINGS = (".json", ".jsonl", ".ndjson", ".txt")
_IDS = ("openMessageId", "messageId", "open_message_id", "message_id", "msgId", "openMsgId", "id")
_ROOMS = ("openConversationId", "conversationId", "conversation_id", "open_conversation_id", "chatId")
_TITLES = ("conversationTitle", "title", "conversationName", "groupName")
_AUTHORS = ("senderOpenDingTalkId", "sender_open_dingtalk_id", "senderUserId", "senderStaffId", "senderId", "sender_id",
            "openDingTalkId")  # fmt: skip
_NAMES = ("senderNick", "senderName", "sender_name", "sender", "nick")
_TIMES = ("createTime", "createAt", "create_time", "createdAt", "sendTime", "timestamp")
_PLACEHOLDER = re.compile(
    r"\s*\[(?:图片|文件|视频|语音|音频|表情|动画表情|链接|卡片|互动卡片|名片|位置|聊天记录|红包|未知消息|不支持的消息|image|file|video|audio)\]"
    r"(?:\([^)\n]{0,300}\))?\s*",
    re.IGNORECASE,
)
_SILENT = frozenset(
    (
        "picture",
        "image",
        "file",
        "video",
        "audio",
        "voice",
        "card",
        "actioncard",
        "feedcard",
        "location",
        "redpacket",
        "sticker",
    )
)
_ITS_OWN = ("conversation_id", "openConversationId", "conversationId", "senderNick", "senderStaffId", "dingtalk")


class DingTalk(Format):
    """Chats of DingTalk."""

    name: ClassVar[str] = "dingtalk"
    title: ClassVar[str] = "DingTalk messages as JSON"

    def sure(self, files: Container) -> float:
        return max((_sure(files, name, head) for name, head in json_heads(files, *_ENDINGS)), default=0.0)

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        names = files_of(files, _ENDINGS, _sure)
        if not names:
            raise ArchiveError("no messages of DingTalk are in this; a JSON list of them is read")
        reader = _Reader(options, local_zone(options, report, CHINA))
        for name in names:
            for one in objects(files, name, LISTS):
                yield from [one] if isinstance(one, BadRow) else reader.object(name, one)
        yield from reader.rooms()


def _first(value: Json, names: tuple[str, ...]) -> Any:
    return next((value[name] for name in names if value.get(name) not in (None, "")), None)


def _sure(files: Container, name: str, head: str) -> float:
    if not any(word in head for word in _ITS_OWN) or '"msg_type"' in head:
        return 0.0
    found = first_objects(files, name, LISTS, 5)
    inner = [fields(one) for page in found for one in entries(page.get("messages"))[:3]]
    return 0.9 if any(_is_message(one) for one in (*found, *inner)) else 0.0


def _is_message(value: Json) -> bool:
    its_own = "openMessageId" in value or "msgId" in value or _first(value, _ROOMS) is not None
    named = _first(value, _NAMES) is not None or _first(value, _AUTHORS) is not None
    return its_own and named and _first(value, _TIMES) is not None


@dataclass(slots=True)
class _Chat:
    title: str = ""
    two: bool | None = None
    people: dict[str, None] = field(default_factory=dict)


class _Reader:
    def __init__(self, options: Options, zone: ZoneInfo) -> None:
        self._channel, self._zone = options.channel, zone
        self._chats: dict[str, _Chat] = {}
        self._seen: set[tuple[str, str]] = set()

    def object(self, file: str, item: Item) -> Iterator[Person | Said | Unused | BadRow]:
        """A message, or a conversation with messages."""
        if isinstance(item.value.get("messages"), list):
            for value in entries(item.value["messages"]):
                yield from self._safely(file, item.line, fields(value), item.value)
        else:
            yield from self._safely(file, item.line, item.value, item.page)

    def rooms(self) -> Iterator[Room]:
        for id, chat in self._chats.items():
            name = (self._channel if len(self._chats) == 1 else "") or chat.title
            people = tuple(chat.people)
            if chat.two or (chat.two is None and len(people) < 3):
                yield Room(key=id, name=name, visibility="private", members=people)
            else:
                yield Room(key=id, name=name)

    def _safely(self, file: str, line: int, value: Json, around: Json) -> Iterator[Person | Said | Unused | BadRow]:
        try:
            yield from self._message(file, line, value, around)
        except ValueError as error:
            yield BadRow(file, line, f"a message: {error}")

    def _message(self, file: str, line: int, value: Json, around: Json) -> Iterator[Person | Said | Unused]:
        if value.get("recalled") is True or value.get("recallStatus") in (1, "1", True):
            yield Unused(what="recalled message")
            return
        kind = label(value.get("msgType")) or label(value.get("msgtype")) or label(value.get("messageType"))
        if label(value.get("senderType")).lower() in ("robot", "bot", "app") or kind.lower() == "system":
            yield Unused(what="notice or message of a bot")
            return
        person = _person(value)
        room = key(_first(value, _ROOMS)) or key(_first(around, _ROOMS)) or "dingtalk"
        time = _time(_first(value, _TIMES), self._zone)
        id, quoted = key(_first(value, _IDS)), fields(value.get("quotedMessage") or value.get("quoted_message"))
        if id and (room, id) in self._seen:
            yield Unused(what="the same message once more")
            return
        text = "" if kind.lower() in _SILENT else _PLACEHOLDER.sub("", _words(value)).strip()
        self._seen.add((room, id))
        self._note_chat(room, person.key, value, around)
        mentions = [one for one in map(_mentioned, entries(value.get("atUsers"))) if one]
        reply_to = key(_first(quoted, _IDS))
        quote = Quote(by=label(_first(quoted, _NAMES)), words=_words(quoted)) if quoted and not reply_to else None
        yield person
        yield from mentions
        yield Said(file=file, line=line, author=person.key, time=time, text=text, room=room, id=id, reply_to=reply_to,
                   mentions=tuple(one.key for one in mentions), quote=quote)  # fmt: skip

    def _note_chat(self, room: str, author: str, value: Json, around: Json) -> None:
        chat = self._chats.setdefault(room, _Chat())
        chat.people[author] = None
        chat.title = label(_first(value, _TITLES)) or label(_first(around, _TITLES)) or chat.title
        for one in (value, around):
            if isinstance(one.get("singleChat"), bool):
                chat.two = one["singleChat"]
            elif (kind := key(one.get("conversationType"))) in ("1", "2", "group", "direct", "single"):
                chat.two = kind not in ("2", "group")


def _person(value: Json) -> Person:
    sender = fields(value.get("sender"))
    id = key(_first(value, _AUTHORS)) or key(_first(sender, (*_AUTHORS, "id", "userId")))
    name = label(_first(value, _NAMES)) or label(_first(sender, (*_NAMES, "name")))
    if not id and not name:
        raise ValueError("it has no sender")
    identity = Identity(PLATFORM, id) if id else Identity(BY_NAME, name)
    return Person(key=id or name, name=name, identities=(identity,))


def _mentioned(value: object) -> Person | None:
    user = fields(value)
    id = key(_first(user, ("openDingTalkId", "staffId", "dingtalkId", "userId")))
    name = label(_first(user, ("name", "nick")))
    return Person(key=id, name=name, identities=(Identity(PLATFORM, id),)) if id and name else None


def _words(value: Json) -> str:
    for name in ("text", "content", "markdown"):
        inner = value.get(name)
        if isinstance(inner, dict):
            inner = inner.get("content") or inner.get("text")
        if isinstance(inner, str) and inner:
            return words(inner)
    return ""


def _time(value: object, zone: ZoneInfo) -> Micros:
    if isinstance(value, str) and not value.isdigit():
        time = written(value[:60], zone)
        if not 0 < time < 4_102_444_800_000_000:
            raise ValueError("no such time")
        return time
    return milliseconds(value)
