"""Why somebody could not be placed: which rules collide, for whom, and which of them, dropped alone, would do.

A conflict is minimal: everything in it is needed (a deletion filter, Chinneck and Dravnieks, "Locating minimal
infeasible constraint sets in linear programs", ORSA Journal on Computing 1991). Cures are tried, not guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.rounds.problem.compile import compile_round
from models.rounds.problem.problem import HARD, Also, Problem
from models.rounds.spec.requests import Collision

SOLVABLE = 1500  # up to so many people it is tried what would be without a rule
SAMPLE = 300  # of the people of a larger round who are left
LISTED = 20  # conflicts of single people that are told
LEAST_TIME = 0.15  # share of the time that has to be left for trying


@dataclass(frozen=True, slots=True)
class Demand:
    """Something that may stand in the way: a rule by its place, or, when -1, what `also` names."""

    rule: int
    also: Also | None = None


def explain(
    problem: Problem,
    left: Sequence[int],
    others: Callable[[int], np.ndarray],
    missing: Callable[[Problem], int],
    allowed: int = 0,
) -> list[Collision]:
    """For the rows `left` without a match, of whom so many are `allowed` (the odd one).

    `others(row)` are those whom a row could meet; `missing(problem)` solves another problem and counts who is left.
    """
    trial = Trial(problem, missing)
    alone = {row: bars for row in left if (bars := obstacles_of(problem, row, others(row))) is not None}
    found = _of_single_people(trial, alone)
    crowd = [row for row in left if row not in alone]
    if len(crowd) > (allowed if not alone else 0):
        found.append(_of_a_crowd(trial, crowd, frozenset(alone)))
    return found


class Trial:
    """What would be with other demands; it is tried as long as there are few enough people, and time."""

    def __init__(self, problem: Problem, missing: Callable[[Problem], int]) -> None:
        self.problem = problem
        self.demands = tuple(_demands(problem))
        self.is_over = problem.n > SOLVABLE
        self._missing = missing
        self._known: dict[tuple[tuple[Demand, ...], frozenset[int]], int] = {}

    def missing(self, kept: Sequence[Demand], gone: frozenset[int] = frozenset()) -> int | None:
        """How many are left with these demands alone, `gone` not counted; None when it could not be tried."""
        self.is_over = self.is_over or self.problem.clock.left < LEAST_TIME * self.problem.spec.seconds
        key = tuple(kept), gone
        if key not in self._known:
            if self.is_over:
                return None
            self._known[key] = self._missing(_with_only(self.problem, kept, gone))
        return self._known[key]

    def helps(self, rule: int, gone: frozenset[int] = frozenset()) -> bool:
        """Whether fewer are left without a rule."""
        now = self.missing(self.demands, gone)
        then = self.missing([d for d in self.demands if d.rule != rule], gone)
        return now is not None and then is not None and then < now


def obstacles_of(problem: Problem, row: int, others: np.ndarray) -> list[tuple[Demand, np.ndarray]] | None:
    """What bars a row from every one of the others, each with whom it bars; None when it may meet somebody."""
    others = others[others != row]
    here = np.full(len(others), row)
    found = [
        (Demand(barrier.rule, barrier.also), barred)
        for barrier in problem.barriers
        if (barred := barrier.levels(here, others) == HARD).any()
    ]
    if len(others) and not np.any([barred for _, barred in found] or [np.zeros(1, bool)], axis=0).all():
        return None
    return found


def minimal(demands: Sequence[Demand], still_impossible: Callable[[Sequence[Demand]], bool]) -> list[Demand]:
    """What is left of demands when all that can be spared without making it possible are gone."""
    needed = list(demands)
    for demand in demands:
        fewer = [d for d in needed if d != demand]
        if still_impossible(fewer):
            needed = fewer
    return needed


def collision(
    problem: Problem, demands: Sequence[Demand], rows: Sequence[int], cures: Sequence[int], otherwise: Also
) -> Collision:
    """A conflict in the words of the request; `otherwise` where no rule and nothing else has a part in it."""
    also = {demand.also for demand in demands if demand.also}
    rules = tuple(sorted({demand.rule for demand in demands if demand.rule >= 0}))
    return Collision(
        rules=rules,
        also=tuple(sorted(also or (set() if rules else {otherwise}))),
        members=tuple(problem.ids[row] for row in rows),
        cures=tuple(sorted(cures)),
    )


def _of_single_people(trial: Trial, alone: dict[int, list[tuple[Demand, np.ndarray]]]) -> list[Collision]:
    """Those who may meet nobody at all; who may not for the same reasons are told together."""
    together: dict[tuple[tuple[Demand, ...], tuple[int, ...]], list[int]] = defaultdict(list)
    for row, bars in alone.items():
        conflict, cures = _conflict_of_one(bars)
        together[tuple(conflict), tuple(cures)].append(row)
    return [
        collision(
            trial.problem, conflict, rows, [rule for rule in cures if trial.is_over or trial.helps(rule)], "numbers"
        )
        for (conflict, cures), rows in list(together.items())[:LISTED]
    ]


def _conflict_of_one(bars: list[tuple[Demand, np.ndarray]]) -> tuple[list[Demand], list[int]]:
    by_demand: dict[Demand, np.ndarray] = {}
    for demand, barred in bars:
        by_demand[demand] = by_demand.get(demand, np.zeros_like(barred)) | barred

    def covered(demands: Sequence[Demand]) -> bool:
        return bool(np.any([by_demand[d] for d in demands], axis=0).all()) if demands else False

    cures = [d.rule for d in by_demand if d.rule >= 0 and not covered([o for o in by_demand if o != d])]
    return minimal(sorted(by_demand, key=lambda d: d.rule), covered) if covered(list(by_demand)) else [], cures


def _of_a_crowd(trial: Trial, rows: Sequence[int], gone: frozenset[int]) -> Collision:
    """Those who may meet somebody, only not all at once."""
    now = trial.missing(trial.demands, gone)
    if now is None:
        return collision(trial.problem, _apart(trial.problem, rows), rows, [], "time_limit")

    def still_missing(kept: Sequence[Demand]) -> bool:
        left = trial.missing(kept, gone)
        return left is not None and left >= now

    cures = [d.rule for d in trial.demands if d.rule >= 0 and trial.helps(d.rule, gone)]
    conflict = minimal(trial.demands, still_missing)
    if trial.is_over:
        conflict = [*(d for d in conflict if d.rule in cures), Demand(-1, "time_limit")]
    return collision(trial.problem, conflict, rows, cures, "numbers")


def _apart(problem: Problem, rows: Sequence[int]) -> list[Demand]:
    """What bars those who are left from one another: of very many people more is not tried."""
    some = np.asarray(rows[:SAMPLE])
    a, b = (some[at] for at in np.triu_indices(len(some), 1))
    bars = [(Demand(barrier.rule, barrier.also), barrier.levels(a, b) == HARD) for barrier in problem.barriers]
    return _conflict_of_one([(demand, barred) for demand, barred in bars if barred.any()])[0]


def _demands(problem: Problem) -> Iterator[Demand]:
    """Everything that could be dropped to see whether it matters: what is no rule first, then the rules."""
    if problem.spec.places:
        yield Demand(-1, "places")
    if problem.spec.slots:
        yield Demand(-1, "slots")
    if problem.people.barred:
        yield Demand(-1, "blocks")
    if problem.locked:
        yield Demand(-1, "locks")
    if problem.spec.sides:
        yield Demand(-1, "load")
    yield from (Demand(i) for i, rule in enumerate(problem.spec.rules) if rule.firm)


def _with_only(problem: Problem, kept: Sequence[Demand], gone: frozenset[int]) -> Problem:
    """The problem with these demands alone, for those who are not gone, and without history to keep."""
    also = {demand.also for demand in kept}
    left = {member for row, member in enumerate(problem.ids) if row not in gone}
    sides = tuple(
        replace(
            side,
            members=tuple(m for m in side.members if m in left),
            most=side.most if "load" in also else max(side.most, problem.n),
        )
        for side in problem.spec.sides
    )
    spec = replace(
        problem.spec,
        members=tuple(member for member in problem.ids if member in left),
        sides=sides,
        places=problem.spec.places if "places" in also else 0,
        slots=problem.spec.slots if "slots" in also else (),
        fairness=0.0,
    )
    people = replace(
        problem.people,
        barred=problem.people.barred if "blocks" in also else frozenset(),
        locked=problem.people.locked if "locks" in also else (),
        previous=(),
    )
    rules = {demand.rule for demand in kept}
    dropped = frozenset(i for i, rule in enumerate(problem.spec.rules) if rule.firm and i not in rules)
    return compile_round(spec, people, dropped)
