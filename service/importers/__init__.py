"""Where communities come from: archives, member lists, chats. All yield the rows of `models.archive.container`."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from models.archive.container import ArchiveError, read
from service.importers import members as lists
from service.importers.archive import ArchiveSource
from service.importers.formats import ENOUGH, FORMATS, format_named, recognised
from service.importers.frame.clock import zone_named
from service.importers.frame.container import Container, open_container
from service.importers.frame.format import Format, Options
from service.importers.frame.gather import ChatSource
from service.importers.frame.report import Report
from service.importers.frame.source import Source
from service.importers.members import MemberSource
from service.importers.members.table import open_table

__all__ = ["ArchiveSource", "ChatSource", "MemberSource", "Source", "format_names", "open_source"]

_ARCHIVE, _MEMBERS = "archive", "members"
_CERTAIN = 0.9
_TABLES = (".csv", ".tsv", ".xlsx", ".xls", ".ods")


def open_source(
    path: Path,
    *,
    format: str = "",
    channel: str = "",
    time_zone: str = "",
    me: str = "",
    day_first: bool | None = None,
    members: bool = False,
    mapping: Mapping[str, str] | None = None,
) -> Source:
    """The source at `path`, recognised by what is in it: an archive, a member list, or a chat of any known format.

    `format` says which it is instead, `members` that it is a member list; `mapping` says what columns of one are. The
    rest are the `Options` of chats. ArchiveError when it is nothing known: the sentence says what it is most like.
    """
    zone = zone_named(time_zone) if time_zone else None
    options = Options(channel=channel, zone=zone, me=me, day_first=day_first)
    _check_name(format)
    files = open_container(path)
    if members or mapping or format == _MEMBERS:
        return MemberSource(files, options, mapping or {})
    if format == _ARCHIVE:
        return ArchiveSource(path)
    if format:
        return ChatSource(files, format_named(format), options)
    return _recognised(path, files, options)


def format_names() -> dict[str, str]:
    """Names for --format, and what they are in words."""
    chats = {one.name: one.title for one in FORMATS}
    return {_ARCHIVE: "Yiqi archive", _MEMBERS: "member list"} | chats


def _check_name(format: str) -> None:
    if format and format not in format_names():
        raise ArchiveError(f"there is no format {format}; known are {', '.join(format_names())}")


def _recognised(path: Path, files: Container, options: Options) -> Source:
    chats = recognised(files)
    chat = chats[0][0] if chats else 0.0
    kinds = _kinds_of_archive(path)
    if len(kinds) > 1 or (kinds and chat < _CERTAIN):
        if kinds == {"member"} and not _has_ids(files):
            return MemberSource(files, options, {})
        return ArchiveSource(path)
    # Formats of chats are told by their structure, and a large one is not read for the sake of a guess.
    people = lists.sure(files) if chat < _CERTAIN else 0.0
    if people >= ENOUGH and people > chat:
        return MemberSource(files, options, {})
    if chat >= ENOUGH:
        return ChatSource(files, chats[0][1], options)
    raise ArchiveError(_unknown(files, chats, people, options))


def _kinds_of_archive(path: Path) -> set[str]:
    """Kinds of records of the archive that this is; empty when it is none."""
    try:
        return set(read(path).files)
    except (ArchiveError, OSError, EOFError, ValueError, NotImplementedError, zipfile.BadZipFile, tarfile.TarError):
        return set()


def _has_ids(files: Container) -> bool:
    name = next(name for name in files.names if "members.jsonl" in name)
    try:
        return "id" in open_table(files, name, len).columns
    except ArchiveError:
        return True  # which an archive says better


def _unknown(files: Container, chats: list[tuple[float, Format]], people: float, options: Options) -> str:
    """What to tell of something that is nothing known: what it is most like, and what that lacks."""
    said = f"{files.path} is nothing that is known"
    if people and (not chats or people > chats[0][0]):
        said += f"; it is most like a member list (--members); {_lacks_as_list(files, options)}".rstrip("; ")
    elif not chats and files.ending(*_TABLES):
        # Organizers write tables of chats by hand: what such a one lacks helps them most.
        said += f"; as a chat, {_lacks(files, format_named('wechat'), options)}"
    elif chats:
        said += f"; it is most like a {chats[0][1].title} ({chats[0][0]:.0%}); {_lacks(files, chats[0][1], options)}"
    formats = ", ".join(f"{name} ({title})" for name, title in format_names().items())
    return f"{said.rstrip('; ')}. Say what it is with --format: {formats}"


def _lacks(files: Container, format: Format, options: Options) -> str:
    try:
        next(format.read(files, options, Report()), None)
    except ArchiveError as error:
        return str(error)
    return ""


def _lacks_as_list(files: Container, options: Options) -> str:
    try:
        MemberSource(files, options, {})
    except ArchiveError as error:
        return str(error)
    return ""
