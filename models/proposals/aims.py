"""Themes that begin with an aim: what somebody says they want to bring about, those who want much the same, and those
who can help. Where people state aims, nothing names a theme better than their own words."""

from __future__ import annotations

import numpy as np

from models.arrays.unit import unit
from models.community.view import SUGGESTED_WEIGHT, Community
from models.features import matrix
from models.themes.names import Theme
from models.themes.places import SHARERS, Points, Spot

MOST = 120  # aims; of more, those of the most active
# What counts for going along with an aim, beside an aim like it (1): looking for it, offering what it takes.
SEEKS, OFFERS = 0.75, 0.8
OTHERS = 0.99  # at most: an aim belongs to one, even where another states the same
# Fit (0..1) from which somebody belongs to an aim: for those who ask for themselves, and for all.
COMPANY, SURE = 0.4, 0.5
NEAR_OWN_NEED = 0.2  # centred cosine of a seek of whose aim it is with the aim, from which it is a need of it
ENOUGH, COUNTED = 1.0, 3  # what the best few of the others have to come to together to be proposed to all


def aimed(view: Community, who: np.ndarray, found: Points) -> list[Theme]:
    """The aims of the members in (N,) bool `who` that somebody goes along with, those with most company first.

    `sayers` of such a theme are its company: by row, 0..1, how much they want it or can do for it; its owner is 1.
    """
    stated = {kind: _stated(view, kind, who) for kind in ("aims", "offers", "seeks")}
    told = [_theme(view, aim, _company(view, aim, stated), found) for aim in _of_the_most_active(view, stated["aims"])]
    return sorted((theme for theme in told if len(theme.sayers) > 1), key=lambda theme: -company(theme))


def company(theme: Theme) -> float:
    """How much the best few of those who surely go along with an aim do so, besides whose it is."""
    return sum(sorted(fit for fit in theme.sayers.values() if fit >= SURE)[-COUNTED - 1 : -1])


def _stated(view: Community, kind: str, who: np.ndarray) -> np.ndarray:
    """(f,) facets of a kind that members in `who` stated themselves."""
    facets = view.facets
    rows = facets.of_kind(kind)
    return np.asarray(rows[who[facets.member[rows]] & (facets.weight[rows] > SUGGESTED_WEIGHT)])


def _of_the_most_active(view: Community, aims: np.ndarray) -> list[int]:
    activity = view.activity.decayed[view.facets.member[aims], 2]
    return [int(aim) for aim in np.sort(aims[np.argsort(-activity, kind="stable")[:MOST]])]


def _company(view: Community, aim: int, stated: dict[str, np.ndarray]) -> np.ndarray:
    """(N,) 0..1: how much everybody goes along with an aim, 0 below what counts."""
    facets = view.facets
    owner, wanted = facets.member[aim], facets.telling[[aim]]
    fit = np.zeros(view.size, np.float32)

    def count(kind: str, vectors: np.ndarray, share: float) -> None:
        rows = stated[kind]
        if len(rows) and len(vectors):
            found = matrix.fits(facets, rows, vectors).max(1)
            np.maximum.at(fit, facets.member[rows], share * found)

    count("aims", wanted, 1.0)
    count("seeks", wanted, SEEKS)
    count("offers", wanted, OFFERS)
    own = stated["seeks"][facets.member[stated["seeks"]] == owner]
    near = unit(facets.vectors[own] - view.mean) @ unit(facets.vectors[[aim]] - view.mean)[0]
    count("offers", facets.telling[own[near >= NEAR_OWN_NEED]], 1.0)
    fit[fit < COMPANY] = 0
    fit = np.minimum(fit, OTHERS)
    fit[owner] = 1
    return fit


def _theme(view: Community, aim: int, fit: np.ndarray, found: Points) -> Theme:
    text = view.facets.items[aim].text
    vector = unit(view.facets.vectors[[aim]] - view.mean)
    near = found.near(vector, view.size)[0]
    sayers = {int(row): float(fit[row]) for row in np.flatnonzero(fit)}
    spot = Spot(vector[0], near, float(np.sort(near)[-SHARERS:].mean()))
    return Theme(spot, (text,), {text: frozenset()}, sayers, 1.0, aim=text)
