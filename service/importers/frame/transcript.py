"""What every reader of a chat export yields, in the order of the file: rooms, people, what was said, what was not used.

A reader knows one format and nothing of communities: who is a member already, which ids they have here and whom an @ or
a quotation means is found out in `gather`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from models.archive.container import BadRow
from models.domain.records import Identity, Micros, Visibility

ME = "me"  # the key of whoever made an export, where it calls them 我 and nothing says who that is


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A channel. `key` is the platform's id, or the name where there is none; `members` are keys of people."""

    key: str
    name: str = ""
    visibility: Visibility = "community"
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody as the file knows them at this point; what comes later about the same `key` is added.

    `key` tells people of one file apart: the platform's id, or the name where there is none. `name` is what they are
    called, the newest counts; `also` are other names by which others mention or quote them (a group nickname, a remark
    that is private to the exporter): they are matched and never shown. `identities` are stated ones; a bot or the
    platform itself is no person and is never yielded. `gone` is an account that was deleted.
    """

    key: str
    name: str = ""
    also: tuple[str, ...] = ()
    identities: tuple[Identity, ...] = ()
    profile: str = ""
    time_zone: str = ""
    gone: bool = False


class Quote(NamedTuple):
    """Words that a message quotes: `by` is a key or any name of who said them; `words` may be cut off with "…"."""

    by: str
    words: str


class Said(NamedTuple):
    """A message: only the author's own words, "" for a picture, a sticker, a voice message.

    `line` is where it stands in `file`, from 1 (a row, a position in a list). `author` and `mentions` are keys of
    people, `room` that of a room; `id`, `thread` and `reply_to` are the platform's, "" where there are none: then ids
    are made from what was said and when. An @ in the text that is no id stays in it: `gather` finds whom it means,
    unless `at_names` says that the platform has told all who are meant.
    """

    file: str
    line: int
    author: str
    time: Micros
    text: str
    room: str
    id: str = ""
    reply_to: str = ""
    thread: str = ""
    topic: str = ""
    mentions: tuple[str, ...] = ()
    quote: Quote | None = None
    at_names: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """How a message with an id, said before or after, reads from `time` on. No text: it was taken back.

    Only its own author can give it other words.
    """

    room: str
    id: str
    time: Micros
    author: str
    text: str | None
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """A notice that somebody goes by another name from here on; for formats where names tell people apart."""

    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """Something of the file that is not taken, in words for an organizer: "joined the group", "bot message"."""

    what: str
    count: int = 1


Entry: TypeAlias = Room | Person | Said | Changed | Renamed | Unused | BadRow
Entries: TypeAlias = Iterator[Entry]
