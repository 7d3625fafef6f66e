"""Who moves in other company than the one who asks."""

from __future__ import annotations

import numpy as np

from models.community.sparse import dense, row_of, times
from models.features.feature import Beside, Family, Feature


def _values(beside: Beside) -> dict[str, np.ndarray]:
    """1 for who was in no thread with anybody who was in one with the query; 0 where threads tell nothing."""
    ties, query, pick = beside.view.ties, beside.query, beside.pick
    company = ties.company
    if query.row < 0 or not len((own := row_of(company, query.row)).columns):
        return {"apart": np.zeros(len(ties.degree), np.float32)[pick]}
    near = times(own, company) + dense(own)
    return {"apart": np.asarray((near == 0)[pick], np.float32)}


FAMILY = Family((Feature(name="apart", meaning="in other company", group="company", forms=("",)),), _values)
