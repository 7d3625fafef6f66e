"""The best pairs across two sides: as a flow of least cost, or, where slots are asked for, as one flow a slot.

Pairs in the same slot are a flow of their own; the slots are improved in turn, each given the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.rounds.problem.problem import HARD, Placed, Problem
from models.rounds.solvers.bipartite.capacity import lacking, levelled, loads_of, side_of, spread, unmet
from models.rounds.solvers.bipartite.min_cost_flow import Arcs, Loads, best_flow
from models.rounds.solvers.pairs.candidates import Pool
from models.rounds.solvers.pairs.matching import Graph
from models.rounds.solvers.pairs.quality import mean_and_worst

PASSES = 3  # times that the slots are improved in turn
FAIREST = 0.999
ABOVE = 0.75  # how fair the list then is to all others
STEPS = 9  # halvings in search of how well off the worst can be
SLACK = 3  # so many more than the mean some may have, where loads cannot be even
WISHED = 3.0  # what a pair is worth that should be together, where that is not firm


@dataclass(frozen=True)
class _Across:
    """The pool of everybody, and the edges across the two sides that may be used."""

    pool: Pool
    graph: Graph


def best_across(problem: Problem, fixed: list[Placed], like: list[Placed] | None = None) -> list[Placed]:
    """The largest total with the fixed pairs in it, or, given that list, what is asked for.

    Loads are as even as they can be where as many pairs are made; rules that are not firm give way only for who would
    be left.
    """
    matches = _best(problem, fixed, like, problem)
    target = lacking(problem, matches)
    for slack in range(SLACK):
        if spread(problem, matches) <= 2 * slack + 1:
            break
        even = _best(problem, fixed, like, levelled(problem, len(matches), slack))
        if len(even) == len(matches) and lacking(problem, even) <= target:
            return even
    return matches


def _best(problem: Problem, fixed: list[Placed], like: list[Placed] | None, loaded: Problem) -> list[Placed]:
    """`loaded`: the problem with the loads to fill."""
    plain = like is None
    mean, worst = mean_and_worst(problem, like) if like else (1.0, 0.0)
    fairness = 0.0 if plain else problem.spec.fairness
    pool = Pool(loaded, np.arange(problem.n), fairness=fairness, scale=(worst, mean), plain=plain)
    side = side_of(problem)
    graph = _wished(problem, _without(fixed, pool.across(side, most=0)), plain)
    matches = _filled(_Across(pool, graph), fixed)
    for most in (0, HARD - 1):
        _, short = unmet(problem, matches)
        if not short or (not problem.can_relax if most else pool.has_all_across(side)):
            continue
        graph = _wished(problem, _without(fixed, pool.across(side, most, np.array(short), graph)), plain)
        again = _filled(_Across(pool, graph), fixed)
        if lacking(problem, again) < lacking(problem, matches):
            matches = again
    return matches


def _without(fixed: list[Placed], graph: Graph) -> Graph:
    taken = np.array([placed.rows[0] * graph.n + placed.rows[1] for placed in fixed], np.int64)
    return graph[~np.isin(graph.a * graph.n + graph.b, taken)]


def _wished(problem: Problem, graph: Graph, plain: bool) -> Graph:
    wishes = [t.rows for t in problem.together if t.level < HARD and len(t.rows) == 2]
    if plain or not wishes:
        return graph
    wanted = np.array([min(rows) * graph.n + max(rows) for rows in wishes])
    return replace(graph, value=graph.value + WISHED * np.isin(graph.a * graph.n + graph.b, wanted))


def _filled(across: _Across, fixed: list[Placed]) -> list[Placed]:
    problem = across.pool.problem
    if problem.spec.slots:
        return _by_slots(across, fixed)
    graph = across.graph
    loads = loads_of(problem, fixed)
    chosen = best_flow(_arcs(graph, across.pool), loads)
    if across.pool.fairness > FAIREST and len(chosen):
        chosen = _worst_first(across, loads, chosen)
    return [*fixed, *_placed(graph, chosen, -1)]


def _arcs(graph: Graph, pool: Pool) -> Arcs:
    first = side_of(pool.problem)[graph.a] == 0
    a, b = np.where(first, graph.a, graph.b), np.where(first, graph.b, graph.a)
    return Arcs(n=graph.n, a=a, b=b, value=graph.value, level=graph.level)


def _placed(graph: Graph, chosen: np.ndarray, slot: int) -> list[Placed]:
    return [Placed((int(a), int(b)), slot=slot) for a, b in zip(graph.a[chosen], graph.b[chosen], strict=True)]


def _worst_first(across: _Across, loads: Loads, chosen: np.ndarray) -> np.ndarray:
    """Of the lists that place as many, one whose worst pair is as good as can be, and that is fair to the others."""
    graph, pool = across.graph, across.pool
    score = pool.scores(graph.a, graph.b)
    rungs = np.unique(score)
    target = loads.after(_arcs(graph, pool), chosen)
    low, high = int(np.searchsorted(rungs, score[chosen].min())), len(rungs) - 1

    def above(rung: int) -> np.ndarray:
        kept = np.flatnonzero(score >= rungs[rung])
        part = graph[kept]
        part = replace(part, value=replace(pool, fairness=ABOVE).values(part.a, part.b))
        return np.asarray(kept[best_flow(_arcs(part, pool), loads)])

    for _ in range(STEPS):
        if low >= high or pool.problem.clock.left < 0.5 * pool.problem.spec.seconds:
            break
        middle = (low + high + 1) // 2
        fine = loads.after(_arcs(graph, pool), above(middle)) <= target
        low, high = (middle, high) if fine else (low, middle - 1)
    return above(low)


def _by_slots(across: _Across, fixed: list[Placed]) -> list[Placed]:
    """Slot by slot, the one that suits the fewest first; then each again, given the others."""
    problem = across.pool.problem
    by_slot: dict[int, list[Placed]] = {slot: [] for slot in np.argsort(problem.free.sum(0), kind="stable").tolist()}
    for again in range(PASSES):
        for slot in by_slot:
            if again and problem.clock.left <= 0:
                break
            others = [p for other, placed in by_slot.items() if other != slot for p in placed]
            fresh = _in_slot(across, [*fixed, *others], slot)
            kept = [*fixed, *others, *by_slot[slot]]
            if not again or _rank(across, [*fixed, *others, *fresh]) > _rank(across, kept):
                by_slot[slot] = fresh
    return [*fixed, *(p for placed in by_slot.values() for p in placed)]


def _rank(across: _Across, matches: list[Placed]) -> tuple[int, int, int, float]:
    a, b = np.array([p.rows for p in matches], np.int64).reshape(-1, 2).T
    short, out = lacking(across.pool.problem, matches)
    level = int(across.pool.levels(a, b).astype(int).sum())
    return -short, -out, -level, float(across.pool.values(a, b).sum())


def _in_slot(across: _Across, others: list[Placed], slot: int) -> list[Placed]:
    """The best pairs of one slot; whoever is busy in it, and pairs that meet elsewhere, are out."""
    problem = across.pool.problem
    loads = loads_of(problem, others)
    here = problem.free[:, slot].copy()
    in_use = [placed for placed in others if placed.slot == slot]
    here[[row for placed in in_use for row in placed.rows]] = False
    graph = _without(others, across.graph)
    graph = graph[here[graph.a] & here[graph.b]]
    places = max(problem.spec.places - len(in_use), 0) if problem.spec.places else problem.n
    once = Loads(least=np.minimum(loads.least, 1), most=np.minimum(loads.most, 1), first=loads.first)
    return _placed(graph, best_flow(_arcs(graph, across.pool), once, places), slot)
