"""One feature matrix for every kind of recommendation, for serving and for training alike.

A `Query` is whoever or whatever asks: a member, a goal, a brief, a question. `raw` compares several with candidates and
`transform` gives (n, F) float32 in 0..1, columns `COLUMNS`. Columns ending in "%" are standings among the candidates of
this query (1 for the first, 0 where the value is 0; see `standing`), those ending in "^" are shares of the query's
largest value (of a fit: at least of `HALF_FIT`), the rest are as they are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.community.view import Community
from models.features import activity, company, graph, profile, rooms, text
from models.features.activity import ACTIVITY, raw_activity
from models.features.feature import FORMS, NOISE, Beside, Feature
from models.features.query import NOTHING_LEARNT, Asked, Learnt, Query, goal_query, member_query
from models.features.standing import HALFWAY, standing, standings, standings_of
from models.features.statements import FIT_RANGE, HALF_FIT, fits, scaled, stated_fits

__all__ = [
    "ACTIVITY", "COLUMN", "COLUMNS", "FAMILIES", "FEATURES", "FIT_RANGE", "HALFWAY", "HALF_FIT", "NOISE",
    "NOTHING_LEARNT", "TEXT", "Asked", "Beside", "Learnt", "Query", "feature_of", "fits", "goal_query",
    "member_query", "raw", "raw_activity", "scaled", "standing", "standings_of", "stated_fits", "transform",
    "value_of",
]  # fmt: skip

# Columns come in this order, and numbers are added up in theirs: a family more goes to the end.
FAMILIES = (activity.FAMILY, graph.FAMILY, rooms.FAMILY, text.FAMILY, profile.FAMILY, company.FAMILY)
FEATURES = {feature.name: feature for family in FAMILIES for feature in family.features}
TEXT = text.FAMILY.names
COLUMNS = tuple(f.name + form for form in FORMS for f in FEATURES.values() if form in f.forms)
COLUMN = {name: i for i, name in enumerate(COLUMNS)}


def raw(
    view: Community, queries: Sequence[Query], candidates: np.ndarray | None = None, learnt: Learnt = NOTHING_LEARNT
) -> np.ndarray:
    """(features, B, n) float32 plain values of B queries beside the same candidates, 0 where there is nothing."""
    beside = Beside(view, queries, candidates, learnt)
    out = np.empty((len(FEATURES), len(queries), len(beside.rows)), np.float32)
    found = {name: values for family in FAMILIES for name, values in family.values(beside).items()}
    for i, name in enumerate(FEATURES):
        out[i] = found[name]
    return out


def transform(values: np.ndarray, weight: np.ndarray, said: float = 1.0) -> np.ndarray:
    """(n, F) float32 columns `COLUMNS` from plain values (features, n); `weight` (n,) is what each candidate counts in
    standings.

    Likeness by words counts by the share of what is asked that was `said` here: the first among those who said one word
    in three is not the first to ask.
    """
    ranked, shared, plain = (values[names] for names in _VALUES)
    out = np.zeros((len(COLUMNS), len(weight)), np.float32)
    standings(ranked, weight, _NOISES, out[: len(ranked)])
    tops = np.maximum(shared.max(1, initial=0), _TOPS)
    at = slice(len(ranked), len(ranked) + len(shared))
    np.divide(shared, tops[:, None], out=out[at], where=tops[:, None] > 0)
    out[at.stop :] = plain
    out[_BY_WORDS] *= said
    return out.T


def value_of(column: str) -> str:
    """The plain value that a column is made of."""
    return column.rstrip("%^")


def _form_of(column: str) -> str:
    return column[len(value_of(column)) :]


def feature_of(column: str) -> Feature:
    """The feature that a column is made of."""
    return FEATURES[value_of(column)]


# Of each form, in the order of the columns: which of the features.
_VALUES = tuple([list(FEATURES).index(value_of(c)) for c in COLUMNS if _form_of(c) == form] for form in FORMS)
_NOISES, _TOPS = (
    np.array([getattr(list(FEATURES.values())[i], what) for i in places], np.float32)
    for places, what in zip(_VALUES, ("noise", "top"), strict=False)
)
_BY_WORDS = [i for i, column in enumerate(COLUMNS) if feature_of(column).group == "words"]
