"""The interests of all members as vectors that can be searched, where there are too many members to look at each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from models.community.byte_vectors import ByteVectors
from models.index.vectors import LiveIndex, Searchable, State

SEARCHED_FROM = 4096  # members; of fewer all are looked at, and no index is kept
EXACT_BELOW = 8_000  # interests
# Somebody has several interests, and is among the nearest to one or the other: with 160 cells no more of those are
# found whom ranking everybody would put first.
MOST_PROBES = 32


class InterestIndex:
    """Follows the interests (N, 1 + I, d) of members; the id of the i-th interest of the member in a row is
    row · I + i."""

    def __init__(self, dimension: int, interests: int) -> None:
        self._dimension, self._each = dimension, interests
        self._index: LiveIndex | None = None

    def follow(self, rows: Iterable[int], interests: ByteVectors, members: int) -> None:
        """Takes over the interests of these rows, of so many members."""
        if self._index is None:
            if members <= SEARCHED_FROM:
                return
            self._index = LiveIndex(self._dimension, exact_below=EXACT_BELOW, most_probes=MOST_PROBES)
            rows = range(members)
        ids, vectors = self._of(rows, interests)
        there = vectors.any(1)
        self._index.remove(ids[~there])
        self._index.update(ids[there], vectors[there])

    def snapshot(self) -> Searchable | None:
        """The interests as they are now, or None while there are few members."""
        return None if self._index is None else self._index.snapshot()

    def state(self) -> State:
        """Ids and what was trained; the vectors are those of the members."""
        if self._index is None:
            return {}
        state = self._index.state()
        return {name: state[name] for name in ("ids", "ivf", "trained_on")}

    def take(self, state: Mapping[str, Any], interests: ByteVectors, members: int) -> None:
        """Goes on from what `state` gave, beside the same interests."""
        if "ids" not in state:
            return
        rows, at = np.divmod(np.asarray(state["ids"]), self._each)
        data, places = interests.freeze(members).where(rows)
        vectors = data[places, 1 + at]
        self._index = LiveIndex.from_state(
            {**state, "vectors": vectors}, exact_below=EXACT_BELOW, most_probes=MOST_PROBES
        )

    def _of(self, rows: Iterable[int], interests: ByteVectors) -> tuple[np.ndarray, np.ndarray]:
        """(n · I,) ids and (n · I, d) vectors of n rows, zero where there is none."""
        rows = list(rows)
        ids = np.array(rows, np.int64)[:, None] * self._each + np.arange(self._each)
        vectors = np.zeros((len(rows), self._each, self._dimension), np.float32)
        for at, row in enumerate(rows):
            vectors[at] = interests.get(row)[1:]
        return ids.ravel(), vectors.reshape(-1, self._dimension)
