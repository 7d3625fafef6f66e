"""A Slack export: a .zip or a folder with users.json, channels.json and, for each channel, a folder with a file a day.

| what | where |
|---|---|
| people | users.json (org_users.json of an organization): id, name, deleted, is_bot, real_name, tz, profile{real_name, display_name, title, email}; messages of people from elsewhere carry user_profile |
| rooms | channels.json (open), groups.json (by invitation), mpims.json and dms.json (direct), each with id, name, members; the folder is the name, of dms the id |
| message | type, subtype, user or bot_id, ts "seconds.micros" (its id within the channel, and its time), text, edited, files |
| thread | thread_ts is the ts of its first message, which has it, too |
| text | <@U1> <@U1\\|name>, <!here> <!subteam^S1\\|@name> <!date^…\\|words>, <#C1\\|name>, <https://a.b\\|label>, &amp; &lt; &gt; |
| no words of people | bot_message and all other subtypes but me_message, thread_broadcast, file_share, file_comment |
| edits | are in place; message_changed and message_deleted, of exports with a log of edits, change what was said |

Read in zulip/zulip:zerver/data_import/slack.py, slack_message_conversion.py. The folder "teams" of an organization's
export, transcripts of voice clips (files[].transcription) and message_changed within exports are general knowledge;
so is the dump of one channel {channel_id, name, messages[]} of other tools, whose replies are in
slackdump_thread_replies.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import ClassVar

from models.archive.container import ArchiveError, BadRow
from models.domain.records import Identity, Visibility
from service.importers.frame.container import Container
from service.importers.frame.format import Format, Options
from service.importers.frame.json_walk import BEGINS, Broken, bad, head_of, json_heads, walk
from service.importers.frame.report import Report
from service.importers.frame.transcript import Changed, Entries, Entry, Person, Room, Said, Unused
from service.importers.frame.values import (
    Json,
    address,
    entries,
    fields,
    key,
    label,
    own_words,
    seconds,
    words,
    zone_name,
)

_TS = re.compile(r'(?<!\\)"ts"\s*:\s*"\d{9,11}\.\d{6}"')
_USER = re.compile(r'(?<!\\)"id"\s*:\s*"[UW][A-Z0-9]{1,20}"')
_ROOM = re.compile(r'(?<!\\)"id"\s*:\s*"[CGD][A-Z0-9]{1,20}"')
_MARKED = re.compile(r"<([^<>]*)>")
_LEADING = re.compile(r"^(?:\s*<@[^<>]*>[ \t,:]*)+")
_GAPS = re.compile(r"[ \t]{2,}")
_LISTS: dict[str, Visibility] = {
    "channels.json": "community", "groups.json": "members", "mpims.json": "private", "dms.json": "private",
}  # fmt: skip
_USERS = ("users.json", "org_users.json")
_SPOKEN = frozenset(("", "me_message", "thread_broadcast", "reply_broadcast", "file_share", "file_comment"))
_NOTICES = {
    "bot_message": "bot message",
    "channel_join": "joined the channel",
    "group_join": "joined the channel",
    "channel_leave": "left the channel",
    "group_leave": "left the channel",
    "tombstone": "deleted message",
    "huddle_thread": "call",
    "sh_room_created": "call",
}
_OPENED = frozenset(("", "messages"))


@dataclass(slots=True)
class Workspace:
    """Who and what an export knows, by id; rooms also by the folder that holds what was said in them."""

    bots: set[str] = field(default_factory=lambda: {"USLACKBOT", "U00"})
    names: dict[str, str] = field(default_factory=dict)
    rooms: dict[tuple[str, str], Room] = field(default_factory=dict)  # (where the list is, folder) → room
    room_names: dict[str, str] = field(default_factory=dict)
    listed: bool = False  # whether there are lists of rooms at all
    has_users: bool = False


class Slack(Format):
    name: ClassVar[str] = "slack"
    title: ClassVar[str] = "Slack export"

    def sure(self, files: Container) -> float:
        said = people = rooms = False
        for _, head in json_heads(files, ".json", most=8):
            said = said or (bool(_TS.search(head)) and '"text"' in head)
            people = people or (bool(_USER.search(head)) and '"profile"' in head)
            rooms = rooms or (bool(_ROOM.search(head)) and '"members"' in head)
        if not said and people:  # the lists are not deep, what was said is
            deeper = [name for name in files.ending(".json") if "/" in name][:1]
            said = any(_TS.search(head_of(files, name)) for name in deeper)
        return max(0.95 * (said and people), 0.8 * said, 0.7 * (people and rooms), 0.3 * people)

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        report.clock = "as Slack keeps them, to the microsecond"
        known = Workspace()
        names = files.ending(".json") if len(files.names) > 1 else list(files.names)
        if not names:
            raise ArchiveError("there are no .json files in it; hand over the .zip as Slack made it")
        users = [name for name in names if PurePosixPath(name).name in _USERS]
        for name in users:
            yield from _people(files, name, known)
        lists = [name for name in names if PurePosixPath(name).name in _LISTS]
        for name in lists:
            yield from _rooms(files, name, known)
        rest = [name for name in names if name not in {*users, *lists}]
        beside = {str(PurePosixPath(name).parent) for name in (*users, *lists)}
        for name in rest:
            if str(PurePosixPath(name).parent) in beside and not _TS.search(head_of(files, name)):
                yield Unused(what="file with something else than people and messages")
            else:
                yield from _said(files, name, known, options)


def _people(files: Container, name: str, known: Workspace) -> Entries:
    for found in walk(files, name, _OPENED):
        user = fields(found.value)
        if isinstance(found.value, Broken):
            yield bad(name, found)
        elif found.value is BEGINS:
            continue
        elif not (id := key(user.get("id"))):
            yield BadRow(name, found.number, "a person without an id")
        else:
            yield user_entry(id, user, known)
    known.has_users = True


def user_entry(id: str, user: Json, known: Workspace) -> Entry:
    """An account: a person, or a bot, which is none."""
    if user.get("is_bot") is True or id in known.bots:
        known.bots.add(id)
        return Unused(what="bot account")
    return _person(id, user, known)


def _person(id: str, user: Json, known: Workspace) -> Person:
    profile = fields(user.get("profile"))
    shown = label(profile.get("display_name"))
    name = label(profile.get("real_name")) or label(user.get("real_name")) or shown or label(user.get("name"))
    known.names[id] = shown or name
    mail = address(profile.get("email"))
    return Person(
        key=id,
        name=name,
        also=tuple(one for one in (label(user.get("name")), shown) if one),
        identities=(Identity("slack", id), *([Identity("email", mail)] if mail else [])),
        profile=label(profile.get("title")),
        time_zone=zone_name(user.get("tz")),
        gone=user.get("deleted") is True,
    )


def _rooms(files: Container, name: str, known: Workspace) -> Entries:
    path = PurePosixPath(name)
    visibility = _LISTS[path.name]
    known.listed = True
    for found in walk(files, name, _OPENED):
        one = fields(found.value)
        if isinstance(found.value, Broken):
            yield bad(name, found)
        elif found.value is BEGINS:
            continue
        elif not (id := key(one.get("id"))):
            yield BadRow(name, found.number, "a channel without an id")
        else:
            room = listed_room(id, one, visibility, known)
            shown = label(one.get("name"))
            known.room_names[id] = shown
            known.rooms[str(path.parent), shown or id] = room
            known.rooms.setdefault((str(path.parent), id), room)
            yield room


def listed_room(id: str, one: Json, visibility: Visibility, known: Workspace) -> Room:
    """A channel as Slack lists it, in a list of channels of this visibility."""
    if visibility == "community" and one.get("is_private") is True:
        visibility = "members"
    if visibility == "community":
        return Room(key=id, name=label(one.get("name")))
    ids = map(key, entries(one.get("members")))
    members = tuple(who for who in ids if who in known.names or (who and not known.has_users))
    name = label(one.get("name"))
    if visibility == "private":
        name = label(", ".join(known.names.get(who, who) for who in members))
    return Room(key=id, name=name, visibility=visibility, members=members)


def _said(files: Container, name: str, known: Workspace, options: Options) -> Entries:
    room = _room_of(name, known, options)
    speakers: dict[str, None] = {}
    begun = False
    for found in walk(files, name, _OPENED):
        if isinstance(found.value, Broken):
            yield bad(name, found)
        elif found.path in ("[]", "messages[]"):
            begun = True
            message = fields(found.value)
            for one in (message, *map(fields, entries(message.get("slackdump_thread_replies")))):
                for entry in message_entries(name, found.number, one, room, known):
                    if isinstance(entry, Said):
                        speakers[entry.author] = None
                    yield entry
        elif not begun and found.value is not BEGINS:
            room = _named(room, found.path, label(found.value))
    if room.visibility != "community" and not room.members:
        room = replace(room, members=tuple(speakers))
    yield room


def _room_of(name: str, known: Workspace, options: Options) -> Room:
    path = PurePosixPath(name)
    folder = path.parent.name
    for where, what in ((path.parent.parent, folder), (path.parent, path.stem)):
        if room := known.rooms.get((str(where), what)):
            return room
    if not folder:
        return Room(key=options.channel or path.stem)
    if re.fullmatch(r"D[A-Z0-9]{6,}", folder) or folder.startswith("mpdm-"):
        return Room(key=folder, visibility="private")
    # A channel that the lists leave out may have been a closed one.
    return Room(key=folder, visibility="members" if known.listed else "community")


def _named(room: Room, what: str, value: str) -> Room:
    """The room of a file that says itself which it is."""
    if what == "name" and value:
        return replace(room, name=value)
    if what == "channel_id" and value:
        return replace(room, key=value, visibility="private" if value.startswith("D") else room.visibility)
    return room


def message_entries(file: str, number: int, message: Json, room: Room, known: Workspace) -> Iterator[Entry]:
    """What a message of an export or of an event says; BadRow where it cannot be read."""
    try:
        yield from _message(file, number, message, room, known)
    except ValueError as error:
        yield BadRow(file, number, str(error))


def _message(file: str, number: int, message: Json, room: Room, known: Workspace) -> Iterator[Entry]:
    subtype = label(message.get("subtype"))
    if subtype in ("message_changed", "message_deleted"):
        yield from _change(subtype, message, room, known)
        return
    user = key(message.get("user") or fields(message.get("comment")).get("user"))
    if message.get("type", "message") != "message" or subtype not in _SPOKEN:
        yield Unused(what=_NOTICES.get(subtype) or "notice of the channel")
    elif user in known.bots or (message.get("bot_id") and user not in known.names):
        yield Unused(what="bot message")
    elif message.get("hidden") is True:
        yield Unused(what="deleted message")
    elif not user:
        yield BadRow(file, number, "a message without the id of who said it")
    else:
        if user not in known.names:
            yield _stranger(user, fields(message.get("user_profile")), known)
        ts, thread = message.get("ts"), message.get("thread_ts")
        text, mentions, quoted = _words(message, known)
        yield Said(
            file=file,
            line=number,
            author=user,
            time=seconds(ts),
            text=text,
            room=room.key,
            id=key(ts),
            thread=key(thread),
            reply_to=key(thread) if thread != ts else "",
            mentions=mentions,
            at_names=False,
        )
        if quoted:
            yield Unused(what="quoted words of others")


def _change(subtype: str, message: Json, room: Room, known: Workspace) -> Iterator[Entry]:
    changed = fields(message.get("message"))
    id = key(changed.get("ts") or message.get("deleted_ts") or fields(message.get("previous_message")).get("ts"))
    if not id:
        raise ValueError("a change of a message that is not named")
    text, mentions, _ = _words(changed, known)
    yield Changed(
        room=room.key,
        id=id,
        time=seconds(message.get("ts")),
        author=key(changed.get("user")),
        text=text if subtype == "message_changed" else None,
        mentions=mentions,
    )
    if subtype == "message_changed":
        yield Unused(what="edit, which is taken over")


def _stranger(id: str, profile: Json, known: Workspace) -> Person:
    """Somebody from another workspace, whom the list of users leaves out."""
    shown = label(profile.get("display_name")) or label(profile.get("name"))
    name = label(profile.get("real_name")) or shown or id
    known.names[id] = shown or name
    return Person(key=id, name=name, also=(shown,) if shown else (), identities=(Identity("slack", id),))


def _words(message: Json, known: Workspace) -> tuple[str, tuple[str, ...], bool]:
    """What somebody said, whom they mention, and whether lines of others were left out."""
    text = words(message.get("text"))
    if not text:
        text = words(fields(message.get("comment")).get("comment")) or _transcript(message)
    mentions: tuple[str, ...] = ()
    if "<" in text:
        text, mentions = _unmarked(text, known)
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    text, quoted = own_words(text.strip())
    return text, mentions, quoted


def _transcript(message: Json) -> str:
    """What was said in a voice clip."""
    for file in entries(message.get("files")):
        preview = fields(fields(fields(file).get("transcription")).get("preview"))
        if spoken := words(preview.get("content")):
            return spoken
    return ""


def _unmarked(text: str, known: Workspace) -> tuple[str, tuple[str, ...]]:
    mentions = []
    for mark in _MARKED.findall(text):
        if mark.startswith("@"):
            id = mark[1:].partition("|")[0]
            if id in known.names or not (known.has_users or id in known.bots):
                mentions.append(id)
    # Whom a message is addressed to goes; an @ within a sentence is a word of it.
    text = _LEADING.sub("", text)
    plain = _MARKED.sub(lambda mark: _plain(mark[1], known), text)
    return _GAPS.sub(" ", plain) if "<!" in text else plain, tuple(dict.fromkeys(mentions))


def _plain(mark: str, known: Workspace) -> str:
    what, _, shown = mark.partition("|")
    if what.startswith("@"):
        return "@" + (known.names.get(what[1:]) or shown or what[1:])
    if what.startswith("#"):
        return "#" + (shown or known.room_names.get(what[1:], what[1:]))
    if what.startswith("!"):
        return shown
    bare = re.sub(r"^(?:https?://|mailto:|tel:)", "", what)
    if not shown or bare.rstrip("/") == shown.rstrip("/") or what == shown:
        return shown or (bare if what.startswith(("mailto:", "tel:")) else what)
    return f"{shown} ({what})"
