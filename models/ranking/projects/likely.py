"""Who would do something of which only a text is known: by words, and by being active, as far as each tells here."""

from __future__ import annotations

import numpy as np

from models.arrays.unit import unit
from models.community.aggregates import NEWEST_SHARE
from models.community.kept import once_a_view
from models.community.sparse import Row, dense, row_of
from models.community.view import Community
from models.features import matrix as features
from models.ranking.projects import habits
from models.ranking.projects.habits import Choice, Past

TEXT = ("words", "circle", "done")
ACTIVITY = ("now", "lately", "long", "newest", "first")
COLUMNS = (*(f"{name}%" for name in (*TEXT, *ACTIVITY)), *(f"{name}^" for name in TEXT))
HELD = 0.05  # the square of what a weight moves costs so much of the mean log loss
RIVALS = 200  # people of each project learnt from who lead by one kind of column


def likely(view: Community, weights: np.ndarray, words: Row, vector: np.ndarray) -> np.ndarray | None:
    """(N,) float32 log odds of doing what a text says, given as its TF-IDF row of V and its vector (d,); `weights`
    are by `COLUMNS`.

    None where the community has too few projects to tell.
    """
    known = so_far(view)
    if known is None:
        return None
    before, activity = known
    centred = unit((vector - view.mean)[None])[0]
    return np.asarray(compared(before, activity, words, centred) @ weights, np.float32)


@once_a_view
def so_far(view: Community) -> tuple[Past, np.ndarray] | None:
    """All projects so far, and (N, len(ACTIVITY)) standings; None where there are too few."""
    if habits.newest(view) is None:
        return None
    now = habits.past(view, view.as_of + 1)
    _ = now.circle  # worked out here, and not by the first who asks
    return now, standings(now)


def moved(view: Community, start: np.ndarray) -> np.ndarray:
    """(len(COLUMNS),) the weights `start`, moved by what told here."""
    found = habits.newest(view)
    return habits.conditional_logit(choices(view, *found), start, HELD) if found else start


def choices(view: Community, since: int, rows: np.ndarray) -> list[Choice]:
    """Who of those who were there before a time (µs) did the projects `rows`, which began then or later."""
    before, projects = habits.past(view, since), view.projects
    activity = standings(before)
    out = []
    for row in np.random.default_rng(0).permutation(rows)[: habits.MOST_QUERIES]:
        right = np.asarray(projects.members[row].todense(), bool).ravel() & before.known
        if right.any():
            vector = unit(projects.vectors[[row]] - view.mean)[0]
            out.append(_rivals(compared(before, activity, row_of(projects.tfidf, row), vector), right))
    return out


def compared(before: Past, activity: np.ndarray, words: Row, vector: np.ndarray) -> np.ndarray:
    """(N, len(COLUMNS)) float32 in 0..1 of a text, given as its TF-IDF row of V and centred unit vector (d,)."""
    asked = dense(words)  # a product with a full row costs a fifth of one with a sparse one
    like = [before.words @ asked, before.circle @ asked, before.done(vector)]
    alike = np.ones(len(activity), np.float32)
    ranked = [features.standing(value, alike, features.NOISE) for value in like]
    shares = [value / max(float(value.max(initial=0)), 1e-9) for value in like]
    return np.column_stack([*ranked, activity, *shares]).astype(np.float32)


def standings(before: Past) -> np.ndarray:
    """(N, len(ACTIVITY)): how much somebody did in the time that the newest eighth took, in a quarter of it and in four
    times as much (as half-lives); when last, and when first."""
    n, time = before.inside.shape[1], before.time
    span = max(before.until - float(np.quantile(time, 1 - NEWEST_SHARE)), 1.0) if len(time) else 1.0
    age = (before.until - time) / span
    values = [np.asarray(before.inside.T @ np.exp2(-age / half)).ravel() for half in (0.25, 1.0, 4.0)]
    newest, first = np.zeros(n), np.zeros(n)
    found = before.inside.tocoo()
    order = np.argsort(time[found.row], kind="stable")
    newest[found.col[order]] = time[found.row[order]]
    first[found.col[order[::-1]]] = time[found.row[order[::-1]]]
    alike = np.ones(n, np.float32)
    return np.column_stack([features.standing(value, alike) for value in (*values, newest, first)])


def _rivals(matrix: np.ndarray, right: np.ndarray) -> Choice:
    """Those who did it and who lead by words, by vectors or by being active: nobody else could be taken for them."""
    columns = (0, 2, len(TEXT) + 1)
    best = {int(i) for column in columns for i in np.argsort(-matrix[:, column], kind="stable")[:RIVALS]}
    rows = np.array(sorted(best | set(np.flatnonzero(right).tolist())))
    return matrix[rows], right[rows]
