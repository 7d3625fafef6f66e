"""Fits linear ranker weights listwise: within each query, the right ones should outweigh the rest.

The loss is the softmax cross-entropy of ListNet (Cao et al., 2007) over all candidates of a query; no pair is sampled.
Weights are kept at 0 or above: every column is oriented so that more means fitter, and a negative weight learnt in one
community is what fails first in another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize


@dataclass(frozen=True, slots=True)
class Group:
    """One query: (n, F) features, (n,) bool relevant, and the weight of the query in the loss."""

    features: np.ndarray
    relevant: np.ndarray
    weight: float = 1.0


def fit_listwise(groups: Sequence[Group], l2: float = 1e-3, allow_negative: Sequence[int] = ()) -> np.ndarray:
    """(F,) weights minimising the weighted mean loss plus l2·|w|². Raises ValueError without a usable query."""
    used = [g for g in groups if g.relevant.any() and not g.relevant.all()]
    if not used:
        raise ValueError("no query has both right and wrong candidates")
    size = used[0].features.shape[1]
    stacked = np.concatenate([g.features for g in used]).astype(np.float32)
    starts = np.cumsum([0] + [len(g.features) for g in used[:-1]])
    owner = np.repeat(np.arange(len(used)), [len(g.features) for g in used])
    weight = np.array([g.weight for g in used])
    weight = weight / weight.sum()
    target = np.concatenate([g.relevant / g.relevant.sum() for g in used]).astype(np.float32)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        logits = stacked @ w.astype(np.float32)
        top = np.maximum.reduceat(logits, starts)
        exp = np.exp(logits - top[owner])
        total = np.add.reduceat(exp, starts)
        log_total = np.log(total) + top
        value = float(weight @ (log_total - np.add.reduceat(target * logits, starts)))
        slope = (exp / total[owner] - target) * weight[owner]
        gradient = stacked.T @ slope.astype(np.float32)
        return value + l2 * float(w @ w), gradient.astype(np.float64) + 2 * l2 * w

    bounds = [(None, None) if i in set(allow_negative) else (0, None) for i in range(size)]
    found = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 300})
    return np.asarray(found.x, np.float32)


def fit_intercept(groups: Sequence[Group], weights: np.ndarray, place: int = 3) -> float:
    """The constant that gives the candidate in this place a score of one half in the median query.

    Labels only say who met, not who could have, so their rate is no probability to calibrate to. So anchored, a score
    says how a match compares with what is usually among the best.
    """
    logits = [np.sort(g.features @ weights)[::-1] for g in groups]
    return -float(np.median([row[min(place, len(row)) - 1] for row in logits if len(row)]))
