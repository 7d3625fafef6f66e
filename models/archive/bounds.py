"""How much is read out of an archive: what unpacks to far more than it should stops before it fills the memory."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from typing import IO

MOST_ROW = 8_000_000  # bytes of a row; a request holds no more
MOST_BYTES = 1 << 36  # of a file, unpacked
MOST_RATIO = 200  # unpacked to packed; what people write reaches some 40 ...
BOMB_FROM = 1 << 26  # ... and small files any
_READ = 1 << 16  # of a file that is cut off, what is in the buffer is lost: fast enough, and small


class ArchiveError(ValueError):
    """Something is no archive, or cannot be read or written as one; the text says why."""


def check(name: str, unpacked: int, packed: int) -> None:
    """Raises ArchiveError when a file is too large, or so much larger than it is packed that nobody wrote it."""
    if unpacked > MOST_BYTES:
        raise ArchiveError(f"{name} unpacks to more than {MOST_BYTES >> 30} GB; split it into several archives")
    if unpacked > max(BOMB_FROM, MOST_RATIO * packed):
        raise ArchiveError(f"{name} unpacks to more than {MOST_RATIO} times its size; unpack it by hand first")


def unpacked(raw: IO[bytes], name: str) -> IO[bytes]:
    """What is in a .gz, as a stream whose reads raise ArchiveError once it is too much."""
    return io.BufferedReader(_Bounded(raw, name), _READ)


def rows(stream: IO[bytes]) -> Iterator[bytes | None]:
    """The lines of a stream; None for one that is too long, of which no more than that is held."""
    while line := stream.readline(MOST_ROW + 1):
        whole = len(line) <= MOST_ROW
        yield line if whole else None
        while not whole and line and not line.endswith(b"\n"):
            line = stream.readline(_READ)


class _Bounded(io.RawIOBase):
    def __init__(self, raw: IO[bytes], name: str) -> None:
        self._raw, self._name, self._read = raw, name, 0
        self._plain = gzip.GzipFile(fileobj=raw)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._plain.read(len(buffer))
        self._read += len(data)
        check(self._name, self._read, self._raw.tell())
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._plain.close()
        super().close()
