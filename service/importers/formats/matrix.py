"""A Matrix room as Element exports it: JSON, plain or as export.json in a .zip beside the files that were attached.

| what | where |
|---|---|
| room | {room_name, room_creator, topic, export_date, exported_by, messages[]}; its id is room_id of the events |
| event | type, event_id, sender "@u:server", origin_server_ts ms, content, state_key, unsigned |
| people | m.room.member: state_key, content{membership, displayname, is_direct} |
| message | m.room.message with content.msgtype m.text or m.emote; m.notice is what bots say; m.image, m.audio, … have the file's name as body, or a caption where filename is another |
| reply | content["m.relates_to"]["m.in_reply_to"].event_id; older ones begin with lines "> <@u:server> words" and a blank one; in a thread (rel_type m.thread, event_id its first message) is_falling_back says that it is none |
| edit | rel_type m.replace, event_id, content["m.new_content"]; Element writes the words as they read in the end |
| taken back | content is empty, unsigned.redacted_because; m.room.redaction{redacts} |
| @ | content["m.mentions"].user_ids; before, links to https://matrix.to/#/@u:server in formatted_body |

Read in element-hq/element-web:src/utils/exportUtils/JSONExport.ts and the fallback in matrix-react-sdk:src/utils/
Reply.ts. The fields within events are those of the Matrix specification, from general knowledge.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import ClassVar
from urllib.parse import unquote

from models.archive.container import ArchiveError, BadRow
from models.domain.records import Identity, Visibility
from service.importers.frame.container import Container
from service.importers.frame.format import Format, Options
from service.importers.frame.json_walk import Broken, bad, json_heads, walk
from service.importers.frame.report import Report
from service.importers.frame.transcript import Changed, Entries, Entry, Person, Room, Said, Unused
from service.importers.frame.values import Json, entries, fields, key, label, milliseconds, own_words, words

_OPENED = frozenset(("", "messages"))
_FALLBACK = re.compile(r"\A(?:> ?[^\n]*(?:\n|\Z))+\n?")
_MENTION = re.compile(r"https://matrix\.to/#/(@[^\"'?<>\s]{1,255}|%40[^\"'?<>\s]{1,255})")
_ID = re.compile(r"@[^:\s]{1,200}:\S{1,200}")
_NOTICES = {
    "m.room.member": "joined, left or changed their name",
    "m.room.encrypted": "message that could not be decrypted",
    "m.reaction": "reaction",
    "m.sticker": "",
}
_SPOKEN = ("m.text", "m.emote")
_FILES = ("m.image", "m.file", "m.audio", "m.video", "m.location")


@dataclass(slots=True)
class Chat:
    """The room that is being read, and who is in it."""

    id: str = ""
    name: str = ""
    direct: bool = False
    join_rule: str = ""
    people: dict[str, str] = field(default_factory=dict)
    present: dict[str, None] = field(default_factory=dict)

    def room(self) -> Room:
        """The room as far as it is known."""
        visibility: Visibility = "community"
        if self.direct:
            visibility = "private"
        elif self.join_rule in ("invite", "knock", "private"):
            visibility = "members"
        members = tuple(self.present) if visibility != "community" else ()
        return Room(key=self.id, name=self.name or self.id, visibility=visibility, members=members)


class Matrix(Format):
    name: ClassVar[str] = "matrix"
    title: ClassVar[str] = "Matrix room, exported by Element"

    def sure(self, files: Container) -> float:
        best = 0.0
        for _, head in json_heads(files, ".json"):
            events = all(f'"{one}"' in head for one in ("origin_server_ts", "event_id", "sender"))
            room = all(f'"{one}"' in head for one in ("room_name", "exported_by", "messages"))
            best = max(best, 0.95 * (events and room), 0.8 * (events or room))
        return best

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        report.clock = "as Matrix keeps them, to the millisecond"
        read = False
        for name in files.ending(".json") if len(files.names) > 1 else files.names:
            for entry in _file(files, name, options):
                read = True
                yield entry
        if not read:
            raise ArchiveError("no file in it is a room of Matrix; export it from Element as JSON")


def _file(files: Container, name: str, options: Options) -> Entries:
    chat = Chat(id=_room_id(files, name))
    said = False
    for found in walk(files, name, _OPENED):
        if isinstance(found.value, Broken):
            yield bad(name, found)
        elif found.path == "room_name":
            chat.name = label(found.value)
        elif found.path in ("messages[]", "[]"):
            chat.id = chat.id or options.channel or PurePosixPath(name).stem
            said = True
            try:
                yield from event_entries(name, found.number, fields(found.value), chat)
            except ValueError as error:
                yield BadRow(name, found.number, str(error))
    if said:
        yield chat.room()


def _room_id(files: Container, name: str) -> str:
    for found in walk(files, name, _OPENED):
        if found.path in ("messages[]", "[]") and (id := key(fields(found.value).get("room_id"))):
            return id
    return ""


def event_entries(file: str, number: int, event: Json, chat: Chat) -> Iterator[Entry]:
    """What an event says; `chat` learns of it who is in the room and who may join. ValueError where it has no time."""
    kind, content = label(event.get("type")), fields(event.get("content"))
    if kind == "m.room.message" or kind == "m.sticker":
        yield from _message(file, number, event, content, chat)
    elif kind == "m.room.redaction":
        yield Changed(
            room=chat.id,
            id=key(event.get("redacts")) or key(content.get("redacts")),
            time=milliseconds(event.get("origin_server_ts")),
            author=key(event.get("sender")),
            text=None,
        )
        yield Unused(what="deletion, which is taken over")
    elif not kind:
        yield BadRow(file, number, "no event of Matrix")
    else:
        if kind == "m.room.member":
            yield from _member(key(event.get("state_key")) or key(event.get("sender")), content, chat)
        elif kind == "m.room.join_rules":
            chat.join_rule = label(content.get("join_rule"))
        yield Unused(what=_NOTICES.get(kind, "notice of the room"))


def _member(id: str, content: Json, chat: Chat) -> Iterator[Person]:
    chat.direct = chat.direct or content.get("is_direct") is True
    if not id:
        return
    name = label(content.get("displayname"))
    if content.get("membership") in ("join", "invite"):
        chat.present[id] = None
    elif id in chat.present:
        del chat.present[id]
    if name and content.get("membership") == "join" and chat.people.get(id) != name:
        chat.people[id] = name
        yield Person(key=id, name=name, also=(_account(id),), identities=(Identity("matrix", id),))


def _account(id: str) -> str:
    """The "u" of "@u:server", by which others may call somebody."""
    return id.removeprefix("@").partition(":")[0]


def _message(file: str, number: int, event: Json, content: Json, chat: Chat) -> Iterator[Entry]:
    sender, kind = key(event.get("sender")), label(content.get("msgtype"))
    relation = fields(content.get("m.relates_to"))
    if "redacted_because" in fields(event.get("unsigned")) or not content:
        yield Unused(what="deleted message")
    elif kind == "m.notice":
        yield Unused(what="bot message")
    elif kind == "m.bad.encrypted":
        yield Unused(what=_NOTICES["m.room.encrypted"])
    elif not sender:
        yield BadRow(file, number, "a message without the id of who said it")
    elif relation.get("rel_type") == "m.replace":
        yield from _edit(event, sender, fields(content.get("m.new_content")), relation, chat)
    else:
        mentions = _mentions(content)
        yield from _met((sender, *mentions), chat)
        chat.present[sender] = None
        reply_to, thread = _answers(relation)
        text, quoted = _words(content, bool(reply_to))
        yield Said(
            file=file,
            line=number,
            author=sender,
            time=milliseconds(event.get("origin_server_ts")),
            text=text,
            room=chat.id,
            id=key(event.get("event_id")),
            reply_to=reply_to,
            thread=thread,
            mentions=mentions,
            at_names="m.mentions" not in content,
        )
        if quoted:
            yield Unused(what="quoted words of others")


def _met(ids: Iterable[str], chat: Chat) -> Iterator[Person]:
    """Those of whom no event has told a name yet."""
    for id in ids:
        if id not in chat.people:
            chat.people[id] = _account(id)
            yield Person(key=id, name=_account(id), identities=(Identity("matrix", id),))


def _edit(event: Json, sender: str, content: Json, relation: Json, chat: Chat) -> Iterator[Entry]:
    mentions = _mentions(content)
    yield from _met(mentions, chat)
    yield Changed(
        room=chat.id,
        id=key(relation.get("event_id")),
        time=milliseconds(event.get("origin_server_ts")),
        author=sender,
        text=_words(content, answers=False)[0],
        mentions=mentions,
    )
    yield Unused(what="edit, which is taken over")


def _answers(relation: Json) -> tuple[str, str]:
    """What a message answers and the first message of its thread."""
    answered = key(fields(relation.get("m.in_reply_to")).get("event_id"))
    if relation.get("rel_type") != "m.thread":
        return answered, ""
    thread = key(relation.get("event_id"))
    return (thread if relation.get("is_falling_back") is True else answered or thread), thread


def _words(content: Json, answers: bool) -> tuple[str, bool]:
    """A message's own words, and whether quoted lines were left out that are not those of what it answers."""
    body, kind = words(content.get("body")), label(content.get("msgtype"))
    if kind in _FILES:
        named = content.get("filename")
        return (body.strip() if isinstance(named, str) and named != body else ""), False
    if kind not in _SPOKEN:
        return "", False
    if answers:
        body = _FALLBACK.sub("", body)
    return own_words(body.strip())


def _mentions(content: Json) -> tuple[str, ...]:
    if "m.mentions" in content:
        ids = [key(one) for one in entries(fields(content["m.mentions"]).get("user_ids"))]
    else:
        html = _without(_without(words(content.get("formatted_body")), "mx-reply"), "blockquote")
        ids = [unquote(one) for one in _MENTION.findall(html)]
    return tuple(dict.fromkeys(id for id in ids if _ID.fullmatch(id)))


def _without(html: str, tag: str) -> str:
    """HTML without what stands in these tags, which are not nested."""
    own, at = [], 0
    while (begin := html.find(f"<{tag}>", at)) >= 0 and (end := html.find(f"</{tag}>", begin)) >= 0:
        own.append(html[at:begin])
        at = end + len(tag) + 3
    return "".join(own) + html[at:]
