"""Maximum weight matching in general graphs: the optimum where there is time for it, close to it where there is not.

The optimum is Edmonds' blossom algorithm after Galil ("Efficient algorithms for finding maximum matching in graphs",
ACM Computing Surveys 1986), as rustworkx has it. For large graphs: greedy, exchanges between two pairs, and then the
optimum of one region of the graph after the other, which never makes the whole worse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import rustworkx as rx
import scipy.sparse as sp

from models.rounds.problem.problem import Clock

SCALE = 10**9  # weights are whole numbers for the optimum
EXCHANGES = 80  # rounds of exchanges, each of all that do not touch one another
REGION = 800  # people in a region
SWEEPS = 4  # times that regions cover the graph


@dataclass(frozen=True, slots=True)
class Graph:
    """Edges a < b of n nodes, each once. `value` (m,) float64; `level` (m,) int8, 0 for what nothing is against."""

    n: int
    a: np.ndarray
    b: np.ndarray
    value: np.ndarray
    level: np.ndarray

    def __getitem__(self, chosen: np.ndarray) -> Graph:
        """These edges, by places or a mask."""
        return Graph(self.n, self.a[chosen], self.b[chosen], self.value[chosen], self.level[chosen])


def optimal(graph: Graph, priority: np.ndarray | None = None) -> np.ndarray:
    """(n,) the mate of each node, -1 for none: as many nodes as can be; then as few edges of high levels as can be, the
    highest counting first; then those of high `priority` (n,) int; then the largest value.

    Of each level the first 64 edges count in this strict order, and the nine lowest levels are told apart.
    """
    mate = np.full(graph.n, -1, np.int64)
    if len(graph.a) == 0:
        return mate
    network = rx.PyGraph(multigraph=False, node_count_hint=graph.n, edge_count_hint=len(graph.a))
    network.add_nodes_from(range(graph.n))
    network.add_edges_from(list(zip(graph.a.tolist(), graph.b.tolist(), _weights(graph, priority), strict=True)))
    for a, b in rx.max_weight_matching(network, max_cardinality=True, weight_fn=int):
        mate[a], mate[b] = b, a
    return mate


def _weights(graph: Graph, priority: np.ndarray | None) -> list[int]:
    """Whole numbers that put first things first: levels, priorities, values."""
    pairs = graph.n // 2 + 1
    weights = np.round(graph.value * SCALE).astype(np.int64).tolist()
    unit = 2 * pairs * (int(max(np.abs(graph.value).max(), 1e-9) * SCALE) + 1)
    if priority is not None and priority.any():
        first = np.minimum(priority[graph.a], 15) + np.minimum(priority[graph.b], 15)
        weights = [w + int(p) * unit for w, p in zip(weights, first, strict=True)]
        unit *= 60 * pairs
    present = np.unique(graph.level[graph.level > 0])
    price = {0: 0} | {int(level): unit * min(pairs, 64) ** min(i, 8) for i, level in enumerate(present)}
    return [w - price[int(level)] for w, level in zip(weights, graph.level, strict=True)] if len(present) else weights


def near_optimal(
    graph: Graph, worth: Callable[[np.ndarray, np.ndarray], np.ndarray], seed: int, clock: Clock
) -> np.ndarray:
    """(n,) the mate of each node, by values alone. `worth(a, b)`: the value of any pairs, -inf for what may not be."""
    mate = greedy(graph)
    mate = exchange(graph, mate, worth, clock.part(0.3))
    rng = np.random.default_rng(seed)
    for _ in range(SWEEPS):
        mate = _sweep(graph, mate, rng, clock)
    return mate


def greedy(graph: Graph) -> np.ndarray:
    """(n,) the mate of each node, taking the best edge that is left."""
    mate = [-1] * graph.n
    order = np.argsort(-graph.value, kind="stable")
    for a, b in zip(graph.a[order].tolist(), graph.b[order].tolist(), strict=True):
        if mate[a] < 0 and mate[b] < 0:
            mate[a], mate[b] = b, a
    return np.array(mate, np.int64)


def exchange(
    graph: Graph, mate: np.ndarray, worth: Callable[[np.ndarray, np.ndarray], np.ndarray], clock: Clock
) -> np.ndarray:
    """Two pairs a-c and b-d become a-b and c-d wherever that is worth more, until it nowhere is."""
    mate = mate.copy()
    for _ in range(EXCHANGES):
        if clock.left <= 0:
            break
        nodes = np.arange(graph.n)
        own = np.where(mate >= 0, worth(nodes, np.maximum(mate, 0)), 0.0)
        c, d = mate[graph.a], mate[graph.b]
        both = (c >= 0) & (d >= 0) & (c != graph.b)
        gain = graph.value - own[graph.a] - own[graph.b]
        promising = np.flatnonzero(both & (gain + 1.5 > 0) | (c != graph.b) & ~both & (gain > 1e-9))
        full = promising[both[promising]]
        gain[full] += worth(c[full], d[full])
        promising = promising[gain[promising] > 1e-9]
        if not len(promising):
            break
        _apply(graph, mate, promising[np.argsort(-gain[promising], kind="stable")])
    return mate


def _apply(graph: Graph, mate: np.ndarray, edges: np.ndarray) -> None:
    touched: set[int] = set()
    for a, b in zip(graph.a[edges].tolist(), graph.b[edges].tolist(), strict=True):
        c, d = int(mate[a]), int(mate[b])
        if touched.isdisjoint((a, b, c, d)):
            touched |= {a, b, c, d} - {-1}
            mate[a], mate[b] = b, a
            if c >= 0:
                mate[c] = d
            if d >= 0:
                mate[d] = c


def mend(graph: Graph, mate: np.ndarray) -> np.ndarray:
    """The matching with the surroundings of whoever has no mate matched anew."""
    free = np.flatnonzero(mate < 0)
    if not len(free):
        return mate
    inside = np.zeros(graph.n, bool)
    inside[free] = True
    while True:
        reached = inside.copy()
        reached[graph.a[inside[graph.b]]] = True
        reached[graph.b[inside[graph.a]]] = True
        reached[mate[reached & (mate >= 0)]] = True
        if reached.sum() > 2 * REGION + len(free) or (reached == inside).all():
            break
        inside = reached
    if inside.sum() == len(free):  # so many neighbours at once: their nearest will do
        inside[_nearest(graph, free, 2 * REGION)] = True
        inside[mate[inside & (mate >= 0)]] = True
    within = np.flatnonzero(inside)
    mate = mate.copy()
    mate[within] = -1
    return _improved(graph, mate, within)


def _nearest(graph: Graph, free: np.ndarray, most: int) -> np.ndarray:
    """Nodes at the best edges of these."""
    touching = np.flatnonzero(np.isin(graph.a, free) | np.isin(graph.b, free))
    best = touching[np.argsort(-graph.value[touching], kind="stable")][:most]
    return np.unique(np.concatenate([graph.a[best], graph.b[best]]))


def _sweep(graph: Graph, mate: np.ndarray, rng: np.random.Generator, clock: Clock) -> np.ndarray:
    """The optimum of one region after the other, until all are done; pairs stay whole inside a region."""
    region = _regions(graph, mate, rng)
    for number in rng.permutation(int(region.max()) + 1):
        if clock.left <= 0:
            break
        inside = np.flatnonzero(region == number)
        mate[inside] = -1
        mate = _improved(graph, mate, inside)
    return mate


def _improved(graph: Graph, mate: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """The matching with these nodes, none of which has a mate outside, matched anew."""
    local = np.full(graph.n, -1, np.int64)
    local[inside] = np.arange(len(inside))
    edges = np.flatnonzero((local[graph.a] >= 0) & (local[graph.b] >= 0))
    part = Graph(len(inside), local[graph.a[edges]], local[graph.b[edges]], graph.value[edges], graph.level[edges])
    found = optimal(part)
    mate[inside] = np.where(found >= 0, inside[np.maximum(found, 0)], -1)
    return mate


def _regions(graph: Graph, mate: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(n,) number of each node's region: near one another in the graph, grown from a random node, pairs together."""
    both = np.concatenate([graph.a, graph.b]), np.concatenate([graph.b, graph.a])
    near = sp.csr_matrix((np.ones(len(both[0]), np.int8), both), shape=(graph.n, graph.n))
    region = np.full(graph.n, -1, np.int64)
    number, size, queue = 0, 0, []
    for start in rng.permutation(graph.n).tolist():
        queue.append(start)
        while queue:
            node = queue.pop(0)
            if region[node] >= 0:
                continue
            for joining in (node, int(mate[node])):
                if joining >= 0:
                    region[joining] = number
                    size += 1
            queue += near.indices[near.indptr[node] : near.indptr[node + 1]].tolist()
            if size >= REGION:
                number, size, queue = number + 1, 0, []
    return region
