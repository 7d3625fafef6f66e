"""What told in this community of who joined what, learnt from its own past projects.

What is known of an open project weighs as it was learnt in other communities (`models.ranking.projects.weights`). Here
the projects of the newest eighth are taken as if they stood open with nobody but their lead, beside members as they
were before; the weights of all that can be worked out as of then move from those that ship towards what told of who
joined.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp

from models.arrays.unit import unit
from models.community.aggregates import unit_rows
from models.community.view import Community
from models.ranking.projects import habits
from models.ranking.projects.habits import Choice, Past
from models.ranking.projects.open_projects import COLUMNS, nearest, transform

# Columns of `models.ranking.projects.open_projects` that can be worked out as of an earlier time from projects alone.
KINDS = ("words", "circle_words", "done", "together", "acquaintances", "three_hops")
PLACES = [COLUMNS.index(f"{kind}{mark}") for mark in "%^" for kind in KINDS]
HELD = 0.05  # the square of what a weight moves costs so much of the mean log loss


def moved(view: Community, start: np.ndarray) -> np.ndarray:
    """(F,) the weights `start` (F,), moved by what told here."""
    found = habits.newest(view)
    joined = list(choices(view, *found)) if found else []
    out = start.copy()
    out[PLACES] = habits.conditional_logit(joined, start[PLACES].astype(np.float64), HELD)
    return out


def choices(view: Community, since: int, rows: np.ndarray) -> Iterator[Choice]:
    """What members who were there before a time (µs) joined of the projects `rows`, which began then or later; by
    `PLACES`."""
    before, projects = habits.past(view, since), view.projects
    records = [projects.records[row] for row in rows]
    led = np.array([bool(one.members) and one.members[0] in view.row for one in records], bool)
    rows = rows[led]
    leads = np.array([view.row[projects.records[row].members[0]] for row in rows], np.int64)
    inside = projects.members[rows].tocsc()
    texts, vectors = projects.tfidf[rows], unit(projects.vectors[rows] - view.mean)
    joiners = np.flatnonzero(before.known & (np.asarray(inside.sum(0)).ravel() > 0))
    chosen = np.random.default_rng(0).permutation(joiners)[: habits.MOST_QUERIES]
    onward = unit_rows(before.together)
    for member in sorted(chosen.tolist()):
        right = np.asarray(inside[:, [member]].todense(), bool).ravel()
        others = leads != member
        if right[others].any() and not right[others].all():
            yield _features(before, onward, member, texts, vectors, leads)[others], right[others]


def _features(
    before: Past, onward: sp.csr_matrix, member: int, texts: sp.csr_matrix, vectors: np.ndarray, leads: np.ndarray
) -> np.ndarray:
    """(O, len(PLACES)) as `models.ranking.projects.open_projects.transform` gives these columns."""
    mine = before.vectors[before.inside[:, [member]].tocoo().row]
    row = before.together[member]
    values = {
        "words": _column(texts @ before.words[member].T),
        "circle_words": _column(texts @ before.circle[member].T),
        "done": nearest(vectors, mine),
        "together": row.toarray().ravel()[leads],
        "acquaintances": _column(before.together @ row.T)[leads],
        "three_hops": (onward @ (onward @ onward[member].toarray().ravel()))[leads],
    }
    return transform(values, [COLUMNS[place] for place in PLACES])


def _column(matrix: sp.csr_matrix) -> np.ndarray:
    return np.asarray(matrix.todense(), np.float32).ravel()
