"""Metrics of ranked people, and how sure one may be of them.

Per query: NDCG (Järvelin & Kekäläinen, 2002, binary gains), recall, reciprocal rank, hit, and an AUC against people who
are just as active. Over queries: bootstrap intervals (Efron & Tibshirani, 1993, percentile), paired where two methods
answer the same queries. Over lists: how evenly people are shown.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

K = 10
MATCHED = 20  # non-contacts that a contact is compared with
RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Quality:
    """One ranking of one query, each 0..1."""

    recall: float
    ndcg: float
    reciprocal_rank: float
    hit: float


def order(scores: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(n,) places of (n,) scores, highest first; ties in random order."""
    return np.lexsort((rng.random(len(scores)), -scores))


def quality(scores: np.ndarray, relevant: np.ndarray, rng: np.random.Generator, k: int = K) -> Quality:
    """(n,) scores against (n,) bool; ties are broken by `rng`. All 0 where nobody is relevant."""
    hits = relevant[order(scores, rng)]
    wanted = int(hits.sum())
    if not wanted:
        return Quality(0.0, 0.0, 0.0, 0.0)
    discount = 1 / np.log2(np.arange(2, k + 2))
    top = hits[:k]
    return Quality(
        recall=float(top.sum() / wanted),
        ndcg=float(top @ discount[: len(top)] / discount[:wanted].sum()),
        reciprocal_rank=float(1 / (np.argmax(hits) + 1)),
        hit=float(top.any()),
    )


def ndcg(scores: np.ndarray, relevant: np.ndarray, rng: np.random.Generator | None = None, k: int = K) -> float:
    """NDCG@k of one query, 0..1: (n,) scores against (n,) bool. Ties are broken by `rng`, the same way without one."""
    return quality(scores, relevant, np.random.default_rng(0) if rng is None else rng, k).ndcg


def activity_rank(activity: np.ndarray) -> np.ndarray:
    """(n,) places by (n,) activity, the least active first."""
    rank = np.empty(len(activity), np.int64)
    rank[np.argsort(activity, kind="stable")] = np.arange(len(activity))
    return rank


def matched(
    rank: np.ndarray, others: np.ndarray, target: int, rng: np.random.Generator, n: int = MATCHED
) -> np.ndarray:
    """(≤ n,) of `others` (columns) whose (N,) activity rank is nearest to the target's; ties in random order."""
    apart = np.abs(rank[others] - rank[target]) + rng.random(len(others))
    return others[np.argsort(apart, kind="stable")[:n]]


def chance_above(score: float, others: np.ndarray) -> float:
    """Share of (n,) other scores that lie below, ties counted half."""
    return float(((score > others) + 0.5 * (score == others)).mean())


def gini(shown: np.ndarray) -> float:
    """Gini coefficient of (n,) counts: 0 when all are shown alike, towards 1 when one takes all; NaN without any."""
    counts = np.sort(np.asarray(shown, float))
    n, total = len(counts), counts.sum()
    if not total:
        return float("nan")
    return float((2 * np.arange(1, n + 1) - n - 1) @ counts / (n * total))


def bootstrap(
    values: np.ndarray,
    seed: int,
    *,
    weights: np.ndarray | None = None,
    clusters: Sequence[Hashable] | None = None,
    resamples: int = RESAMPLES,
    level: float = 0.95,
) -> tuple[float, float, float]:
    """(mean, low, high) of (n,) values a query, weighted if so wanted; NaN without any weight.

    Whole queries are drawn anew, or whole clusters where queries depend on each other (`clusters`: a name a query).
    """
    weights = np.ones(len(values)) if weights is None else np.asarray(weights, float)
    if not weights.sum():
        return float("nan"), float("nan"), float("nan")
    above, below = _by_cluster(np.where(weights > 0, values, 0) * weights, weights, clusters)
    rng = np.random.default_rng(seed)
    means = np.full(resamples, np.nan)
    for i in range(resamples):
        drawn = rng.integers(0, len(above), len(above))
        if total := below[drawn].sum():
            means[i] = above[drawn].sum() / total
    low, high = np.nanquantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(above.sum() / below.sum()), float(low), float(high)


def paired_bootstrap(
    a: np.ndarray,
    b: np.ndarray,
    seed: int,
    *,
    clusters: Sequence[Hashable] | None = None,
    resamples: int = RESAMPLES,
    level: float = 0.95,
) -> tuple[float, float, float]:
    """(mean, low, high) of a - b over the same (n,) queries. The lower bound of a one-sided 95 % is that of level 0.9.

    ValueError when they are not as many.
    """
    if len(a) != len(b):
        raise ValueError(f"{len(a)} values cannot be paired with {len(b)}")
    return bootstrap(np.asarray(a) - np.asarray(b), seed, clusters=clusters, resamples=resamples, level=level)


def _by_cluster(
    above: np.ndarray, below: np.ndarray, clusters: Sequence[Hashable] | None
) -> tuple[np.ndarray, np.ndarray]:
    if clusters is None:
        return above, below
    number = {name: i for i, name in enumerate(dict.fromkeys(clusters))}
    owner = np.array([number[name] for name in clusters])
    return np.bincount(owner, above), np.bincount(owner, below)
