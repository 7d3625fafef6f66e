"""Sitting out goes round: over the sittings of a round, nobody sits out much more often than anybody else.

What the sittings leave uneven is exchanged: who sat out most takes the place of somebody who sat out less, directly or
through others, wherever no rule is in the way and nobody meets twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.rounds.problem.problem import HARD, Placed, Problem

LEVELS = 4  # so many degrees of having sat out in earlier rounds are told apart
CHAINS = 2000  # exchanges looked at for one person


@dataclass(frozen=True, slots=True)
class Seated:
    """One sitting: its matches, and the rows that sit out."""

    matches: tuple[Placed, ...]
    out: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """In this sitting `one`, who is out, takes the place of `other` in a match."""

    sitting: int
    match: int
    one: int
    other: int


def precedence(before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """(n,) int, the higher the sooner somebody is seated: by how often they sat out of this round's sittings (`now`),
    then of earlier rounds (`before`)."""
    known, rank = np.unique(before, return_inverse=True)
    if len(known) > LEVELS:
        rank = rank * (LEVELS - 1) // (len(known) - 1)
    return np.asarray(now * min(len(known), LEVELS) + rank)


def evened(problem: Problem, sittings: Sequence[Seated]) -> list[Seated]:
    """The sittings with sitting out as even as exchanges make it; as many are placed as before."""
    found = list(sittings)
    while problem.clock.left > 0 and (chain := _chain(problem, found)):
        for step in chain:
            found[step.sitting] = _exchanged(found[step.sitting], step)
    return found


def _chain(problem: Problem, sittings: Sequence[Seated]) -> list[_Step]:
    """Exchanges after which somebody who sat out most does so once less, and somebody who did two times less once more;
    empty where there are none."""
    count = np.bincount([row for each in sittings for row in each.out], minlength=problem.n)
    if not len(count) or count.max() - count.min() < 2:
        return []
    for start in np.flatnonzero(count == count.max()).tolist():
        looked_at, seen, queue = 0, {start}, deque([(start, list(sittings), list[_Step]())])
        while queue and looked_at < CHAINS:
            row, now, path = queue.popleft()
            for step in _steps(problem, now, row):
                looked_at += 1
                if step.other in seen:
                    continue
                seen.add(step.other)
                if count[step.other] <= count[start] - 2:
                    return [*path, step]
                after = list(now)
                after[step.sitting] = _exchanged(now[step.sitting], step)
                queue.append((step.other, after, [*path, step]))
    return []


def _steps(problem: Problem, sittings: Sequence[Seated], row: int) -> Iterator[_Step]:
    """Whose place somebody could take in the sittings that they sit out."""
    met = {other for each in sittings for placed in each.matches if row in placed.rows for other in placed.rows}
    busy = {placed.slot for each in sittings for placed in each.matches if row in placed.rows and placed.slot >= 0}
    for number, each in enumerate(sittings):
        if row not in each.out:
            continue
        for at, placed in enumerate(each.matches):
            if placed.locked or placed.slot in busy or (placed.slot >= 0 and not problem.free[row, placed.slot]):
                continue
            for other in placed.rows:
                rest = [one for one in placed.rows if one != other]
                if met.isdisjoint(rest) and _may_stand(problem, placed, [*rest, row]):
                    yield _Step(number, at, row, other)


def _may_stand(problem: Problem, placed: Placed, rows: Sequence[int]) -> bool:
    """Whether a match of these breaks no more than that of the place did, and parts nobody who has to meet."""
    if any(set(each.rows) <= set(placed.rows) for each in problem.together):
        return False
    now = max((found.level for found in problem.breaks(rows)), default=0)
    return now < HARD and now <= max((found.level for found in problem.breaks(placed.rows)), default=0)


def _exchanged(each: Seated, step: _Step) -> Seated:
    placed = each.matches[step.match]
    rows = tuple(sorted(step.one if row == step.other else row for row in placed.rows))
    matches = (*each.matches[: step.match], replace(placed, rows=rows), *each.matches[step.match + 1 :])
    return replace(each, matches=matches, out=tuple(sorted({*each.out, step.other} - {step.one})))
