"""Arrays that grow: appended to by one writer, sliced without copying for readers."""

from __future__ import annotations

from collections.abc import Sequence
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

    def insert(self, row: int, value: Any) -> None:
        """Put a value into a row; what stood there and after moves on by one."""
        self.append(value)
        self._data[row + 1 : self._size] = self._data[row : self._size - 1]
        self._data[row] = value

    def delete(self, row: int) -> None:
        """Take a row out; what stood after moves back by one."""
        self._data[row : self._size - 1] = self._data[row + 1 : self._size]
        self._size -= 1

    @property
    def values(self) -> np.ndarray:
        """The filled part, a view: writing to it writes to the column."""
        return self._data[: self._size]


class Blocks:
    """Rows of equal shape for one writer. Freezing copies 4 bytes a row; a row that is written after that lies in
    another place, so a view keeps what it saw and the writer copies nothing else."""

    GROWTH = 1.25  # places for every row in use, when all are given to the rows anew
    AT_ONCE = 256  # rows that are moved before others have their turn
    TILE = 64  # places that products are made of at once, so that equal rows have equal ones wherever they lie

    def __init__(self, shape: tuple[int, ...], dtype: Any = np.float32) -> None:
        self._shape = shape
        self._data = np.zeros((self.TILE, *shape), dtype)  # the first stays zero: it is that of rows never written
        self._used = 1
        self._frozen = 1  # places before this one are read by views
        self._places = Column(np.int32)  # of each row

    def fill(self, values: np.ndarray) -> None:
        """Write the first rows (n, *shape) of blocks that were never written. Raises ValueError for another shape or
        type."""
        if values.shape[1:] != self._shape or values.dtype != self._data.dtype:
            raise ValueError(f"rows of {values.shape[1:]} {values.dtype}, not {self._shape} {self._data.dtype}")
        self._used = 1 + len(values)
        self._data = self._room(len(values))
        self._data[1 : self._used] = values
        self._places = Column(np.int32, np.arange(1, self._used))

    def set(self, row: int, value: np.ndarray) -> None:
        """Write one row, growing as needed."""
        while len(self._places) <= row:
            self._places.append(0)
        if self._places.values[row] < self._frozen:
            self._places.values[row] = self._free()
        self._data[self._places.values[row]] = value

    def get(self, row: int) -> np.ndarray:
        """One row as it stands; zero where never written."""
        place = int(self._places.values[row]) if row < len(self._places) else 0
        found: np.ndarray = self._data[place]
        return found

    def freeze(self, rows: int) -> FrozenBlocks:
        """An immutable state of the first `rows` rows (zero where never written)."""
        self._frozen = self._used
        places = np.zeros(rows, np.int32)
        known = self._places.values[:rows]
        places[: len(known)] = known
        return FrozenBlocks(self._data[: _up_to(self.TILE, self._used)], places)

    def _free(self) -> int:
        if self._used == len(self._data):
            self._move()
        self._used += 1
        return self._used - 1

    def _move(self) -> None:
        """Into a larger array, leaving out what only views still read: these keep the one they have."""
        rows = np.flatnonzero(self._places.values)
        grown = self._room(len(rows))
        for start in range(0, len(rows), self.AT_ONCE):
            places = self._places.values[rows[start : start + self.AT_ONCE]]
            grown[1 + start : 1 + start + len(places)] = self._data[places]
        self._places.values[rows] = np.arange(1, 1 + len(rows))
        self._data, self._used, self._frozen = grown, 1 + len(rows), 1

    def _room(self, rows: int) -> np.ndarray:
        """For so many rows, and as many more as may be written before they are moved; what is not written yet takes no
        memory."""
        return np.zeros((_up_to(self.TILE, int(self.GROWTH * rows) + self.TILE), *self._shape), self._data.dtype)


def _up_to(step: int, size: int) -> int:
    """The next multiple of a step."""
    return -(-size // step) * step


class FrozenBlocks:
    """The frozen state of `Blocks`."""

    def __init__(self, data: np.ndarray, places: np.ndarray) -> None:
        self._data, self._places = data, places

    def __len__(self) -> int:
        return len(self._places)

    @property
    def shape(self) -> tuple[int, ...]:
        """(rows, *shape)."""
        return (len(self._places), *self._data.shape[1:])

    def __getitem__(self, row: int | np.ndarray | Sequence[int]) -> np.ndarray:
        """A row, which must not be written to, or several, copied."""
        found: np.ndarray = self._data[self._places[row]]
        return found

    def take(self, rows: np.ndarray, part: slice = slice(None)) -> np.ndarray:
        """The given rows (n, *shape), or part of their last axis, copied."""
        found: np.ndarray = self._data[..., part][self._places[rows]]
        return found

    def where(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """An array (places, *shape) and the (n,) places in it of the given rows: to read them without copying."""
        return self._data, self._places[rows]

    def dot(self, vectors: np.ndarray) -> np.ndarray:
        """Inner products (N, ..., m) of all rows with (m, d) vectors."""
        *inner, d = self._data.shape[1:]
        of_places = (self._data.reshape(-1, d) @ vectors.T).reshape(len(self._data), *inner, len(vectors))
        return np.asarray(of_places[self._places])
