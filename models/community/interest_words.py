"""What each member's pieces of evidence are about, as term ids, and the matrix of them that follows what changes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp

from models.community.word_counts import grown, with_rows

NONE = np.zeros(0, np.int32)


class InterestWords:
    """Term ids, ascending, by member row. Not safe for concurrent use; the matrices that it gives never change."""

    def __init__(self) -> None:
        self._words: dict[int, np.ndarray] = {}
        self._changed: set[int] = set()
        self._table = sp.csr_matrix((0, 1), dtype=np.float32)

    def items(self) -> Iterator[tuple[int, np.ndarray]]:
        """Rows that were set, with their words."""
        return iter(self._words.items())

    def set(self, row: int, words: np.ndarray) -> None:
        """What the pieces of a member are about."""
        self._words[row] = words
        self._changed.add(row)

    def drop(self, row: int) -> None:
        """Forget a member."""
        self._words.pop(row, None)
        self._changed.add(row)

    def table(self, n: int, terms: int) -> sp.csr_matrix:
        """(n, terms) float32: 1 where a member's pieces are about a word."""
        rows = np.array(sorted(self._changed), np.int64)
        words = [self._words.get(row, NONE) for row in rows.tolist()]
        columns = np.concatenate([*words, NONE])
        ends = np.cumsum([0, *map(len, words)])
        fresh = sp.csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=(len(rows), max(1, terms)))
        self._table = with_rows(grown(self._table, n, terms), rows, fresh)
        self._changed.clear()
        return self._table
