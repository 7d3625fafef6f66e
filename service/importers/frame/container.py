"""What an organizer hands over, a file, a folder, a .zip or a .tar(.gz), opened safely and read as streams.

Nothing is unpacked to disk. Names that lead out, links and devices are left out, and what unpacks to far more than it
should is refused.
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from models.archive.container import ArchiveError

MOST_FILES = 200_000
MOST_BYTES = 1 << 36  # unpacked; a chat of many years has some 10 GB
MOST_RATIO = 200  # unpacked to packed, from which a file is taken for a bomb: chats in JSON reach some 40 ...
BOMB_FROM = 1 << 26  # ... and small files any
HEAD = 1 << 16  # bytes from which a format is recognised


@dataclass(frozen=True, slots=True)
class Container:
    """Files by name ("/" between folders, relative), in the order of names.

    A single file is a container of one, or of two with the people of PyWxDump that lie beside it.
    """

    path: Path
    sizes: Mapping[str, int]
    _open: Callable[[str], IO[bytes]] = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.sizes)

    def open(self, name: str) -> IO[bytes]:
        """The bytes of a file, as a stream; a .gz is read as what is in it, up to what may be unpacked."""
        raw = self._open(name)
        if name.lower().endswith(".gz"):
            plain = gzip.GzipFile(fileobj=raw)
            most = max(self.sizes[name] * MOST_RATIO, BOMB_FROM)
            return io.BufferedReader(_Bounded(plain, most, name))
        return raw

    def head(self, name: str, most: int = HEAD) -> bytes:
        """The first bytes of a file."""
        with self.open(name) as stream:
            return stream.read(most)

    def ending(self, *endings: str) -> list[str]:
        """Names with one of these endings (".json"), a trailing .gz aside."""
        return [name for name in self.names if name.lower().removesuffix(".gz").endswith(endings)]

    def fingerprint(self) -> Iterator[bytes]:
        """All that decides what is read, piece by piece, for a hash."""
        for name in self.names:
            yield name.encode("utf-8", "surrogateescape")
            with self._open(name) as stream:
                while chunk := stream.read(1 << 20):
                    yield chunk


class _Bounded(io.RawIOBase):
    def __init__(self, inner: gzip.GzipFile, most: int, name: str) -> None:
        self._inner, self._left, self._name = inner, most, name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._inner.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise ArchiveError(
                f"{self._name} unpacks to more than {MOST_RATIO} times its size; unpack it by hand first"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        super().close()


def open_container(path: str | os.PathLike[str]) -> Container:
    """What is at `path`. ArchiveError when there is nothing, or when it is not safe to open."""
    path = Path(path)
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        raise ArchiveError(f"there is no file or folder {path}")
    try:
        # An .xlsx is a .zip, too, and is read as one file.
        if path.suffix.lower() not in (".xlsx", ".xlsm", ".ods") and zipfile.is_zipfile(path):
            return _zip(path)
        if tarfile.is_tarfile(path):
            return _tar(path)
    except (OSError, EOFError, UnicodeError, NotImplementedError, zipfile.BadZipFile, tarfile.TarError) as error:
        raise ArchiveError(f"{path} cannot be opened: {error}") from error
    files = [path, *_companions(path)]
    return Container(path, {one.name: one.stat().st_size for one in files}, lambda name: open(path.parent / name, "rb"))


def _companions(path: Path) -> list[Path]:
    """What lies beside a file and belongs to it: PyWxDump writes the names of a chat's people into a users.json."""
    beside = path.parent / "users.json"
    if path.suffix.lower() not in (".csv", ".json") or path.name == beside.name or not beside.is_file():
        return []
    with open(path, "rb") as stream:
        return [beside] if b"MsgSvrID" in stream.read(1 << 12) else []


def _folder(path: Path) -> Container:
    sizes: dict[str, int] = {}
    for root, folders, files in os.walk(path, followlinks=False):
        folders.sort()
        for name in sorted(files):
            one = Path(root) / name
            if not one.is_symlink() and one.is_file() and not name.startswith("."):
                sizes[one.relative_to(path).as_posix()] = one.stat().st_size
        if len(sizes) > MOST_FILES:
            raise ArchiveError(f"{path} holds more than {MOST_FILES:,} files")
    return Container(path, sizes, lambda name: open(path / name, "rb"))


def _zip(path: Path) -> Container:
    archive = zipfile.ZipFile(path)
    infos = {info.filename: info for info in archive.infolist() if _inside(info.filename) and not info.is_dir()}
    _check(path, [(info.file_size, info.compress_size) for info in infos.values()])
    if any(info.flag_bits & 1 for info in infos.values()):
        raise ArchiveError(f"{path} is protected by a password; unpack it by hand first")

    def opened(name: str) -> IO[bytes]:
        try:
            return archive.open(infos[name])
        except UnicodeError as error:
            # The name stands once more before the content, and is not read before.
            raise zipfile.BadZipFile(f"the name of {name} is damaged") from error

    return Container(path, {name: infos[name].file_size for name in sorted(infos)}, opened)


def _tar(path: Path) -> Container:
    archive = tarfile.open(path)  # noqa: SIM115 — it stays open as long as the container
    infos = {info.name.removeprefix("./"): info for info in archive if info.isfile() and _inside(info.name)}
    _check(path, [(sum(info.size for info in infos.values()), path.stat().st_size)])

    def opened(name: str) -> IO[bytes]:
        stream = archive.extractfile(infos[name])
        assert stream is not None  # only files are listed
        return stream

    return Container(path, {name: infos[name].size for name in sorted(infos)}, opened)


def _inside(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/"))
    if not parts.parts:
        return False  # a damaged name, of which nothing is left
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts.parts if part != ".")
    return not parts.is_absolute() and ".." not in parts.parts and not hidden and ":" not in name[:2]


def _check(path: Path, sizes: list[tuple[int, int]]) -> None:
    """`sizes` are pairs of unpacked and packed bytes."""
    if len(sizes) > MOST_FILES:
        raise ArchiveError(f"{path} holds more than {MOST_FILES:,} files")
    if sum(size for size, _ in sizes) > MOST_BYTES:
        raise ArchiveError(f"{path} unpacks to more than {MOST_BYTES >> 30} GB")
    if any(size > BOMB_FROM and size > MOST_RATIO * max(packed, 1) for size, packed in sizes):
        raise ArchiveError(f"{path} unpacks to more than {MOST_RATIO} times its size; unpack it by hand first")
