"""Sums over pairs of rows, kept up to date entry by entry: what changed is added up again, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.community.columns import Column
from models.domain.records import DAY

COUNTS = 0.2  # what an event counts, from which it says that somebody is here: a line said for the first or second time
FOR_EVER = float("inf")  # the half-life of what does not fade
FURTHEST = 64.0  # half-lives after which everything is added up anew, so that no number outgrows its type
_LOW = 2**32 - 1
_NOT_YET, _NEVER = np.iinfo(np.int64).max, np.iinfo(np.int64).min  # first and last time of what has none


@dataclass(frozen=True, slots=True)
class _Cells:
    """Where the slots with a live entry stand in a matrix of so many rows, row by row. K such slots."""

    slots: np.ndarray  # (K,)
    row: np.ndarray  # (K,) int32
    column: np.ndarray  # (K,) int32
    indptr: np.ndarray  # (rows + 1,) int32


class Tally:
    """Entries by (row, column), each with a time (µs) and a weight of which half is left after every half-life (days).

    Entries are numbered 0, 1, 2, … as they come; one of weight 0 is not there. Not safe for concurrent use.
    """

    def __init__(
        self,
        half_lives: tuple[float, ...],
        rows: np.ndarray,
        columns: np.ndarray,
        times: np.ndarray,
        weights: np.ndarray,
    ) -> None:
        keys = np.maximum(rows, 0).astype(np.int64) << 32 | np.maximum(columns, 0)
        self._keys, slot = np.unique(keys, return_inverse=True)  # ascending
        self._slot_at = np.arange(len(self._keys))  # the slot of each of `_keys`
        self._slots: dict[int, int] = dict(zip(self._keys.tolist(), range(len(self._keys)), strict=True))
        self._fresh: list[int] = []  # keys that came since
        self._slot, self._time = Column(np.int64, slot), Column(np.int64, times)
        self._weight = Column(np.float64, weights)
        self._half = [half * DAY for half in half_lives]
        size = len(self._keys)
        self._sums = [Column(np.float64, np.zeros(size)) for _ in half_lives]
        self._live = Column(np.int64, np.zeros(size, np.int64))  # entries of a slot
        self._first, self._last = (Column(np.int64, np.zeros(size, np.int64)) for _ in range(2))
        self._as_of = 0  # what the sums are as of
        self._newest = 0  # time of an entry, or of one that was taken out since
        self._ahead = False  # whether entries lay ahead of `_as_of` when everything was added up
        self._cells: _Cells | None = None
        self._add_up(int(times[weights > 0].max(initial=0)))

    def __len__(self) -> int:
        """How many entries there are, those of weight 0 included."""
        return len(self._slot)

    def put(self, entry: int, row: int, column: int, time: int, weight: float) -> None:
        """Set an entry, the next or an earlier one."""
        slot = self._slot_of(max(row, 0) << 32 | max(column, 0))
        if entry == len(self):
            self._slot.append(slot)
            self._time.append(time)
            self._weight.append(weight)
            if weight > 0:
                self._add(slot, time, weight)
            return
        before = int(self._slot.values[entry])
        if (before, self._time.values[entry], self._weight.values[entry]) != (slot, time, weight):
            self._slot.values[entry], self._time.values[entry], self._weight.values[entry] = slot, time, weight
            for changed in {before, slot}:
                self._add_up_slot(changed)
            self._newest = max(self._newest, time if weight > 0 else 0)

    def drop(self, entry: int) -> None:
        """Take an entry out."""
        if self._weight.values[entry] > 0:
            self._weight.values[entry] = 0
            self._add_up_slot(int(self._slot.values[entry]))

    def matrix(self, shape: tuple[int, int], now: int, half_life: int = 0) -> sp.csr_matrix:
        """(rows, columns) float32 sums as of a time, by the half-life in that place."""
        self._come_to(now)
        cells = self._where(shape[0])
        return _matrix(cells, self._sums[half_life].values[cells.slots] * self._left(now, half_life), shape)

    def ones(self, shape: tuple[int, int]) -> sp.csr_matrix:
        """(rows, columns) float32: 1 where there is an entry."""
        cells = self._where(shape[0])
        return _matrix(cells, np.ones(len(cells.slots)), shape)

    def fading(self, shape: tuple[int, int], now: int, half_life: float) -> sp.csr_matrix:
        """As `matrix`, by any half-life (µs): all entries are added up."""
        sums = np.bincount(
            self._slot.values,
            self._weight.values * np.exp2(np.minimum(self._time.values - now, 0) / half_life),
            minlength=len(self._live),
        )
        cells = self._where(shape[0])
        return _matrix(cells, sums[cells.slots], shape)

    def of(self, entries: np.ndarray, shape: tuple[int, int]) -> sp.csr_matrix:
        """(rows, columns) float32 sums of these entries alone, unfaded; pairs with none of them are left out."""
        sums = np.bincount(self._slot.values[entries], self._weight.values[entries], minlength=len(self._live))
        cells = self._where(shape[0])
        there = sums[cells.slots] > 0
        row, slots = cells.row[there], cells.slots[there]
        return _matrix(_Cells(slots, row, cells.column[there], _indptr(row, shape[0])), sums[slots], shape)

    def by_row(self, rows: int, now: int, half_life: int = 0) -> np.ndarray:
        """(rows,) float64 sums where there is but one column."""
        self._come_to(now)
        cells, out = self._where(rows), np.zeros(rows)
        out[cells.row] = self._sums[half_life].values[cells.slots] * self._left(now, half_life)
        return out

    def span(self, rows: int) -> tuple[np.ndarray, np.ndarray]:
        """(rows,) int64 oldest and newest time where there is but one column, of entries that count; 0 for none."""
        cells, oldest, newest = self._where(rows), np.zeros(rows, np.int64), np.zeros(rows, np.int64)
        counts = self._first.values[cells.slots] < _NOT_YET
        oldest[cells.row[counts]] = self._first.values[cells.slots[counts]]
        newest[cells.row[counts]] = self._last.values[cells.slots[counts]]
        return oldest, newest

    def begun(self, rows: int, since: int) -> np.ndarray:
        """(rows,) how many pairs of each row have their oldest entry at or after a time."""
        cells = self._where(rows)
        return np.bincount(cells.row[self._first.values[cells.slots] >= since], minlength=rows)

    # -- adding up -----------------------------------------------------------------------------------------------

    def _slot_of(self, key: int) -> int:
        slot = self._slots.get(key)
        if slot is None:
            slot = self._slots[key] = len(self._live)
            self._fresh.append(key)
            for column in (*self._sums, self._live):
                column.append(0)
            self._first.append(_NOT_YET)
            self._last.append(_NEVER)
        return slot

    def _add(self, slot: int, time: int, weight: float) -> None:
        self._newest = max(self._newest, time)
        for half, sums in zip(self._half, self._sums, strict=True):
            sums.values[slot] += weight * self._share(time, half)
        if self._live.values[slot] == 0:
            self._cells = None
        self._live.values[slot] += 1
        if weight >= COUNTS:
            self._first.values[slot] = min(int(self._first.values[slot]), time)
            self._last.values[slot] = max(int(self._last.values[slot]), time)

    def _add_up_slot(self, slot: int) -> None:
        mine = np.flatnonzero(self._slot.values == slot)
        mine = mine[self._weight.values[mine] > 0]
        time, weight = self._time.values[mine], self._weight.values[mine]
        if (len(mine) > 0) != (self._live.values[slot] > 0):
            self._cells = None
        for half, sums in zip(self._half, self._sums, strict=True):
            sums.values[slot] = (weight * self._share(time, half)).sum()
        counted = time[weight >= COUNTS]
        self._live.values[slot] = len(mine)
        self._first.values[slot] = counted.min(initial=_NOT_YET)
        self._last.values[slot] = counted.max(initial=_NEVER)

    def _add_up(self, now: int) -> None:
        """Everything anew, as of a time."""
        live = np.flatnonzero(self._weight.values > 0)
        slot, time, weight = self._slot.values[live], self._time.values[live], self._weight.values[live]
        size = len(self._live)
        age = np.minimum(time - now, 0)
        for half, sums in zip(self._half, self._sums, strict=True):
            sums.values[:] = np.bincount(slot, weight * np.exp2(age / half), minlength=size)
        self._live.values[:] = np.bincount(slot, minlength=size)
        order = np.argsort(time, kind="stable")
        order = order[weight[order] >= COUNTS]
        self._first.values[:], self._last.values[:] = _NOT_YET, _NEVER
        self._last.values[slot[order]] = time[order]
        self._first.values[slot[order[::-1]]] = time[order[::-1]]
        self._as_of, self._newest, self._cells = now, int(time.max(initial=0)), None
        self._ahead = self._newest > now

    def _come_to(self, now: int) -> None:
        """What lies ahead of `now` counts in full until its time has come."""
        far = abs(now - self._as_of) / min(self._half) > FURTHEST
        if far or self._ahead or self._newest > now:
            self._add_up(now)

    def _share(self, time: int | np.ndarray, half: float) -> np.ndarray:
        """What is left of entries of these times; of what lies too far ahead any number, since it is added up anew."""
        return np.asarray(np.exp2(np.minimum((time - self._as_of) / half, 8 * FURTHEST)))

    def _left(self, now: int, half_life: int) -> float:
        return float(np.exp2((self._as_of - now) / self._half[half_life]))

    def _where(self, rows: int) -> _Cells:
        if self._fresh:
            fresh = np.sort(np.array(self._fresh, np.int64))
            at = np.searchsorted(self._keys, fresh)
            self._keys = np.insert(self._keys, at, fresh)
            self._slot_at = np.insert(self._slot_at, at, [self._slots[key] for key in fresh.tolist()])
            self._fresh.clear()
            self._cells = None
        if self._cells is None or len(self._cells.indptr) != rows + 1:
            live = self._live.values[self._slot_at] > 0
            keys = self._keys[live]
            row = (keys >> 32).astype(np.int32)
            column = (keys & _LOW).astype(np.int32)
            self._cells = _Cells(self._slot_at[live], row, column, _indptr(row, rows))
        return self._cells


def _indptr(row: np.ndarray, rows: int) -> np.ndarray:
    out = np.zeros(rows + 1, np.int32)
    np.cumsum(np.bincount(row, minlength=rows), out=out[1:])
    return out


def _matrix(cells: _Cells, values: np.ndarray, shape: tuple[int, int]) -> sp.csr_matrix:
    # Copies, of which whoever holds one may weigh what it holds; where that stands, other matrices share.
    data = values.astype(np.float32)
    out = sp.csr_matrix((data, cells.column.copy(), cells.indptr.copy()), shape=shape)
    out.has_canonical_format = True
    return out
