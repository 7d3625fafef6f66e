"""Windows of a community's past: what was asked in each, who turned out right, and every candidate as features.

The cuts lie on a grid of event counts that stays where it is while the community grows (its step doubles now and
then), so that what was worked out for a window one night is good the next, as long as nothing before its end changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from zlib import crc32

import numpy as np

from models.community.view import Community
from models.domain.records import Micros
from models.domain.requests import Goal, Options
from models.features import matrix as features
from models.ranking import pipeline
from training.fitting.dataset_values import learnt_from
from training.fitting.prior import History
from training.labels.feedback import SAID, Asking, told
from training.labels.outcomes import GradedQuery
from training.labels.tasks import LabelledQuery, Task, queries
from training.nightly.past import Lived

STEPS = 8  # the grid has at least as many steps, and fewer than twice as many
WIDTH = 2  # of a window, in steps
FIRST = 2  # steps before the first cut: of less, a view says little
FEWEST_EVENTS = 64
QUERIES = 150  # a task and window
MOST_RANKED = 10_000  # the largest limit of a request: up to so many members, all are candidates
RANKED_OF_MORE = 1_000  # of a larger community the candidates are those of a request for so many: else nights would
# take time and memory by the square of its size
BACK, GONE = 1200, 300  # candidates kept of those who came back, and of the others

# (view, who or what asks, whether acquaintances are candidates) -> the candidates as features; None for who is unknown
Compare = Callable[[Community, "str | Goal", bool], "pipeline.Compared | None"]


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Labels come from [cut, until), features from before the cut."""

    cut: Micros
    until: Micros


class Stored(Protocol):
    """A matrix that lies somewhere else, and is read each time that it is asked for."""

    def read(self) -> np.ndarray:
        """(n, F) float16."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One query: its `features`, (n,) bool relevant, (n,) bool who came back after the cut; `rows` (n,) int32 are those
    of its candidates, and `place` that among all that was asked like this in the window.

    `asker` is the same number for all that one member asked, in every window. `graded` where people said how it went.
    """

    matrix: np.ndarray | Stored
    relevant: np.ndarray
    back: np.ndarray
    asker: int
    rows: np.ndarray
    place: int
    graded: Graded | None = None

    @property
    def features(self) -> np.ndarray:
        """(n, F) float16 of the candidates: read anew each time, so that those of one query are in memory at a time."""
        return self.matrix if isinstance(self.matrix, np.ndarray) else self.matrix.read()


@dataclass(frozen=True, slots=True)
class Graded:
    """(n,) float32 gains and emphasis of the candidates, and the weight of the query, as in
    `training.labels.feedback`."""

    gains: np.ndarray
    emphasis: np.ndarray
    weight: float


Questions = Mapping[Asking, Sequence[Asked]]


def windows(times: np.ndarray, trained_through: Micros = 0) -> list[Window]:
    """The windows of (E,) ascending event times; none while there is too little.

    Those at the end are still filling. One begins where the incumbent's labels ended, and those that were filling then
    are there as they were: so that its twin knows no less than it does.
    """
    count = len(times)
    if count < FEWEST_EVENTS:
        return []
    step = 1 << ((count // STEPS).bit_length() - 1)
    end = int(times[-1]) + 1

    def of(cut: Micros) -> Window:
        at = int(np.searchsorted(times, cut)) + WIDTH * step
        return Window(cut, int(times[at]) if at < count else end)

    # A moment that holds many events may be several points of the grid.
    found = [of(cut) for cut in sorted({int(times[at]) for at in range(FIRST * step, count, step)})]
    if found[0].cut < trained_through < end:
        found += [Window(w.cut, trained_through) for w in found if w.cut < trained_through < w.until]
        found.append(of(trained_through))
    return sorted({w for w in found if w.until > w.cut})


def longest(found: Iterable[Window], until: Micros) -> tuple[Window, ...]:
    """For each cut the window with the most labels before a time."""
    return tuple({w.cut: w for w in sorted(found) if w.until <= until}.values())


def served(encode: pipeline.TextEncoder) -> Compare:
    """The candidates of a question with their features, just as a request would see them."""

    def compare(view: Community, source: str | Goal, met: bool) -> pipeline.Compared | None:
        limit = MOST_RANKED if view.size <= MOST_RANKED else RANKED_OF_MORE
        options = Options(limit=limit, audience="organizers", include_connected=met)
        if isinstance(source, Goal):
            return pipeline.compare(view, pipeline.goal_query(view, source, encode), options, learnt_from(view))
        if source not in view.row:
            return None
        return pipeline.compare(view, features.member_query(view, view.row[source]), options, learnt_from(view))

    return compare


def tasks_of(past: History) -> tuple[Task, ...]:
    """What there can be labels for."""
    said: tuple[Task, ...] = ("direct", "topic", "answer") if any(m.topic for m in past.messages) else (
        "direct", "answer"
    )  # fmt: skip
    return (*(said if past.messages else ()), *(("project", "join") if past.projects else ()))


def ask(past: Lived, view: Community, window: Window, compare: Compare, seed: int) -> dict[Asking, list[Asked]]:
    """What was asked in a window, from the view just before it; of many queries a sample."""
    seeds = [seed, window.cut % 2**32]
    rng = np.random.default_rng(seeds)
    back = who_came_back(past, window)
    returned = np.array([member in back for member in view.ids], bool)
    strangers: dict[str, int] = {}
    out: dict[Asking, list[Asked]] = {}
    for task in tasks_of(past):
        found = queries(task, past.messages, past.projects, window.cut, window.until)
        chosen = [found[i] for i in sorted(rng.permutation(len(found))[:QUERIES])]
        # Sharing a thread is not acquaintance: who first meet there may have spoken elsewhere.
        asked = (
            _asked(view, query, task == "topic", returned, compare, strangers, _Lots(seeds, task, place))
            for place, query in enumerate(chosen)
        )
        out[task] = [one for one in asked if one is not None]
    # After all others, which are the same whether or not anybody said anything.
    return {**out, **_said(past, view, window, compare, back, rng, seeds)}


class _Lots:
    """Draws candidates of a query by lot. Where somebody more or less is a candidate, as where they are searched for
    and not all looked at, the others drawn are the same."""

    def __init__(self, seeds: Sequence[int], task: Asking, place: int) -> None:
        self.place = place
        self._seeds = (*seeds, crc32(task.encode()), 1 + place)

    def draw(self, rows: np.ndarray, count: int) -> np.ndarray:
        """(at most `count`,) places in `rows` (n,), the rows of members, ascending."""
        if len(rows) <= count:
            return np.arange(len(rows))
        lots = np.random.default_rng(self._seeds).random(int(rows.max()) + 1)[rows]
        drawn: np.ndarray = np.sort(np.argsort(lots, kind="stable")[:count])
        return drawn


def _said(
    past: Lived,
    view: Community,
    window: Window,
    compare: Compare,
    back: frozenset[str],
    rng: np.random.Generator,
    seeds: Sequence[int],
) -> dict[Asking, list[Asked]]:
    """What people said about each other in a window; nothing where they said nothing."""
    heard = {o.source for o in past.outcomes if window.cut <= o.time < window.until and o.kind != "shown"}
    here = np.array([member in back or member in heard for member in view.ids], bool)
    out: dict[Asking, list[Asked]] = {}
    for head, said in SAID.items():
        found = told(head, past.messages, past.projects, past.outcomes, past.slates, window.cut, window.until)
        chosen = [found[i] for i in sorted(rng.permutation(len(found))[:QUERIES])]
        # Who becomes a partner in something is often known already.
        asked = (
            _graded(view, query, head == "collaborators", here, compare, _Lots(seeds, said, place))
            for place, query in enumerate(chosen)
        )
        if kept := [one for one in asked if one is not None]:
            out[said] = kept
    return out


def who_came_back(past: History, window: Window) -> frozenset[str]:
    """Members who did something in the window."""
    said = {m.author for m in past.messages if window.cut <= m.time < window.until}
    done = {m for p in past.projects if window.cut <= (p.time or 0) < window.until for m in p.members}
    return frozenset(said | done)


def asker_of(source: str | Goal) -> str:
    """Who stands behind a query: all of one member's queries depend on each other."""
    if isinstance(source, str):
        return source
    return source.source or next(iter(source.members), "")


def _asked(
    view: Community,
    query: LabelledQuery,
    met: bool,
    returned: np.ndarray,
    compare: Compare,
    strangers: dict[str, int],
    lots: _Lots,
) -> Asked | None:
    """None where nothing can be told: nobody right is among the candidates, or everybody is."""
    found = compare(view, query.source, met or not isinstance(query.source, str))
    if found is None:
        return None
    relevant = _among(view, query.targets)[found.rows]
    # Who had met before cannot meet for the first time: to call them wrong would teach to stay away from friends.
    new = ~_among(view, query.met)[found.rows]
    back = returned[found.rows] & new
    if not (relevant & back).any() or (relevant | ~back).all():
        return None
    kept = _sample(found.rows, relevant, back, lots) & new
    matrix = _both_sides(found, kept)
    # Rows are given in the order of entering: a member has the same one in every window.
    name = asker_of(query.source)
    asker = view.row[name] if name in view.row else strangers.setdefault(name, -1 - len(strangers))
    return Asked(matrix, relevant[kept], back[kept], asker, _rows(found, kept), lots.place)


def _graded(
    view: Community, query: GradedQuery, met: bool, here: np.ndarray, compare: Compare, lots: _Lots
) -> Asked | None:
    """None where all candidates are alike. Of somebody who is gone, that nothing came of them says nothing."""
    found = compare(view, query.source, met)
    if found is None or not isinstance(query.source, str):
        return None
    gains, emphasis, counts = query.labels([view.ids[row] for row in found.rows])
    relevant = _among(view, query.targets)[found.rows] & counts
    back = here[found.rows] | relevant | (emphasis > 1)
    kept = counts & back & _sample(found.rows, relevant | (query.among is not None), back, lots)
    if not (gains[kept] > 0).any() or np.ptp(gains[kept]) == 0:
        return None
    matrix = _both_sides(found, kept)
    graded = Graded(gains[kept], emphasis[kept], query.weight)
    asker = view.row[query.source]
    return Asked(matrix, relevant[kept], back[kept], asker, _rows(found, kept), lots.place, graded)


def _rows(found: pipeline.Compared, kept: np.ndarray) -> np.ndarray:
    return np.asarray(found.rows[kept], np.int32)


def _both_sides(found: pipeline.Compared, kept: np.ndarray) -> np.ndarray:
    """(n, F) float16 of the kept: the mean of both sides."""
    return np.asarray(((found.yours[kept] + found.theirs[kept]) / 2).astype(np.float16))


def _among(view: Community, members: Iterable[str]) -> np.ndarray:
    """(N,) bool: who is one of these."""
    out = np.zeros(view.size, bool)
    out[[view.row[member] for member in members if member in view.row]] = True
    return out


def _sample(rows: np.ndarray, relevant: np.ndarray, back: np.ndarray, lots: _Lots) -> np.ndarray:
    """(n,) bool: every right one; of the others who came back, and of those who did not, no more than their limits."""
    kept = relevant.copy()
    for mask, limit in ((back & ~relevant, BACK), (~back & ~relevant, GONE)):
        there = np.flatnonzero(mask)
        kept[there[lots.draw(rows[there], limit)]] = True
    return kept
