"""Inner products of chosen rows of a matrix, without the interpreter's lock: with few vectors compiled, and without a
copy of the rows; with many a product of matrices, of a few rows at a time."""

from __future__ import annotations

import numpy as np

from models.arrays.compiled import compiled
from models.arrays.quantized import ROWS_AT_ONCE, as_bytes

MANY = 16  # vectors from which copies of the rows are worth it


def dots(matrix: np.ndarray, rows: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """(n, m) float32: the rows (n,) of a matrix (N, d) of float32, or (N,) of quantized vectors, with vectors (m, d) of
    floats."""
    if matrix.dtype.names:
        return np.asarray(_dots_of_rows(as_bytes(matrix), rows, vectors) * matrix["scale"][rows][:, None])
    return _dots_of_rows(matrix, rows, vectors)


def _dots_of_rows(matrix: np.ndarray, rows: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """The same of the first d numbers of each row, which may be whole."""
    d = vectors.shape[1]
    out = np.empty((len(rows), len(vectors)), np.float32)
    vectors = np.asarray(vectors, np.float32)
    if len(vectors) < MANY:
        _dots(matrix, rows, vectors, out)
        return out
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = slice(start, start + ROWS_AT_ONCE)
        np.matmul(matrix[rows[some], :d].astype(np.float32, copy=False), vectors.T, out=out[some])
    return out


# The order in which numbers are added up is free, so that several are added at once.
@compiled(fastmath=("reassoc", "contract"))
def dot(row, vector):  # type: ignore[no-untyped-def]
    """The inner product of a vector with as many of the first numbers of a row; for what is compiled."""
    total = vector.dtype.type(0)
    for at in range(len(vector)):
        total += vector.dtype.type(row[at]) * vector[at]
    return total


@compiled()
def _dots(matrix, rows, vectors, out):  # type: ignore[no-untyped-def]
    for i in range(len(rows)):
        for j in range(len(vectors)):
            out[i, j] = dot(matrix[rows[i]], vectors[j])
