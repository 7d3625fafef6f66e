"""Aims and values of both that are close: two statements, theirs and mine."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from models.domain.requests import ReasonKind
from models.features import matrix as features
from models.ranking.reasons.kind import Case, Found, Kind, stated

SHARED_AIM = ReasonKind("shared_aim")
SHARED_VALUE = ReasonKind("shared_value")

LEAST_FIT = 0.35  # of two statements, before it is said that they have to do with each other
LEAST_AIM_FIT = 0.2  # of two aims, which are longer and seldom worded alike


def _close(what: str, least: float) -> Callable[[Case], Found]:
    """Evidence that two statements of a kind are close: (theirs, mine)."""

    def evidence(case: Case) -> Found:
        facets, query = case.view.facets, case.query
        rows = facets.rows(case.row, what)
        own = facets.rows(query.row, what) if query.row >= 0 else np.zeros(0, np.int64)
        rows, own = rows[~facets.statements.empty[rows]], own[~facets.statements.empty[own]]
        like = features.scaled(facets.telling[rows] @ facets.telling[own].T, features.FIT_RANGE)
        if not (like >= least).any():
            return None
        # What an unconfirmed suggestion weighs says nothing about how well its words fit.
        close = like * facets.weight[rows][:, None] * facets.weight[own]
        best = np.unravel_index(int(np.argmax(np.where(like >= least, close, -1))), close.shape)
        return stated(case, int(rows[best[0]])), stated(case, int(own[best[1]]))

    return evidence


KINDS = (
    Kind(name=SHARED_AIM, values=("aims",), evidence=_close("aims", LEAST_AIM_FIT), told="parts"),
    Kind(name=SHARED_VALUE, values=("values",), evidence=_close("values", LEAST_FIT), told="parts"),
)
