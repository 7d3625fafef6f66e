"""Chooses a small team for a theme: people who want it and can do it, suit each other, and are not all old friends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from models.arrays.unit import unit
from models.community.view import Community
from models.features import matrix
from models.proposals.aims import NEAR_OWN_NEED
from models.proposals.people import Pairs, Pool, acquainted, can_meet

USUAL = 4  # people; more only where they cover what is still needed
# What counts for taking somebody into a team, beside their fit to the theme (0..1).
TOGETHER, NEEDED, MIXED, SEEN = 0.8, 0.35, 0.3, 0.7
NEAR_NEED = 0.3  # centred cosine of a seek with the theme from which it is one of its needs
MET = 0.5  # fit (0..1) of an offer to a need
MOST_NEEDS = 4


@dataclass(frozen=True, slots=True)
class Team:
    """Rows, the lead first; `fit` of each to the theme; needs, rows of statements, by whether somebody's
    offer covers them."""

    rows: tuple[int, ...]
    fit: Mapping[int, float]
    covered: tuple[int, ...]
    open: tuple[int, ...]
    score: float  # mean over pairs, 0..1
    worst: float


@dataclass(frozen=True, slots=True)
class Needs:
    """What people near a theme seek: rows of statements, and (needs, m) bool who of the pool can give it to another."""

    rows: tuple[int, ...]
    met: np.ndarray


def needs_of(view: Community, theme: np.ndarray, pool: Pool, readable: np.ndarray, owner: int = -1) -> Needs:
    """The seeks near the theme (d,), none nearly the same as another; only what the reader may read.

    They are those of the pool, or of the row of whom the theme begins with.
    """
    facets = view.facets
    whose = [row for row in map(int, pool.rows) if readable[row] and owner in (-1, row)]
    rows = np.concatenate([np.zeros(0, np.int64), *(facets.stated(row, "seeks") for row in whose)])
    least = NEAR_NEED if owner < 0 else NEAR_OWN_NEED
    like = unit(facets.vectors[rows] - view.mean) @ theme if len(rows) else np.zeros(0)
    kept: list[int] = []
    for i in np.argsort(-like, kind="stable"):
        near_another = any(float(facets.vectors[rows[i]] @ facets.vectors[k]) > 0.7 for k in kept)
        if like[i] >= least and not near_another and len(kept) < MOST_NEEDS:
            kept.append(int(rows[i]))
    met = np.zeros((len(kept), len(pool.rows)), bool)
    for j, row in enumerate(pool.rows):
        offers = facets.rows(int(row), "offers")
        if len(offers) and kept:
            fit = matrix.fits(facets, offers, facets.telling[kept]).max(0)
            met[:, j] = (fit >= MET) & (facets.member[kept] != row)
    return Needs(tuple(kept), met)


def choose(
    view: Community,
    pool: Pool,
    pairs: Pairs,
    needs: Needs,
    seen: Mapping[int, float],
    size: tuple[int, int],
    first: Sequence[int] = (),
) -> Team | None:
    """The best team that one finds by taking, one by one, whoever adds most; None when too few can meet.

    `first`: rows that have to be in it, the lead in front; none for whoever fits best. `seen`: how much each row was
    proposed already; that counts against them.
    """
    place = {int(row): i for i, row in enumerate(pool.rows)}
    value = np.array([pool.fit[i] - SEEN * seen.get(row, 0.0) for row, i in place.items()])
    if any(row not in place for row in first) or not all(can_meet(view, a, b) for a, b in combinations(first, 2)):
        return None
    team = [place[row] for row in first] or [int(np.argmax(value))]
    while len(team) < size[1]:
        gains = [_gain(view, pool, pairs, needs, value, team, i) for i in range(len(pool.rows))]
        best = int(np.argmax(gains))
        if not np.isfinite(gains[best]) or (len(team) >= max(USUAL, size[0]) and not _covers(needs, team, best)):
            break
        team.append(best)
    if len(team) < size[0]:
        return None
    rows = tuple(int(pool.rows[i]) for i in team)
    scores = [pairs.score(a, b) for a, b in combinations(rows, 2)]
    met: list[bool] = np.asarray(needs.met[:, team].any(1)).tolist()
    return Team(
        rows,
        {row: float(pool.fit[place[row]]) for row in rows},
        tuple(need for need, there in zip(needs.rows, met, strict=True) if there),
        tuple(need for need, there in zip(needs.rows, met, strict=True) if not there),
        float(np.mean(scores)),
        float(min(scores)),
    )


def _gain(view: Community, pool: Pool, pairs: Pairs, needs: Needs, value: np.ndarray, team: list[int], i: int) -> float:
    """What somebody adds to a team, -inf for who is in it or cannot meet one of them."""
    row, inside = int(pool.rows[i]), [int(pool.rows[j]) for j in team]
    if i in team or not all(can_meet(view, row, other) for other in inside):
        return -np.inf
    together = float(np.mean([pairs.score(other, row) for other in inside]))
    return float(value[i]) + TOGETHER * together + NEEDED * _covers(needs, team, i) + MIXED * _mixes(view, inside, row)


def _covers(needs: Needs, team: list[int], i: int) -> bool:
    """Whether somebody gives what nobody in the team does."""
    return bool((needs.met[:, i] & ~needs.met[:, team].any(1)).any())


def _mixes(view: Community, inside: list[int], row: int) -> bool:
    """Whether a team with this one has people who know each other and people who do not."""
    known = [acquainted(view, a, b) for a, b in combinations([*inside, row], 2)]
    return any(known) and not all(known)
