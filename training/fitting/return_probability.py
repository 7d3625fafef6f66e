"""Fits presence: who of those on record at a cut did or said something in the window after it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize

from models.community.view import Community
from models.ranking.return_probability import COLUMNS, SHIPPED, ReturnProbability, columns

# The prior counts as much as about this many members whose return is known.
PRIOR_MEMBERS = 20.0


def fit(seen: Sequence[tuple[Community, np.ndarray]], prior: ReturnProbability = SHIPPED) -> ReturnProbability:
    """The chance of coming back, from (view at a cut, (N,) bool who came back after it); every cut counts the same.

    Logistic regression by maximum likelihood with a Gaussian prior around `prior`, which is what comes out where
    nothing was seen.
    """
    rows = [np.flatnonzero(view.rules.present & (view.activity.total > 0)) for view, _ in seen]
    if not sum(map(len, rows)):
        return prior
    x = np.concatenate([columns(view)[here] for (view, _), here in zip(seen, rows, strict=True)]).astype(np.float64)
    y = np.concatenate([back[here] for (_, back), here in zip(seen, rows, strict=True)]).astype(np.float64)
    weight = np.concatenate([np.full(len(here), 1 / max(len(here), 1)) for here in rows])
    return _fit(x, y, weight * len(y) / weight.sum(), prior)


def _fit(x: np.ndarray, y: np.ndarray, weight: np.ndarray, prior: ReturnProbability) -> ReturnProbability:
    start = np.array([prior.intercept, *prior.weights])
    x = np.hstack([np.ones((len(x), 1)), x])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        logits = x @ w
        off = w - start
        value = weight @ (np.logaddexp(0, logits) - y * logits) + PRIOR_MEMBERS / 2 * off @ off
        return float(value), x.T @ (weight * (1 / (1 + np.exp(-logits)) - y)) + PRIOR_MEMBERS * off

    found = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return ReturnProbability(round(float(found[0]), 4), tuple(round(float(w), 4) for w in found[1 : len(COLUMNS) + 1]))
