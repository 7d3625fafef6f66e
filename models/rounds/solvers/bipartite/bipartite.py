"""Two sides, each person as often as their load allows: the best list is a flow of least cost.

Every pair is an arc; a person's first match, and those they must have at least, count for more than any score.
"""

from __future__ import annotations

import numpy as np

from models.rounds.problem.conflicts import explain
from models.rounds.problem.problem import HARD, Found, Placed, Problem, Progress
from models.rounds.solvers.bipartite.best_across import best_across
from models.rounds.solvers.bipartite.capacity import fixed_pairs, lacking, loads_of, side_of, unmet
from models.rounds.solvers.pairs.pairs import wants_more_than_the_total
from models.rounds.solvers.pairs.quality import mean_and_worst, total_of
from models.rounds.spec.requests import Bye, Collision


def solve_sides(problem: Problem, progress: Progress) -> Found:
    """The list of pairs across two sides."""
    fixed, collisions = fixed_pairs(problem)
    best = best_across(problem, fixed)
    progress(0.4)
    matches = best_across(problem, fixed, like=best) if wants_more_than_the_total(problem) else best
    matches = matches if lacking(problem, matches) <= lacking(problem, best) else best
    progress(0.6)
    found = Found(matches=matches, collisions=collisions)
    left, short = unmet(problem, matches)
    found.byes = [Bye(member=problem.ids[row], why="load") for row in left if _has_no_room(problem, row)]
    if short and all(_has_no_room(problem, row) for row in short) and _is_full(problem, matches, short):
        found.collisions.append(Collision(rules=(), also=("load",), members=tuple(problem.ids[row] for row in short)))
    elif short:
        side = side_of(problem)
        sides = {one: np.flatnonzero(side == one) for one in (0, 1)}
        found.collisions += explain(problem, short, lambda row: sides[1 - side[row]], _missing)
    progress(0.8)
    _compare(problem, found, best)
    progress(1.0)
    return found


def _has_no_room(problem: Problem, row: int) -> bool:
    """Whether the other side cannot take everybody of this one, whoever it is."""
    side = side_of(problem)
    own, other = int(side[row]), 1 - int(side[row])
    room = int((side == other).sum()) * problem.spec.sides[other].most
    return problem.spec.sides[own].most == 0 or room < int((side == own).sum())


def _is_full(problem: Problem, matches: list[Placed], short: list[int]) -> bool:
    """Whether nobody of the other side could take one more."""
    side = side_of(problem)
    return not loads_of(problem, matches).most[side != side[short[0]]].any()


def _missing(problem: Problem) -> int:
    """How many matches people would lack in another problem."""
    fixed, collisions = fixed_pairs(problem)
    return sum(lacking(problem, best_across(problem, fixed))) + sum(len(c.members) for c in collisions)


def _compare(problem: Problem, found: Found, best: list[Placed]) -> None:
    """What the list is to be held against: the largest total, which a flow proves, and lists at random."""
    found.best, found.best_worst = mean_and_worst(problem, best)
    total, most = total_of(problem, found.matches), total_of(problem, best)
    found.bound = min(total / most, 1.0) if most > 0 else 1.0
    found.random = _random(problem)


def _random(problem: Problem) -> float:
    """The mean score of pairs across the sides drawn at random among those who may meet; NaN where none may."""
    rng, side = np.random.default_rng(problem.spec.seed), side_of(problem)
    first, second = np.flatnonzero(side == 0), np.flatnonzero(side == 1)
    if not len(first) or not len(second):
        return float("nan")
    a, b = rng.choice(first, 2000), rng.choice(second, 2000)
    fine = problem.levels(a, b) < HARD
    return float(problem.scores(a, b)[fine].mean()) if fine.any() else float("nan")
