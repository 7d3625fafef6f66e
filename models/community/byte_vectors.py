"""Blocks of vectors that take a byte a number (`models.arrays.quantized`)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.arrays.quantized import ROWS_AT_ONCE, dimension_of, floats, quantized, quantized_vector
from models.community.columns import Blocks, FrozenBlocks


class ByteVectors:
    """`Blocks` of shape (..., d): floats go in and out, rounded."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._blocks = Blocks(shape[:-1], quantized_vector(shape[-1]))

    def fill(self, stored: np.ndarray) -> None:
        """Write the first rows of blocks that were never written, from what `FrozenByteVectors.stored` gave."""
        self._blocks.fill(stored)

    def set(self, row: int, vectors: np.ndarray) -> None:
        """Write the vectors (..., d) of one row, growing as needed."""
        self._blocks.set(row, quantized(vectors))

    def get(self, row: int) -> np.ndarray:
        """(..., d) float32 of one row as they stand; zero where never written."""
        return floats(self._blocks.get(row))

    def freeze(self, rows: int) -> FrozenByteVectors:
        """An immutable state of the first `rows` rows."""
        return FrozenByteVectors(self._blocks.freeze(rows))


class FrozenByteVectors:
    """The frozen state of `ByteVectors`."""

    def __init__(self, blocks: FrozenBlocks) -> None:
        self._blocks = blocks

    def __len__(self) -> int:
        return len(self._blocks)

    @property
    def shape(self) -> tuple[int, ...]:
        """(rows, ..., d)."""
        return (*self._blocks.shape, dimension_of(self._blocks[np.zeros(0, np.int64)]))

    def __getitem__(self, row: int | np.ndarray | Sequence[int]) -> np.ndarray:
        """(..., d) float32 of a row, or of several."""
        return floats(self._blocks[row])

    def take(self, rows: np.ndarray, at: int | slice | None = None) -> np.ndarray:
        """(n, ..., d) float32 of the given rows (n,); of each only what stands there `at` the first of its axes."""
        data, places = self._blocks.where(rows)
        return floats(data[places] if at is None else data[places, at])

    def sum(self, at: int) -> np.ndarray:
        """(..., d) float64: of what stands `at` the first of the axes of all rows, some at a time."""
        data, places = self._blocks.where(np.arange(len(self)))
        out = np.zeros(self.shape[2:])
        for start in range(0, len(places), ROWS_AT_ONCE):
            out += floats(data[places[start : start + ROWS_AT_ONCE], at]).sum(0)
        return out

    def where(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """An array (places, ...) of quantized vectors and the (n,) places in it of the given rows: to read them without
        copying."""
        return self._blocks.where(rows)

    def stored(self) -> np.ndarray:
        """(N, ...) all of them as they are kept."""
        return self._blocks[np.arange(len(self))]
