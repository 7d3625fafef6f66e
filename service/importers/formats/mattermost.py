"""Mattermost's bulk export: lines of JSON, plain or as a .jsonl in a .zip beside the files that were attached.

| what | where |
|---|---|
| a line | {"type": T, T: {…}} with T version, team, channel, user, bot, post, direct_channel, direct_post, emoji, … in this order |
| people | user{username (the id), first_name, last_name, nickname, position, email, delete_at, teams[{name, channels[{name}]}]}; bot{username} |
| rooms | channel{team, name, display_name, type O open or P by invitation}; direct_channel{members[]} |
| message | post{team, channel, user, message, create_at ms, edit_at, type, props, replies[{user, message, create_at}]}; direct_post the same with channel_members[] |
| id | none: (channel, user, create_at) is one. Replies stand within the post that they answer |
| no words of people | types system_…, custom_…; props.from_webhook, props.from_bot |
| @ | @username; @all @channel @here are nobody |

Read in docs.mattermost.com (bulk loading and export), zulip/zulip:zerver/data_import/mattermost.py, and bulk files in
tests of public repositories. The keys of props and the types of posts are general knowledge.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from models.archive.container import ArchiveError, BadRow
from models.domain.records import Identity
from service.importers.frame.container import Container
from service.importers.frame.format import Format, Options
from service.importers.frame.gather import hashed
from service.importers.frame.json_walk import Broken, bad, json_heads, json_lines
from service.importers.frame.report import Report
from service.importers.frame.transcript import Entries, Entry, Person, Room, Said, Unused
from service.importers.frame.values import Json, address, entries, fields, key, label, milliseconds, own_words, words

_KINDS = "version|team|channel|user|bot|post|direct_channel|direct_post|role|scheme|emoji"
_LINE = re.compile(rf'^\s*\{{\s*"type"\s*:\s*"({_KINDS})"')
_KEYED = re.compile(rf'"(?:{_KINDS})"\s*:\s*[{{\d]')
_AT = re.compile(r"(?<![\w.@-])@([a-z0-9][a-z0-9._-]{0,63})", re.IGNORECASE)
_SAID = {"post": "channel", "direct_post": "channel_members"}
_ASIDE = {"version": "", "team": "", "emoji": "emoji of the server", "role": "", "scheme": ""}


@dataclass(slots=True)
class _Server:
    """Who and what was met so far."""

    bots: set[str] = field(default_factory=set)
    users: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    in_channel: dict[str, dict[str, None]] = field(default_factory=dict)  # of all that users state
    rooms: set[str] = field(default_factory=set)
    closed: dict[str, str] = field(default_factory=dict)  # rooms by invitation, with their names


class Mattermost(Format):
    name: ClassVar[str] = "mattermost"
    title: ClassVar[str] = "Mattermost bulk export"

    def sure(self, files: Container) -> float:
        best = 0.0
        for _, head in json_heads(files, ".jsonl", ".ndjson", ".json", most=3):
            lines = head.splitlines()[:10]
            hits = sum(bool(_LINE.match(line) and _KEYED.search(line)) for line in lines)
            best = max(best, 0.95 * (hits > 0 and hits >= len(lines) - 1), 0.6 * (hits > 1))
        return best

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        report.clock = "as Mattermost keeps them, to the millisecond"
        names = files.ending(".jsonl", ".ndjson", ".json") if len(files.names) > 1 else list(files.names)
        if not names:
            raise ArchiveError("there is no .jsonl file in it; hand over what mmctl export wrote")
        server = _Server()
        for name in names:
            for found in json_lines(files, name):
                if isinstance(found.value, Broken):
                    yield bad(name, found)
                else:
                    yield from _line(name, found.number, fields(found.value), server)
        for id, shown in server.closed.items():
            yield Room(key=id, name=shown, visibility="members", members=tuple(server.in_channel.get(id, ())))


def _line(file: str, number: int, line: Json, server: _Server) -> Iterator[Entry]:
    kind = label(line.get("type"))
    one = fields(line.get(kind))
    if kind in _SAID:
        yield from _post(file, number, kind, one, server)
    elif kind == "user":
        yield from _user(file, number, one, server)
    elif kind == "bot":
        server.bots.add(label(one.get("username")))
        yield Unused(what="bot account")
    elif kind == "channel":
        yield from _channel(file, number, one, server)
    elif kind == "direct_channel":
        yield from _direct(one.get("members"), server)
    elif kind not in _ASIDE:
        yield Unused(what="line of another kind") if kind else BadRow(file, number, "a line without a type")
    elif _ASIDE[kind]:
        yield Unused(what=_ASIDE[kind])


def _user(file: str, number: int, user: Json, server: _Server) -> Iterator[Entry]:
    id = label(user.get("username"))
    if not id:
        yield BadRow(file, number, "a person without a username")
        return
    if user.get("is_bot") is True:
        server.bots.add(id)
        yield Unused(what="bot account")
        return
    server.users.add(id)
    nickname = label(user.get("nickname"))
    name = label(f"{label(user.get('first_name'))} {label(user.get('last_name'))}") or nickname or id
    server.names[id] = name
    for team in map(fields, entries(user.get("teams"))):
        for channel in map(fields, entries(team.get("channels"))):
            server.in_channel.setdefault(_key(team.get("name"), channel.get("name")), {})[id] = None
    mail = address(user.get("email"))
    yield Person(
        key=id,
        name=name,
        also=tuple(one for one in (id, nickname) if one),
        identities=(Identity("mattermost", id), *([Identity("email", mail)] if mail else [])),
        profile=label(user.get("position")),
        gone=isinstance(user.get("delete_at"), int) and user["delete_at"] > 0,
    )


def _channel(file: str, number: int, channel: Json, server: _Server) -> Iterator[Entry]:
    id, shown = _key(channel.get("team"), channel.get("name")), label(channel.get("display_name"))
    if not label(channel.get("name")):
        yield BadRow(file, number, "a channel without a name")
        return
    server.rooms.add(id)
    if channel.get("type", "O") == "O":
        yield Room(key=id, name=shown or label(channel.get("name")))
    else:
        server.closed[id] = shown or label(channel.get("name"))


def _key(team: object, channel: object) -> str:
    return f"{label(team)}:{label(channel)}"


def _direct(members: object, server: _Server) -> Iterator[Room]:
    """The room of some people, the first time that it is met."""
    id = _direct_key(members)
    if id not in server.rooms:
        server.rooms.add(id)
        people = sorted({one for one in map(label, entries(members)) if one and one not in server.bots})
        name = label(", ".join(server.names.get(one, one) for one in people)) or "direct messages"
        yield Room(key=id, name=name, visibility="private", members=tuple(people))


def _direct_key(members: object) -> str:
    people = sorted({one for one in map(label, entries(members)) if one})
    return hashed("direct", *people)


def _post(file: str, number: int, kind: str, post: Json, server: _Server) -> Iterator[Entry]:
    if kind == "direct_post":
        room = _direct_key(post.get("channel_members"))
        yield from _direct(post.get("channel_members"), server)
    else:
        room = _key(post.get("team"), post.get("channel"))
        if room not in server.rooms:
            # A channel that no line describes may have been a closed one.
            server.rooms.add(room)
            server.closed[room] = label(post.get("channel"))
    replies = [one for one in map(fields, entries(post.get("replies"))) if one]
    head = _id(post)
    yield from _said(file, number, post, room, "", head if replies else "", server)
    for reply in replies:
        yield from _said(file, number, reply, room, head, head, server)


def _id(post: Json) -> str:
    return f"{label(post.get('user'))} {key(post.get('create_at'))}"


def _said(
    file: str, number: int, post: Json, room: str, reply_to: str, thread: str, server: _Server
) -> Iterator[Entry]:
    author, kind, props = label(post.get("user")), label(post.get("type")), fields(post.get("props"))
    try:
        if kind not in ("", "me", "slack_attachment"):
            yield Unused(what="notice of the channel")
        elif author in server.bots or _is_true(props.get("from_webhook")) or _is_true(props.get("from_bot")):
            yield Unused(what="bot message")
        elif isinstance(post.get("delete_at"), int) and post["delete_at"] > 0:
            yield Unused(what="deleted message")
        elif not author:
            yield BadRow(file, number, "a message without the name of who said it")
        else:
            text, quoted = own_words(words(post.get("message")).strip())
            time = milliseconds(post.get("create_at"))
            if author not in server.users:
                server.users.add(author)
                yield Person(key=author, name=author, identities=(Identity("mattermost", author),))
            if room in server.closed:
                server.in_channel.setdefault(room, {})[author] = None
            yield Said(
                file=file,
                line=number,
                author=author,
                time=time,
                text=text,
                room=room,
                id=_id(post),
                reply_to=reply_to,
                thread=thread,
                mentions=tuple(_mentioned(text, server)),
                at_names=False,
            )
            if quoted:
                yield Unused(what="quoted words of others")
    except ValueError as error:
        yield BadRow(file, number, str(error))


def _mentioned(text: str, server: _Server) -> Iterator[str]:
    """A username may end in a point, and so may a sentence."""
    if "@" not in text:
        return
    for name in _AT.findall(text):
        name = name.lower()
        while name:
            if name in server.users:
                yield name
                break
            if name[-1] not in "._-":
                break
            name = name[:-1]


def _is_true(value: object) -> bool:
    return value is True or value == "true"
