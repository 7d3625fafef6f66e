"""Who moves in other company than the one who asks."""

from __future__ import annotations

import numpy as np

from models.community.sparse import dense, row_of, times
from models.community.view import Ties
from models.features.feature import Beside, Family, Feature
from models.features.query import Query


def _values(beside: Beside) -> dict[str, np.ndarray]:
    return {"apart": beside.each(lambda query: _apart(beside.view.ties, query))[:, beside.pick]}


def _apart(ties: Ties, query: Query) -> np.ndarray:
    """(N,) 1 for who was in no thread with anybody who was in one with the query; 0 where threads tell nothing."""
    company = ties.company
    if query.row < 0 or not len((own := row_of(company, query.row)).columns):
        return np.zeros(len(ties.degree), np.float32)
    return np.asarray(times(own, company) + dense(own) == 0, np.float32)


FAMILY = Family((Feature(name="apart", meaning="in other company", group="company", forms=("",)),), _values)
