"""What DiscordChatExporter writes: a .json or .csv for each channel, or for each part of one; any number of them.

| what | where |
|---|---|
| room | guild{id, name}, channel{id, type, categoryId, category, name, topic}; types GuildTextChat, …Thread, Direct(Group)TextChat; of a thread, the category is the channel it belongs to |
| message | id, type, timestamp (ISO, with the exporter's offset), timestampEdited, content, attachments, stickers |
| people | author{id, name, discriminator ("0000" is none), nickname (the shown name), isBot, roles}; webhooks are bots, too |
| @ | mentions[] as author; in content @name, or <@id> with --markdown false |
| reply | type Reply with reference{messageId, channelId}; Default with a reference is a forwarded message or a crosspost |
| no words of people | all types but Default and Reply: their content is a sentence of the exporter; numbers stand for types it does not know |
| CSV | AuthorID,Author,Date,Content,Attachments,Reactions; no ids of messages, no replies; Date ISO with 7 decimals, older "05-Mar-24 08:54 PM" by the exporter's clock; the channel's id and name only in the file's name: "Guild - Category - channel [id] [part 2].csv" |

Read in Tyrrrz/DiscordChatExporter:DiscordChatExporter.Core/Exporting/JsonMessageWriter.cs, CsvMessageWriter.cs,
PlainTextMessageExtensions.cs, PlainText/PlainTextMarkdownVisitor.cs, Discord/Data/MessageKind.cs, ChannelKind.cs; zulip/zulip:zerver/data_import/
discord.py (parts, threads, kinds). General knowledge: names of files, of deleted accounts ("deleted_user_1a2b",
456226577798135808), the markup of raw content, and the older Date.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import ClassVar
from zoneinfo import ZoneInfo

from models.archive.container import ArchiveError, BadRow
from models.domain.records import Identity, Micros, Visibility
from service.importers.frame.clock import local_zone, micros, written
from service.importers.frame.container import Container
from service.importers.frame.format import Format, Options
from service.importers.frame.json_walk import Broken, bad, head_of, json_heads, walk
from service.importers.frame.report import Report
from service.importers.frame.sheets import rows_of
from service.importers.frame.transcript import Entries, Entry, Person, Room, Said, Unused
from service.importers.frame.values import Json, entries, fields, iso, key, label, own_words, words

_OPENED = frozenset(("", "messages"))
_HEADER = "AuthorID,Author,Date,Content"
_MARKS = [
    re.compile(rf'(?<!\\)"{name}"\s*:')
    for name in ("guild", "channel", "messages", "dateRange", "exportedAt", "timestampEdited", "isPinned", "isBot")
]
_IN_NAME = re.compile(r"^(?:.* - )?(.+?) \[(\d{5,21})\](?: \[part \d+\])?$")
_RAW = re.compile(r"<(?:(@!?)(\d{1,25})|@&\d{1,25}|#(\d{1,25})|a?(:\w{1,40}:)\d{1,25}|t:-?\d{1,15}(?::\w)?)>")
_DELETED = re.compile(r"deleted[ _]user[ _][0-9a-f]{4,}", re.IGNORECASE)
_DELETED_ID = "456226577798135808"
_VISIBILITY: dict[str, Visibility] = {
    "DirectTextChat": "private",
    "DirectGroupTextChat": "private",
    "GuildPrivateThread": "members",
}
_SPOKEN = frozenset(("Default", "Reply", "0", "19", ""))
_SENTENCES = re.compile(  # of the exporter, which a .csv does not tell from words
    r"(?:Added .+ to the group|Added a recipient|Left the group|Removed .+ from the group|Removed a recipient|"
    r"Started a call that lasted [\d,]+ minutes|Changed the channel icon|Pinned a message|Started a thread|"
    r"Joined the server)\."
)
_NOTICES = {
    "RecipientAdd": "joined the channel",
    "RecipientRemove": "left the channel",
    "Call": "call",
    "GuildMemberJoin": "joined the server",
    "ThreadCreated": "began a thread",
    "ChannelPinnedMessage": "pinned a message",
    "20": "command to a bot",
    "21": "began a thread",
    "23": "command to a bot",
}


@dataclass(slots=True)
class Known:
    """Who was met so far; each is told once, or again under a new name."""

    names: dict[str, str] = field(default_factory=dict)
    speakers: dict[str, dict[str, None]] = field(default_factory=dict)  # of rooms that are not open


class Discord(Format):
    name: ClassVar[str] = "discord"
    title: ClassVar[str] = "Discord, by DiscordChatExporter"

    def sure(self, files: Container) -> float:
        best = 0.0
        for _, head in json_heads(files, ".json", ".csv"):
            if _is_table(head):
                best = max(best, 0.95)
            elif head.lstrip().startswith("{"):
                marks = sum(bool(mark.search(head)) for mark in _MARKS)
                best = max(best, 0.95 if marks >= 5 else 0.15 * marks)
        return best

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        known = Known()
        names = files.ending(".json", ".csv") if len(files.names) > 1 else list(files.names)
        if not names:
            raise ArchiveError("there is no .json or .csv file in it; export the channels as JSON")
        report.clock = "as written, with their offset"
        read = 0
        for name in names:
            table = _is_table(head_of(files, name, 200))
            for entry in _sheet(files, name, options, report, known) if table else _channel(files, name, known):
                read += not isinstance(entry, Unused)
                yield entry
        if not read:
            raise ArchiveError("no file in it is a channel of Discord; export the channels as JSON")


def _is_table(head: str) -> bool:
    return head.replace('"', "").replace(";", ",").startswith(_HEADER)


def _channel(files: Container, name: str, known: Known) -> Entries:
    room = _room(files, name)
    if room is None:
        yield Unused(what="file that is no channel")
    for found in walk(files, name, _OPENED):
        if isinstance(found.value, Broken):
            yield bad(name, found)
        elif room and found.path == "messages[]":
            yield from message_entries(name, found.number, fields(found.value), room, known)
    if room:
        yield replace(room, members=tuple(known.speakers.get(room.key, ())))


def _room(files: Container, name: str) -> Room | None:
    """The channel of a file. It stands above the messages, if no other tool has sorted what is in it."""
    said = False
    for found in walk(files, name, _OPENED):
        channel = fields(found.value)
        if found.path == "channel" and (id := key(channel.get("id"))):
            visibility = _VISIBILITY.get(label(channel.get("type")), "community")
            return Room(key=id, name=label(channel.get("name")), visibility=visibility)
        said = said or (found.path == "messages[]" and "author" in channel)
    # Without its channel it may have been a conversation of two.
    return Room(key=PurePosixPath(name).stem, visibility="private") if said else None


def message_entries(file: str, number: int, message: Json, room: Room, known: Known) -> Iterator[Entry]:
    """What a message says that is written like those of DiscordChatExporter; BadRow where it cannot be read."""
    try:
        yield from _message(file, number, message, room, known)
    except ValueError as error:
        yield BadRow(file, number, str(error))


def _message(file: str, number: int, message: Json, room: Room, known: Known) -> Iterator[Entry]:
    author = fields(message.get("author"))
    kind, id = key(message.get("type")), key(author.get("id"))
    if kind not in _SPOKEN:
        yield Unused(what=_NOTICES.get(kind, "notice of the channel"))
    elif author.get("isBot") is True:
        yield Unused(what="bot message")
    elif not id:
        yield BadRow(file, number, "a message without the id of who said it")
    else:
        yield from person_entries(id, author, known)
        if room.visibility != "community":
            known.speakers.setdefault(room.key, {})[id] = None
        mentioned = [one for one in map(fields, entries(message.get("mentions"))) if one.get("isBot") is not True]
        for one in mentioned:
            yield from person_entries(key(one.get("id")), one, known)
        text, quoted = own_words(_plain(words(message.get("content")), known))
        reference = fields(message.get("reference")) if kind in ("Reply", "19") else {}
        within = key(reference.get("channelId")) in ("", room.key)
        yield Said(
            file=file,
            line=number,
            author=id,
            time=iso(message.get("timestamp")),
            text=text.strip(),
            room=room.key,
            id=key(message.get("id")),
            reply_to=key(reference.get("messageId")) if within else "",
            mentions=tuple(id for one in mentioned if (id := key(one.get("id")))),
            at_names=False,
        )
        if quoted:
            yield Unused(what="quoted words of others")


def person_entries(id: str, person: Json, known: Known) -> Iterator[Person]:
    """Somebody, unless they were told already by this name."""
    name = label(person.get("nickname")) or label(person.get("name"))
    if not id or known.names.get(id) == name:
        return
    known.names[id] = name
    account = label(person.get("name"))
    gone = id == _DELETED_ID or _DELETED.fullmatch(account) is not None
    yield Person(
        key=id,
        name="" if gone else name,
        also=(account,) if account and account != name else (),
        identities=(Identity("discord", id),),
        gone=gone,
    )


def _plain(text: str, known: Known) -> str:
    """Raw markup as people see it."""
    if "<" not in text:
        return text
    return _RAW.sub(lambda mark: _shown(mark, known), text)


def _shown(mark: re.Match[str], known: Known) -> str:
    if mark[1]:
        return "@" + (known.names.get(mark[2]) or mark[2])
    return mark[4] or ("#" + mark[3] if mark[3] else "")


# --- CSV -------------------------------------------------------------------------------------------------------------


def _sheet(files: Container, name: str, options: Options, report: Report, known: Known) -> Entries:
    stem = PurePosixPath(name).stem
    found = _IN_NAME.match(stem)
    room = Room(key=found[2], name=found[1]) if found else Room(key=options.channel or stem)
    yield room
    zone: ZoneInfo | None = None
    header = True
    for row in rows_of(files, name):
        if isinstance(row, BadRow):
            yield row
            continue
        number, cells = row
        if header:
            header = False
            continue
        try:
            if len(cells) < 4 or not cells[0]:
                raise ValueError("fewer columns than the first line names")
            if not _exact(cells[2]) and zone is None:
                zone = local_zone(options, report)
            yield from _row(name, number, cells, room, zone, known)
        except ValueError as error:
            if isinstance(error, ArchiveError):
                raise
            yield BadRow(name, number, str(error))


def _row(file: str, number: int, cells: list[str], room: Room, zone: ZoneInfo | None, known: Known) -> Iterator[Entry]:
    name = label(cells[1]).removesuffix("#0000")
    id = key(cells[0])
    if _SENTENCES.fullmatch(cells[3]):
        yield Unused(what="notice of the channel")
        return
    yield from person_entries(id, {"name": name, "nickname": re.sub(r"#\d{4}$", "", name)}, known)
    text, quoted = own_words(_plain(words(cells[3]), known))
    yield Said(file=file, line=number, author=id, time=_moment(cells[2], zone), text=text.strip(), room=room.key)
    if quoted:
        yield Unused(what="quoted words of others")


def _exact(date: str) -> bool:
    return re.search(r"(?:Z|[+-]\d\d:?\d\d)$", date) is not None


def _moment(date: str, zone: ZoneInfo | None) -> Micros:
    if _exact(date):
        return iso(date)
    assert zone is not None  # asked for before
    for shape in ("%d-%b-%y %I:%M %p", "%d-%b-%y %H:%M"):
        try:
            return micros(datetime.strptime(date[:40], shape).replace(tzinfo=zone))
        except ValueError:
            continue
    return written(date, zone)
