"""What was read of a chat, kept on disk: a file of any length is read once, and never held."""

from __future__ import annotations

import errno
import pickle
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Generic, Self, TypeVar

from models.archive.bounds import ArchiveError

_T = TypeVar("_T")
_AT_ONCE = 100  # that are packed together: one alone takes three times as long


class Scratch:
    """A temporary file without a name: nobody else can read it, or write what is loaded from it. Raises ArchiveError,
    which says where, when there is no room for it."""

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


class Spool(Scratch, Generic[_T]):
    """Takes things of any kind that can be pickled, and gives them back in the order in which they came."""

    def __init__(self) -> None:
        super().__init__()
        self._batch: list[_T] = []
        self._batches = 0

    def keep(self, one: _T) -> None:
        self._batch.append(one)
        if len(self._batch) == _AT_ONCE:
            pickle.dump(self._batch, self._file)
            self._batch = []
            self._batches += 1

    def __iter__(self) -> Iterator[_T]:
        self._file.seek(0)
        for _ in range(self._batches):
            yield from pickle.load(self._file)
        yield from self._batch
