"""Rows of sparse matrices as plain arrays, and products with them: compiled, and without the interpreter's lock.

scipy makes an object for every row and every product, which costs more than what is computed with them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from models.arrays.compiled import compiled


class Row(NamedTuple):
    """One sparse row (1, `size`): its columns, each at most once, and what stands in them, float32."""

    columns: np.ndarray
    values: np.ndarray
    size: int

    def csr(self) -> sp.csr_matrix:
        """The same for scipy."""
        ends = np.array([0, len(self.columns)])
        return sp.csr_matrix((self.values, self.columns, ends), (1, self.size))


def row_of(matrix: sp.csr_matrix, row: int) -> Row:
    """One row of a matrix; nothing is copied."""
    at = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return Row(matrix.indices[at], matrix.data[at], matrix.shape[1])


def sum_of(matrix: sp.csr_matrix, rows: np.ndarray) -> Row:
    """The sum of some rows (k,) of a matrix."""
    if len(rows) == 1:
        return row_of(matrix, int(rows[0]))
    out = np.zeros(matrix.shape[1], np.float32)
    for row in rows:
        one = row_of(matrix, int(row))
        out[one.columns] += one.values
    columns = np.flatnonzero(out)
    return Row(columns, out[columns], len(out))


def no_row(size: int) -> Row:
    """An empty row."""
    return Row(np.zeros(0, np.int32), np.zeros(0, np.float32), size)


def dense(row: Row) -> np.ndarray:
    """(size,) float32."""
    out = np.zeros(row.size, np.float32)
    out[row.columns] = row.values
    return out


def times(row: Row, matrix: sp.csr_matrix) -> np.ndarray:
    """(n,) float32: the row times a matrix (size, n)."""
    out = np.zeros(matrix.shape[1], np.float32)
    _add_rows(row.columns, row.values, matrix.indptr, matrix.indices, matrix.data, out)
    return out


def common(one: Row, other: Row) -> tuple[np.ndarray, np.ndarray]:
    """The columns in which two rows have something, and the products there, the largest first; of equals the first."""
    if len(one.columns) > len(other.columns):
        one, other = other, one
    columns, products = _common(one.columns, one.values, other.columns, other.values)
    order = np.lexsort((columns, -products))
    return columns[order], products[order]


@compiled()
def _common(few, few_values, many, many_values):  # type: ignore[no-untyped-def]
    order = np.argsort(few)
    sorted_ = few[order]
    columns, products = np.empty(len(few), few.dtype), np.empty(len(few), few_values.dtype)
    found = 0
    for i in range(len(many)):
        at = np.searchsorted(sorted_, many[i])
        if at < len(few) and sorted_[at] == many[i]:
            columns[found], products[found] = many[i], few_values[order[at]] * many_values[i]
            found += products[found] != 0
    return columns[:found], products[:found]


def stands(matrix: sp.csr_matrix, row: int, column: int) -> bool:
    """Whether anything stands in a place."""
    return bool((matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]] == column).any())


@compiled()
def _add_rows(columns, values, indptr, indices, data, out):  # type: ignore[no-untyped-def]
    for i in range(len(columns)):
        value = values[i]
        for at in range(indptr[columns[i]], indptr[columns[i] + 1]):
            out[indices[at]] += value * data[at]


def walk(start: np.ndarray, matrix: sp.csr_matrix, steps: int, staying: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """(n,) float32 where so many steps along a matrix (n, n), without numbers below 0, lead from the rows `start`, each
    taken with a chance of `staying`; and (n,) the sum over where each of them leads."""
    at, passed = np.zeros((2, matrix.shape[0]), np.float32)
    at[start] = 1
    rows, share = np.unique(np.asarray(start, np.int64)), np.float32(staying)
    where, on_the_way = _walked(rows, at, passed, matrix.indptr, matrix.indices, matrix.data, steps, share)
    return where, on_the_way


@compiled()
def _walked(rows, at, passed, indptr, indices, data, steps, staying):  # type: ignore[no-untyped-def]
    # Only where somebody stands is looked at: in a large community that is nearly nowhere.
    to, reached = np.zeros_like(at), np.empty(len(at), np.int64)
    for _ in range(steps):
        count = 0
        for row in rows:
            for place in range(indptr[row], indptr[row + 1]):
                share = staying * at[row] * data[place]
                if share > 0:
                    if to[indices[place]] == 0:
                        reached[count] = indices[place]
                        count += 1
                    to[indices[place]] += share
        at[rows] = 0
        rows = np.sort(reached[:count])  # numbers are added up in the same order whoever was reached first
        passed[rows] += to[rows]
        at, to = to, at
    return at, passed


def by_row(matrix: sp.csr_matrix, factors: np.ndarray) -> sp.csr_matrix:
    """Rows multiplied by (rows,) factors; as float32, in the places of the matrix."""
    data = (matrix.data * factors[rows_of(matrix)]).astype(np.float32)
    return sp.csr_matrix((data, matrix.indices, matrix.indptr), shape=matrix.shape)


def by_column(matrix: sp.csr_matrix, factors: np.ndarray) -> sp.csr_matrix:
    """Columns multiplied by (columns,) factors; as float32, in the places of the matrix."""
    data = (matrix.data * factors[matrix.indices]).astype(np.float32)
    return sp.csr_matrix((data, matrix.indices, matrix.indptr), shape=matrix.shape)


def rows_of(matrix: sp.csr_matrix) -> np.ndarray:
    """The row of each number that a matrix holds."""
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
