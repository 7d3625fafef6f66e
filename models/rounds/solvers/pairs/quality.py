"""How good a list is, beside what it could be: bounds and lists at random."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from models.rounds.problem.problem import HARD, Placed, Problem
from models.rounds.solvers.pairs.candidates import WHOLE, Pool

ASSIGNED = 1200  # up to so many people the bound comes from an assignment
DRAWS = 5


def mean_and_worst(problem: Problem, matches: Sequence[Placed]) -> tuple[float, float]:
    """Over everybody in a match; NaN where nobody is in any."""
    if not matches:
        return float("nan"), float("nan")
    everybody = np.concatenate(problem.all_worths([placed.rows for placed in matches]))
    return float(everybody.mean()), float(everybody.min())


def total_of(problem: Problem, matches: Sequence[Placed]) -> float:
    """What a list is worth to all its people together."""
    return sum(float(worths.sum()) for worths in problem.all_worths([placed.rows for placed in matches]))


def bound_of(problem: Problem, matches: Sequence[Placed], best: Sequence[Placed]) -> float:
    """Share of an upper bound of the total that a list of pairs reaches.

    Of few people the list `best` with the largest total is the bound. Else it is the best assignment of a partner to
    everybody, who need not have them as theirs (a relaxation, Edmonds 1965); of many, each one's best partner.
    """
    total = total_of(problem, matches)
    if problem.n <= WHOLE and all(len(placed.rows) == 2 for placed in best):
        most = total_of(problem, best)
    elif problem.is_dense and problem.n <= ASSIGNED:
        score = np.where(problem.dense_group_levels < HARD, problem.score, 0)
        rows, columns = linear_sum_assignment(score, maximize=True)
        most = float(score[rows, columns].sum())
    else:
        best_each = problem.score.max(1)
        most = float(best_each.sum())
    return total / most if most > 0 else 1.0


def random_mean(problem: Problem, rows: np.ndarray) -> float:
    """The mean score of pairs drawn at random among those who may meet; NaN where none may."""
    pool, rng = Pool(problem, rows, plain=True), np.random.default_rng(problem.spec.seed)
    scores = []
    for _ in range(DRAWS if len(rows) > 1 else 0):
        drawn = rng.permutation(len(rows))
        a, b = drawn[0 : len(rows) // 2 * 2 : 2], drawn[1::2][: len(rows) // 2]
        scores.append(pool.scores(a, b)[pool.levels(a, b) < HARD])
    found = np.concatenate(scores) if scores else np.zeros(0)
    return float(found.mean()) if len(found) else float("nan")
