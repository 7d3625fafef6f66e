"""Where everybody sits when the search for groups begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.rounds.problem.problem import HARD, Problem
from models.rounds.problem.sizes import Division
from models.rounds.solvers.groups.sitting import Sitting
from models.rounds.solvers.groups.timetable import spread


@dataclass(frozen=True, slots=True)
class Start:
    """`who` (all seats,) int: places in `Sitting.rows`, -1 for nobody. Of the groups of `seats`, the last `pool` hold
    who sits out. `slots` (groups without the pool,) int, -1 without any."""

    who: np.ndarray
    seats: int
    pool: int
    slots: np.ndarray


def begin(
    problem: Problem, sitting: Sitting, divisions: Sequence[Division], ruled: bool, rng: np.random.Generator
) -> Start:
    """Everybody somewhere: those who belong together in one group, the rest at random. Where rules are to be kept
    (`ruled`), some seats of the pool are free."""
    place = {row: i for i, row in enumerate(sitting.rows.tolist())}
    room = None if sitting.room is None else sitting.room.copy()
    groups, out, slots = [], [], []
    seats = _seats(problem, sitting, divisions)
    for division in divisions:
        waiting, left = _who_is_left(problem, sitting, division, rng)
        out += left
        if not division.groups:
            out += waiting
            continue
        size = -(-len(waiting) // division.groups)
        at = np.full(division.groups, -1)
        fillers: list[list[int]] = [[] for _ in range(division.groups)]
        if sitting.free is not None and room is not None:
            at, chosen = spread(sitting.free[waiting], division.groups, problem.spec.size, room)
            fillers = [[waiting[i] for i in people] for people in chosen]
            np.subtract.at(room, at, 1)
        made, over = _filled(_bases(problem, sitting), fillers, waiting, seats, size)
        groups += made
        slots += at.tolist()
        out += over
    spare = max(2, len(sitting.rows) // 20) if ruled else 0
    pool = -(-(len(out) + spare) // seats) if out or spare else 0
    who = np.full((len(groups) + pool, seats), -1, np.int64)
    for i, rows in enumerate(groups):
        who[i, : len(rows)] = [place[row] for row in rows]
    who[len(groups) :].reshape(-1)[: len(out)] = [place[row] for row in out]
    return Start(who.ravel(), seats, pool, np.array(slots, np.int64))


def grown(score: np.ndarray, start: Start) -> np.ndarray:
    """`Start.who` with groups of the same sizes that grow greedily: who is worth most to somebody begins, and whoever
    is worth most to those who are in joins. `score` (m, m) of the people."""
    who = start.who.reshape(-1, start.seats).copy()
    groups = who[: len(who) - start.pool]
    left = np.zeros(len(score), bool)
    left[groups[groups >= 0]] = True
    seeds = iter(np.argsort(-score.max(1), kind="stable").tolist())
    for group, size in zip(groups, (groups >= 0).sum(1).tolist(), strict=True):
        group[:] = -1
        worth = np.zeros(len(score), np.float32)
        for at in range(size):
            group[at] = next(row for row in seeds if left[row]) if at == 0 else np.where(left, worth, -1).argmax()
            left[group[at]] = False
            worth += score[group[at]]
    return who.ravel()


def _seats(problem: Problem, sitting: Sitting, divisions: Sequence[Division]) -> int:
    """Seats a group: one more than needed where sizes may differ, so that there is room to move."""
    low, high = problem.spec.size
    needed = max((-(-(len(d.rows) - d.left) // d.groups) for d in divisions if d.groups), default=low)
    kept = max((len(rows) for rows in sitting.kept), default=0)
    return min(high, max(needed, kept) + 1)


def _who_is_left(
    problem: Problem, sitting: Sitting, division: Division, rng: np.random.Generator
) -> tuple[list[int], list[int]]:
    """The rows of a division in any order, and those of them who sit out: nobody whom a firm rule has together, if that
    can be; then whoever did least so far; and of these whoever breaks up the smallest group that could stay."""
    staying = {row: len(rows) for rows in sitting.kept for row in rows}
    order = rng.permutation(division.rows).tolist()
    bound = {row for rule in problem.together if rule.level == HARD for row in rule.rows}
    order.sort(key=lambda row: (row in bound, int(sitting.byes[row]), staying.get(row, 0)))
    left = order[: division.left]
    return rng.permutation(np.array(order[division.left :], np.int64)).tolist(), left


def _bases(problem: Problem, sitting: Sitting) -> list[list[int]]:
    """People who begin in one group: those a firm rule has together, then those of groups to be kept."""
    merged: list[set[int]] = []
    for rule in problem.together:
        if rule.level == HARD:
            mine = set(rule.rows).union(*(other for other in merged if other & set(rule.rows)))
            merged = [other for other in merged if not other & mine] + [mine]
    bound = set().union(*merged)
    kept = [[row for row in rows if row not in bound] for rows in sitting.kept]
    return [*(sorted(rows) for rows in merged), *sorted(kept, key=len, reverse=True)]


def _filled(
    bases: list[list[int]], fillers: list[list[int]], waiting: list[int], seats: int, size: int
) -> tuple[list[list[int]], list[int]]:
    """Groups of the rows `waiting`, one for each of `fillers`, and who found no seat."""
    groups: list[list[int]] = [[] for _ in fillers]
    open_ = set(waiting)
    empty = iter(groups)
    for rows in bases:
        if (base := [row for row in rows if row in open_]) and (group := next(empty, None)) is not None:
            group += base[:seats]
            open_ -= set(group)
    for group, people in zip(groups, fillers, strict=True):
        came = [row for row in people if row in open_][: max(size - len(group), 0)]
        group += came
        open_ -= set(came)
    rest = [row for row in waiting if row in open_]
    while rest and len(smallest := min(groups, key=len)) < seats:
        smallest.append(rest.pop())
    return groups, rest
