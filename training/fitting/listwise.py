"""Fits linear ranker weights listwise: within each query, the right ones should outweigh the rest.

The loss is the softmax cross-entropy of ListNet (Cao et al., 2007) over all candidates of a query; no pair is sampled.
Weights are kept at 0 or above: every column is oriented so that more means fitter, and a negative weight learnt in one
community is what fails first in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from models.features.matrix import ACTIVITY, COLUMN, COLUMNS, feature_of, value_of
from models.ranking.ranker import MEMBER_HEADS, Head


@dataclass(frozen=True, slots=True)
class Group:
    """One query: (n, F) features, (n,) gains (bool, or float where some are more right than others), and the weight of
    the query in the loss. `emphasis` (n,) says how many candidates each counts for; None: one."""

    features: np.ndarray
    relevant: np.ndarray
    weight: float = 1.0
    emphasis: np.ndarray | None = None


# How many queries the penalty weighs as much as: of fewer, the weights hardly leave where they start.
HELD_BY: dict[Head, float] = {
    "peers": 30.0,
    "collaborators": 10.0,
    "strangers": 30.0,
    "brief": 5.0,
    "question": 5.0,
    "search": 5.0,
}
# Strangers are found by what they say and where walks lead; who is busy is known already. Other columns have to be this
# many times as telling.
RELUCTANCE = 0.35
BEYOND_ACQUAINTANCE = np.array([feature_of(c).beyond for c in COLUMNS])
ONE_SIDED = np.array([value_of(c) in ACTIVITY for c in COLUMNS])


def penalty(head: Head, queries: int) -> np.ndarray:
    """(F,) of the squares of the weights.

    A pair's features are the mean of both sides, in which each one's activity varies half as much as what the two
    share; its weights are therefore held a quarter as much.
    """
    l2 = np.full(len(COLUMNS), HELD_BY[head] / max(queries, 1))
    if head in MEMBER_HEADS:
        l2[ONE_SIDED] /= 4
    if head == "strangers":
        l2[~BEYOND_ACQUAINTANCE] /= RELUCTANCE**2
    return l2


def among_strangers(groups: Iterable[Group]) -> list[Group]:
    """The same queries with nobody but those who share no acquaintance with the one who asks."""
    out = []
    for group in groups:
        kept = (group.features[:, COLUMN["adamic_adar%"]] == 0) & (group.features[:, COLUMN["tie%"]] == 0)
        if group.relevant[kept].any() and not group.relevant[kept].all():
            emphasis = group.emphasis[kept] if group.emphasis is not None else None
            out.append(replace(group, features=group.features[kept], relevant=group.relevant[kept], emphasis=emphasis))
    return out


def with_apart(weights: np.ndarray, groups: Sequence[Group]) -> np.ndarray:
    """The weights (F,) of the strangers' head with as much for being "apart" as their scores usually spread.

    Not fitted: who moves in other company is met least, and it is them that the head is for.
    """
    out = weights.copy()
    out[COLUMN["apart"]] = 0
    spread = np.array([float((g.features @ out).std()) for g in groups])
    told = spread[spread > 0]  # of members without a word or a tie there is nothing to tell
    out[COLUMN["apart"]] = told.mean() if len(told) else 0
    return out


def fit_listwise(
    groups: Sequence[Group],
    l2: float | np.ndarray = 1e-3,
    towards: np.ndarray | None = None,
    allow_negative: Sequence[int] = (),
) -> np.ndarray:
    """(F,) weights as `Stack.fit` finds them. Raises ValueError without a usable query."""
    return stack(groups).fit(l2, towards, allow_negative)


@dataclass(frozen=True, slots=True)
class Stack:
    """G queries on top of each other: (R, F) float32 `features` of all candidates, (G,) `starts` of the queries, (R,)
    `owner`, `target` shares that add up to 1 a query, and `counts`, logarithms of how many each counts for; (G,)
    `weight`, which adds up to 1."""

    features: np.ndarray
    starts: np.ndarray
    owner: np.ndarray
    target: np.ndarray
    counts: np.ndarray
    weight: np.ndarray

    def fit(
        self, l2: float | np.ndarray, towards: np.ndarray | None = None, allow_negative: Sequence[int] = ()
    ) -> np.ndarray:
        """(F,) weights minimising the weighted mean loss plus Σ l2·(w - towards)², where `towards` is 0 unless
        given."""
        size = self.features.shape[1]
        start = np.zeros(size) if towards is None else towards.astype(np.float64)

        def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
            value, gradient = self._loss(w)
            moved = w - start
            return value + float(l2 * moved @ moved), gradient + 2 * l2 * moved

        bounds = [(None, None) if i in set(allow_negative) else (0, None) for i in range(size)]
        found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 300})
        return np.asarray(found.x, np.float32)

    def _loss(self, w: np.ndarray) -> tuple[float, np.ndarray]:
        """The weighted mean loss, and its gradient (F,)."""
        logits = self.features @ w.astype(np.float32) + self.counts
        top = np.maximum.reduceat(logits, self.starts)
        exp = np.exp(logits - top[self.owner])
        total = np.add.reduceat(exp, self.starts)
        value = float(self.weight @ (np.log(total) + top - np.add.reduceat(self.target * logits, self.starts)))
        slope = (exp / total[self.owner] - self.target) * self.weight[self.owner]
        return value, (self.features.T @ slope.astype(np.float32)).astype(np.float64)


def stack(groups: Sequence[Group]) -> Stack:
    """The queries that have right and wrong candidates. Raises ValueError where there is none."""
    used = [g for g in groups if g.relevant.any() and not g.relevant.all()]
    if not used:
        raise ValueError("no query has both right and wrong candidates")
    sizes = [len(g.relevant) for g in used]
    weight = np.array([g.weight for g in used])
    emphasis = [np.ones(len(g.relevant)) if g.emphasis is None else g.emphasis for g in used]
    return Stack(
        features=np.concatenate([g.features for g in used], dtype=np.float32),
        starts=np.cumsum([0, *sizes[:-1]]),
        owner=np.repeat(np.arange(len(used)), sizes),
        target=np.concatenate([g.relevant / g.relevant.sum() for g in used]).astype(np.float32),
        counts=np.log(np.concatenate(emphasis)).astype(np.float32),
        weight=weight / weight.sum(),
    )


def fit_intercept(groups: Sequence[Group], weights: np.ndarray, place: int = 3) -> float:
    """The constant that gives the candidate in this place a score of one half in the median query.

    Labels only say who met, not who could have, so their rate is no probability to calibrate to. So anchored, a score
    says how a match compares with what is usually among the best.
    """
    logits = [np.sort(g.features @ weights)[::-1] for g in groups]
    return -float(np.median([row[min(place, len(row)) - 1] for row in logits if len(row)]))
