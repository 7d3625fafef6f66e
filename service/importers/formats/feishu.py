"""Messages of Feishu (Lark) as its API gives them: there is no export, docs/importing-feishu.md has a script.

| what | fact [open.larkoffice.com: im-v1/message/list, message/events/message_content, chat-member/intro] |
|---|---|
| file | one object a line, a list, or pages {"data": {"items": []}}, {"items": []} |
| message | message_id, root_id, parent_id, thread_id, msg_type, create_time (ms), deleted, chat_id, sender {id,
  id_type, sender_type user|app|anonymous}, body.content (JSON in text), mentions [{key "@_user_1", id, name}],
  upper_message_id (a part of a forwarded chat) |
| content | text {text}; post {title, content [[{tag text|a|at|md|code_block|img|emotion…, text, user_id, user_name}]]},
  sent ones also {zh_cn: {…}}; pictures and files are keys only; system {template…}; vote {topic, options}, todo
  {summary {title, content}} (general knowledge) |
| @ | "@_user_1" in the words, whom it is in mentions; "@_all" is nobody |
| names | not with the messages: members of a chat {member_id, member_id_type, name} (chat-member/get), mentions |
| chat | {chat_id, name, chat_mode group|topic|p2p, chat_type private|public} (im-v1/chat/get, general knowledge) |

The events of a bot have sender.sender_id {open_id}, message_type and content instead of body: read, too. Replies in a
thread name the thread's first message as parent. A chat of two is private; a group that one has to be invited to is
seen by its members where the file lists them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from models.archive.container import ArchiveError, BadRow
from models.domain.records import Identity
from service.importers.frame.container import Container
from service.importers.frame.format import Format, Options
from service.importers.frame.json_lists import Item, files_of, first_objects, objects
from service.importers.frame.json_walk import json_heads
from service.importers.frame.report import Report
from service.importers.frame.transcript import Entries, Person, Room, Said, Unused
from service.importers.frame.values import Json, entries, fields, key, label, milliseconds, words

PLATFORM = "feishu"
LISTS = ("data.items", "items", "data.messages", "data.chats", "data.members")
_ENDINGS = (".json", ".jsonl", ".ndjson", ".txt")
_MARK = re.compile(r"@_(user_\d+|all)\b")
_ITS_OWN: tuple[set[str], ...] = (
    {"message_id", "msg_type"},
    {"message_id", "message_type"},
    {"member_id", "member_id_type"},
    {"chat_id", "chat_mode"},
)
_EVERYBODY = "@所有人"


class Feishu(Format):
    """Chats of Feishu or Lark."""

    name: ClassVar[str] = "feishu"
    title: ClassVar[str] = "Feishu (Lark) messages as JSON"

    def sure(self, files: Container) -> float:
        return max((_sure(files, name, head) for name, head in json_heads(files, *_ENDINGS)), default=0.0)

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        names = files_of(files, _ENDINGS, _sure)
        if not names:
            raise ArchiveError("no messages of Feishu are in this; docs/importing-feishu.md shows how to fetch them")
        report.clock = "as written, in milliseconds since 1970"
        reader = Reader(options)
        for name in names:
            for one in objects(files, name, LISTS):
                yield from [one] if isinstance(one, BadRow) else reader.object(name, one)
        yield from reader.rooms()
        if reader.nameless:
            report.note(
                f"The names of {len(reader.nameless)} people are not in the file: see docs/importing-feishu.md."
            )


def _sure(files: Container, name: str, head: str) -> float:
    if not any(f'"{word}"' in head for word in ("message_id", "member_id", "chat_id")):
        return 0.0
    found = map(_inner, first_objects(files, name, LISTS, 5))
    return 0.95 if any(any(pair <= one.keys() for pair in _ITS_OWN) for one in found) else 0.0


def _inner(value: Json) -> Json:
    """The message of an event, with its sender; anything else as it is."""
    around = fields(value.get("event")) or value
    return {"sender": around.get("sender")} | (fields(around.get("message")) or around)


@dataclass(slots=True)
class _Chat:
    name: str = ""
    mode: str = ""
    kind: str = ""
    listed: bool = False
    mentioned: bool = False
    people: dict[str, None] = field(default_factory=dict)


class Reader:
    """Reads objects of the API one by one. `seen` are the messages so far, each of which is told once."""

    def __init__(self, options: Options) -> None:
        self._channel = options.channel
        self._chats: dict[str, _Chat] = {}
        self._spoken: dict[str, None] = {}  # chats in which something was said
        self.seen: set[str] = set()
        self.nameless: set[str] = set()
        self._named: set[str] = set()

    def object(self, file: str, item: Item) -> Iterator[Person | Said | Unused | BadRow]:
        """One object of a file: a message, a member, a chat, or something else."""
        value = _inner(item.value)
        try:
            if "message_id" in value:
                yield from self._message(file, item.line, value)
            elif "member_id" in value:
                yield from self._member(value, item.page)
            elif "chat_id" in value:
                self._about(value)
            else:
                yield Unused(what="answer of the API that is no message")
        except ValueError as error:
            yield BadRow(file, item.line, f"a message: {error}")

    def rooms(self) -> Iterator[Room]:
        """The chats in which something was said."""
        for id in self._spoken:
            yield self._room(id, self._chat(id))

    def _room(self, id: str, chat: _Chat) -> Room:
        name, people = (self._channel if len(self._spoken) == 1 else "") or chat.name, tuple(chat.people)
        few = len(people) < 3 and not (chat.mode or chat.kind or chat.listed or chat.mentioned)
        if chat.mode == "p2p" or few:
            return Room(key=id, name=name, visibility="private", members=people)
        if chat.kind == "private" and chat.listed:
            return Room(key=id, name=name, visibility="members", members=people)
        return Room(key=id, name=name)

    def _chat(self, id: str) -> _Chat:
        return self._chats.setdefault(id, _Chat())

    def _about(self, value: Json) -> None:
        chat = self._chat(key(value.get("chat_id")))
        chat.name = label(value.get("name")) or chat.name
        chat.mode = label(value.get("chat_mode")) or chat.mode
        chat.kind = label(value.get("chat_type")) or chat.kind

    def _member(self, value: Json, page: Json) -> Iterator[Person]:
        id, name = key(value.get("member_id")), label(value.get("name"))
        if not id:
            raise ValueError("a member without member_id")
        chat_id = key(value.get("chat_id")) or key(page.get("chat_id"))
        if chat_id:
            chat = self._chat(chat_id)
            chat.listed = True
            chat.people[id] = None
        yield self._person(id, name)

    def _person(self, id: str, name: str = "") -> Person:
        if name:
            self._named.add(id)
            self.nameless.discard(id)
        elif id not in self._named:
            self.nameless.add(id)
        return Person(key=id, name=name, identities=(Identity(PLATFORM, id),))

    def _message(self, file: str, line: int, value: Json) -> Iterator[Person | Said | Unused]:
        kind = label(value.get("msg_type")) or label(value.get("message_type"))
        id, room = key(value.get("message_id")), key(value.get("chat_id")) or "feishu"
        author = _sender(fields(value.get("sender")))
        if unused := _unused(value, kind):
            yield Unused(what=unused)
            return
        if not author or not id:
            raise ValueError("it has no sender or no message_id")
        if id in self.seen:
            yield Unused(what="the same message once more")
            return
        time = milliseconds(value.get("create_time"))
        mentions = _mentions(value)
        text = _text(kind, _content(value), {mark: name for mark, (_, name) in mentions.items()})
        people = {one: name for one, name in mentions.values() if one and not _is_app(one)}
        self.seen.add(id)
        self._spoken[room] = None
        chat = self._chat(room)
        if label(value.get("chat_type")) in ("p2p", "group"):
            chat.mode = label(value.get("chat_type"))
        chat.people[author] = None
        chat.mentioned = chat.mentioned or bool(mentions)
        yield self._person(author, label(fields(value.get("sender")).get("name")))
        yield from (self._person(one, name) for one, name in people.items())
        yield Said(file=file, line=line, author=author, time=time, text=text, room=room, id=id,
                   reply_to=key(value.get("parent_id")), mentions=tuple(people),
                   thread=key(value.get("thread_id")) or key(value.get("root_id")))  # fmt: skip


def _unused(value: Json, kind: str) -> str:
    if value.get("deleted") is True:
        return "recalled message"
    if kind == "system":
        return "notice of Feishu"
    if key(value.get("upper_message_id")):
        return "message of a chat that was forwarded"
    sender = fields(value.get("sender"))
    who = label(sender.get("sender_type"))
    if who in ("app", "bot") or _is_app(_sender(sender)):
        return "message of a bot"
    return "message of somebody without a name" if who == "anonymous" else ""


def _is_app(id: str) -> bool:
    return id.startswith("cli_")


def _sender(sender: Json) -> str:
    return key(sender.get("id")) or _open_id(sender.get("sender_id"))


def _open_id(value: object) -> str:
    if isinstance(value, dict):
        return key(value.get("open_id")) or key(value.get("union_id")) or key(value.get("user_id"))
    return key(value)


def _mentions(value: Json) -> dict[str, tuple[str, str]]:
    """Whom "@_user_1" and others stand for: id ("" for a bot) and name."""
    found = {}
    for one in map(fields, entries(value.get("mentions"))):
        is_bot = label(one.get("mentioned_type")) == "bot" or label(one.get("id_type")) == "app_id"
        found[label(one.get("key"))] = ("" if is_bot else _open_id(one.get("id")), label(one.get("name")))
    return found


def _content(value: Json) -> Json:
    text = fields(value.get("body")).get("content", value.get("content"))
    if isinstance(text, dict):
        return text
    try:
        content = json.loads(text) if isinstance(text, str) and text.strip() else {}
    except (ValueError, RecursionError):
        raise ValueError("its content is no JSON") from None
    return fields(content)


def _text(kind: str, content: Json, names: dict[str, str]) -> str:
    """The words of a message; "" for a picture, a file, a card."""

    def named(mark: re.Match[str]) -> str:
        return _EVERYBODY if mark[1] == "all" else f"@{names[mark[0]]}" if names.get(mark[0]) else mark[0]

    if kind == "text":
        return _MARK.sub(named, words(content.get("text"))).strip()
    if kind == "post":
        return _post(content, named)
    if kind == "vote":
        return "\n".join([words(content.get("topic")), *map(words, entries(content.get("options")))]).strip()
    if kind == "todo":
        return _post(fields(content.get("summary")), named)
    return ""


def _post(content: Json, named: Callable[[re.Match[str]], str]) -> str:
    if "content" not in content and "title" not in content:
        content = next((fields(one) for one in content.values() if "content" in fields(one)), {})
    lines = [words(content.get("title"))]
    for line in entries(content.get("content")):
        tags = entries(line) if isinstance(line, list) else [line]
        lines.append("".join(_tag(fields(tag), named) for tag in tags))
    return "\n".join(lines).strip()


def _tag(tag: Json, named: Callable[[re.Match[str]], str]) -> str:
    kind = tag.get("tag")
    if kind == "at":
        who = words(tag.get("user_id"))
        if who in ("all", "@_all"):
            return _EVERYBODY
        text = _MARK.sub(named, who)
        return text if text != who else f"@{label(tag.get('user_name'))}" if tag.get("user_name") else text
    if kind in ("text", "a", "md", "code_block"):
        text = words(tag.get("text")) or words(tag.get("href") if kind == "a" else "")
        return _MARK.sub(named, text)
    return ""
