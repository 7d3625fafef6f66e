"""Where communities come from: one file a source, all yielding the rows of `models.archive.container`."""

from __future__ import annotations

from pathlib import Path

from service.importers.archive import ArchiveSource
from service.importers.source import Source
from service.importers.wechat import WeChatSource

__all__ = ["Source", "open_source"]


def open_source(path: Path, *, channel: str = "", time_zone: str = "Asia/Shanghai") -> Source:
    """The source at `path`: a .csv is a WeChat group export, anything else an archive.

    `channel` (default: the file's name) and `time_zone` are those of a WeChat export.
    ArchiveError when it is neither.
    """
    if path.suffix.lower() == ".csv":
        return WeChatSource(path, channel=channel or path.stem, time_zone=time_zone)
    return ArchiveSource(path)
