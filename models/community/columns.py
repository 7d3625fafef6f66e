"""Arrays that grow: appended to by one writer, sliced without copying for readers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np


class Column:
    """A growing 1-d array. Rows below the length of a slice once taken are only changed through `values`."""

    def __init__(self, dtype: Any, values: np.ndarray | None = None) -> None:
        self._size = 0 if values is None else len(values)
        self._data = np.zeros(max(1024, self._size), dtype)
        if values is not None:
            self._data[: self._size] = values

    def __len__(self) -> int:
        return self._size

    def append(self, value: Any) -> int:
        """Add one value; its row."""
        if self._size == len(self._data):
            self._data = np.concatenate([self._data, np.zeros_like(self._data)])
        self._data[self._size] = value
        self._size += 1
        return self._size - 1

    @property
    def values(self) -> np.ndarray:
        """The filled part, a view: writing to it writes to the column."""
        return self._data[: self._size]


class Blocks:
    """Rows of equal shape in blocks of 1,024, copied only when written after a freeze, so freezing costs little."""

    SIZE = 1024

    def __init__(self, shape: tuple[int, ...], dtype: Any = np.float32) -> None:
        self._shape, self._dtype = shape, dtype
        self._blocks: list[np.ndarray] = []
        self._frozen: set[int] = set()

    def set(self, row: int, value: np.ndarray) -> None:
        """Write one row, growing as needed."""
        block = row // self.SIZE
        while len(self._blocks) <= block:
            self._blocks.append(np.zeros((self.SIZE, *self._shape), self._dtype))
        if block in self._frozen:
            self._blocks[block] = self._blocks[block].copy()
            self._frozen.discard(block)
        self._blocks[block][row % self.SIZE] = value

    def get(self, row: int) -> np.ndarray:
        """One row as it stands; zero where never written."""
        block, at = divmod(row, self.SIZE)
        return self._blocks[block][at] if block < len(self._blocks) else np.zeros(self._shape, self._dtype)

    def freeze(self, rows: int) -> FrozenBlocks:
        """An immutable state of the first `rows` rows (zero where never written)."""
        while len(self._blocks) * self.SIZE < max(rows, 1):
            self._blocks.append(np.zeros((self.SIZE, *self._shape), self._dtype))
        self._frozen = set(range(len(self._blocks)))
        return FrozenBlocks(tuple(self._blocks), rows, self._shape)


class FrozenBlocks:
    """The frozen state of `Blocks`."""

    def __init__(self, blocks: tuple[np.ndarray, ...], rows: int, shape: tuple[int, ...]) -> None:
        self._blocks, self._rows, self._shape = blocks, rows, shape

    def __getitem__(self, row: int) -> np.ndarray:
        block: np.ndarray = self._blocks[row // Blocks.SIZE]
        found: np.ndarray = block[row % Blocks.SIZE]
        return found

    def take(self, rows: np.ndarray) -> np.ndarray:
        """The given rows (n, *shape), copied."""
        out = np.zeros((len(rows), *self._shape), np.float32)
        for at, block, within in self.parts(rows):
            out[at] = block[within]
        return out

    def parts(self, rows: np.ndarray) -> Iterator[tuple[np.ndarray | slice, np.ndarray, np.ndarray]]:
        """Block by block the places of rows (n,) that lie there, the block (SIZE, *shape), and where they lie in it."""
        number, within = np.divmod(rows, Blocks.SIZE)
        if len(rows) and (number[1:] >= number[:-1]).all():
            places: np.ndarray | None = None  # candidates mostly come in the order of their rows: nothing to sort
        else:
            places = np.argsort(number, kind="stable")
            number, within = number[places], within[places]
        starts = np.flatnonzero(np.append(True, number[1:] != number[:-1]))[: len(rows)]
        for start, end in zip(starts, [*starts[1:], len(rows)], strict=False):
            at = slice(start, end) if places is None else places[start:end]
            yield at, self._blocks[number[start]], within[start:end]

    def sum(self, at: int) -> np.ndarray:
        """The sum over all rows of their entry `at`; the shape is that of the entry."""
        whole, rest = divmod(self._rows, Blocks.SIZE)
        parts = [block[:, at].sum(0) for block in self._blocks[:whole]]
        last = self._blocks[whole][:rest, at].sum(0) if rest else np.zeros(self._shape[1:], np.float32)
        return np.asarray(np.sum([*parts, last], axis=0))

    def dot(self, vectors: np.ndarray) -> np.ndarray:
        """Inner products (N, ..., m) of all rows with (m, d) vectors."""
        inner, d = self._shape[:-1], self._shape[-1]
        parts = [block.reshape(-1, d) @ vectors.T for block in self._blocks]
        return np.concatenate(parts).reshape(-1, *inner, len(vectors))[: self._rows]
