"""A community's own past, stood before its newest eighth: what then told who would do what is learnt from it.

Among co-authors only the topic tells who is in the next paper; among translators it is whoever is at work now. No
weights serve both. So the newest eighth of a community's projects is predicted from those before it, by a conditional
logit (McFadden, 1974), held near weights that serve where there is little to learn from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from models.arrays.unit import unit
from models.community.aggregates import NEWEST_SHARE, unit_rows
from models.community.view import Community

LEAST_PROJECTS = 40  # of fewer nothing is learnt
MOST_QUERIES = 150  # learnt from, so that it takes half a second at most (docs/projects.md)
NEAREST = 3  # projects of a member that a text is compared with
# A choice: (n, F) features of what could be chosen, and (n,) bool what was.
Choice = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Past:
    """Projects before a moment (µs). P projects, N members."""

    until: int
    words: sp.csr_matrix  # (N, V) unit rows
    inside: sp.csr_matrix  # (P, N) float32, 1 for who was in it
    vectors: np.ndarray  # (P, d) centred unit
    time: np.ndarray  # (P,) µs

    @property
    def known(self) -> np.ndarray:
        """(N,) bool: was in a project."""
        return np.asarray(self.inside.sum(0)).ravel() > 0

    @cached_property
    def together(self) -> sp.csr_matrix:
        """(N, N) number of projects that two were in."""
        found = sp.csr_matrix(self.inside.T @ self.inside).tocoo()
        two = found.row != found.col
        return sp.csr_matrix((found.data[two], (found.row[two], found.col[two])), shape=found.shape)

    @cached_property
    def circle(self) -> sp.csr_matrix:
        """(N, V) unit rows: the words of those whom somebody worked with."""
        return unit_rows(sp.csr_matrix(self.together @ self.words))

    def done(self, vector: np.ndarray) -> np.ndarray:
        """(N,) mean likeness of a centred unit vector (d,) to the nearest three projects of each member."""
        like = np.maximum(self.vectors @ vector, 0)
        order = np.argsort(-like, kind="stable")
        found = self.inside[order].tocoo()
        at = np.lexsort((found.row, found.col))
        who, value = found.col[at], like[order][found.row[at]]
        best = np.arange(len(who)) - np.searchsorted(who, who, "left") < NEAREST
        return np.bincount(who[best], value[best], self.inside.shape[1]).astype(np.float32) / NEAREST


def past(view: Community, until: int) -> Past:
    """What was there before a time (µs)."""
    projects = view.projects
    rows = np.flatnonzero((projects.time < until) & (projects.time > 0))
    inside = projects.members[rows].astype(np.float32)
    return Past(
        until=until,
        words=unit_rows(sp.csr_matrix(inside.T @ projects.tfidf[rows])),
        inside=inside,
        vectors=unit(projects.vectors[rows] - view.mean),
        time=projects.time[rows],
    )


def newest(view: Community) -> tuple[int, np.ndarray] | None:
    """When the newest eighth of the projects began (µs), and their rows; None where there are too few to learn from."""
    done = begun(view, 1)
    if len(done) < LEAST_PROJECTS:
        return None
    since = int(np.quantile(view.projects.time[done], 1 - NEWEST_SHARE))
    return since, begun(view, since)


def begun(view: Community, since: int) -> np.ndarray:
    """Rows of the projects that began at a time (µs, 1 or more) or later. Those that stand open tell of nobody yet."""
    return np.flatnonzero((view.projects.time >= since) & ~view.projects.open)


def conditional_logit(choices: Sequence[Choice], start: np.ndarray, held: float) -> np.ndarray:
    """(F,) weights, 0 or more, under which what was chosen was likely; `held` back by the square of each one's way from
    `start`. Without choices `start`."""
    if not choices:
        return start
    stacked = np.concatenate([matrix for matrix, _ in choices])
    target = np.concatenate([right / right.sum() for _, right in choices])
    starts = np.cumsum([0, *(len(right) for _, right in choices[:-1])])
    owner = np.repeat(np.arange(len(choices)), [len(right) for _, right in choices])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        logits = stacked @ w
        top = np.maximum.reduceat(logits, starts)
        exp = np.exp(logits - top[owner])
        total = np.add.reduceat(exp, starts)
        value = (np.log(total) + top - np.add.reduceat(target * logits, starts)).mean()
        slope = stacked.T @ ((exp / total[owner] - target) / len(choices))
        moved = w - start
        return float(value + held * moved @ moved), slope + 2 * held * moved

    from scipy.optimize import minimize  # takes longer to import than all the rest, and few processes fit anything

    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(start), options={"maxiter": 60})
    return np.asarray(found.x)
