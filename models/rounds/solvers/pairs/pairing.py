"""Pairs of people who are open: everybody placed if it can be, no rule broken that need not be, then the best list.

Who may not meet is no edge of the graph; of whom that leaves alone, rules that are not firm give way. Whoever is left
when numbers are odd joins a pair, or sits out who sat out least.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from models.rounds.problem.problem import HARD, Clock, Placed
from models.rounds.solvers.pairs.candidates import WHOLE, Pool
from models.rounds.solvers.pairs.matching import Graph, mend, near_optimal, optimal
from models.rounds.solvers.pairs.trios import join_pairs

OPTIMAL = 1200  # up to so many people the optimum is within reach, given
UNHURRIED = 10.0  # so many seconds
MENDS = 4  # times that those without a partner get more edges, while that helps
SOUGHT = 100  # of them at a time
FAIREST = 0.999  # above this fairness the worst-off come first outright
ABOVE = 0.75  # how fair the list then is to all others
STEPS = 9  # halvings in search of how well off the worst can be


@dataclass(kw_only=True)
class Pairing:
    """Matches of open people, and the rows of those without one."""

    matches: list[Placed] = field(default_factory=list)
    left: list[int] = field(default_factory=list)


def pair_up(pool: Pool, clock: Clock, united: list[Placed] | None = None) -> Pairing:
    """Pairs of the people of a pool; whoever is over joins a pair, also one of `united`, where the request wants trios.

    `united` come back among the matches.
    """
    united = united or []
    graph = pool.graph()
    mate = _match(pool, graph, clock)
    graph, mate = _complete(pool, graph, mate, 0, clock)
    if pool.fairness > FAIREST and _is_in_reach(pool):
        graph, mate = _worst_first(pool, graph, mate, clock)
    first = _with_thirds(pool, mate, united, 0)
    if len(first.left) <= (len(pool.rows) % 2 if pool.problem.spec.leftover == "bye" else 0):
        return first
    if not pool.problem.can_relax:
        return first
    graph = pool.relaxed_graph(graph, np.flatnonzero(mate < 0))
    mate = optimal(graph, _priority(pool)) if _is_in_reach(pool) else mend(graph, mate)
    graph, mate = _complete(pool, graph, mate, HARD - 1, clock)
    second = _with_thirds(pool, mate, united, HARD - 1)
    return second if len(second.left) < len(first.left) else first


def _match(pool: Pool, graph: Graph, clock: Clock) -> np.ndarray:
    if _is_in_reach(pool):
        return optimal(graph, _priority(pool))
    mate = near_optimal(graph, pool.worths, pool.problem.spec.seed, clock)
    return mate if pool.problem.spec.leftover == "trio" else _fair_bye(pool, mate)


def _is_in_reach(pool: Pool) -> bool:
    """Whether there is time for the optimum: by the request and not the clock, so that a list can be had again."""
    return len(pool.rows) <= OPTIMAL * min(1.0, pool.problem.spec.seconds / UNHURRIED)


def _priority(pool: Pool) -> np.ndarray | None:
    """Who sat out before comes first, where somebody has to."""
    if pool.problem.spec.leftover == "trio" or not len(pool.rows):
        return None
    byes = pool.problem.byes[pool.rows]
    return np.asarray(byes - byes.min())


def _fair_bye(pool: Pool, mate: np.ndarray) -> np.ndarray:
    """Whoever has no mate changes places with somebody who sat out less, where that costs least."""
    byes = pool.problem.byes[pool.rows]
    for node in np.flatnonzero(mate < 0):
        others = np.flatnonzero((mate >= 0) & (byes < byes[node]))
        if not len(others):
            continue
        value = pool.worths(np.full(len(others), node), mate[others]) - pool.values(others, mate[others])
        order = np.lexsort((-value, byes[others]))
        order = order[np.isfinite(value[order])]
        if len(order):
            out = others[order[0]]
            mate[node], mate[mate[out]], mate[out] = mate[out], node, -1
    return mate


def _complete(pool: Pool, graph: Graph, mate: np.ndarray, most: int, clock: Clock) -> tuple[Graph, np.ndarray]:
    """Nearly everybody has a mate in the graph of the best edges; those who have none get more."""
    if len(pool.rows) <= WHOLE:
        return graph, mate
    before = len(mate) + 1
    for _ in range(MENDS):
        free = np.flatnonzero(mate < 0)
        if len(free) <= len(pool.rows) % 2 or len(free) >= before or clock.left <= 0:
            break
        before = len(free)
        graph = pool.graph_with(graph, free[:SOUGHT], most)
        mate = mend(graph, mate)
    return graph, mate


def _worst_first(pool: Pool, graph: Graph, mate: np.ndarray, clock: Clock) -> tuple[Graph, np.ndarray]:
    """A list that leaves the worst pair as well off as can be (a bottleneck matching) and is fair to the others."""
    score = pool.scores(graph.a, graph.b)
    rungs, fewest = np.unique(score), int((mate < 0).sum())
    chosen = mate[graph.a] == graph.b
    low = int(np.searchsorted(rungs, score[chosen].min())) if chosen.any() else 0
    high = len(rungs) - 1
    for _ in range(STEPS):
        if low >= high or clock.left <= 0:
            break
        middle = (low + high + 1) // 2
        above = optimal(graph[score >= rungs[middle]])
        low, high = (middle, high) if (above < 0).sum() <= fewest else (low, middle - 1)
    kept = graph[score >= rungs[low]] if len(rungs) else graph
    total = replace(kept, value=replace(pool, fairness=ABOVE).values(kept.a, kept.b))
    return graph, optimal(total, _priority(pool))


def _with_thirds(pool: Pool, mate: np.ndarray, united: list[Placed], most: int) -> Pairing:
    nodes = np.arange(len(mate))
    pairs = [Placed((int(pool.rows[a]), int(pool.rows[mate[a]]))) for a in nodes[mate > nodes]]
    left = [int(pool.rows[a]) for a in nodes[mate < 0]]
    if pool.problem.spec.leftover == "trio" and left:
        left.sort(key=lambda row: -int(pool.problem.byes[row]))  # not all may find a pair to join
        joined, left = join_pairs(pool, [*united, *pairs], left, most)
        return Pairing(matches=joined, left=left)
    return Pairing(matches=[*united, *pairs], left=left)
