"""What people state of themselves, and what of it they accept in others."""

from __future__ import annotations

import numpy as np

from models.community.attribute_preferences import ChoiceModel, mutual
from models.community.view import Community
from models.features.feature import Beside, Family, Feature
from models.features.query import Query
from models.features.statements import HALF_FIT, fit, stated


def _values(beside: Beside) -> dict[str, np.ndarray]:
    view, query, pick = beside.view, beside.query, beside.pick
    facets, where, among = view.facets, view.whereabouts, None
    if beside.candidates is not None:
        among = np.zeros(view.size, bool)
        among[beside.candidates] = True
    return {
        "mutual": _mutual(view, query, beside.rows, beside.learnt.choice),
        "gives": fit(facets, "offers", query.seeks, query.seeks_weight, view.size, among)[pick],
        "takes": fit(facets, "seeks", query.offers, query.offers_weight, view.size, among)[pick],
        "aims": fit(facets, "aims", query.aims, None, view.size, among)[pick],
        "values": fit(facets, "values", query.values, None, view.size, among)[pick],
        "stated": stated(facets, query.queries, view.size)[pick],
        "place": (query.place >= 0) & (where.place[pick] == query.place),
        "time_zone": _overlap(where.utc_offset[pick], query.utc_offset),
        "language": (where.languages[pick] & query.languages).any(1),
    }


def _mutual(view: Community, query: Query, rows: np.ndarray, choice: ChoiceModel | None) -> np.ndarray:
    """(n,) chance that both accept, by their attributes; 0 where nothing is learnt, or nobody in particular asks."""
    if choice is None or query.row < 0:
        return np.zeros(len(rows), np.float32)
    chances = choice.chances(choice.encode(view.attributes), query.row, rows)
    return np.asarray(mutual(*chances))


def _overlap(theirs: np.ndarray, mine: float) -> np.ndarray:
    """1 for the same offset, falling to 0 at 8 hours apart; 0 where unknown."""
    apart = np.abs(theirs - mine)
    return np.asarray(np.nan_to_num(np.clip(1 - np.minimum(apart, 24 - apart) / 8, 0, 1), nan=0.0))


def _feature(name: str, meaning: str) -> Feature:
    return Feature(name=name, meaning=meaning, group="profile", forms=("",))


def _exchange(name: str, opposite: str, meaning: str) -> Feature:
    return Feature(name=name, meaning=meaning, group="profile", forms=("^", ""), top=HALF_FIT, opposite=opposite)


FAMILY = Family(
    (
        Feature(name="mutual", meaning="the chance that both accept", group="profile"),
        _exchange("gives", "takes", "they offer what is sought"),
        _exchange("takes", "gives", "they seek what is offered"),
        _feature("aims", "the same aims"),
        _feature("values", "the same things held dear"),
        _feature("stated", "what they state answers what is asked"),
        _feature("place", "the same place"),
        _feature("time_zone", "hours of the day in common"),
        _feature("language", "a language in common"),
    ),
    _values,
)
