"""Inner products of chosen rows of a matrix, without a copy of them: compiled, and without the interpreter's lock."""

from __future__ import annotations

import numpy as np

from models.arrays.compiled import compiled


def dots(matrix: np.ndarray, rows: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """(n, m) float32: the rows (n,) of a matrix (N, d) of float32 or int16 with vectors (m, d) of any kind of float."""
    out = np.empty((len(rows), len(vectors)), np.float32)
    _dots(matrix, rows, np.asarray(vectors, np.float32), out)
    return out


# The order in which numbers are added up is free, so that several are added at once.
@compiled(fastmath=("reassoc", "contract"))
def _dots(matrix, rows, vectors, out):  # type: ignore[no-untyped-def]
    for i in range(len(rows)):
        row = matrix[rows[i]]
        for j in range(len(vectors)):
            vector, total = vectors[j], out.dtype.type(0)
            for k in range(len(vector)):
                total += out.dtype.type(row[k]) * vector[k]
            out[i, j] = total
