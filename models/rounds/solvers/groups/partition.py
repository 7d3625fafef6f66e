"""Very many people are divided into blocks, each of which is arranged on its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import reverse_cuthill_mckee

from models.rounds.problem.problem import Problem
from models.rounds.solvers.groups.sitting import Sitting

BLOCK = 3000  # people who are arranged together
NEAREST = 10  # others of each by whom it is told who is close to whom


def blocks_of(problem: Problem, sitting: Sitting, rng: np.random.Generator) -> list[Sitting]:
    """The sitting in blocks of at most about `BLOCK` people who are worth much to each other or, where there are
    quotas, with some of every sort."""
    count = -(-len(sitting.rows) // BLOCK)
    if count <= 1:
        return [sitting]
    rows = sitting.rows[_mixed(problem, sitting.rows, rng) if problem.quotas else _near(problem, sitting.rows)]
    size = problem.spec.size[0] * -(-len(rows) // (count * problem.spec.size[0]))
    together = _block_of(problem, sitting, rows, size)
    chosen = [np.sort(rows[together == i]) for i in range(together.max() + 1)]
    rooms = [None if sitting.room is None else (sitting.room + i) // len(chosen) for i in range(len(chosen))]
    return [replace(sitting, rows=block, room=room) for block, room in zip(chosen, rooms, strict=True)]


def _block_of(problem: Problem, sitting: Sitting, rows: np.ndarray, size: int) -> np.ndarray:
    """(m,) the block of each: `size` after `size`, but nobody is parted from who belongs together."""
    block = np.arange(len(rows)) // size
    place = {row: i for i, row in enumerate(rows.tolist())}
    for group in [*sitting.kept, *(each.rows for each in problem.together)]:
        at = [place[row] for row in group if row in place]
        if at:
            block[at] = block[at[0]]
    return block


def _mixed(problem: Problem, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Places in `rows` such that every stretch has its share of each sort that quotas count."""
    sort = np.zeros(len(rows), np.int64)
    for quota in problem.quotas:
        sort = 2 * sort + quota.has[rows]
    order = rng.permutation(len(rows))
    order = order[np.argsort(sort[order], kind="stable")]
    rank = np.empty(len(rows))
    for value in np.unique(sort):
        mine = order[sort[order] == value]
        rank[mine] = (np.arange(len(mine)) + 0.5) / len(mine)
    return np.argsort(rank, kind="stable")


def _near(problem: Problem, rows: np.ndarray) -> np.ndarray:
    """Places in `rows` such that who is worth much to each other is close by: a band of the graph of the best (Cuthill
    and McKee, "Reducing the bandwidth of sparse symmetric matrices", 1969)."""
    among = problem.score[rows][:, rows]
    if isinstance(among, np.ndarray):
        best = np.argpartition(-among, NEAREST, axis=1)[:, :NEAREST]
        a = np.repeat(np.arange(len(rows)), NEAREST)
        among = sp.csr_matrix((among[a, best.ravel()] + 1e-6, (a, best.ravel())), shape=among.shape)
    return np.asarray(reverse_cuthill_mckee(sp.csr_matrix(among.maximum(among.T)), symmetric_mode=True))
