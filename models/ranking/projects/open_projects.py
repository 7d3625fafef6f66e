"""Open projects as arrays, and how each of them stands to one member: everything in one pass, whatever their number.

`Openings` holds what does not depend on who asks and is worked out once a view. `values` compares a member with all of
them; `transform` gives (O, F) float32 in 0..1, columns `COLUMNS`: standings among the open projects ("%"), and shares
of the largest value ("^"), as `models.features.matrix` has them of people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.arrays.unit import unit
from models.community.lsa import LsaModel
from models.community.sparse import by_row, dense, times
from models.community.view import Community
from models.features import matrix as features
from models.features.matrix import Query
from models.ranking.projects.habits import NEAREST

TEXT = ("words", "own_words", "circle_words", "interest", "centroid", "done")
TIES = ("tie", "together", "acquaintances", "acquaintances_lately", "near", "threads", "pagerank", "three_hops",
        "three_hops_lately")  # fmt: skip
PEOPLE = ("busy", "busy_now", "well_known", "newly_known")
COLUMNS = (*(f"{name}%" for name in (*TEXT, *TIES, *PEOPLE)), *(f"{name}^" for name in (*TEXT, *TIES)))
ABOUT_TEXT = np.array([column[:-1] in TEXT for column in COLUMNS])


@dataclass(frozen=True)
class Openings:
    """The open projects of a view, O of them. `rows` (O,) among the view's projects; `people` (O, N) float32, each
    project's with sum 1; `vectors` (O, d) centred unit; `done` (N, P) bool who was in what."""

    rows: np.ndarray
    people: sp.csr_matrix
    tfidf: sp.csr_matrix
    vectors: np.ndarray
    everything: np.ndarray  # (P, d) centred unit vectors of all projects
    done: sp.csr_matrix
    own_words: np.ndarray  # (O, k) by the community's own words, (O, 0) where none were learnt
    standing: dict[str, np.ndarray]  # (O,) by name of `PEOPLE`


def openings(view: Community, tower: LsaModel | None) -> Openings:
    """Worked out once a view and tower."""
    return view.kept.get("openings", lambda: _openings(view, tower), by=tower)


def _openings(view: Community, tower: LsaModel | None) -> Openings:
    projects, activity, ties = view.projects, view.activity, view.ties
    rows = np.flatnonzero(projects.open)
    people = projects.members[rows].astype(np.float32)
    people = by_row(people, 1 / np.maximum(np.asarray(people.sum(1)).ravel(), 1))
    everything = unit(projects.vectors - view.mean)
    return Openings(
        rows=rows,
        people=people,
        tfidf=projects.tfidf[rows],
        vectors=everything[rows],
        everything=everything,
        done=projects.members.T.tocsr(),
        own_words=_own_words(view, projects.tfidf[rows], tower),
        standing={
            "busy": people @ activity.decayed[:, 2],
            "busy_now": people @ activity.decayed[:, 0],
            "well_known": people @ ties.degree,
            "newly_known": people @ ties.new_contacts,
        },
    )


def _own_words(view: Community, texts: sp.csr_matrix, tower: LsaModel | None) -> np.ndarray:
    """(O, k) float32 unit rows of what the texts mean here, the members' mean taken away; (O, 0) without a tower."""
    if tower is None:
        return np.zeros((texts.shape[0], 0), np.float32)
    told = tower.project(texts, view.lexical.vocabulary)
    return unit((told - tower.of(view).mean) * told.any(1, keepdims=True))


def values(view: Community, query: Query, found: Openings, tower: LsaModel | None) -> dict[str, np.ndarray]:
    """(O,) float32 each by name; 0 where there is nothing."""
    people, ties = found.people, view.ties
    own = unit(query.vectors - view.mean) if len(query.vectors) else np.zeros((0, found.vectors.shape[1]), np.float32)
    like = np.maximum(found.vectors @ own.T, 0)
    out = {
        "words": found.tfidf @ dense(query.lexical),
        "interest": like[:, 1:].max(1, initial=0) if like.shape[1] > 1 else like.max(1, initial=0),
        "centroid": like[:, 0] if like.shape[1] else np.zeros(len(found.rows)),
        "done": _done(found, query.row),
        "tie": people @ dense(query.tie),
        "together": people @ dense(query.projects_together),
        "acquaintances": people @ times(query.adamic_adar, ties.binary),
        "acquaintances_lately": people @ times(query.adamic_adar_decayed, ties.recent_both),
        "near": people @ dense(query.near),
        "threads": people @ times(query.threads, ties.by_thread),
        "pagerank": people @ query.walks["pagerank"],
        "three_hops": people @ query.walks["three_hops"],
        "three_hops_lately": people @ query.walks["three_hops_recent"],
        **found.standing,
        **_towered(view, query, found, tower),
    }
    return {name: np.asarray(value, np.float32) for name, value in out.items()}


def transform(values: Mapping[str, np.ndarray], columns: Sequence[str] = COLUMNS) -> np.ndarray:
    """(O, F) float32 of these columns."""
    count = len(values["words"])
    out, alike = np.zeros((count, len(columns)), np.float32), np.ones(count, np.float32)
    for i, column in enumerate(columns):
        value = values[column[:-1]]
        top = float(value.max(initial=0))
        if column.endswith("%"):
            out[:, i] = features.standing(value, alike, features.NOISE)
        elif top > 0:
            out[:, i] = value / top
    return out


def _towered(view: Community, query: Query, found: Openings, tower: LsaModel | None) -> dict[str, np.ndarray]:
    if tower is None:
        return dict.fromkeys(("own_words", "circle_words"), np.zeros(len(found.rows), np.float32))
    known = tower.of(view)
    return {
        "own_words": np.maximum(found.own_words @ known.own[query.row], 0),
        "circle_words": np.maximum(found.own_words @ known.circle[query.row], 0),
    }


def _done(found: Openings, row: int) -> np.ndarray:
    """(O,) mean likeness of each open project to the nearest of those that somebody was in."""
    return nearest(found.vectors, found.everything[found.done[row].indices])


def nearest(texts: np.ndarray, done: np.ndarray) -> np.ndarray:
    """(O,) mean likeness of (O, d) centred unit vectors to the nearest three of (p, d), 0 for each that is missing."""
    best = min(NEAREST, len(done))
    if not best:
        return np.zeros(len(texts), np.float32)
    like = np.maximum(texts @ done.T, 0)
    return np.asarray(-np.partition(-like, best - 1, axis=1)[:, :best].sum(1) / NEAREST)
