"""Which members are worth ranking at all, where a community is too large to rank everybody.

Each source gets seats of its own, so that the busy and the near never crowd out the fitting.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.community.sparse import dense, row_of, times
from models.community.view import Community
from models.features import matrix
from models.features.matrix import Query
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


def pool(view: Community, query: Query, mask: np.ndarray, limit: int) -> np.ndarray:
    """Rows of candidates among `mask` (N,), ascending: everybody in small communities, never fewer than `limit`."""
    everybody = np.flatnonzero(mask)
    if len(everybody) <= max(EVERYBODY, limit):
        return everybody
    sources = [
        _graph(view, query),
        _lexical(view, query),
        _dense(view, query, mask),
        _complementary(view, query),
        view.activity.oldest.astype(np.float64) * (view.activity.decayed[:, 1] > 0),  # newcomers who are here
        view.activity.decayed[:, 1],  # the active
        dense(row_of(view.activity.recent_by_channel, query.room)) if query.room >= 0 else np.zeros(0),
    ]
    chosen = drawn(view, query.row, np.arange(view.size)) if query.row >= 0 else np.zeros(view.size, bool)
    for scores in sources:
        if len(scores):
            chosen[_top(np.where(mask, scores, 0), max(SEATS, limit))] = True
    chosen &= mask
    if (missing := limit - int(chosen.sum())) > 0:
        chosen[np.flatnonzero(mask & ~chosen)[:missing]] = True
    return np.flatnonzero(chosen)


def look_up(view: Community, queries: Sequence[Query]) -> None:
    """Notes in many queries what `pool` finds by their vectors: at once, a fraction of the work of one by one."""
    if view.size <= EVERYBODY or not len(view.documents.index):
        return
    ends = np.cumsum([len(query.vectors) for query in queries])[:-1]
    found, score = _nearest(view, np.concatenate([query.vectors for query in queries]))
    for query, *one in zip(queries, np.split(found, ends), np.split(score, ends), strict=True):
        query.nearest = (one[0], one[1])


def _nearest(view: Community, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    index = view.documents.index
    return index.search(vectors, min(2 * SEATS, len(index)), None)


def _graph(view: Community, query: Query) -> np.ndarray:
    return np.asarray(times(query.adamic_adar, view.ties.binary) + dense(query.near) + dense(query.tie))


def _lexical(view: Community, query: Query) -> np.ndarray:
    return times(query.lexical, view.lexical.by_term)


def _dense(view: Community, query: Query, mask: np.ndarray) -> np.ndarray:
    out = np.zeros(view.size, np.float32)
    index, owner = view.documents.index, view.documents.owner
    if len(index) and len(query.vectors):
        found, score = query.nearest or _nearest(view, query.vectors)
        keep = found >= 0
        people, score = owner[found[keep]], score[keep]
        np.maximum.at(out, people[people >= 0], score[people >= 0])
    facets = view.facets
    if len(facets.items) and len(query.vectors):
        np.maximum.at(out, facets.member, (facets.vectors @ query.vectors.T).max(1))
    return np.where(mask, out, 0)


def _complementary(view: Community, query: Query) -> np.ndarray:
    gives = matrix.fit(view.facets, "offers", query.seeks, query.seeks_weight, view.size)
    takes = matrix.fit(view.facets, "seeks", query.offers, query.offers_weight, view.size)
    return np.asarray(gives + takes)


def _top(scores: np.ndarray, k: int) -> np.ndarray:
    """Rows of the k largest positive scores."""
    k = min(k, len(scores))
    best = np.argpartition(-scores, k - 1)[:k]
    return best[scores[best] > 0]
