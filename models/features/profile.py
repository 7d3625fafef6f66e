"""What people state of themselves, and what of it they accept in others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from models.community.attribute_preferences import ChoiceModel, mutual
from models.community.view import Community
from models.features.feature import Beside, Family, Feature
from models.features.query import Query
from models.features.statements import HALF_FIT, all_fit, stated


def _values(beside: Beside) -> dict[str, np.ndarray]:
    view, pick = beside.view, beside.pick
    facets, where, among = view.facets, view.whereabouts, None
    if beside.candidates is not None:
        among = np.zeros(view.size, bool)
        among[beside.candidates] = True

    def best(kind: str, wanted: Callable[[Query], np.ndarray], weight: Callable[[Query], np.ndarray]) -> np.ndarray:
        ends = np.cumsum([len(wanted(query)) for query in beside.queries])
        vectors = np.concatenate([wanted(query) for query in beside.queries])
        weights = np.concatenate([weight(query) for query in beside.queries])
        return all_fit(facets, kind, vectors, weights, ends, view.size, among)[:, pick]

    offset, place = (np.array([getattr(q, name) for q in beside.queries])[:, None] for name in ("utc_offset", "place"))
    spoken = np.stack([query.languages for query in beside.queries]).astype(np.float32)
    return {
        "mutual": beside.each(lambda query: _mutual(view, query, beside.rows, beside.learnt.choice)),
        "gives": best("offers", lambda query: query.seeks, lambda query: query.seeks_weight),
        "takes": best("seeks", lambda query: query.offers, lambda query: query.offers_weight),
        "aims": best("aims", lambda query: query.aims, lambda query: np.ones(len(query.aims), np.float32)),
        "values": best("values", lambda query: query.values, lambda query: np.ones(len(query.values), np.float32)),
        "stated": beside.each(lambda query: stated(facets, query.queries, view.size, among)[pick]),
        "place": (place >= 0) & (where.place[pick] == place),
        "time_zone": _overlap(where.utc_offset[pick], offset),
        "language": spoken @ where.languages[pick].T.astype(np.float32) > 0,
    }


def _mutual(view: Community, query: Query, rows: np.ndarray, choice: ChoiceModel | None) -> np.ndarray:
    """(n,) chance that both accept, by their attributes; 0 where nothing is learnt, or nobody in particular asks."""
    if choice is None or query.row < 0:
        return np.zeros(len(rows), np.float32)
    chances = choice.chances(choice.encode(view.attributes), query.row, rows)
    return np.asarray(mutual(*chances))


def _overlap(theirs: np.ndarray, mine: np.ndarray) -> np.ndarray:
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
