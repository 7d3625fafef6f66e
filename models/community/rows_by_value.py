"""Finds the rows in which a column has a value, without looking at all of it."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from models.community.columns import Column


class RowsByValue:
    """Rows by their value in a column of integers, which changes through here; -1 stands for none and is never asked.

    Not safe for concurrent use.
    """

    def __init__(self, column: Column) -> None:
        self._column = column
        self._order = np.argsort(column.values, kind="stable")
        self._ascending = column.values[self._order]
        self._later: defaultdict[int, list[int]] = defaultdict(list)  # rows that got a value since, by that value

    def append(self, value: int) -> None:
        """Add a row with a value."""
        self.set(self._column.append(-1), value)

    def set(self, row: int, value: int) -> None:
        """Change the value of a row."""
        if self._column.values[row] != value:
            self._column.values[row] = value
            if value >= 0:
                self._later[value].append(row)

    def rows(self, value: int) -> np.ndarray:
        """Rows that have a value, ascending."""
        low, high = np.searchsorted(self._ascending, [value, value + 1])
        ever = np.concatenate([self._order[low:high], np.array(self._later.get(value, ()), np.int64)])
        return np.unique(ever[self._column.values[ever] == value])
