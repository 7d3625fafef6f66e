"""What was read of a chat, kept on disk: a file of any length is read once, and never held."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from typing import Generic, TypeVar

_T = TypeVar("_T")
_AT_ONCE = 100  # that are packed together: one alone takes three times as long


class Spool(Generic[_T]):
    """Takes things of any kind that can be pickled, and gives them back in the order in which they came.

    The file has no name: nobody else can read it, or write what is loaded from it.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 — closed on exit
        self._batch: list[_T] = []
        self._batches = 0

    def __enter__(self) -> Spool[_T]:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

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
