"""Zulip's export of an organization: a .tar.gz with realm.json and messages-000001.json, messages-000002.json, …

| what | where |
|---|---|
| people | realm.json: zerver_userprofile{id, full_name, email, delivery_email, is_bot, is_active, is_mirror_dummy, timezone}; zerver_userprofile_crossrealm are bots of the server |
| rooms | zerver_stream{id, name, invite_only}; zerver_recipient{id, type 1 direct, 2 channel, 3 group, type_id}; zerver_subscription{user_profile, recipient, active} says who is in a group or channel |
| message | messages-….json: zerver_message{id, sender, recipient, subject (the topic), content (Markdown), date_sent (seconds, a fraction)}; edits are in place |
| @ | @**Full Name**, @**Full Name\\|id**; silent @_**…**; groups @*…*; all, everyone, channel, stream, topic are nobody |
| quote | "@_**Name\\|id** [said](…/near/MESSAGE):" and a block ```quote … ``` |
| files | [name](/user_uploads/…) |

Read in zulip/zulip:zerver/lib/export.py, zerver/lib/mention.py, zerver/data_import/import_util.py. What the client
writes for "quote and reply", and the link in it, are general knowledge.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, ClassVar

from models.archive.container import ArchiveError, BadRow
from models.domain.records import Identity, Visibility
from service.importers.frame.container import Container
from service.importers.frame.format import Format, Options
from service.importers.frame.json_walk import BEGINS, Broken, bad, head_of, json_heads, walk
from service.importers.frame.report import Report
from service.importers.frame.transcript import Entries, Entry, Person, Room, Said, Unused
from service.importers.frame.values import Json, address, fields, key, label, own_words, seconds, words, zone_name

_TABLE = re.compile(r'(?<!\\)"zerver_(\w+)"\s*:')
_MENTION = re.compile(r"(?<![^\s'\"(,:<])@(_?)\*\*([^*]{1,300})\*\*")
_GROUP = re.compile(r"(?<![^\s'\"(,:<])@_?\*([^*]{1,100})\*")
_CHANNEL = re.compile(r"#\*\*([^*]{1,200})\*\*")
_QUOTE = re.compile(r"^(`{3,}|~{3,})[ ]*quote[ ]*\n(?s:.*?)(?:^\1[ ]*$\n?|\Z)", re.MULTILINE)
_LONGEST_LINK = 2000  # the line above a quotation that says whose it is
_NEAR = re.compile(r"(?:stream|channel)/(\d+)-?.*/near/(\d+)|/near/(\d+)")
_UPLOAD = re.compile(r"!?\[[^\[\]\n]{0,300}\]\((?:https?://[^)\s/]*)?/user_uploads/[^)\s]*\)")
_EVERYBODY = frozenset(("all", "everyone", "stream", "channel", "topic"))


class _Tables:
    """All tables of a file are lists, which are entered; nothing within them is."""

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and "." not in path and not path.endswith("[]")


@dataclass(slots=True)
class _Realm:
    """People and rooms by their ids."""

    names: dict[str, str] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)  # full name in small letters → id, "" where it is of several
    bots: set[str] = field(default_factory=set)
    streams: dict[str, tuple[str, Visibility]] = field(default_factory=dict)
    recipients: dict[str, tuple[int, str]] = field(default_factory=dict)  # id → kind, id of a person, channel or group
    members: dict[str, dict[str, None]] = field(default_factory=dict)  # of recipients that are not open
    told: dict[str, Room] = field(default_factory=dict)


class Zulip(Format):
    name: ClassVar[str] = "zulip"
    title: ClassVar[str] = "Zulip export"

    def sure(self, files: Container) -> float:
        named = [name for name in files.names if _is_named(name)][:2]
        heads = [head_of(files, name) for name in named] or [head for _, head in json_heads(files, ".json", most=3)]
        tables = {table for head in heads for table in _TABLE.findall(head)}
        return max(0.95 * ("message" in tables), 0.9 * ("userprofile" in tables), 0.8 * (len(tables) > 1))

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        report.clock = "as Zulip keeps them"
        realm = _Realm()
        names = [name for name in files.names if _is_named(name)] or files.ending(".json") or list(files.names)
        said = [name for name in names if PurePosixPath(name).name.startswith("messages-")]
        for name in [name for name in names if name not in said]:
            yield from _organization(files, name, realm)
        read = bool(realm.names)
        for name in said or names:
            for entry in _messages(files, name, realm):
                read = True
                yield entry
        if not read:
            raise ArchiveError("there are neither people nor messages of Zulip in it; hand over the whole .tar.gz")


def _is_named(name: str) -> bool:
    last = PurePosixPath(name).name
    return last == "realm.json" or (last.startswith("messages-") and last.endswith(".json"))


def _organization(files: Container, name: str, realm: _Realm) -> Entries:
    for found in walk(files, name, _Tables()):
        row = fields(found.value)
        if isinstance(found.value, Broken):
            yield bad(name, found)
        elif found.value is BEGINS:
            continue
        elif found.path == "zerver_userprofile[]":
            yield from _person(name, found.number, row, realm)
        elif found.path == "zerver_userprofile_crossrealm[]":
            realm.bots.add(key(row.get("id")))
        elif found.path == "zerver_stream[]":
            closed = row.get("invite_only") is True
            realm.streams[key(row.get("id"))] = (label(row.get("name")), "members" if closed else "community")
        elif found.path == "zerver_recipient[]":
            kind = row.get("type")
            realm.recipients[key(row.get("id"))] = (kind if isinstance(kind, int) else 0, key(row.get("type_id")))
    # Who is in which room comes in any order: only now is it known of which rooms it matters.
    for found in walk(files, name, _Tables()):
        if found.path == "zerver_subscription[]":
            _subscribed(fields(found.value), realm)


def _person(file: str, number: int, user: Json, realm: _Realm) -> Iterator[Entry]:
    id, name = key(user.get("id")), label(user.get("full_name"))
    if not id:
        yield BadRow(file, number, "a person without an id")
    elif user.get("is_bot") is True:
        realm.bots.add(id)
        yield Unused(what="bot account")
    else:
        realm.names[id] = name
        realm.called[name.lower()] = "" if name.lower() in realm.called else id
        mail = address(user.get("delivery_email")) or address(user.get("email"))
        if mail.startswith(f"user{id}@"):
            mail = ""  # which the server made up
        yield Person(
            key=id,
            name=name,
            identities=(Identity("zulip", id), *([Identity("email", mail)] if mail else [])),
            time_zone=zone_name(user.get("timezone")),
            gone=user.get("is_active") is False or user.get("is_mirror_dummy") is True,
        )


def _subscribed(row: Json, realm: _Realm) -> None:
    recipient, who = key(row.get("recipient")), key(row.get("user_profile"))
    kind, id = realm.recipients.get(recipient, (0, ""))
    closed = kind == 3 or (kind == 2 and realm.streams.get(id, ("", "members"))[1] != "community")
    if closed and who in realm.names and row.get("active") is not False:
        realm.members.setdefault(recipient, {})[who] = None


def _messages(files: Container, name: str, realm: _Realm) -> Entries:
    for found in walk(files, name, _Tables()):
        if isinstance(found.value, Broken):
            yield bad(name, found)
        elif found.path == "zerver_message[]":
            try:
                yield from _message(name, found.number, fields(found.value), realm)
            except ValueError as error:
                yield BadRow(name, found.number, str(error))


def _message(file: str, number: int, message: Json, realm: _Realm) -> Iterator[Entry]:
    sender = key(message.get("sender"))
    if not sender:
        yield BadRow(file, number, "a message without the id of who said it")
        return
    if sender in realm.bots:
        yield Unused(what="bot message")
        return
    time = seconds(message.get("date_sent"))
    kind, at = realm.recipients.get(key(message.get("recipient")), (0, ""))
    room = _room(sender, key(message.get("recipient")), kind, at, realm)
    if realm.told.get(room.key) != room:
        realm.told[room.key] = room
        yield room
    if sender not in realm.names:
        realm.names[sender] = sender
        yield Person(key=sender, name=sender, identities=(Identity("zulip", sender),))
    text, mentions, reply_to, quoted = _words(words(message.get("content")), at if kind == 2 else "", realm)
    yield Said(
        file=file,
        line=number,
        author=sender,
        time=time,
        text=text,
        room=room.key,
        id=key(message.get("id")),
        reply_to=reply_to,
        topic=label(message.get("subject")) if kind == 2 else "",
        mentions=mentions,
        at_names=False,
    )
    if quoted:
        yield Unused(what="quoted words of others")


def _room(sender: str, recipient: str, kind: int, at: str, realm: _Realm) -> Room:
    if kind == 2:
        name, visibility = realm.streams.get(at, (at, "members"))
        members = tuple(realm.members.get(recipient, ())) if visibility != "community" else ()
        return Room(key=at, name=name, visibility=visibility, members=members)
    if kind == 1:
        id, people = "direct-" + "-".join(sorted({sender, at})), sorted({sender, at} - realm.bots)
    else:
        id, people = f"group-{at or recipient}", list(realm.members.get(recipient, {sender: None}))
    name = label(", ".join(realm.names.get(one, one) for one in people))
    return Room(key=id, name=name, visibility="private", members=tuple(people))


def _words(text: str, stream: str, realm: _Realm) -> tuple[str, tuple[str, ...], str, bool]:
    """A message's own words, whom it mentions, what it answers, and whether lines of others were left out."""
    reply_to, quoted = "", False
    if "quote" in text:
        text, links, quoted = _unquoted(text)
        reply_to = next(filter(None, (_near(link, stream) for link in links)), "")
    text, lines = own_words(text.strip())
    mentions: list[str] = []
    if "@" in text:
        text = _MENTION.sub(lambda found: _mention(found, mentions, realm), text)
        text = _GROUP.sub(r"@\1", text)
    text = _CHANNEL.sub(r"#\1", text) if "#**" in text else text
    text = _UPLOAD.sub("", text).strip() if "/user_uploads/" in text else text
    return text, tuple(dict.fromkeys(mentions)), reply_to, quoted or lines


def _unquoted(text: str) -> tuple[str, list[str], bool]:
    """Text without quotations and the lines that introduce them, those lines, and whether there were any."""
    own, links, end = [], [], 0
    for found in _QUOTE.finditer(text):
        before = text[end : found.start()]
        line = before[before.rfind("\n", 0, -1) + 1 :]
        if len(line) < _LONGEST_LINK and "](" in line and "/near/" in line:
            links.append(line)
            before = before[: len(before) - len(line)]
        own.append(before)
        end = found.end()
    return "".join(own) + text[end:], links, end > 0


def _near(link: str, stream: str) -> str:
    """The id of the message that a link leads to, "" where it is in another room."""
    found = _NEAR.search(link)
    if not found:
        return ""
    return (found[2] if found[1] == stream else "") if found[1] else found[3]


def _mention(found: re.Match[str], mentions: list[str], realm: _Realm) -> str:
    silent, named = found[1], found[2]
    name, _, id = named.rpartition("|")
    if not (name or named.startswith("|")) or not id.isdecimal():
        name, id = named, realm.called.get(named.lower(), "")
    if not silent and id in realm.names and named not in _EVERYBODY:
        mentions.append(id)
    shown: Any = name or realm.names.get(id, id)
    return f"{shown}" if silent else f"@{shown}"
