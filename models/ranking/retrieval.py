"""Which members are worth ranking at all, where a community is too large to rank everybody.

Each source gets seats of its own, so that the busy and the near never crowd out the fitting.
"""

from __future__ import annotations

import numpy as np

from models.community.view import Community
from models.features import matrix
from models.features.matrix import Seeker
from models.ranking.exposure import lots, marks_of

EVERYBODY = 4096  # up to this many allowed members all are ranked
SEATS = 250  # a source
DRAWN = 1000  # by lot, about


def drawn(view: Community, row: int, rows: np.ndarray) -> np.ndarray:
    """(n,) bool: to whom of `rows` (n,) a seat (models.ranking.exposure) may go in the lists of the member in a row.

    In a large community a sample by lot, the same every time: everybody is drawn for some, and nobody needs be near.
    """
    if view.size <= EVERYBODY:
        return np.ones(len(rows), bool)
    marks = marks_of(view)
    return np.asarray(lots(marks[row : row + 1], marks[rows]) < DRAWN / view.size)


def pool(view: Community, seeker: Seeker, mask: np.ndarray, limit: int) -> np.ndarray:
    """Rows of candidates among `mask` (N,), ascending: everybody in small communities, never fewer than `limit`."""
    everybody = np.flatnonzero(mask)
    if len(everybody) <= max(EVERYBODY, limit):
        return everybody
    sources = [
        _graph(view, seeker),
        _lexical(view, seeker),
        _dense(view, seeker, mask),
        _complementary(view, seeker),
        view.activity.oldest.astype(np.float64) * (view.activity.decayed[:, 1] > 0),  # newcomers who are here
        view.activity.decayed[:, 1],  # the active
        view.activity.recent_by_channel[seeker.room].toarray().ravel() if seeker.room >= 0 else np.zeros(0),
    ]
    chosen = drawn(view, seeker.row, np.arange(view.size)) if seeker.row >= 0 else np.zeros(view.size, bool)
    for scores in sources:
        if len(scores):
            chosen[_top(np.where(mask, scores, 0), max(SEATS, limit))] = True
    chosen &= mask
    if (missing := limit - int(chosen.sum())) > 0:
        chosen[np.flatnonzero(mask & ~chosen)[:missing]] = True
    return np.flatnonzero(chosen)


def _graph(view: Community, seeker: Seeker) -> np.ndarray:
    common = seeker.adamic_adar @ view.ties.binary + seeker.near + seeker.tie
    return np.asarray(common.todense(), np.float32).ravel()


def _lexical(view: Community, seeker: Seeker) -> np.ndarray:
    return np.asarray((seeker.lexical @ view.lexical.by_term).todense(), np.float32).ravel()


def _dense(view: Community, seeker: Seeker, mask: np.ndarray) -> np.ndarray:
    out = np.zeros(view.size, np.float32)
    index, owner = view.documents.index, view.documents.owner
    if len(index) and len(seeker.vectors):
        found, score = index.search(seeker.vectors, min(2 * SEATS, len(index)), None)
        keep = found >= 0
        people, score = owner[found[keep]], score[keep]
        np.maximum.at(out, people[people >= 0], score[people >= 0])
    facets = view.facets
    if len(facets.items) and len(seeker.vectors):
        np.maximum.at(out, facets.member, (facets.vectors @ seeker.vectors.T).max(1))
    return np.where(mask, out, 0)


def _complementary(view: Community, seeker: Seeker) -> np.ndarray:
    gives = matrix.fit(view.facets, "offers", seeker.seeks, seeker.seeks_weight, view.size)
    takes = matrix.fit(view.facets, "seeks", seeker.offers, seeker.offers_weight, view.size)
    return np.asarray(gives + takes)


def _top(scores: np.ndarray, k: int) -> np.ndarray:
    """Rows of the k largest positive scores."""
    k = min(k, len(scores))
    best = np.argpartition(-scores, k - 1)[:k]
    return best[scores[best] > 0]
