"""The stretches of time that figures are told for, and what a figure is over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.domain.records import DAY, Micros

MOST_WINDOWS = 120
USUAL_WINDOWS = 12
LEAST = 5  # cases from which a figure is told, and asks for something: fewer are chance
POINTERS = 10  # members or channels that a figure points to, at most


@dataclass(frozen=True, slots=True)
class Windows:
    """W stretches in a row; the i-th reaches from `edges[i]` up to, but not including, `edges[i + 1]`.

    `edges` (W + 1,) int64 microseconds; the last lies right after `as_of`, so that the newest event counts.
    """

    edges: np.ndarray
    as_of: Micros

    @property
    def count(self) -> int:
        """W."""
        return len(self.edges) - 1

    def of(self, times: np.ndarray) -> np.ndarray:
        """(n,) the window of each time; -1 where it lies outside them."""
        place = np.searchsorted(self.edges, times, "right") - 1
        return np.where((place >= 0) & (place < self.count), place, -1)

    def slices(self, times: np.ndarray, reach: Micros = 0) -> list[slice]:
        """Where the sorted `times` of each window lie; each begins at least `reach` before its end."""
        begins = np.minimum(self.edges[:-1], self.edges[1:] - reach) if reach else self.edges[:-1]
        low, high = np.searchsorted(times, begins), np.searchsorted(times, self.edges[1:])
        return [slice(int(a), int(b)) for a, b in zip(low, high, strict=True)]


def windows(begin: Micros, as_of: Micros, since: Micros | None = None, every: Micros = 30 * DAY) -> Windows:
    """Windows of `every` that end with `as_of` and reach back to `since`; without one, to where the record begins, at
    most `USUAL_WINDOWS`. There is one at least, and `MOST_WINDOWS` at most."""
    most = USUAL_WINDOWS if since is None else MOST_WINDOWS
    span = as_of + 1 - (begin if since is None else max(since, begin))
    count = int(np.clip(-(-span // every), 1, most))
    end = as_of + 1
    return Windows(np.array([end - (count - i) * every for i in range(count + 1)], np.int64), as_of)


@dataclass(frozen=True, slots=True)
class Pointer:
    """A member or channel that an organizer could see to, and by which number it stands out (see the figure)."""

    kind: Literal["member", "channel"]
    id: str
    value: float


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure over W windows: `values` (W,) float64, NaN where it is not known (yet); `counts` (W,) int64, of how many
    members, messages, ties or pairs it is told; `pointers` for the last window, the most telling first.

    Cases without a value are cases of which nobody recorded what the figure counts."""

    values: np.ndarray
    counts: np.ndarray
    pointers: tuple[Pointer, ...] = ()

    @property
    def too_few(self) -> np.ndarray:
        """(W,) bool: known, of so few cases that the value is chance."""
        few: np.ndarray = ~np.isnan(self.values) & (self.counts < LEAST)
        return few

    @property
    def unrecorded(self) -> np.ndarray:
        """(W,) bool: there were cases, and nobody recorded anything of them."""
        nothing: np.ndarray = np.isnan(self.values) & (self.counts > 0)
        return nothing


def shares(hits: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """hits / counts, NaN where there is nothing to count."""
    found: np.ndarray = np.divide(hits, counts, out=np.full(len(counts), np.nan), where=np.asarray(counts) > 0)
    return found


def share_by_window(place: np.ndarray, hit: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """(values, counts), each (count,): in which share of the cases of each window `hit` holds; -1 is no window."""
    inside = place >= 0
    cases = np.bincount(place[inside], minlength=count)
    hits = np.bincount(place[inside & hit], minlength=count)
    return shares(hits.astype(np.float64), cases), cases


def gini(amounts: np.ndarray) -> float:
    """How unequally amounts (n,) are spread: 0 all alike, near 1 one has all; NaN for nothing (Gini, 1912)."""
    ordered = np.sort(np.asarray(amounts, np.float64))
    total = ordered.sum()
    if not total:
        return float("nan")
    n = len(ordered)
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * total))


def named(
    kind: Literal["member", "channel"], ids: Sequence[str], amounts: np.ndarray, worst: float
) -> tuple[Pointer, ...]:
    """Whoever comes to `worst` or more, the most first, ties by id."""
    rows = np.flatnonzero(amounts >= worst)
    ranked = sorted(rows.tolist(), key=lambda row: (-amounts[row], ids[row]))
    return tuple(Pointer(kind, ids[row], float(amounts[row])) for row in ranked)
