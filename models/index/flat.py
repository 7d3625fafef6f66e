"""Vectors that are looked through as a whole, a byte a number: for what is made anew rather than changed."""

from __future__ import annotations

from typing import Any

import faiss
import numpy as np

from models.arrays.quantized import dimension_of, floats
from models.index.selector import selector

ONE = 127  # what stands for 1
ROWS_AT_ONCE = 16_384


class FlatIndex:
    """Never changed once made; for any thread."""

    def __init__(self, vectors: np.ndarray) -> None:
        """Vectors (n, d), of unit length or zero, floats or quantized."""
        # Signed bytes as they are: there is nothing to train, and nothing to decode before they are multiplied.
        kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
        self._index: Any = faiss.IndexScalarQuantizer(dimension_of(vectors), kind, faiss.METRIC_INNER_PRODUCT)
        for start in range(0, len(vectors), ROWS_AT_ONCE):
            self._index.add(_bytes(vectors[start : start + ROWS_AT_ONCE]))

    def search(self, queries: np.ndarray, k: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Places (m, min(k, n)) of the nearest to each of (m, d) queries of unit length, and their inner products to
        about 0.01; of `allowed` (n,) bool. Places are -1 where there are fewer."""
        faiss.omp_set_num_threads(1)
        settings: Any = None if allowed is None else faiss.SearchParameters(sel=selector(allowed))  # type: ignore[call-arg]
        scores, places = self._index.search(_bytes(queries), min(k, self._index.ntotal), params=settings)
        return places, scores / ONE**2


def _bytes(vectors: np.ndarray) -> np.ndarray:
    """As whole numbers that fit a byte, which FAISS takes as floats."""
    return np.asarray(np.rint(floats(vectors) * ONE))
