"""The best pairs across two sides under loads, as a circulation of least cost.

OR-tools solves it by cost scaling (Goldberg, "An efficient implementation of a scaling minimum-cost flow algorithm",
Journal of Algorithms 1997).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

SCALE = 10**5  # a value of 1 in whole numbers, where the range of the solver allows
COARSEST = 10**2
RANGE = 2**60  # of costs times nodes
PRICE = 4  # each level of a rule that gives way costs so many times the one below
STEP = 64  # what the lowest costs, in values of 1


@dataclass(frozen=True, slots=True)
class Arcs:
    """Pairs: `a` of the first side, `b` of the second, rows of n people. `value` and `level`: see `Graph`."""

    n: int
    a: np.ndarray
    b: np.ndarray
    value: np.ndarray
    level: np.ndarray


@dataclass(frozen=True, slots=True)
class Loads:
    """(n,) how many more matches people must have, and may; `first`: they have none yet."""

    least: np.ndarray
    most: np.ndarray
    first: np.ndarray

    def after(self, arcs: Arcs, chosen: np.ndarray) -> tuple[int, int]:
        """How many matches lack, and how many people have none, once these are made."""
        made = np.bincount(np.concatenate([arcs.a[chosen], arcs.b[chosen]]), minlength=arcs.n)
        lacking = int(np.maximum(self.least - made, 0).sum())
        return lacking, int((self.first & (self.most > 0) & (made == 0)).sum())


def best_flow(arcs: Arcs, loads: Loads, places: int | None = None) -> np.ndarray:
    """Places of the chosen pairs, in order: as few as can be lack a match they must have, then as few as can be have
    none; then as few rules as can be give way; then the largest total of values. At most `places` pairs."""
    if not len(arcs.a):
        return np.zeros(0, np.int64)
    room = int(min(loads.most[np.unique(arcs.a)].sum(), loads.most[np.unique(arcs.b)].sum()))
    room = room if places is None else min(room, places)
    if room == 0:
        return np.zeros(0, np.int64)
    scale = SCALE
    while True:
        chosen = _solve(arcs, loads, room, scale)
        if chosen is not None:
            return chosen
        scale //= 10
        if scale < COARSEST:
            raise OverflowError("the costs of so many pairs do not fit the solver")


def _solve(arcs: Arcs, loads: Loads, room: int, scale: int) -> np.ndarray | None:
    value = np.round(arcs.value * scale).astype(np.int64)
    ranks = np.searchsorted(np.unique(arcs.level[arcs.level > 0]), arcs.level)
    value -= np.where(arcs.level > 0, scale * STEP * PRICE ** np.minimum(ranks, 6).astype(np.int64), 0)
    span = int(max(value.max(), 0) - min(value.min(), 0)) + 1
    one = span * min(room + 1, 2 * arcs.n)  # somebody's only match outweighs all that it may upset
    must = one * (2 * min(room, arcs.n) + 1)
    if must * (2 * arcs.n + 4) > RANGE:
        must = one * 8
    if must * (2 * arcs.n + 4) > RANGE:
        return None
    flow = min_cost_flow.SimpleMinCostFlow()
    source, sink = arcs.n, arcs.n + 1
    pairs = flow.add_arcs_with_capacity_and_unit_cost(arcs.a, arcs.b, np.ones(len(arcs.a), np.int64), -value)
    for rows, outward in ((np.unique(arcs.a), True), (np.unique(arcs.b), False)):
        first = np.minimum(loads.first[rows].astype(np.int64), loads.most[rows])
        least = np.minimum(loads.least[rows], loads.most[rows])
        bound = np.maximum(least - first, 0)
        rest = loads.most[rows] - first - bound
        reward = np.where(least > 0, must, one)
        for capacity, cost in ((first, -reward), (bound, np.full(len(rows), -must)), (rest, np.zeros(len(rows)))):
            some = capacity > 0
            ends = np.full(int(some.sum()), source if outward else sink)
            tails, heads = (ends, rows[some]) if outward else (rows[some], ends)
            flow.add_arcs_with_capacity_and_unit_cost(tails, heads, capacity[some], cost[some].astype(np.int64))
    flow.add_arcs_with_capacity_and_unit_cost(np.array([sink]), np.array([source]), np.array([room]), np.array([0]))
    flow.set_nodes_supplies(np.array([sink]), np.array([0]))
    if flow.solve() != flow.OPTIMAL:
        return None
    return np.flatnonzero(flow.flows(pairs))
