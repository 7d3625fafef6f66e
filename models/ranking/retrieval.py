"""Which members are worth ranking at all, where a community is too large to rank everybody.

Each source gets seats of its own, so that the busy and the near never crowd out the fitting.
"""

from __future__ import annotations

import numpy as np

from models.community.interest_index import SEARCHED_FROM
from models.community.sparse import dense, row_of, times
from models.community.view import INTERESTS, Community
from models.features import matrix
from models.features.matrix import Query
from models.ranking.exposure import lots, marks_of

EVERYBODY = SEARCHED_FROM  # up to this many allowed members all are ranked
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


def _graph(view: Community, query: Query) -> np.ndarray:
    return np.asarray(times(query.adamic_adar, view.ties.binary) + dense(query.near) + dense(query.tie))


def _lexical(view: Community, query: Query) -> np.ndarray:
    return times(query.lexical, view.lexical.by_term)


def _dense(view: Community, query: Query, mask: np.ndarray) -> np.ndarray:
    out = np.zeros(view.size, np.float32)
    if not len(query.vectors):
        return out
    if query.row >= 0 and view.interest_index is not None:
        # Of a member all that they say and state is in their interests, and so it is of the others.
        index = view.interest_index
        found, score = index.search(query.vectors[query.first :], min(2 * SEATS, len(index)))
        _raise(out, np.where(found >= 0, found // INTERESTS, -1), score)
    else:
        found, score = nearest_passages(view, query.vectors) if query.ahead is None else query.ahead.passages
        _raise(out, np.where(found >= 0, view.documents.owner[found], -1), score)
        near = nearest_facets(view, query.vectors) if query.ahead is None else query.ahead.facets
        _raise(out, view.facets.member, near)
    return np.where(mask, out, 0)


def nearest_passages(view: Community, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(m, k) ids and scores of the passages nearest to each of (m, d) vectors."""
    index = view.documents.index
    return index.search(vectors, min(2 * SEATS, len(index)))


def nearest_facets(view: Community, vectors: np.ndarray) -> np.ndarray:
    """(F,) how near each facet comes to one of (m, d) vectors."""
    return np.asarray((view.facets.vectors @ vectors.T).max(1, initial=0))


def _raise(out: np.ndarray, owner: np.ndarray, score: np.ndarray) -> None:
    """Raises `out` (N,) to the largest score of each owner; -1 is nobody."""
    np.maximum.at(out, owner[owner >= 0], score[owner >= 0])


def _complementary(view: Community, query: Query) -> np.ndarray:
    gives = matrix.fit(view.facets, "offers", query.seeks, query.seeks_weight, view.size)
    takes = matrix.fit(view.facets, "seeks", query.offers, query.offers_weight, view.size)
    return np.asarray(gives + takes)


def _top(scores: np.ndarray, k: int) -> np.ndarray:
    """Rows of the k largest positive scores."""
    k = min(k, len(scores))
    best = np.argpartition(-scores, k - 1)[:k]
    return best[scores[best] > 0]
