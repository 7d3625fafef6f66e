"""Two and two: what is settled before, the pairs, their slots, and what could not be done."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.rounds.problem.conflicts import explain
from models.rounds.problem.fixed import Settled, not_together, settle
from models.rounds.problem.problem import HARD, Found, Placed, Problem, Progress
from models.rounds.problem.slots import seats
from models.rounds.solvers.pairs.candidates import Pool
from models.rounds.solvers.pairs.matching import optimal
from models.rounds.solvers.pairs.pairing import Pairing, pair_up
from models.rounds.solvers.pairs.quality import bound_of, mean_and_worst, random_mean
from models.rounds.spec.requests import Bye

RETRIES = 8  # times that prices of crowded slots are raised


def solve_pairs(problem: Problem, progress: Progress) -> Found:
    """The list of pairs, with trios or byes by the request's rule."""
    settled, best = _without_unions_in_the_way(problem)
    progress(0.4)
    pairing = pair_settled(problem, settled, like=best) if wants_more_than_the_total(problem) else best
    pairing = pairing if len(pairing.left) <= len(best.left) else best
    progress(0.7)
    found = Found(matches=[*settled.locked, *pairing.matches], collisions=list(settled.collisions))
    odd = len(settled.open) % 2 if problem.spec.leftover == "bye" else 0
    if len(pairing.left) == odd == 1:
        found.byes = [Bye(member=problem.ids[pairing.left[0]], why="odd_number")]
    elif pairing.left:
        found.collisions += explain(problem, pairing.left, lambda _: settled.open, _missing, odd)
    said = {rule for collision in found.collisions for rule in collision.rules}
    torn = not_together(problem, found.matches, "places")
    found.collisions += [collision for collision in torn if said.isdisjoint(collision.rules)]
    progress(0.9)
    _compare(problem, settled, found, best)
    progress(1.0)
    return found


def wants_more_than_the_total(problem: Problem) -> bool:
    """Whether the list with the largest total is not already what is asked for."""
    return problem.spec.fairness > 0 or bool(problem.kept) or bool((problem.care != 1).any())


def _missing(problem: Problem) -> int:
    """How many would be left of another problem."""
    settled = settle(problem, _largest(problem))
    return len(pair_settled(problem, settled).left) + sum(len(c.members) for c in settled.collisions)


def _without_unions_in_the_way(problem: Problem) -> tuple[Settled, Pairing]:
    """With everybody together who has to be; of such rules that are not firm, the last given go when that helps."""
    without: frozenset[int] = frozenset()
    settled = settle(problem, _largest(problem))
    pairing = pair_settled(problem, settled)
    for rule in sorted({t.rule for t in problem.together if t.level < HARD}, reverse=True):
        if len(pairing.left) <= len(settled.open) % 2 or problem.clock.left <= 0:
            break
        fewer = settle(problem, _largest(problem), without | {rule})
        other = pair_settled(problem, fewer)
        if len(other.left) < len(pairing.left):
            without, settled, pairing = without | {rule}, fewer, other
    return settled, pairing


def _largest(problem: Problem) -> int:
    return 3 if problem.spec.leftover == "trio" else 2


def pair_settled(problem: Problem, settled: Settled, like: Pairing | None = None) -> Pairing:
    """Pairs of those who are open, all in slots: the largest total, or, given that list, what is asked for."""
    pool = Pool(problem, settled.open, plain=True)
    if like is not None:
        mean, worst = mean_and_worst(problem, like.matches) if like.matches else (1.0, 0.0)
        pool = Pool(problem, settled.open, fairness=problem.spec.fairness, scale=(worst, mean))
    clock = problem.clock.part(0.4)
    pairing = pair_up(pool, clock, settled.united)
    if not problem.spec.slots:
        return pairing
    best = _seated(pool, settled, pairing)
    prices = np.zeros(len(problem.spec.slots))
    for _ in range(RETRIES if problem.spec.places else 0):
        if len(best.left) <= len(pairing.left) or clock.left <= 0:
            break
        prices = prices + _crowding(problem, pairing, settled)
        pairing = pair_up(replace(pool, prices=prices), clock, settled.united)
        again = _seated(pool, settled, pairing)
        best = again if len(again.left) < len(best.left) else best
    return best


def _seated(pool: Pool, settled: Settled, pairing: Pairing) -> Pairing:
    """The matches that found a slot, who has to meet first; people of the others meet anew in the places left."""
    problem = pool.problem
    taken = taken_slots(problem, settled)
    bound = {row for placed in settled.united for row in placed.rows}
    matches: list[Placed] = []
    left = list(pairing.left)
    for firmly in (True, False):
        some = [placed for placed in pairing.matches if bound.isdisjoint(placed.rows) is not firmly]
        slot = seats(problem, [placed.rows for placed in some], taken)
        matches += [replace(m, slot=int(s)) for m, s in zip(some, slot, strict=True) if s >= 0]
        left += [row for m, s in zip(some, slot, strict=True) if s < 0 for row in m.rows]
        taken = taken + np.bincount(slot[slot >= 0], minlength=len(taken))
    return _in_places_left(pool, Pairing(matches=matches, left=left), taken, bound)


def _in_places_left(pool: Pool, pairing: Pairing, taken: np.ndarray, bound: set[int]) -> Pairing:
    """Pairs of those who are left, but for the bound, slot by slot, where there still are places."""
    problem, left = pool.problem, list(pairing.left)
    matches = list(pairing.matches)
    for at in range(len(taken)) if problem.spec.places and len(left) > 1 else ():
        here = np.array([row for row in left if problem.free[row, at] and row not in bound], np.int64)
        if len(here) < 2:
            continue
        mate = optimal(replace(pool, rows=here).graph())
        for node in np.flatnonzero(mate > np.arange(len(mate)))[: max(problem.spec.places - taken[at], 0)]:
            rows = int(here[node]), int(here[mate[node]])
            matches.append(Placed(rows, slot=at))
            left = [row for row in left if row not in rows]
    return Pairing(matches=matches, left=left)


def taken_slots(problem: Problem, settled: Settled) -> np.ndarray:
    """(slots,) how many locked matches hold a place of each."""
    slots = [placed.slot for placed in settled.locked if placed.slot >= 0]
    return np.bincount(np.array(slots, np.int64), minlength=len(problem.spec.slots))


def _crowding(problem: Problem, pairing: Pairing, settled: Settled) -> np.ndarray:
    """(slots,) how much dearer each should be: those that matches without a place could have used."""
    slot = seats(problem, [placed.rows for placed in pairing.matches], taken_slots(problem, settled))
    unseated = [m.rows for m, s in zip(pairing.matches, slot, strict=True) if s < 0]
    wanted = np.sum([problem.common_slots(rows) for rows in unseated], axis=0) if unseated else np.zeros(1)
    return np.asarray(wanted / max(problem.spec.places, 1) * 0.5)


def _compare(problem: Problem, settled: Settled, found: Found, best: Pairing) -> None:
    """What the list is to be held against: the largest total, lists at random, and a bound."""
    largest = [*settled.locked, *best.matches]
    if len(best.left) > problem.n - sum(len(placed.rows) for placed in found.matches):
        largest = found.matches  # it places fewer
    found.best, found.best_worst = mean_and_worst(problem, largest)
    mean, worst = mean_and_worst(problem, found.matches)
    if mean > found.best:
        found.best, found.best_worst = mean, worst
    found.random = random_mean(problem, settled.open)
    found.bound = bound_of(problem, found.matches, largest)
