"""Places among interests and statements that several people are near to: where themes are.

Their names come from `models.themes.names`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays.unit import unit
from models.community.kept import once_a_view
from models.community.view import INTERESTS, SUGGESTED_WEIGHT, Community

WANTED = ("aims", "offers", "seeks")
MOST_POINTS, MOST_SEEDS = 24_000, 1_200
SHARERS = 6  # people whose nearness makes a theme
APART = 0.55  # two themes nearer than this (cosine, centred) are one
NEAR = 0.30  # centred cosine from which somebody is near a theme


@dataclass(frozen=True, slots=True)
class Spot:
    """A place among interests: a unit vector (d,), with the mean taken away, and (N,) float32 how near everybody is."""

    vector: np.ndarray
    near: np.ndarray
    shared: float  # mean nearness of those who share it most


@dataclass(frozen=True, slots=True)
class Points:
    """Interests and statements: (p, d) centred unit vectors, and the row of each one's owner, ascending."""

    vectors: np.ndarray
    owner: np.ndarray

    def near(self, vectors: np.ndarray, n: int) -> np.ndarray:
        """(k, n) the best centred cosine of every member with each of (k, d) vectors, 0 without a point."""
        out = np.zeros((len(vectors), n), np.float32)
        if len(self.owner):
            rows, starts = np.unique(self.owner, return_index=True)
            out[:, rows] = np.maximum.reduceat(vectors @ self.vectors.T, starts, axis=1)
        return out


@once_a_view
def centred_projects(view: Community) -> np.ndarray:
    """(P, d) unit vectors of all projects, with the mean taken away."""
    return unit(view.projects.vectors - view.mean)


def points(view: Community, mask: np.ndarray, said: bool = True) -> Points:
    """What the members in (N,) bool `mask` care about; of a large community those of the most active.

    Without `said` only what they state of themselves.
    """
    rows = np.flatnonzero(mask)
    per_member = 1 + INTERESTS
    if len(rows) * per_member > MOST_POINTS:
        busiest = np.argsort(-view.activity.decayed[rows, 2], kind="stable")
        rows = np.sort(rows[busiest[: MOST_POINTS // per_member]])
    spoken = view.interests.take(rows[: len(rows) * said], slice(1, None))
    owner = np.repeat(rows[: len(rows) * said], spoken.shape[1])
    vectors = spoken.reshape(-1, spoken.shape[2])
    facets = view.facets
    stated = np.concatenate([facets.of_kind(kind) for kind in WANTED])
    stated = stated[np.isin(facets.member[stated], rows) & (facets.weight[stated] > SUGGESTED_WEIGHT)]
    vectors = np.concatenate([vectors, facets.vectors[stated]])
    owner = np.concatenate([owner, facets.member[stated]])
    there = vectors.any(1)
    order = np.argsort(owner[there], kind="stable")
    return Points(unit(vectors[there][order] - view.mean), owner[there][order])


def spots(view: Community, found: Points, count: int, seed: int, about: Sequence[int] = ()) -> list[Spot]:
    """At most `count` places that several people are near to, the most shared first, none near another.

    `about`: only places that these rows have a point at.
    """
    at = np.flatnonzero(np.isin(found.owner, about)) if len(about) else np.arange(len(found.owner))
    if len(at) > MOST_SEEDS:
        at = np.sort(np.random.default_rng(seed).choice(at, MOST_SEEDS, replace=False))
    seeds = found.vectors[at]
    if not len(seeds):
        return []
    near = np.concatenate([found.near(seeds[i : i + 100], view.size) for i in range(0, len(seeds), 100)])
    worth = _shared(near, found.owner[at])
    chosen: list[Spot] = []
    for i in np.lexsort((at, -worth)):
        vector = _middle(found, near[i])
        if all(float(vector @ other.vector) < APART for other in chosen):
            own = found.near(vector[None], view.size)[0]
            chosen.append(Spot(vector, own, float(np.sort(own)[-SHARERS:].mean())))
        if len(chosen) == count:
            break
    return chosen


def _shared(near: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """(k,) mean nearness of those who share each seed most, besides its owner."""
    others = near.copy()
    others[np.arange(len(owner)), owner] = 0
    most = min(SHARERS, others.shape[1])
    return np.asarray(np.partition(others, -most, axis=1)[:, -most:].mean(1))


def _middle(found: Points, near: np.ndarray) -> np.ndarray:
    """(d,) the middle of the nearest points of those who are nearest."""
    rows = np.argsort(-near, kind="stable")[:SHARERS]
    inside = np.isin(found.owner, rows[near[rows] >= min(NEAR, float(near.max()))])
    vectors, owner = found.vectors[inside], found.owner[inside]
    centre = unit(vectors.mean(0)[None])[0]
    for _ in range(2):
        like = vectors @ centre
        best = [int(np.flatnonzero(owner == row)[like[owner == row].argmax()]) for row in np.unique(owner)]
        centre = unit(vectors[best].mean(0)[None])[0]
    return np.asarray(centre)
