"""Telegram Desktop's result.json ("machine-readable JSON"): one chat, or a whole account.

| what | where |
|---|---|
| one chat | {name, type, id, messages[]} |
| account | {about, personal_information{user_id, …}, contacts, chats{list[chat]}, left_chats{list[chat]}} |
| kinds of chat | personal_chat, bot_chat, saved_messages and replies (without a name), private_group, private_supergroup, public_supergroup, private_channel, public_channel |
| message | id (a number within the chat), type message, service or unsupported, date (by the exporter's clock), date_unixtime (text; missing before 2021), edited |
| people | from (null: a deleted account), from_id "user1"; "channel2" and "chat3" speak in the name of a room; before 2021 from_id is a number |
| text | text, or a list of texts and {type, text}; link with href, mention (@username), mention_name with user_id, blockquote |
| reply | reply_to_message_id; with reply_to_peer_id it is of another chat |
| others' words | forwarded_from, saved_from, via_bot |
| topics | a service message topic_created{title}; what is said in a topic answers it, or what was said there |
| broken | control characters are written \\\\x0B, which is no JSON |

Read in telegramdesktop/tdesktop:Telegram/SourceFiles/export/output/export_output_json.cpp. Nothing marks bots, except
that only they send inline_bot_buttons (newer exports; general knowledge, as is the form before 2021).
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, ClassVar

from models.archive.container import ArchiveError, BadRow
from models.domain.records import Identity, Micros, Visibility
from service.importers.frame.clock import local_zone, written
from service.importers.frame.container import Container
from service.importers.frame.format import Format, Options
from service.importers.frame.json_walk import BEGINS, Broken, Found, bad, json_heads, walk
from service.importers.frame.report import Report
from service.importers.frame.transcript import Entries, Entry, Person, Room, Said, Unused
from service.importers.frame.values import Json, entries, fields, key, label, seconds, words

_LISTS = ("chats", "left_chats")
_MESSAGES = frozenset(("messages[]", "chats.list[].messages[]", "left_chats.list[].messages[]"))
_OPENED = frozenset(
    ("", "messages", *(one for at in _LISTS for one in (at, f"{at}.list", f"{at}.list[]", f"{at}.list[].messages")))
)
_CHATS = frozenset(("", "chats.list[]", "left_chats.list[]"))
_KINDS = (
    "personal_chat", "bot_chat", "saved_messages", "replies", "private_group", "private_supergroup",
    "public_supergroup", "private_channel", "public_channel",
)  # fmt: skip
_DIRECT = ("personal_chat", "bot_chat", "saved_messages", "replies")
_NOTICES = {
    "invite_members": "joined the group",
    "join_group_by_link": "joined the group",
    "join_group_by_request": "joined the group",
    "remove_members": "left the group",
    "pin_message": "pinned a message",
    "phone_call": "call",
    "group_call": "call",
    "topic_created": "began a topic",
}
_TOPICS = 10_000  # of a chat
_TOPICS_OF = 200_000  # messages of which the topic is remembered
_ABOUT_CHATS = {"", "name", "type", "id", "about", "messages", "list", "chats", "left_chats"}


@dataclass(slots=True)
class _Chat:
    """The chat that is being read. `alone`: it is all that was exported, so it is the community's own."""

    kind: str = ""
    id: str = ""
    name: str = ""
    alone: bool = True
    topics: dict[str, str] = field(default_factory=dict)  # id of the message that begins it → title
    topic_of: dict[str, str] = field(default_factory=dict)  # of what was said in a topic
    names: dict[str, str] = field(default_factory=dict)  # of people, in all chats of the file
    speakers: dict[str, str] = field(default_factory=dict)  # by id, with their newest name

    @property
    def key(self) -> str:
        """The bare ids of users, groups and channels are counted apart."""
        if self.kind in _DIRECT:
            return f"user{self.id}"
        return f"group{self.id}" if self.kind == "private_group" else self.id

    def room(self) -> Room:
        visibility: Visibility = "community"
        if self.kind in _DIRECT or self.kind not in _KINDS:
            visibility = "private"
        elif self.kind.startswith("private") and not self.alone:
            visibility = "members"
        members = tuple(self.speakers) if visibility != "community" else ()
        return Room(key=self.key, name=self.name or self.kind, visibility=visibility, members=members)


class Telegram(Format):
    name: ClassVar[str] = "telegram"
    title: ClassVar[str] = "Telegram Desktop, machine-readable JSON"

    def sure(self, files: Container) -> float:
        best = 0.0
        for _, head in json_heads(files, ".json"):
            if not head.lstrip().startswith("{"):
                continue
            chat = '"messages"' in head and any(f'"{kind}"' in head for kind in _KINDS)
            said = '"from_id"' in head and ('"date_unixtime"' in head or '"text_entities"' in head)
            account = '"personal_information"' in head and '"phone_number"' in head and '"about"' in head
            best = max(best, 0.95 * (chat and said), 0.9 * (said or account), 0.8 * chat)
        return best

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        report.clock = "as Telegram keeps them, to the second"
        found = False
        for name in files.ending(".json") if len(files.names) > 1 else files.names:
            for entry in _file(files, name, options, report):
                found = found or not isinstance(entry, Unused)
                yield entry
        if not found:
            raise ArchiveError("no file in it is a chat of Telegram; export it as machine-readable JSON")


def _file(files: Container, name: str, options: Options, report: Report) -> Entries:
    chat, sorted_heads = _Chat(), None
    begun = False
    for found in walk(files, name, _OPENED):
        if isinstance(found.value, Broken):
            yield bad(name, found)
        elif found.value is BEGINS:
            if found.path in _CHATS:
                yield from _over(chat)
                chat, begun = _Chat(alone=found.path == "", names=chat.names), False
        elif found.path in _MESSAGES:
            if not begun and not (chat.id and chat.kind):
                sorted_heads = sorted_heads or _heads(files, name)
                chat = replace(sorted_heads.pop(0), names=chat.names) if sorted_heads else chat
                chat.id = chat.id or PurePosixPath(name).stem
            begun = True
            yield from _entries(name, found.number, fields(found.value), chat, options, report)
        elif found.path == "personal_information":
            yield from _exporter(fields(found.value))
        elif not _told(chat, found) and found.path.rpartition(".")[2] not in _ABOUT_CHATS:
            yield Unused(what="part of the account that is no chat")
    yield from _over(chat)


def _over(chat: _Chat) -> Iterator[Entry]:
    """The room of a chat that was read, now that it is known who spoke there."""
    if chat.id and chat.kind not in ("bot_chat", "replies"):
        yield chat.room()


def _told(chat: _Chat, found: Found) -> bool:
    """Takes what is said of the chat itself."""
    where, _, what = found.path.rpartition(".")
    if where not in _CHATS or what not in ("id", "name", "type"):
        return False
    if what == "id":
        chat.id = key(found.value)
    elif what == "name":
        chat.name = label(found.value)
    else:
        chat.kind = label(found.value)
    return True


def _heads(files: Container, name: str) -> list[_Chat]:
    """The chats with messages of a file in which other tools have sorted what is in it, so that ids come too late."""
    chats: list[tuple[_Chat, bool]] = []
    for found in walk(files, name, _OPENED):
        if found.value is BEGINS and found.path in _CHATS:
            chats.append((_Chat(alone=found.path == ""), False))
        elif found.path in _MESSAGES and chats:
            chats[-1] = chats[-1][0], True
        elif chats:
            _told(chats[-1][0], found)
    return [chat for chat, said in chats if said]


def _exporter(person: Json) -> Iterator[Person]:
    if id := key(person.get("user_id")):
        name = label(f"{label(person.get('first_name'))} {label(person.get('last_name'))}")
        yield Person(
            key=f"user{id}",
            name=name,
            also=(label(person.get("username")).removeprefix("@"),),
            identities=(Identity("telegram", f"user{id}"),),
        )


def _entries(file: str, number: int, message: Json, chat: _Chat, options: Options, report: Report) -> Iterator[Entry]:
    try:
        yield from _message(file, number, message, chat, options, report)
    except ArchiveError:
        raise
    except ValueError as error:
        yield BadRow(file, number, str(error))


def _message(file: str, number: int, message: Json, chat: _Chat, options: Options, report: Report) -> Iterator[Entry]:
    author = _author(message)
    if chat.kind in ("bot_chat", "replies"):
        yield Unused(what="message in a chat with a bot")
    elif message.get("type") == "service":
        _topic(message, chat)
        yield Unused(what=_NOTICES.get(label(message.get("action")), "notice of the group"))
    elif message.get("type") == "unsupported":
        yield Unused(what="message that Telegram Desktop did not know")
    elif author.startswith(("channel", "chat")):
        report.note("What is posted in the name of a group or channel has no author and is not taken.")
        yield Unused(what="post in the name of a group or channel")
    elif "inline_bot_buttons" in message and "via_bot" not in message:
        yield Unused(what="bot message")
    elif not author:
        yield BadRow(file, number, "a message without the id of who said it")
    else:
        yield from _said(file, number, author, message, chat, _time(message, options, report))


def _said(file: str, number: int, author: str, message: Json, chat: _Chat, time: Micros) -> Iterator[Entry]:
    yield from _person(author, label(message.get("from")), chat)
    text, mentions, quoted = "", dict[str, str](), False
    if "forwarded_from" in message:
        yield Unused(what="forwarded words of others")
    elif "via_bot" in message:
        yield Unused(what="words that a bot wrote")
    else:
        text, mentions, quoted = _words(message)
        for one, shown in mentions.items():
            if one not in chat.names:
                chat.names[one] = shown
                yield Person(key=one, name=shown, identities=(Identity("telegram", one),))
    if quoted:
        yield Unused(what="quoted words of others")
    id, reply_to = key(message.get("id")), key(message.get("reply_to_message_id"))
    topic = chat.topics.get(reply_to) or chat.topic_of.get(reply_to, "")
    if topic:
        chat.topic_of[id] = topic
        if len(chat.topic_of) > _TOPICS_OF:
            chat.topic_of.clear()
    if reply_to in chat.topics or "reply_to_peer_id" in message:
        reply_to = ""
    yield Said(
        file=file,
        line=number,
        author=author,
        time=time,
        text=text,
        room=chat.key,
        id=id,
        reply_to=reply_to,
        topic=topic,
        mentions=tuple(mentions),
    )


def _author(message: Json) -> str:
    """ "user1", or the name where there is no id."""
    id = message.get("from_id")
    if isinstance(id, int) and not isinstance(id, bool):
        return f"user{id}" if id > 0 else f"channel{-id}"
    return key(id) or label(message.get("from"))


def _person(author: str, name: str, chat: _Chat) -> Iterator[Person]:
    """Who speaks, once a chat and again under a new name; a deleted account has none."""
    if chat.speakers.get(author) != name:
        chat.speakers[author] = chat.names[author] = name
        yield Person(key=author, name=name, identities=(Identity("telegram", author),), gone=not name)


def _topic(message: Json, chat: _Chat) -> None:
    if message.get("action") == "topic_created" and len(chat.topics) < _TOPICS:
        chat.topics[key(message.get("id"))] = label(message.get("title"))


def _time(message: Json, options: Options, report: Report) -> Micros:
    if "date_unixtime" in message:
        return seconds(message["date_unixtime"])
    zone = local_zone(options, report)
    return written(words(message.get("date"))[:60], zone)


def _words(message: Json) -> tuple[str, dict[str, str], bool]:
    """What somebody wrote, whom they mention by id (with the words for it), and whether quoted lines were left out."""
    text = message.get("text", message.get("text_entities"))
    mentions: dict[str, str] = {}
    if isinstance(text, str):
        return (words(text).strip() or _poll(message)), mentions, False
    parts, quoted = [], False
    for part in entries(text):
        whole = fields(part)
        said = words(part if isinstance(part, str) else whole.get("text"))
        if whole.get("type") == "blockquote":
            quoted = True
            continue
        if whole.get("type") == "mention_name" and (id := key(whole.get("user_id"))):
            mentions[f"user{id}"] = label(said).removeprefix("@")
        href = words(whole.get("href"))
        parts.append(f"{said} ({href})" if href and href != said else said)
    return ("".join(parts).strip() or _poll(message)), mentions, quoted


def _poll(message: Json) -> str:
    """The question and the answers of a poll, which are its author's words."""
    poll = message.get("poll")
    if not isinstance(poll, dict):
        return ""
    answers: list[Any] = [fields(one).get("text") for one in entries(poll.get("answers"))]
    return "\n".join(line for line in map(words, (poll.get("question"), *answers)) if line)
