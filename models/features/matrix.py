"""One feature matrix for every kind of recommendation, for serving and for training alike.

A `Query` is whoever or whatever asks: a member, a goal, a brief, a question. `raw` compares it with candidates and
`transform` gives (n, F) float32 in 0..1, columns `COLUMNS`. Columns ending in "%" are standings among the candidates of
this query (1 for the first, 0 where the value is 0; see `standing`), those ending in "^" are shares of the query's
largest value (of a fit: at least of `HALF_FIT`), the rest are as they are.
"""

from __future__ import annotations

import numpy as np

from models.community.view import Community
from models.features import activity, company, graph, profile, rooms, text
from models.features.activity import ACTIVITY, raw_activity
from models.features.feature import FORMS, NOISE, Beside, Feature
from models.features.query import NOTHING_LEARNT, Asked, Learnt, Query, goal_query, member_query
from models.features.statements import FIT_RANGE, HALF_FIT, fit, fits, scaled, stated_fits

__all__ = [
    "ACTIVITY", "COLUMN", "COLUMNS", "FAMILIES", "FEATURES", "FIT_RANGE", "HALFWAY", "HALF_FIT", "NOISE",
    "NOTHING_LEARNT", "TEXT", "Asked", "Beside", "Learnt", "Query", "feature_of", "fit", "fits", "goal_query",
    "member_query", "raw", "raw_activity", "scaled", "standing", "standing_of", "stated_fits", "transform",
    "value_of",
]  # fmt: skip

# Columns come in this order, and numbers are added up in theirs: a family more goes to the end.
FAMILIES = (activity.FAMILY, graph.FAMILY, rooms.FAMILY, text.FAMILY, profile.FAMILY, company.FAMILY)
FEATURES = {feature.name: feature for family in FAMILIES for feature in family.features}
TEXT = text.FAMILY.names
COLUMNS = tuple(f.name + form for form in FORMS for f in FEATURES.values() if form in f.forms)
COLUMN = {name: i for i, name in enumerate(COLUMNS)}

# The candidate with so many people before them stands at one half. Few, as lists are short: what tells the third from
# the tenth counts for more than what tells the hundredth from the two hundredth (as in reciprocal rank fusion, Cormack
# et al., 2009).
HALFWAY = 10.0


def raw(
    view: Community, query: Query, candidates: np.ndarray | None = None, learnt: Learnt = NOTHING_LEARNT
) -> dict[str, np.ndarray]:
    """Plain values by name, each (n,) float32, 0 where there is nothing."""
    beside = Beside(view, query, candidates, learnt)
    out = {name: values for family in FAMILIES for name, values in family.values(beside).items()}
    return {name: np.ascontiguousarray(values, np.float32) for name, values in out.items()}


def transform(values: dict[str, np.ndarray], weight: np.ndarray, said: float = 1.0) -> np.ndarray:
    """(n, F) float32 columns `COLUMNS` from plain values; `weight` (n,) is what each candidate counts in standings.

    Likeness by words counts by the share of what is asked that was `said` here: the first among those who said one word
    in three is not the first to ask.
    """
    n = len(values["recent"])
    out = np.zeros((n, len(COLUMNS)), np.float32)
    for i, name in enumerate(COLUMNS):
        value = values[value_of(name)]
        if name.endswith("%"):
            out[:, i] = standing(value, weight, feature_of(name).noise)
        elif name.endswith("^"):
            top = max(value.max(initial=0), feature_of(name).top)
            out[:, i] = value / top if top > 0 else 0
        else:
            out[:, i] = value
    out[:, _BY_WORDS] *= said
    return out


def value_of(column: str) -> str:
    """The plain value that a column is made of."""
    return column.rstrip("%^")


def feature_of(column: str) -> Feature:
    """The feature that a column is made of."""
    return FEATURES[value_of(column)]


_BY_WORDS = [i for i, column in enumerate(COLUMNS) if feature_of(column).group == "words"]


def standing(values: np.ndarray, weight: np.ndarray, noise: float = 0.0) -> np.ndarray:
    """(n,) H / (H + people before), where H is `HALFWAY`; 0 where the value is 0 or less.

    People before are those with a larger value, each counted with their weight (n,) and those of the same value half.
    Values within `noise` (a share of the largest) of their neighbour are the same.
    """
    if not len(values) or values.max() <= 0:
        return np.zeros(len(values), np.float32)
    order = np.argsort(-values)
    ranked = values[order]
    begins = np.append(True, ranked[:-1] - ranked[1:] > noise * ranked[0])
    same = np.cumsum(begins) - 1
    heavy = np.bincount(same, weight[order])
    before = np.empty(len(values))
    before[order] = (np.cumsum(heavy) - heavy / 2)[same]
    before -= weight / 2
    return np.where(values > 0, HALFWAY / (HALFWAY + before), 0).astype(np.float32)


def standing_of(value: np.ndarray, values: np.ndarray, weight: np.ndarray) -> float:
    """Where somebody with this value () who is not among the candidates would stand."""
    before = float(weight[values > value].sum() + weight[values == value].sum() / 2)
    return HALFWAY / (HALFWAY + before) if float(value) > 0 else 0.0
