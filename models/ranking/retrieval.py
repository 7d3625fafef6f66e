"""Which members are worth ranking at all, where a community is too large to rank everybody.

Each source gets seats of its own, so that the busy and the near never crowd out the fitting.
"""

from __future__ import annotations

import numpy as np

from models.community.interest_index import SEARCHED_FROM
from models.community.kept import once_a_view
from models.community.sparse import dense, row_of, times
from models.community.view import FACET_KINDS, INTERESTS, Community
from models.features.passages import nearest_passages
from models.features.query import Query
from models.features.statements import STATED
from models.ranking.exposure import lots, marks_of

EVERYBODY = SEARCHED_FROM  # up to this many allowed members all are ranked
MOST_MAY = 0.7  # share of the members; where fewer may be shown, these alone are searched
SEATS = 150  # a source
NEAR = 200  # interests a search finds, of which some are of the same people
DRAWN = 500  # by lot, about
LATELY, A_YEAR = 1, 3  # columns of `Activity.decayed`


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
    seats = max(SEATS, limit)
    # What is searched finds the nearest of all; where few of them may be shown, it is told who.
    within = mask if len(everybody) < MOST_MAY * view.size else None
    sources = [
        _graph(view, query),
        _walked(query),
        _lexical(view, query),
        _dense(view, query, within),
        _complementary(view, query, within),
        _stated(view, "aims", query.aims, np.ones(len(query.aims), np.float32), within),
        _told(view, query, within),
        dense(row_of(view.activity.recent_by_channel, query.room)) if query.room >= 0 else np.zeros(0),
    ]
    chosen = drawn(view, query.row, np.arange(view.size)) if query.row >= 0 else np.zeros(view.size, bool)
    for scores in sources:
        if len(scores):
            chosen[_top(scores, mask, seats)] = True
    for order in (_newest_first(view), *_most_active_first(view)):
        chosen[_first(order, mask, seats)] = True
    chosen &= mask
    if (missing := limit - int(chosen.sum())) > 0:
        chosen[np.flatnonzero(mask & ~chosen)[:missing]] = True
    return np.flatnonzero(chosen)


@once_a_view
def _newest_first(view: Community) -> np.ndarray:
    """Rows of the newcomers who are here."""
    here = view.activity.decayed[:, LATELY] > 0
    return _descending(np.where(here, view.activity.oldest, 0))


@once_a_view
def _most_active_first(view: Community) -> tuple[np.ndarray, ...]:
    """Rows of the active: of late, and of a year. After a pause the two have nobody in common."""
    decayed = view.activity.decayed
    return tuple(_descending(decayed[:, column]) for column in (LATELY, A_YEAR))


def _descending(values: np.ndarray) -> np.ndarray:
    """Rows of those above 0."""
    there = np.flatnonzero(values > 0)
    return there[np.argsort(-values[there], kind="stable")]


def _first(order: np.ndarray, mask: np.ndarray, k: int) -> np.ndarray:
    """The first k of an order that are among `mask` (N,)."""
    for depth in (4 * k, len(order)):  # few are kept out, as a rule
        found = order[:depth][mask[order[:depth]]][:k]
        if len(found) == k:
            break
    return np.asarray(found)


def _graph(view: Community, query: Query) -> np.ndarray:
    return np.asarray(times(query.adamic_adar, view.ties.binary) + dense(query.near) + dense(query.tie))


def _walked(query: Query) -> np.ndarray:
    """Where walks along ties lead, each kind of walk for as much as the others."""
    out = np.zeros(len(query.walks["pagerank"]), np.float32)
    for walk in query.walks.values():
        out += walk / max(float(walk.max(initial=0)), 1e-30)
    return np.asarray(out)


def _lexical(view: Community, query: Query) -> np.ndarray:
    return times(query.lexical, view.lexical.by_term)


def _dense(view: Community, query: Query, within: np.ndarray | None) -> np.ndarray:
    out = np.zeros(view.size, np.float32)
    if not len(query.vectors):
        return out
    if query.row >= 0 and view.interest_index is not None:
        # Of a member all that they say and state is in their interests, and so it is of the others.
        index = view.interest_index
        allowed = None if within is None else np.repeat(within, INTERESTS)
        found, score = index.search(query.vectors[query.first :], min(NEAR, len(index)), allowed)
        _raise(out, np.where(found >= 0, found // INTERESTS, -1), score)
    elif len(view.documents.index):
        _raise(out, *_passages(view, query, within))
    return out


def _passages(view: Community, query: Query, within: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """(m, k) owners and scores of the passages nearest to what is asked; -1 for who is not `within` (N,) bool."""
    owner, index = view.documents.owner, view.documents.index
    found, score = nearest_passages(view, query)
    whose = np.where(found >= 0, owner[found], -1)
    if within is None:
        return whose, score
    may = (whose >= 0) & within[whose]
    if may.sum(1).min() >= 2 * SEATS:
        return np.where(may, whose, -1), score
    found, score = index.search(query.vectors, min(2 * SEATS, len(index)), within[owner] & (owner >= 0))
    return np.where(found >= 0, owner[found], -1), score


def _told(view: Community, query: Query, within: np.ndarray | None) -> np.ndarray:
    """(N,) how near what each member states of themselves comes to what is asked."""
    if query.row >= 0:
        return np.zeros(0)
    one = np.ones(len(query.vectors), np.float32)
    return np.asarray(np.max([_stated(view, kind, query.vectors, one, within) for kind in STATED], axis=0))


def _raise(out: np.ndarray, owner: np.ndarray, score: np.ndarray) -> None:
    """Raises `out` (N,) to the largest score of each owner; -1 is nobody."""
    np.maximum.at(out, owner[owner >= 0], score[owner >= 0])


def _complementary(view: Community, query: Query, within: np.ndarray | None) -> np.ndarray:
    gives = _stated(view, "offers", query.seeks, query.seeks_weight, within)
    return np.asarray(gives + _stated(view, "seeks", query.offers, query.offers_weight, within))


def _stated(
    view: Community, kind: str, wanted: np.ndarray, weight: np.ndarray, within: np.ndarray | None
) -> np.ndarray:
    """(N,) how near what each member states of a kind comes to one of (m, d) vectors, times both weights, for those
    who come nearest."""
    out, facets = np.zeros(view.size, np.float32), view.facets
    if len(wanted):
        among = None if within is None else within[facets.member]
        rows, near = facets.nearest.search(FACET_KINDS.index(kind), wanted, 2 * SEATS, among)
        near *= weight[:, None] * facets.weight[rows]
        _raise(out, np.where(rows >= 0, facets.member[rows], -1), near)
    return out


@once_a_view
def _searchable(view: Community) -> None:
    """What searches of statements need, where there are any."""
    if view.size > EVERYBODY:
        view.facets.nearest.ready()


def _top(scores: np.ndarray, mask: np.ndarray, k: int) -> np.ndarray:
    """Rows of the k largest positive scores among `mask` (N,)."""
    found = np.flatnonzero((scores > 0) & mask)
    return found if len(found) <= k else np.asarray(found[np.argpartition(-scores[found], k - 1)[:k]])
