"""What was read of a chat, kept on disk: a file of any length is read once, and never held."""

from __future__ import annotations

import errno
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Self, TypeAlias

import orjson

from models.archive.bounds import ArchiveError

Plain: TypeAlias = Sequence[Any]
_AT_ONCE = 100  # that are packed together


class Scratch:
    """A temporary file without a name, which nobody else can read. Raises ArchiveError, which says where, when there is
    no room for it."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 — closed on exit

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        with suppress(OSError):  # what there was no room for is not needed any more
            self._file.close()
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise ArchiveError(
                f"The folder for temporary files, {tempfile.gettempdir()}, is full. Make room there, or name another "
                "one: TMPDIR=FOLDER yiqi import …"
            ) from error


class Spool(Scratch):
    """Takes tuples of texts, numbers, None and such tuples, and gives them back as lists, in the order in which they
    came."""

    def __init__(self) -> None:
        super().__init__()
        self._batch: list[Plain] = []
        self._batches = 0

    def keep(self, one: Plain) -> None:
        """Add one."""
        self._batch.append(one)
        if len(self._batch) == _AT_ONCE:
            self._file.write(packed(self._batch))
            self._batch = []
            self._batches += 1

    def __iter__(self) -> Iterator[Plain]:
        self._file.seek(0)
        for _ in range(self._batches):
            yield from unpacked(self._file.readline())
        yield from self._batch


def packed(values: Plain) -> bytes:
    """A line of JSON."""
    try:
        return orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # half of a character, as broken exports have them
        return json.dumps(values).encode("ascii") + b"\n"


def unpacked(line: bytes) -> Any:
    """What `packed` was given; lists for tuples."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return json.loads(line)
