"""Where communities come from: one file a source, all yielding the rows of `models.archive.container`."""

from __future__ import annotations

from pathlib import Path

from service.importers.archive import ArchiveSource
from service.importers.formats import ENOUGH, format_named, recognised
from service.importers.frame.clock import zone_named
from service.importers.frame.container import open_container
from service.importers.frame.format import Options
from service.importers.frame.gather import ChatSource
from service.importers.frame.source import Source

__all__ = ["Source", "open_source"]


def open_source(path: Path, *, channel: str = "", time_zone: str = "Asia/Shanghai") -> Source:
    """The source at `path`: a .csv is a chat, anything else an archive.

    `channel` (default: the file's name) and `time_zone` are those of a WeChat export.
    ArchiveError when it is neither.
    """
    if path.suffix.lower() != ".csv":
        return ArchiveSource(path)
    files = open_container(path)
    likely = [one for sure, one in recognised(files) if sure >= ENOUGH]
    options = Options(channel=channel, zone=zone_named(time_zone))
    return ChatSource(files, likely[0] if likely else format_named("wechat"), options)
