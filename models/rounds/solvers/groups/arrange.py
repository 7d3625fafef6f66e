"""Groups for one sitting: everybody seated as far as rules allow, then improved by exchanges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from models.rounds.problem.fairness import Utility, unit_of, utility
from models.rounds.problem.problem import HARD, Problem
from models.rounds.problem.sizes import divide
from models.rounds.solvers.groups.initial_seats import Start, begin, grown
from models.rounds.solvers.groups.local_search import Seats, Table
from models.rounds.solvers.groups.partition import blocks_of
from models.rounds.solvers.groups.repair import Mender
from models.rounds.solvers.groups.sitting import Arranged, Effort, Group, Sitting, costs, counted, fares, levels_of
from models.rounds.solvers.groups.timetable import reassign

CALM = 5.0  # the largest aversion to search with: above, most differences vanish; the worst-off are lifted at the end
# Temperatures in good matches: rules are settled between the first two, worth between the others. Few people are
# seated anew; of many a search that is short for their number keeps what is good of greedy groups.
HOT, FEW, MANY = (800.0, 1.0), (0.15, 0.03), (0.05, 0.01)
LIFT, LIFTS = (0.2, 0.01), 4  # where the worst-off count most, and how often they are lifted
GROWN = 300  # from so many people on, groups begin greedily where no rule is in the way
PASSES = 25_000  # people times passes of the search for worth; a pass over 1,000 people takes about 0.15 s
LEAST_PASSES, MOST_PASSES = 8, 150


def arrange(problem: Problem, sitting: Sitting, rng: np.random.Generator, effort: Effort) -> Arranged:
    """Groups for these people."""
    blocks = blocks_of(problem, sitting, rng)
    parts = [
        _arrange(problem, block, rng, replace(effort, progress=_within(effort.progress, i, len(blocks))))
        for i, block in enumerate(blocks)
    ]
    if len(parts) == 1:
        return parts[0]
    weights = [len(block.rows) for block in blocks]
    return Arranged(
        groups=[group for part in parts for group in part.groups],
        out=[row for part in parts for row in part.out],
        unavoidable=sum(part.unavoidable for part in parts),
        random=float(np.average([part.random for part in parts], weights=weights)),
        best=float(np.average([part.best for part in parts], weights=weights)),
        best_worst=min(part.best_worst for part in parts),
    )


def _within(progress: Callable[[float], None], i: int, count: int) -> Callable[[float], None]:
    return lambda share: progress((i + share) / count)


def _arrange(problem: Problem, sitting: Sitting, rng: np.random.Generator, effort: Effort) -> Arranged:
    rows = sitting.rows
    if len(rows) < problem.spec.size[0]:
        return Arranged([], rows.tolist(), len(rows))
    levels = levels_of(problem, sitting)
    room = len(rows) if sitting.room is None else int(sitting.room.sum())
    divisions = divide(problem, rows, levels == HARD, sitting.target, room)
    cost = costs(problem, sitting, levels)
    ruled = cost is not None or sitting.free is not None or bool(problem.quotas or problem.mixtures)
    start = begin(problem, sitting, divisions, ruled, rng)
    score = _dense(problem, rows)
    wanted = utility(problem.spec.fairness, unit_of(score))
    calm = replace(wanted, aversion=min(wanted.aversion, CALM))
    vacant = len(start.who) > len(rows)
    seats = Seats(
        score=score,
        cost=cost,
        seats=start.seats,
        pool=start.pool,
        kind=_kinds(sitting, start.slots, start.pool, start.seats),
        fare=fares(sitting),
        care=problem.care[rows].astype(np.float32),
        counted=counted(problem, rows, vacant),
        start=start.who,
        fixed=np.zeros(len(start.who), bool),
        utility=calm,
    )
    left = sum(each.left for each in divisions)
    run = _Run(problem, sitting, seats, start.slots, Mender(problem, sitting, levels), left, rng, effort)
    random = run.settle(ruled)
    if len(rows) >= GROWN and not ruled and not sitting.kept:
        run.grow(start, score)
    run.improve()
    if wanted.aversion > CALM and effort.passes:
        run.lift(wanted)
    groups, out = run.mended()
    found = Arranged(groups, out, left, random)
    if effort.compare:
        found.best, found.best_worst = run.compare(replace(wanted, aversion=0.0))
        groups, out = run.mended()
        if (
            not sitting.kept
            and len(out) <= len(found.out)
            and _rank(problem, wanted, groups) > _rank(problem, wanted, found.groups)
        ):
            found.groups, found.out = groups, out
    return found


def _rank(problem: Problem, wanted: Utility, groups: Sequence[Group]) -> tuple[float, ...]:
    """By what groups are compared: rules that give way, then the worst-off where these come first, then the sum."""
    if not groups:
        return (0.0,)
    broken = -float(sum(found.level for rows, _ in groups for found in problem.breaks(rows)))
    worths = np.concatenate([problem.worths(rows) for rows, _ in groups])
    if wanted.aversion > CALM:
        return broken, float(worths.min()), float(worths.mean())
    return broken, float(wanted(worths.astype(np.float32)).sum())


class _Run:
    """A search under way. `slots` (groups,) int are the times of the groups, -1 without any; `left` have to sit out."""

    def __init__(
        self,
        problem: Problem,
        sitting: Sitting,
        seats: Seats,
        slots: np.ndarray,
        mender: Mender,
        left: int,
        rng: np.random.Generator,
        effort: Effort,
    ) -> None:
        self._problem, self._sitting, self._seats, self._slots = problem, sitting, seats, slots
        self._mender, self._left, self._rng, self._effort = mender, left, rng, effort
        self._table = Table(seats)
        self._is_grown = False

    def grow(self, start: Start, score: np.ndarray) -> None:
        """Begins again, with greedy groups."""
        self._table = Table(replace(self._seats, start=grown(score, start)))
        self._is_grown = True

    def settle(self, ruled: bool) -> float:
        """Finds seats that keep the rules; returns the mean worth of those."""
        if self._sitting.kept:
            self._table.descend(self._rng, self._effort.go_on)
            self._retime()
        for i in range(self._effort.tries if ruled else 0):
            if (i or self._sitting.kept) and self._is_proper():
                break
            if i:
                self._make_room()
            people = len(self._sitting.rows)
            passes = (2 << i) * int(np.clip(2000 / people, 2, min(10, 2 + people // 4)))
            self._table.anneal(self._rng, np.geomspace(*HOT, passes), self._effort.go_on)
            self._retime()
        return _mean(self._worths(self._table))

    def improve(self) -> None:
        """Raises what the groups are worth; of those to be kept only where it gains more than parting them costs."""
        if self._effort.passes and not self._sitting.kept:
            temperatures = self._warm(1.0) * self._seats.utility.slope
            for i, part in enumerate(np.array_split(temperatures, 8)):
                self._table.anneal(self._rng, part, self._effort.go_on)
                self._retime()
                self._effort.progress((i + 1) / 10)
        self._table.descend(self._rng, self._effort.go_on)

    def lift(self, wanted: Utility) -> None:
        """The worst-off first, by an aversion too large to begin with: again and again from the least worth so far."""
        best, least = self._table.who.copy(), self._worths(self._table).min(initial=np.inf)
        for _ in range(0 if least == np.inf else LIFTS):
            self._table.use(replace(wanted, base=float(self._worths(self._table).min())))
            if not self._sitting.kept:
                self._table.anneal(self._rng, self._temperatures(0.4, LIFT), self._effort.go_on)
            self._table.descend(self._rng, self._effort.go_on)
            now = self._worths(self._table).min()
            if now > least:
                best, least = self._table.who.copy(), now
        kinds = _kinds(self._sitting, self._slots, self._seats.pool, self._seats.seats)
        self._table = Table(replace(self._seats, start=best, kind=kinds))

    def compare(self, linear: Utility) -> tuple[float, float]:
        """Goes on to the groups with the largest total; their mean and worst worth."""
        kinds = _kinds(self._sitting, self._slots, self._seats.pool, self._seats.seats)
        other = Table(replace(self._seats, start=self._table.who, kind=kinds, utility=linear))
        if self._seats.utility.aversion:
            other.anneal(self._rng, self._warm(0.5), self._effort.go_on)
        other.descend(self._rng, self._effort.go_on)
        self._table = other
        worths = self._worths(other)
        return _mean(worths), float(worths.min(initial=1.0))

    def mended(self) -> tuple[list[Group], list[int]]:
        """Groups that break no firm rule, and who sits out."""
        groups = self._groups()
        seated = {row for rows, _ in groups for row in rows}
        return self._mender.mend(groups, [row for row in self._sitting.rows.tolist() if row not in seated])

    def _warm(self, share: float) -> np.ndarray:
        return self._temperatures(share, MANY if self._is_grown else FEW)

    def _temperatures(self, share: float, between: tuple[float, float]) -> np.ndarray:
        people = len(self._sitting.rows)
        passes = min(PASSES / people, people**2 / 8, MOST_PASSES) * share * self._effort.passes
        return np.geomspace(*between, max(int(passes), LEAST_PASSES))

    def _groups(self) -> list[Group]:
        rows = self._sitting.rows
        tables = zip(self._table.groups(), self._slots, strict=True)
        return [(tuple(rows[people].tolist()), int(slot)) for people, slot in tables]

    def _worths(self, table: Table) -> np.ndarray:
        found = [self._problem.worths(self._sitting.rows[people]) for people in table.groups() if len(people)]
        return np.concatenate(found) if found else np.zeros(0)

    def _is_proper(self) -> bool:
        groups = self._groups()
        out = len(self._sitting.rows) - sum(len(rows) for rows, _ in groups)
        return out <= self._left and all(self._mender.proper(group) for group in groups if group[0])

    def _make_room(self) -> None:
        """Where people found no group at the times they can, groups that could as well move there."""
        free, room = self._sitting.free, self._sitting.room
        if free is None or room is None:
            return
        groups = self._groups()
        seated = {row for group in groups if self._mender.proper(group) for row in group[0]}
        lost = [row for row in self._sitting.rows.tolist() if row not in seated]
        for slot in np.flatnonzero(free[lost][free[lost].sum(1) < free.shape[1]].any(0)):
            could = np.array([free[list(rows), slot].sum() if rows else 0 for rows, _ in groups])
            could[self._slots == slot] = -1
            if len(could) and (self._slots == slot).sum() < room[slot]:
                self._slots[int(could.argmax())] = slot
        self._table.move(_kinds(self._sitting, self._slots, self._seats.pool, self._seats.seats))

    def _retime(self) -> None:
        """Gives the groups the times that suit them best as they are now."""
        free, room = self._sitting.free, self._sitting.room
        if free is not None and room is not None and len(self._slots):
            busy = ~free[self._sitting.rows]
            absent = np.array([busy[people].sum(0) for people in self._table.groups()])
            self._slots = reassign(absent, self._slots, room)
            self._table.move(_kinds(self._sitting, self._slots, self._seats.pool, self._seats.seats))


def _kinds(sitting: Sitting, slots: np.ndarray, pool: int, seats: int) -> np.ndarray:
    """(all seats,) int of `Seats.kind`: the slot of a group; one more than the last stands for the pool."""
    last = 1 if sitting.free is None else sitting.free.shape[1]
    return np.repeat(np.append(np.maximum(slots, 0), np.full(pool, last)), seats)


def _mean(worths: np.ndarray) -> float:
    return float(worths.mean()) if len(worths) else 0.0


def _dense(problem: Problem, rows: np.ndarray) -> np.ndarray:
    among = problem.score[rows][:, rows]
    return np.asarray(among if isinstance(among, np.ndarray) else among.toarray(), np.float32)
