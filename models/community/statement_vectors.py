"""The vectors of all statements: where they lie, what tells them apart, and what is nearest among them.

Tables of statements that follow one another share arrays, in which each has places of its own, so that what one member
states anew costs nothing for the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.arrays.quantized import ROWS_AT_ONCE, dimension_of, floats, quantized, quantized_vector
from models.community.byte_vectors import FrozenByteVectors
from models.community.columns import FrozenBlocks
from models.index.flat import FlatIndex

# Of so few statements all is worked out anew whenever one changes; of more, once this share of them is new.
FEW = 4096
SETTLED = 0.05
COMMON_AFTER = 10  # statements of a kind of which half their mean counts as what all have in common


@dataclass(frozen=True)
class _Part:
    """Some of the places, first to last, that are searched together."""

    telling: np.ndarray
    kind: np.ndarray
    first: int

    @cached_property
    def by_kind(self) -> Mapping[int, tuple[np.ndarray, FlatIndex]]:
        """The (n,) places of each kind, and their index."""
        found = {int(kind): np.flatnonzero(self.kind == kind) for kind in np.unique(self.kind)}
        return {kind: (self.first + at, FlatIndex(self.telling[at])) for kind, at in found.items()}


@dataclass(frozen=True)
class Nearest:
    """What is searched of F statements. For any thread."""

    parts: tuple[_Part, ...]
    row: np.ndarray  # of each place, -1 where no statement is any more

    def search(
        self, kind: int, wanted: np.ndarray, k: int, among: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """(m, at least min(k, n)) rows of the statements of a kind that come nearest to (m, d) vectors, -1 for none,
        and their inner products to about 0.01; of those `among` (F,) bool. In no order."""
        found = [np.zeros((len(wanted), 0), np.int64)]
        near = [np.zeros((len(wanted), 0), np.float32)]
        for places, index in (part.by_kind[kind] for part in self.parts if kind in part.by_kind):
            rows = self.row[places]
            may = rows >= 0 if among is None else (rows >= 0) & among[rows]
            at, score = index.search(wanted, k, None if may.all() else may)
            found.append(np.where(at >= 0, rows[at], -1))
            near.append(score)
        return np.hstack(found), np.hstack(near)

    def ready(self) -> None:
        """Make what searches need, which is made by the first of them otherwise."""
        for part in self.parts:
            _ = part.by_kind


@dataclass(frozen=True)
class Frozen:
    """F statements as they are now: the (F,) places that they lie in, the vectors there, those of them that are telling
    (`Facets.telling`), and what is searched."""

    places: np.ndarray
    plain: FrozenByteVectors
    telling: FrozenByteVectors
    nearest: Nearest


class StatementVectors:
    """Where the vectors (d,) of statements of so many `kinds` are kept. Not safe for concurrent use; what it gives
    never changes."""

    def __init__(self, dimension: int, kinds: int, *, exact: bool = False) -> None:
        """`exact`: all is worked out anew whenever one changes, however many there are."""
        self._kinds, self._exact = kinds, exact
        self._used = 0
        self._plain = np.zeros(0, quantized_vector(dimension))
        self._telling = np.zeros(0, quantized_vector(dimension))
        self._kind = np.zeros(0, np.int8)
        self._common = np.zeros((kinds, dimension), np.float32)
        self._settled = 0  # places that were there when `_common` was worked out ...
        self._base = _Part(self._telling, self._kind, 0)  # ... and what is searched of them

    def add(self, vectors: np.ndarray, kind: np.ndarray) -> np.ndarray:
        """Places (n,) of n more vectors, of these kinds (n,)."""
        start, end = self._used, self._used + len(vectors)
        if end > len(self._kind):
            self._plain, self._telling, self._kind = self._moved(slice(start), _roomy(end))
        self._used = end
        self._plain[start:end], self._kind[start:end] = quantized(vectors), kind
        if self._settled:  # else all is worked out at once, when they are frozen
            self._telling[start:end] = telling(self._plain[start:end], kind, self._common)
        return np.arange(start, end, dtype=np.int32)

    def freeze(self, places: np.ndarray) -> Frozen:
        """What is stated now lies in these places (F,); where it lies from now on, and what is read of it."""
        # Since then so many came, or so many of those who are there went.
        moved = self._used - min(self._settled, len(places))
        if self._exact or len(places) <= FEW or moved > SETTLED * len(places):
            places = self._settle(places)
        recent = slice(self._settled, self._used)
        parts = (self._base, _Part(self._telling[recent], self._kind[recent], self._settled))
        row = np.full(self._used, -1, np.int32)
        row[places] = np.arange(len(places), dtype=np.int32)
        return Frozen(places, self._rows(self._plain, places), self._rows(self._telling, places), Nearest(parts, row))

    def _settle(self, places: np.ndarray) -> np.ndarray:
        """Leave out what nobody states any more, and work out anew what the others have in common; all of it, or
        nothing where memory is short."""
        n = len(places)
        # To move all of many takes longer than all else; where no table was given yet, nothing is in use.
        stay = not self._settled and np.array_equal(places, np.arange(self._used))
        there = self._plain, self._telling, self._kind
        arrays = plain, told, kind = there if stay else self._moved(places, _roomy(n))
        common = in_common(plain[:n], kind[:n], self._kinds)
        told[:n] = telling(plain[:n], kind[:n], common)
        self._plain, self._telling, self._kind = arrays
        self._common, self._base = common, _Part(told[:n], kind[:n], 0)
        self._used = self._settled = n
        return np.arange(n, dtype=np.int32)

    def _moved(self, places: slice | np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Arrays of so many places, of which what lies in `places` takes the first. Tables keep those they have."""

        def moved(array: np.ndarray) -> np.ndarray:
            kept = array[places]
            out = np.zeros((size, *array.shape[1:]), array.dtype)
            out[: len(kept)] = kept
            return out

        return moved(self._plain), moved(self._telling), moved(self._kind)

    def _rows(self, vectors: np.ndarray, places: np.ndarray) -> FrozenByteVectors:
        return FrozenByteVectors(FrozenBlocks(vectors[: self._used], places))


def _roomy(n: int) -> int:
    """Places for n vectors, and for those that come until all is worked out anew."""
    return n + max(int(2 * SETTLED * n), 64)


def in_common(vectors: np.ndarray, kind: np.ndarray, kinds: int) -> np.ndarray:
    """(kinds, d) float32 what the vectors (n,), quantized, of each kind have in common. Of few the mean says as much
    about them as about what is common, so it counts by their number."""
    of_kind = np.equal.outer(np.arange(kinds), kind).astype(np.float32)
    out = np.zeros((kinds, dimension_of(vectors)), np.float32)
    for start in range(0, len(vectors), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        out += of_kind[:, rows] @ floats(vectors[rows])
    return np.asarray(out / (of_kind.sum(1, keepdims=True) + COMMON_AFTER))


def telling(vectors: np.ndarray, kind: np.ndarray, common: np.ndarray) -> np.ndarray:
    """(n,) quantized, of unit length: vectors (n,), quantized, less what is `common` (kinds, d) to their kind."""
    out = np.empty_like(vectors)
    for start in range(0, len(out), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        part = floats(vectors[rows]) - common[kind[rows]]
        length = np.sqrt(np.einsum("fd,fd->f", part, part))
        part *= np.divide(1, length, out=np.zeros_like(length), where=length > 1e-6)[:, None]
        out[rows] = quantized(part)
    return out
