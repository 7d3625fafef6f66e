"""Unit vectors of members, a byte a number and a scale each: a quarter of the memory of float32, and inner products of
unit vectors differ by some 0.0003 (0.0017 at most of 100,000)."""

from __future__ import annotations

import numpy as np

from models.community.columns import Blocks, FrozenBlocks

ONE = 127  # what stands for the largest number of a vector
CHUNK = 1024  # rows that are unpacked at once


class PackedVectors:
    """Rows of several vectors each for one writer, as `Blocks` are."""

    def __init__(self, each: int, dimension: int) -> None:
        """Rows (each, dimension)."""
        self._numbers = Blocks((each, dimension), np.int8)
        self._scales = Blocks((each,))
        self._total = np.zeros(dimension)  # of the first vector of each row

    def set(self, row: int, vectors: np.ndarray) -> None:
        """Write one row, growing as needed."""
        scales = np.abs(vectors).max(1).astype(np.float32) / ONE
        numbers = np.rint(vectors / np.where(scales > 0, scales, 1)[:, None])
        self._total += np.subtract(numbers[0] * scales[0], self.get(row)[0], dtype=np.float64)
        self._numbers.set(row, numbers)
        self._scales.set(row, scales)

    def get(self, row: int) -> np.ndarray:
        """One row (each, d) float32 as it stands; zero where never written."""
        return _unpacked(self._numbers.get(row), self._scales.get(row))

    def fill(self, numbers: np.ndarray, scales: np.ndarray) -> None:
        """Write the first rows as `FrozenVectors.packed` gave them, of vectors that were never written."""
        self._numbers.fill(numbers)
        self._scales.fill(scales)
        self._total = np.asarray(self.freeze(len(numbers)).sum_of_first(), np.float64)

    def freeze(self, rows: int) -> FrozenVectors:
        """An immutable state of the first `rows` rows (zero where never written)."""
        return FrozenVectors(self._numbers.freeze(rows), self._scales.freeze(rows), self._total.copy())


class FrozenVectors:
    """The frozen state of `PackedVectors`."""

    def __init__(self, numbers: FrozenBlocks, scales: FrozenBlocks, total: np.ndarray) -> None:
        self._numbers, self._scales = numbers, scales
        self.total_of_first = total  # (d,) float64, but for rounding

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, row: int) -> np.ndarray:
        """(each, d) float32."""
        return _unpacked(self._numbers[row], self._scales[row])

    def take(self, rows: np.ndarray) -> np.ndarray:
        """The given rows (n, each, d) float32."""
        return _unpacked(*self.packed(rows))

    def first(self, rows: np.ndarray) -> np.ndarray:
        """The first vector (n, d) float32 of the given rows."""
        numbers, places = self._numbers.where(rows)
        return _unpacked(numbers[places, 0], self._scales.take(rows)[:, 0])

    def packed(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The given rows as int8 (n, each, d), and what to multiply them by: (n, each) float32."""
        return self._numbers.take(rows), self._scales.take(rows)

    def where(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """As `packed`, without copying: an array (places, each, d), the (n,) places in it, and (n, each) scales."""
        return *self._numbers.where(rows), self._scales.take(rows)

    def sum_of_first(self) -> np.ndarray:
        """(d,) float32 the sum of the first vectors of all rows, added up anew."""
        chunks = (np.arange(start, min(start + CHUNK, len(self))) for start in range(0, len(self), CHUNK))
        zero = np.zeros(self.total_of_first.shape, np.float32)
        return np.asarray(np.sum([*(self.first(rows).sum(0) for rows in chunks), zero], axis=0))


def _unpacked(numbers: np.ndarray, scales: np.ndarray) -> np.ndarray:
    return np.asarray(numbers * scales[..., None])
