"""Somebody without a partner joins a pair, where rules allow and it adds most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.rounds.problem.problem import HARD, Placed
from models.rounds.solvers.pairs.candidates import Pool

TRIED = 50  # pairs looked at closely for each person


def join_pairs(pool: Pool, pairs: list[Placed], free: Sequence[int], most: int = 0) -> tuple[list[Placed], list[int]]:
    """The matches with everybody of `free` (rows) who could join one, and who could not.

    Nothing above the level `most` is broken; of what is broken, as little as can be.
    """
    pairs, left = list(pairs), []
    for row in free:
        host = _host(pool, pairs, row, most)
        if host is None:
            left.append(row)
        else:
            pairs[host] = Placed(tuple(sorted((*pairs[host].rows, row))))
    return pairs, left


def _host(pool: Pool, pairs: Sequence[Placed], row: int, most: int) -> int | None:
    hosts = np.array([i for i, placed in enumerate(pairs) if len(placed.rows) == 2], np.int64)
    if not len(hosts):
        return None
    a, b = np.array([pairs[i].rows for i in hosts]).T
    one = np.full(len(a), row)
    levels, scores = pool.problem.levels, pool.problem.scores
    level = np.maximum(levels(a, one, matches_of=3), levels(b, one, matches_of=3))
    gain = scores(a, one) + scores(b, one) - scores(a, b)
    order = np.lexsort((-gain, level))
    for at in order[level[order] <= most][:TRIED]:
        if pool.problem.may_meet((*pairs[hosts[at]].rows, row), max(most, _own_level(pool, pairs[hosts[at]]))):
            return int(hosts[at])
    return None


def _own_level(pool: Pool, placed: Placed) -> int:
    """What the pair breaks already, and goes on breaking."""
    return max((found.level for found in pool.problem.breaks(placed.rows) if found.level < HARD), default=0)
