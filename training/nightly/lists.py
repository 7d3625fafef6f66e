"""The lists that a model would give today: who is shown, how evenly, how fast, and whether they come back."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.community.view import Community
from models.domain.requests import Options
from models.features import matrix
from models.features.matrix import Learnt
from models.ranking import pipeline
from models.ranking.exposure import eligible
from models.ranking.ranker import Head, Ranker
from training.metrics import gini

LIMIT = 10
SEEKERS = 300
OPTIONS = Options(limit=LIMIT, audience="organizers", reasons=False)


@dataclass(frozen=True, slots=True)
class Lists:
    """`coverage`: share of the members who are here that are shown. `gini` of how often each of them is. `ghosts`:
    share of the shown who never came back, 0 where nobody knows. `seconds`: the median CPU time of a list, which other
    work on the machine does not change."""

    coverage: float
    gini: float
    ghosts: float
    seconds: float


def queries(view: Community, seed: int) -> np.ndarray:
    """Rows of members who did something, at most `SEEKERS`: the ones who do something still are there most often."""
    active = np.flatnonzero((view.activity.total > 0) & view.rules.present)
    if len(active) <= SEEKERS:
        return active
    chance = 0.1 + view.activity.decayed[active, 2]
    rng = np.random.default_rng(seed)
    return np.sort(rng.choice(active, SEEKERS, replace=False, p=chance / chance.sum()))


def _compared(
    view: Community, learnt: Learnt, query: matrix.Query, before: list[tuple[Learnt, pipeline.Compared, float]]
) -> tuple[pipeline.Compared, float]:
    """A query beside its candidates, and the CPU seconds it took: rankers that learnt the same share it."""
    for known, compared, seconds in before:
        if known is learnt:
            return compared, seconds
    began = time.thread_time()
    compared = pipeline.compare(view, query, OPTIONS, learnt)
    before.append((learnt, compared, time.thread_time() - began))
    return before[-1][1:]


def lists_of(
    view: Community, rankers: Sequence[Ranker], head: Head, rows: np.ndarray, back: frozenset[str] | None = None
) -> list[Lists]:
    """What each ranker would show to the members in `rows`; they take turns, so that caches are as warm for all."""
    shown = np.zeros((len(rankers), view.size))
    seconds = np.zeros((len(rankers), len(rows)))
    for at, row in enumerate(rows):
        query = matrix.member_query(view, int(row))
        compared: list[tuple[Learnt, pipeline.Compared, float]] = []
        for turn in range(len(rankers)):
            which = (at + turn) % len(rankers)
            candidates, took = _compared(view, rankers[which].learnt, query, compared)
            began = time.thread_time()
            found, places = pipeline.in_order(view, rankers[which], head, query, candidates, OPTIONS)
            seconds[which, at] = took + time.thread_time() - began
            shown[which, found.rows[places[:LIMIT]]] += 1
    could = eligible(view)
    gone = (
        np.array([member not in back for member in view.ids], bool) if back is not None else np.zeros(view.size, bool)
    )
    return [
        Lists(
            coverage=float((counts[could] > 0).mean()) if could.any() else 0.0,
            gini=float(np.nan_to_num(gini(counts[could]))),
            ghosts=float(counts[gone].sum() / max(counts.sum(), 1.0)),
            seconds=float(np.median(times)) if len(times) else 0.0,
        )
        for counts, times in zip(shown, seconds, strict=True)
    ]
