"""The passages nearest to what is asked, looked up once for candidates and features alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.community.interest_index import SEARCHED_FROM
from models.community.view import Community
from models.features.query import Query

NEAREST = 1000


def nearest_passages(view: Community, query: Query) -> tuple[np.ndarray, np.ndarray]:
    """(m, k) ids and scores of the passages nearest to each vector of a query; ids are -1 where there are fewer. Of
    its first vector alone where there are so few members that all are ranked."""
    if query.passages is None:
        look_up(view, [query])
    assert query.passages is not None
    return query.passages


def look_up(view: Community, queries: Sequence[Query]) -> None:
    """Look up the passages of several queries: an index finds those of many vectors faster together."""
    of_each = [query.vectors if view.size > SEARCHED_FROM else query.vectors[:1] for query in queries]
    starts = np.cumsum([0, *map(len, of_each)])
    index = view.documents.index
    found, score = index.search(np.concatenate(of_each), min(NEAREST, len(index)), None)
    for query, start, end in zip(queries, starts, starts[1:], strict=False):
        query.passages = found[start:end], score[start:end]
