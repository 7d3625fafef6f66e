"""What two people are worth to each other, for everybody in a round, by the model that serves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import scipy.sparse as sp

from models.community.view import Community
from models.domain.requests import Options
from models.features.matrix import member_query
from models.ranking import pipeline
from models.ranking.ranker import Head, Ranker

DENSE = 4000  # up to so many people every pair has a score
# Nobody knows yet what somebody who said and stated nothing is worth to others: more than nothing, so that such people
# are not put together, and less than most.
GUESS = 0.25  # a quantile of the scores that are known


def scores(
    view: Community,
    ranker: Ranker,
    rows: Sequence[int] | np.ndarray,
    head: Head = "collaborators",
    best: int = 60,
    now: int = 0,
    progress: Callable[[float], None] = lambda share: None,
) -> np.ndarray | sp.csr_matrix:
    """(n, n) float32 in 0..1, symmetric, of members in `rows` (n,) of the view: the mean of both lists' scores.

    Of more than 4,000 people CSR with the `best` of each. Only they are compared, acquaintances among them like
    everybody else; who may not be shown to whom has 0; who stated and did nothing has the same guess with everybody.
    `now`: the wall clock in microseconds, for pauses.
    """
    at = np.asarray(rows, np.int64)
    place = np.full(view.size, -1, np.int64)
    place[at] = np.arange(len(at))
    # With so high a limit everybody is compared, which is less work than to choose of each with whom.
    options = Options(limit=len(at), audience="organizers", include_connected=True, now=now)
    whole = len(at) <= DENSE
    dense = np.zeros((len(at), len(at)) if whole else (0, 0), np.float32)
    kept: list[tuple[np.ndarray, np.ndarray]] = []
    shown = np.zeros(len(at), bool)  # to anybody: who is paused sees others, and still is in no pair
    queries = [member_query(view, int(row)) for row in at]
    compared_all = pipeline.compare_all(view, queries, options, ranker.learnt, within=place >= 0)
    for i, (query, compared) in enumerate(zip(queries, compared_all, strict=True)):
        found = pipeline.scored(view, ranker, head, query, compared)
        where, score = place[found.rows], found.score
        shown[where] = True
        if whole:
            dense[i, where] = score
        else:
            chosen = np.argpartition(-score, min(best, len(score)) - 1)[:best] if len(score) else np.zeros(0, np.int64)
            kept.append((where[chosen], score[chosen]))
        if i % 50 == 0:
            progress(i / len(at))
    if whole:
        dense[~shown] = 0
        return _guessed(view, at, (dense + dense.T) / 2, now)
    nothing = np.zeros(0, np.int64), np.zeros(0, np.float32)
    return _symmetric([found if there else nothing for found, there in zip(kept, shown, strict=True)], len(at))


def _guessed(view: Community, at: np.ndarray, score: np.ndarray, now: int) -> np.ndarray:
    """The scores with a guess for those of whom nothing is known, who stated and did nothing; refusals hold."""
    rules, known = view.rules, score[score > 0]
    unknown = ~rules.present[at] & (rules.consent[at] > 0) & (rules.paused_until[at] <= now)
    if unknown.any() and len(known):
        anybody = unknown | (score > 0).any(1)
        guessed = (unknown[:, None] & anybody) | (unknown & anybody[:, None])
        guessed &= ~np.asarray(rules.hidden[at][:, at].toarray(), bool)
        score[guessed] = np.quantile(known, GUESS)
        np.fill_diagonal(score, 0)
    return score


def _symmetric(kept: Sequence[tuple[np.ndarray, np.ndarray]], n: int) -> sp.csr_matrix:
    """The mean of both directions, or the one that there is."""
    starts = np.cumsum([0, *(len(where) for where, _ in kept)])
    columns = np.concatenate([where for where, _ in kept])
    one = sp.csr_matrix((np.concatenate([score for _, score in kept]), columns, starts), shape=(n, n), dtype=np.float32)
    there = one.copy()
    there.data = np.ones_like(there.data)
    times = (there + there.T).tocsr()
    total = (one + one.T).tocsr()
    times.data = 1 / times.data
    return total.multiply(times).tocsr().astype(np.float32)
