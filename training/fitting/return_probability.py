"""Fits presence: who of those on record at a cut did or said something in the window after it.

A night does so for its community; `python -m training.fitting.return_probability ARCHIVE...` fits what ships.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from models.community.builder import Embed
from models.community.view import Community
from models.ranking.return_probability import COLUMNS, ReturnProbability, columns, shipped, to_json
from models.shipped import parts
from training.fitting.prior import CUTS, PASTS, WINDOW, active, history, view_at
from training.labels.tasks import cut_time
from training.shipping import ship

# The prior counts as much as about this many members whose return is known.
PRIOR_MEMBERS = 20.0
COMMAND = "python -m training.fitting.return_probability ARCHIVE..."


def fit(seen: Sequence[tuple[Community, np.ndarray]], prior: ReturnProbability | None = None) -> ReturnProbability:
    """The chance of coming back, from (view at a cut, (N,) bool who came back after it); every cut counts the same.

    Logistic regression by maximum likelihood with a Gaussian prior around `prior`, by default what ships, which is what
    comes out where nothing was seen.
    """
    prior = prior or shipped()
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


def main() -> None:
    """See the module docstring."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("archives", type=Path, nargs="+")
    given = arguments.parse_args()
    nothing: Embed = lambda texts: np.zeros((len(texts), 1), np.float32)  # noqa: E731  activity needs no vectors
    seen: list[tuple[Community, np.ndarray]] = []
    for past in map(history, given.archives):
        for share in CUTS:
            cut, until = cut_time(past.events, share), cut_time(past.events, share + WINDOW)
            view, back = view_at(past, cut, nothing, 1), active(past, cut, until)
            seen.append((view, np.array([member in back for member in view.ids], bool)))
    found = fit(seen, ReturnProbability(0.0, (0.0,) * len(COLUMNS)))
    print(found)
    text = json.dumps(to_json(found), indent=1) + "\n"
    ship(parts.RETURN_PROBABILITY, text.encode(), PASTS, given.archives, COMMAND)


if __name__ == "__main__":
    main()
