"""Barriers between people: constraints over pairs, and what else keeps two apart, as levels of rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.rounds.facts.facts import Barred
from models.rounds.facts.pairs import levels_of_pairs
from models.rounds.problem.problem import HARD, Also, Barrier


def barrier_of(rule: int, also: Also | None, barred: Barred, level: int, pair_only: bool = False) -> Barrier:
    """One level for all pairs that are barred."""
    return Barrier(rule, also, lambda a, b: np.where(barred(a, b), np.int8(level), np.int8(0)), pair_only)


def sides_barrier(sides: Sequence[Sequence[int]], n: int) -> Barrier:
    """The two are of different sides."""
    side = np.zeros(n, np.int8)
    side[list(sides[1])] = 1
    return barrier_of(-1, "size", lambda a, b: side[a] == side[b], HARD)


def pair_quota_barrier(rule: int, has: np.ndarray, least: int, most: int, level: int) -> Barrier:
    """Of two, between `least` and `most` have something."""
    counts = has.astype(np.int8)

    def barred(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        both = counts[a] + counts[b]
        return np.asarray((both < least) | (both > most))

    return barrier_of(rule, None, barred, level, pair_only=True)


def pairs_barrier(
    rule: int, also: Also | None, pairs: Sequence[tuple[int, int]] | np.ndarray, level: int | np.ndarray
) -> Barrier:
    """Listed pairs, in whichever order, of a level each or one for all."""
    return Barrier(rule, also, levels_of_pairs(pairs, level))
