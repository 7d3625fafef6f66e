"""Rules over pairs of people as functions of arrays of rows: they answer for two people or for millions of pairs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

from models.domain.records import Scalar
from models.rounds.problem.problem import HARD, Also, Barrier

EARTH = 6371.0  # kilometres, mean radius
OFFSETS = 24.0  # hours after which clocks show the same again


def code_of(value: Scalar) -> str:
    """A value as text that is the same for what organizers hold to be the same: 2, 2.0 and "2", True and "true"."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip().casefold()


def coded(values: Sequence[str]) -> np.ndarray:
    """(n,) int32, the same number for the same text; -1 for ""."""
    numbers = {value: i for i, value in enumerate(sorted({v.casefold() for v in values} - {""}))}
    return np.array([numbers.get(value.casefold(), -1) for value in values], np.int32)


def masks_of(rows: Sequence[np.ndarray]) -> np.ndarray:
    """(n, words) uint64: bool rows of any length, 64 bits a word."""
    width = max((len(row) for row in rows), default=0)
    out = np.zeros((len(rows), max(1, -(-width // 64))), np.uint64)
    for i, row in enumerate(rows):
        for bit in np.flatnonzero(row):
            out[i, bit // 64] |= np.uint64(1) << np.uint64(bit % 64)
    return out


def _as_level(barred: np.ndarray, level: int) -> np.ndarray:
    return np.where(barred, np.int8(level), np.int8(0))


def share_barrier(rule: int, also: Also | None, masks: np.ndarray, level: int, unknown_fits: bool = False) -> Barrier:
    """Both have a bit in common; who has none fits anybody with `unknown_fits`."""
    none = np.asarray(~masks.any(1))

    def levels(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        shared = np.zeros(np.broadcast_shapes(np.shape(a), np.shape(b)), bool)
        for word in masks.T:
            shared |= (word[a] & word[b]) != 0
        return _as_level(~(shared | none[a] | none[b]) if unknown_fits else ~shared, level)

    return Barrier(rule, also, levels)


def differ_barrier(rule: int, codes: np.ndarray, level: int) -> Barrier:
    """Codes (n,) have to be the same; -1 fits any."""
    return Barrier(
        rule, None, lambda a, b: _as_level((codes[a] != codes[b]) & (codes[a] >= 0) & (codes[b] >= 0), level)
    )


def mixed_barrier(rule: int, codes: np.ndarray, level: int) -> Barrier:
    """Codes (n,) have to differ; -1 is like no other."""
    return Barrier(rule, None, lambda a, b: _as_level((codes[a] == codes[b]) & (codes[a] >= 0), level))


def apart_barrier(rule: int, rows: Sequence[int], level: int) -> Barrier:
    """No two of these rows."""
    chosen = np.array(rows, np.int64)
    return Barrier(rule, None, lambda a, b: _as_level(np.isin(a, chosen) & np.isin(b, chosen), level))


def acquainted_barrier(rule: int, acquainted: sp.csr_matrix | None, level: int) -> Barrier | None:
    """The two have not dealt with each other; `acquainted` (n, n) is above 0 where they have, None where nobody has."""
    pairs = np.zeros((0, 2), np.int64) if acquainted is None else np.transpose(sp.triu(acquainted, 1).nonzero())
    return pairs_barrier(rule, None, pairs, level) if len(pairs) else None


def sides_barrier(sides: Sequence[Sequence[int]], n: int) -> Barrier:
    """The two are of different sides."""
    side = np.zeros(n, np.int8)
    side[list(sides[1])] = 1
    return Barrier(-1, "size", lambda a, b: _as_level(side[a] == side[b], HARD))


def pair_quota_barrier(rule: int, has: np.ndarray, least: int, most: int, level: int) -> Barrier:
    """Of two, between `least` and `most` have something."""
    counts = has.astype(np.int8)

    def levels(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        both = counts[a] + counts[b]
        return _as_level((both < least) | (both > most), level)

    return Barrier(rule, None, levels, pair_only=True)


def time_zone_barrier(rule: int, offset: np.ndarray, hours: float, level: int) -> Barrier:
    """Clocks, offsets (n,) in hours, are at most `hours` apart, the short way round; NaN fits any."""

    def levels(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        apart = np.abs(offset[a] - offset[b]) % OFFSETS
        return _as_level(np.minimum(apart, OFFSETS - apart) > hours + 1e-6, level)

    return Barrier(rule, None, levels)


def near_barrier(
    rule: int, coordinates: np.ndarray, places: np.ndarray, remote: np.ndarray, kilometres: float, level: int
) -> Barrier:
    """Within a distance, or in the same place, or both meet online. Of whom too little is known to tell, fits."""
    latitude, longitude = np.radians(np.asarray(coordinates, float)).T

    def levels(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        half = (
            np.sin((latitude[a] - latitude[b]) / 2) ** 2
            + np.cos(latitude[a]) * np.cos(latitude[b]) * np.sin((longitude[a] - longitude[b]) / 2) ** 2
        )  # the haversine of the angle between them
        distance = 2 * EARTH * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
        measured = ~np.isnan(distance)
        named = (places[a] >= 0) & (places[b] >= 0)
        far = np.where(measured, distance > kilometres, named)
        return _as_level(far & ~(named & (places[a] == places[b])) & ~(remote[a] & remote[b]), level)

    return Barrier(rule, None, levels)


def pairs_barrier(
    rule: int, also: Also | None, pairs: Sequence[tuple[int, int]] | np.ndarray, level: int | np.ndarray
) -> Barrier:
    """Listed pairs, in whichever order, of a level each or one for all. If listed twice, the higher counts."""
    listed = np.sort(np.array(pairs, np.int64).reshape(-1, 2), axis=1)
    raw = listed[:, 0] << 32 | listed[:, 1]
    keys, where = np.unique(raw, return_inverse=True)
    values = np.zeros(len(keys), np.int8)
    np.maximum.at(values, where, np.broadcast_to(np.asarray(level, np.int8), len(raw)))

    def levels(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        wanted = np.minimum(a, b).astype(np.int64) << 32 | np.maximum(a, b).astype(np.int64)
        if not len(keys):
            return np.zeros(wanted.shape, np.int8)
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[at] == wanted, values[at], np.int8(0))

    return Barrier(rule, also, levels)
