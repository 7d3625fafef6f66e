"""Whom pairs are made of: the people who are still open, and the edges between them that are worth looking at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.rounds.problem.fairness import Utility
from models.rounds.problem.problem import HARD, Problem
from models.rounds.solvers.pairs.matching import Graph

WHOLE = 400  # up to so many people every pair is looked at
WHOLE_ACROSS = 90_000  # up to so many pairs of two sides every one is looked at
BEST = 20  # edges a person beyond that
SPARE = 4  # edges a person to others drawn at random, so that everybody can be placed
WIDE = 40_000  # edges that are added at a time for those who are hard to place
BLOCK = 256  # people whose pairs are looked at together
KEEP = 1.0  # what it is worth to keep a pair of the list before; a pair's own value lies between 0 and 1
# Of the largest total's list the worst score is 0 and the mean is 1. On that scale the aversion to faring worse grows
# with the cube of fairness: at 0.5 it lifts the worst-off for about a hundredth of the total, at 1 for what it takes.
AVERSION = 8.0
DESPAIR, HIGHEST = 2.0, 50.0  # so far below and above people fare alike
LINEAR = 1e-6  # of the plain score in a fair value, so that equals in fairness go by score


@dataclass(frozen=True)
class Pool:
    """Open people `rows` (n,) of a problem; nodes are places in `rows`.

    Fairness is measured on the spread of the list with the largest total, so that it means the same wherever the scores
    of a model lie; without that `scale` the total is all that counts.
    """

    problem: Problem
    rows: np.ndarray
    fairness: float = 0.0
    scale: tuple[float, float] | None = None  # the worst and the mean score of the list with the largest total
    plain: bool = False  # values are scores alone: nothing is kept, nobody counts more
    prices: np.ndarray | None = None  # (slots,) what a match in each slot costs, where they are crowded

    def levels(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """int8 levels of pairs of nodes, broadcast."""
        return self.problem.levels(self.rows[a], self.rows[b])

    def scores(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """(pairs,) float32."""
        return self.problem.scores(self.rows[a], self.rows[b])

    def values(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """(pairs,) float64, what pairs of nodes are worth to the list: fair, with care, and kept where there were."""
        value = score = self.scores(a, b).astype(np.float64)
        if self.fairness > 0 and self.scale is not None:
            value = self._fair(score, self.scale) * (1 - LINEAR) + LINEAR * score
        if not self.plain:
            care = self.problem.care[self.rows]
            value = value * (care[a] + care[b]) / 2 + KEEP * self._were_together(a, b)
        return np.asarray(value if self.prices is None else value - self._price(a, b, self.prices))

    def worths(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """`values`, -inf for pairs that break anything."""
        return np.where(self.levels(a, b) > 0, -np.inf, self.values(a, b))

    def graph(self) -> Graph:
        """All pairs that break nothing, or of many people the best of each and some at random."""
        n = len(self.rows)
        if n <= WHOLE:
            a, b = np.triu_indices(n, 1)
        else:
            best = self._best_dense() if self.problem.is_dense else self._best_sparse()
            a, b = _unique(np.concatenate([best, self._random(), self._kept_pairs()]), n)
        return self._edges(a, b, most=0)

    def graph_with(self, graph: Graph, nodes: np.ndarray, most: int) -> Graph:
        """The graph with edges of these nodes added that break nothing above a level: all, or of many nodes a share."""
        n = len(self.rows)
        some = np.random.default_rng(self.problem.spec.seed).permutation(n)[: max(WIDE // max(len(nodes), 1), SPARE)]
        fresh = [np.column_stack([np.full(len(some), node), some]) for node in nodes]
        pairs = np.concatenate([np.column_stack([graph.a, graph.b]), *fresh])
        a, b = _unique(pairs[pairs[:, 0] != pairs[:, 1]], n)
        return self._edges(a, b, most)

    def relaxed_graph(self, graph: Graph, nodes: np.ndarray) -> Graph:
        """The graph with edges that rules which are not firm forbid: all of few people, of these nodes where many."""
        n = len(self.rows)
        if n <= WHOLE:
            a, b = np.triu_indices(n, 1)
            return self._edges(a, b, most=HARD - 1)
        return self.graph_with(graph, nodes, most=HARD - 1)

    def has_all_across(self, side: np.ndarray) -> bool:
        """Whether `across` gives every pair at once."""
        return int((side == 0).sum()) * int((side == 1).sum()) <= WHOLE_ACROSS

    def across(self, side: np.ndarray, most: int, nodes: np.ndarray | None = None, known: Graph | None = None) -> Graph:
        """Pairs of different sides, (n,) 0 or 1, that break nothing above a level; of many people the best of each,
        some at random, and all of `nodes`, beside those of a graph that is `known`."""
        n = len(self.rows)
        if self.has_all_across(side):
            first, second = np.flatnonzero(side == 0), np.flatnonzero(side == 1)
            pairs = np.array(np.meshgrid(first, second, indexing="ij")).reshape(2, -1).T
        elif known is None:
            best = self._best_dense() if self.problem.is_dense else self._best_sparse()
            pairs = np.concatenate([best, self._random_across(side), self._kept_pairs()])
        else:
            assert nodes is not None
            fresh = [np.column_stack([np.full(n, node), np.arange(n)]) for node in nodes[:200]]
            pairs = np.concatenate([np.column_stack([known.a, known.b]), *fresh])
        a, b = _unique(pairs[side[pairs[:, 0]] != side[pairs[:, 1]]], n)
        return self._edges(a, b, most)

    def _edges(self, a: np.ndarray, b: np.ndarray, most: int) -> Graph:
        level = self.levels(a, b)
        fine = np.flatnonzero(level <= most)
        a, b, level = a[fine], b[fine], level[fine]
        return Graph(len(self.rows), a, b, self.values(a, b), level)

    def _fair(self, score: np.ndarray, scale: tuple[float, float]) -> np.ndarray:
        """(pairs,) scores made to count less the higher they are, 0..1 and little above."""
        worst, mean = scale
        fair = Utility(aversion=AVERSION * self.fairness**3, unit=1.0)
        lowest = -min(DESPAIR / fair.aversion, HIGHEST)
        place = np.clip((score - worst) / max(mean - worst, 1e-6), lowest, HIGHEST)
        low, high = fair(np.array([lowest, 1.0]))
        return np.asarray((fair(place) - low) / (high - low))

    @cached_property
    def _place(self) -> np.ndarray:
        place = np.full(self.problem.n, -1, np.int64)
        place[self.rows] = np.arange(len(self.rows))
        return place

    @cached_property
    def _kept_keys(self) -> np.ndarray:
        pairs = self._kept_pairs()
        a, b = _unique(pairs, len(self.rows))
        return np.asarray(a * len(self.rows) + b)

    def _kept_pairs(self) -> np.ndarray:
        kept = [
            (self._place[a], self._place[b])
            for placed in self.problem.kept
            for i, a in enumerate(placed.rows)
            for b in placed.rows[i + 1 :]
        ]
        pairs = np.array(kept, np.int64).reshape(-1, 2)
        return pairs[(pairs >= 0).all(1)]

    def _were_together(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        keys = self._kept_keys
        if not len(keys):
            return np.zeros(np.shape(a), bool)
        return np.isin(np.minimum(a, b) * len(self.rows) + np.maximum(a, b), keys)

    def _price(self, a: np.ndarray, b: np.ndarray, prices: np.ndarray) -> np.ndarray:
        """Of the cheapest slot that suits both."""
        free = self.problem.free[self.rows]
        found = np.where(free[a] & free[b], prices, np.inf).min(-1)
        return np.where(np.isfinite(found), found, 0.0)

    def _best_dense(self) -> np.ndarray:
        n, found = len(self.rows), []
        everybody = np.arange(n)
        for start in range(0, n, BLOCK):
            block = everybody[start : start + BLOCK]
            score = self.problem.score[self.rows[block]][:, self.rows]
            score = np.where(self.levels(block[:, None], everybody[None, :]) > 0, -1.0, score)
            best = np.argpartition(-score, BEST - 1, axis=1)[:, :BEST]
            found.append(np.column_stack([np.repeat(block, BEST), best.ravel()]))
        return np.concatenate(found)

    def _best_sparse(self) -> np.ndarray:
        among = self.problem.score[self.rows][:, self.rows].tocoo()
        fine = np.flatnonzero((self.levels(among.row, among.col) == 0) & (among.row != among.col))
        a, b, score = among.row[fine], among.col[fine], among.data[fine]
        order = np.lexsort((b, -score, a))
        a, b = a[order].astype(np.int64), b[order].astype(np.int64)
        rank = np.arange(len(a)) - np.searchsorted(a, a)
        return np.asarray(np.column_stack([a, b])[rank < BEST])

    def _random(self) -> np.ndarray:
        rng = np.random.default_rng(self.problem.spec.seed)
        rings = [rng.permutation(len(self.rows)) for _ in range(SPARE)]
        return np.concatenate([np.column_stack([ring, np.roll(ring, 1)]) for ring in rings])

    def _random_across(self, side: np.ndarray) -> np.ndarray:
        rng = np.random.default_rng(self.problem.spec.seed)
        pairs = []
        for one, other in ((0, 1), (1, 0)):
            own, theirs = np.flatnonzero(side == one), np.flatnonzero(side == other)
            if len(own) and len(theirs):
                pairs += [np.column_stack([own, rng.choice(theirs, len(own))]) for _ in range(SPARE)]
        return np.concatenate(pairs) if pairs else np.zeros((0, 2), np.int64)


def _unique(pairs: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Columns a < b, each pair once, in order."""
    low, high = pairs.min(1, initial=n), pairs.max(1, initial=0)
    keys = np.unique((low * n + high)[low < high])
    return keys // n, keys % n
