"""The lists that exposure is worked out from: who is at the top of each, and to whom a seat in it may go.

Only pairs that may be seated are kept, so that memory and time go by these, and not by queries times members.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.arrays.compiled import compiled
from models.ranking.exposure import LEAST_KEPT, PLACES, lots


@dataclass(frozen=True, slots=True)
class Lists:
    """What U queries would be shown by the ranker alone, of `size` members, those aside whom they know.

    `rows` (U,) of the queries; `top` (U, 10) rows of candidates, best first, -1 where there are no more. A seat in list
    i may go to the rows `free[ends[i]:ends[i + 1]]`, each worth its `value`, float32 log-odds of the score.
    """

    rows: np.ndarray
    top: np.ndarray
    ends: np.ndarray
    free: np.ndarray
    value: np.ndarray
    size: int

    def could_show(self) -> np.ndarray:
        """(N,) bool: whom these lists could show at all."""
        could = np.zeros(self.size, bool)
        could[self.free] = True
        could[self.top[self.top >= 0]] = True
        return could

    def spread(self) -> float:
        """The standard deviation of scores, in log-odds; 1 where all are equal."""
        return round(float(self.value.std()), 4) or 1.0 if len(self.value) else 1.0

    def kept(self, keep: np.ndarray) -> np.ndarray:
        """Rows of who is in the first `keep` (U,) places, one a place."""
        top = self.top[np.arange(PLACES)[None] < keep[:, None]]
        return np.asarray(top[top >= 0])

    def with_lots(self, marks: np.ndarray, lot: float) -> Lists:
        """The same with a lot of at most so many log-odds for each pair, drawn from the marks (N,)."""
        owner = np.repeat(self.rows, np.diff(self.ends))
        drawn = (lot * lots(marks[self.free], marks[owner])).astype(np.float16)
        return replace(self, value=(self.value.astype(np.float16) + drawn).astype(np.float32))

    def seated(self, keep: np.ndarray, price: np.ndarray, queries: np.ndarray | None = None) -> np.ndarray:
        """(N,) how often each member sits in the lists of these queries, by default of all, where so many places are
        kept (U,) and members have a price (N,) float32."""
        chosen = np.arange(len(self.rows)) if queries is None else queries
        out = np.zeros(self.size, np.int64)
        _seat(self.ends, self.free, self.value, self.top, keep, price, chosen, PLACES - LEAST_KEPT, out)
        return out


class Gathering:
    """Lists that come one by one."""

    def __init__(self) -> None:
        self._top: list[np.ndarray] = []
        self._free: list[np.ndarray] = []
        self._value: list[np.ndarray] = []

    def add(self, shown: np.ndarray, free: np.ndarray, value: np.ndarray) -> None:
        """The next list: rows of who is shown, best first, of who may be seated, and what each of these is worth."""
        first = shown[:PLACES]
        self._top.append(np.append(first, np.full(PLACES - len(first), -1)))
        self._free.append(free.astype(np.int32))
        self._value.append(value.astype(np.float16))

    def lists(self, rows: np.ndarray, size: int) -> Lists:
        """All of them, of the queries in `rows` (U,)."""
        value = np.concatenate([np.zeros(0, np.float16), *self._value]).astype(np.float32)
        return Lists(
            rows=rows,
            top=np.array(self._top, np.int64).reshape(-1, PLACES),
            ends=np.cumsum([0, *map(len, self._free)]),
            free=np.concatenate([np.zeros(0, np.int32), *self._free]),
            value=value,
            size=size,
        )


@compiled()
def _seat(ends, free, value, top, keep, price, queries, most, out):  # type: ignore[no-untyped-def]
    """Counts in `out` who sits: in each list those worth most after their price, of equals the first."""
    worth, member = np.empty(most, np.float32), np.empty(most, np.int64)
    for query in queries:
        seats, taken = min(top.shape[1] - keep[query], most), 0
        for at in range(ends[query], ends[query + 1]):
            row = free[at]
            mine = value[at] - price[row]
            if seats == 0 or (taken == seats and mine <= worth[seats - 1]):
                continue
            if np.any(top[query, : keep[query]] == row):
                continue  # has a place already
            place = min(taken, seats - 1)
            while place > 0 and mine > worth[place - 1]:
                worth[place], member[place] = worth[place - 1], member[place - 1]
                place -= 1
            worth[place], member[place] = mine, row
            taken = min(taken + 1, seats)
        for at in range(taken):
            out[member[at]] += 1
