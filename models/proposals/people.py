"""Who can be in a team, and how well people go together: scores of the serving ranker, both ways, and time to meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.community.advertising import advertisers
from models.community.view import Community
from models.domain.availability_overlap import Clock, both_free
from models.domain.records import DAY
from models.domain.requests import Filter, Goal, Options
from models.features import matrix
from models.features.matrix import Query
from models.proposals.aims import SURE
from models.proposals.requests import Wish
from models.proposals.taste import Taste
from models.ranking import eligibility, pipeline
from models.ranking.projects.likely import likely
from models.ranking.projects.weights import serving
from models.ranking.ranker import Ranker
from models.themes.names import Theme

POOL = 16  # people of each theme among whom a team is sought
MOST_APART = 9.0  # hours between clocks with which people still find an hour to talk


# Who is silent for longer, and longer than is usual here, has to count at least so much among the people of today (1
# for who has not begun).
LATELY, HERE = 90 * DAY, 0.1
LIKED = 0.4  # how much having taken up or put aside much the same counts beside fit (0..1)
ENOUGH = 5  # people who said something of a theme


@dataclass(frozen=True, slots=True)
class Pool:
    """Those who come into question for a theme: `rows` (m,), `fit` (m,) 0..1 to the theme, most fitting first."""

    rows: np.ndarray
    fit: np.ndarray


def allowed(view: Community, wish: Wish) -> eligibility.Allowed:
    """Who may be proposed at all: (N,) bool; for a member nobody who is kept apart from them, who would count in what
    the others are compared with."""
    nobody = np.zeros(0, np.int64)
    options = Options(audience=wish.audience, include_connected=True, now=wish.now, exclude=wish.busy)
    found = eligibility.allowed(view, nobody, options)
    if not wish.member:
        return found
    return replace(found, mask=found.mask & ~eligibility.row(view.rules.hidden, view.row[wish.member]))


def here(view: Community) -> np.ndarray:
    """(N,) bool: who is likely to be there to do something, or has not begun yet, and is not here to sell."""
    silence = view.as_of - view.activity.newest
    there = (silence <= max(LATELY, 2 * _usual_gap(view))) | (view.here >= HERE)
    return np.asarray(there & ~advertisers(view))


def _usual_gap(view: Community) -> float:
    """Time (µs) that usually lies between two things somebody does: of half of those who did two, less."""
    activity = view.activity
    twice = (activity.total >= 2) & (activity.newest > activity.oldest)
    gaps = (activity.newest - activity.oldest)[twice] / (activity.total[twice] - 1)
    return float(np.median(gaps)) if len(gaps) else 0.0


def pool(
    view: Community,
    ranker: Ranker,
    theme: Theme,
    text: np.ndarray,
    mask: np.ndarray,
    wish: Wish,
    likes: Taste,
    first: Sequence[int] = (),
) -> Pool:
    """The people for a theme: near to it, who said something of it, likely to do it, not put off by what is like it.

    `text` (d,) is the vector of its words. Where enough people said something of it, nobody else comes in. The rows in
    `first` come in before others.
    """
    near = mask & (theme.spot.near > 0)
    spoke = np.zeros(view.size, bool)
    spoke[[row for row, part in theme.sayers.items() if part > 0]] = True
    if (near & spoke).sum() >= ENOUGH:
        spoke[list(first)] = True
        near &= spoke
    goal = pipeline.goal_query(view, Goal(text=" ".join(theme.words)), lambda _: text[None])
    found = for_text(view, ranker, goal, near, wish)
    said = np.array([theme.sayers.get(int(row), 0.0) for row in found.rows], np.float32)
    fit = (found.fit + theme.spot.near[found.rows] / max(float(theme.spot.near.max()), 1e-9) + said) / 3
    fit = np.clip(fit + LIKED * likes.of(theme.spot)[found.rows], 0, 1)
    return _best(found.rows, fit, first)


def company(theme: Theme, mask: np.ndarray, wish: Wish, likes: Taste, first: Sequence[int]) -> Pool:
    """The people for a theme that begins with an aim: those who go along with it, surely unless a member asks."""
    least = 0.0 if wish.member else SURE
    rows = np.array([row for row, fit in theme.sayers.items() if mask[row] and fit >= least], np.int64)
    fit = np.array([theme.sayers[int(row)] for row in rows], np.float32)
    return _best(rows, np.clip(fit + LIKED * likes.of(theme.spot)[rows], 0, 1), first)


def _best(rows: np.ndarray, fit: np.ndarray, first: Sequence[int]) -> Pool:
    """The most fitting of (m,) rows, with those who come before others in any case."""
    chosen = np.lexsort((rows, -fit, ~np.isin(rows, first)))[:POOL]
    best = chosen[np.lexsort((rows[chosen], -fit[chosen]))]
    return Pool(rows[best], np.asarray(fit[best], np.float32))


def for_text(view: Community, ranker: Ranker, goal: Query, mask: np.ndarray, wish: Wish) -> Pool:
    """Everybody in (N,) bool `mask` by how likely they do what a text says: as this community's own projects tell, or,
    where these are too few, by the ranker's head for briefs."""
    rows = np.flatnonzero(mask)
    if not len(rows):
        return Pool(rows, np.zeros(0, np.float32))
    odds = likely(view, serving(view, ranker.projects).doing, goal.lexical, goal.vectors[0])
    if odds is None:
        ids = frozenset(view.ids[row] for row in rows)
        options = Options(
            limit=len(ids), audience=wish.audience, include_connected=True, filter=Filter(members=ids), diversity=0,
            now=wish.now,
        )  # fmt: skip
        found = pipeline.rank(view, ranker, "brief", goal, options)
        return Pool(found.rows, np.asarray(found.likely / max(float(found.likely.max(initial=0)), 1e-9)))
    fit = np.exp((odds[rows] - odds[rows].max()) / pipeline.SOFTNESS)
    best = np.lexsort((rows, -np.round(fit, 6)))
    return Pool(rows[best], np.asarray(fit[best], np.float32))


class Pairs:
    """Both-way scores between people, worked out for each person once a request."""

    def __init__(self, view: Community, ranker: Ranker, rows: Sequence[int], wish: Wish) -> None:
        self._view, self._ranker = view, ranker
        self._place = {row: i for i, row in enumerate(sorted(set(rows)))}
        ids = frozenset(view.ids[row] for row in self._place)
        self._options = Options(
            limit=len(ids), audience=wish.audience, include_connected=True, filter=Filter(members=ids), diversity=0,
            strangers=0, now=wish.now,
        )  # fmt: skip
        self._known: dict[int, np.ndarray] = {}

    def score(self, a: int, b: int) -> float:
        """What two rows are worth to each other, 0..1: the reciprocal score, in the list of who was asked first."""
        if b in self._known and a not in self._known:
            a, b = b, a
        return float(self._of(a)[self._place[b]])

    def _of(self, row: int) -> np.ndarray:
        if row not in self._known:
            query = matrix.member_query(self._view, row)
            found = pipeline.rank(self._view, self._ranker, "collaborators", query, self._options)
            scores = np.zeros(len(self._place), np.float32)
            scores[[self._place[int(r)] for r in found.rows]] = found.likely
            self._known[row] = scores
        return self._known[row]


def can_meet(view: Community, a: int, b: int) -> bool:
    """Nothing keeps them apart; where both are known, they share a language, waking hours and free time."""
    where = view.whereabouts
    if eligibility.row(view.rules.hidden, a)[b]:
        return False
    if where.languages[a].any() and where.languages[b].any() and not (where.languages[a] & where.languages[b]).any():
        return False
    hours = abs(float(where.utc_offset[a] - where.utc_offset[b]))
    if min(hours, 24 - hours) > MOST_APART:
        return False
    return both_free(clock(view, a), clock(view, b))


def clock(view: Community, row: int) -> Clock:
    """When somebody says they are free, on their own clock."""
    member = view.members[row]
    return Clock(member.availability if member else (), float(view.whereabouts.utc_offset[row]))


def acquainted(view: Community, a: int, b: int) -> bool:
    """Whether they have dealt with each other where everybody could see."""
    return bool(view.ties.binary[a, b] > 0)
