"""Several sittings of one round: everybody meets somebody each time, and nobody twice.

Sitting after sitting gets its best list among the pairs that are left. Where the last ones find no list for everybody,
one that stands is given up and made again after the one that fails, over and over while there is time (ruin and
recreate, Schrimpf et al., J. Comp. Phys. 2000); pairs among whom nothing is barred fall back on the circle method, by
which n people meet n - 1 times (Kirkman, 1847).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import cast

import numpy as np

from models.rounds.facts.masks import masks_of, nothing_shared
from models.rounds.problem.barriers import barrier_of, pairs_barrier
from models.rounds.problem.compile import compile_round
from models.rounds.problem.fixed import Settled, settle
from models.rounds.problem.problem import DENSE, HARD, Also, Found, Placed, Problem, Progress
from models.rounds.problem.sizes import natural_left
from models.rounds.problem.together import not_together
from models.rounds.solvers.groups.arrange import arrange
from models.rounds.solvers.groups.groups import bound_on_mean, open_sitting, placed_of, settled_groups
from models.rounds.solvers.groups.sitting import Effort
from models.rounds.solvers.pairs.circle_method import best_circle
from models.rounds.solvers.pairs.pairs import pair_settled
from models.rounds.solvers.pairs.quality import mean_and_worst, random_mean
from models.rounds.solvers.pairs.sit_outs import Seated, evened, precedence
from models.rounds.spec.requests import Bye, Collision

CIRCLED = 1000  # up to so many people
CROWDED = 0.5  # share of all others whom everybody would meet
TRIED = 100  # up to so many people it is tried what would be without a rule
RUINS = 30  # times that a sitting is given up for one that fails
SEARCH = 0.6  # share of the time to find lists in; what is left is for saying why there are none


@dataclass(frozen=True, slots=True)
class Solved(Seated):
    """One sitting; `natural` of those who sit out do so because of their number."""

    natural: int = 0
    collisions: tuple[Collision, ...] = ()

    @property
    def missing(self) -> int:
        """How many sit out who need not."""
        return max(len(self.out) - self.natural, 0)

    def pairs(self) -> list[tuple[int, int]]:
        """Rows who meet."""
        return [pair for placed in self.matches for pair in combinations(sorted(placed.rows), 2)]


def solve_sittings(problem: Problem, progress: Progress) -> Found:
    """The lists of all sittings, of pairs or of groups."""
    solved = cast(list[Solved], evened(problem, solve_all(problem, progress)))
    found = Found(matches=[placed for each in solved for placed in each.matches])
    for number, each in enumerate(solved):
        found.collisions += [collision for collision in each.collisions if collision not in found.collisions]
        if not each.missing:
            byes = (Bye(member=problem.ids[row], sitting=number, why="odd_number") for row in sorted(each.out))
            found.byes += byes
    if any(each.missing for each in solved):
        found.collisions.append(_explain(problem, solved))
    said = {rule for collision in found.collisions for rule in collision.rules}
    alone = not_together(problem, found.matches, "numbers")
    found.collisions += [collision for collision in alone if not said & set(collision.rules)]
    _judge(problem, found)
    progress(1.0)
    return found


def solve_all(problem: Problem, progress: Progress, ruins: int = RUINS) -> list[Solved]:
    """Each sitting in turn, and again where somebody is left out who need not be."""
    maker = _Maker(problem, np.random.default_rng(problem.spec.seed))
    solved: list[Solved] = []
    for number in range(problem.spec.sittings):
        solved.append(maker.make(number, solved))
        progress(0.8 * (number + 1) / problem.spec.sittings)
    if any(each.missing for each in solved) and (round_robin := maker.circle()) is not None:
        return round_robin
    for _ in range(ruins if maker.has_hope() else 0):
        if not any(each.missing for each in solved) or not maker.goes_on():
            break
        solved = maker.recreate(solved)
    return solved


class _Maker:
    """Makes single sittings, given the others."""

    def __init__(self, problem: Problem, rng: np.random.Generator) -> None:
        self._problem, self._rng = problem, rng
        self._distinct = 0 < problem.spec.sittings <= len(problem.spec.slots)  # nobody at two matches at one time

    def goes_on(self) -> bool:
        """Whether there is time."""
        return self._problem.clock.spent < SEARCH * self._problem.spec.seconds

    def has_hope(self) -> bool:
        """Whether everybody may meet enough people for all sittings."""
        problem = self._problem
        if problem.n > DENSE:
            return False
        others = (problem.dense_group_levels < HARD).sum(1)
        needed = problem.spec.sittings * (problem.spec.size[0] - 1 if problem.spec.kind == "groups" else 1)
        return bool(problem.n) and int(others.min()) >= needed

    def make(self, number: int, others: Sequence[Solved], again: bool = False) -> Solved:
        """The sitting of a number beside these others; `again`: in less time."""
        problem = self._given(number, others)
        if problem.spec.kind == "groups":
            return self._groups(problem, number, others, again)
        settled = settle(problem, 3 if problem.spec.leftover == "trio" else 2)
        plain = pair_settled(problem, settled)
        fair = pair_settled(problem, settled, plain)
        pairing = fair if len(fair.left) <= len(plain.left) else plain
        matches = tuple(replace(placed, sitting=number) for placed in [*settled.locked, *pairing.matches])
        natural = len(settled.open) % 2 if problem.spec.leftover == "bye" else 0
        return Solved(matches, tuple(pairing.left), natural, tuple(settled.collisions))

    def recreate(self, solved: list[Solved]) -> list[Solved]:
        """The same with one sitting, which leaves somebody out, made before another that stood; if that is no worse."""
        failing = [number for number, each in enumerate(solved) if each.missing]
        first = int(self._rng.choice(failing))
        second = int(self._rng.choice([number for number in range(len(solved)) if number != first]))
        rest = [each for number, each in enumerate(solved) if number not in (first, second)]
        again = list(solved)
        again[first] = self.make(first, rest, again=True)
        again[second] = self.make(second, [*rest, again[first]], again=True)
        return again if _missing(again) <= _missing(solved) else solved

    def circle(self) -> list[Solved] | None:
        """All sittings of pairs at once, where nothing is in anybody's way."""
        problem, n = self._problem, self._problem.n
        free = not (problem.spec.slots or problem.locked or problem.together or problem.kept)
        odd = n % 2 and problem.spec.leftover == "trio"
        if problem.spec.kind != "pairs" or not free or odd or n > CIRCLED or not problem.is_dense:
            return None
        if (problem.dense_levels + np.diag(np.full(n, -HARD, np.int8))).any():
            return None
        rounds = best_circle(problem.score, problem.spec.sittings, self._rng)
        solved = []
        for number in range(problem.spec.sittings):
            pairs = rounds[number] if number < len(rounds) else []
            met = {row for pair in pairs for row in pair}
            matches = tuple(Placed(pair, sitting=number) for pair in pairs)
            solved.append(Solved(matches, tuple(row for row in range(n) if row not in met), n % 2))
        return solved

    def _groups(self, problem: Problem, number: int, others: Sequence[Solved], again: bool) -> Solved:
        problem, settled = settled_groups(problem)
        sitting = open_sitting(problem, settled)
        sitting = replace(sitting, target=self._target(sitting.target), room=self._room(settled, others))
        passes = 0.1 if again else min(1.0, 4 / self._problem.spec.sittings)
        effort = Effort(go_on=self.goes_on, passes=passes, tries=1 if again else 3)
        arranged = arrange(problem, sitting, self._rng, effort)
        matches = [replace(placed, sitting=number) for placed in [*settled.locked, *placed_of(arranged)]]
        natural = natural_left(problem, len(sitting.rows))
        return Solved(tuple(matches), tuple(arranged.out), natural, tuple(settled.collisions))

    def _target(self, usual: float) -> float:
        """Small groups where large ones would soon leave nobody new to meet."""
        crowded = self._problem.spec.sittings * (usual - 1) > CROWDED * self._problem.n
        return float(self._problem.spec.size[0]) if crowded else usual

    def _room(self, settled: Settled, others: Sequence[Solved]) -> np.ndarray | None:
        """(slots,) groups that each can still hold; None without slots."""
        slots, places = len(self._problem.spec.slots), self._problem.spec.places
        if not slots:
            return None
        taken = [*settled.locked, *(self._elsewhere(others))]
        used = np.bincount([placed.slot for placed in taken if placed.slot >= 0], minlength=slots)
        return np.maximum(places - used, 0) if places else np.full(slots, self._problem.n)

    def _elsewhere(self, others: Sequence[Solved]) -> list[Placed]:
        """Matches of other sittings, if those are at the same times as this one."""
        return [placed for each in others for placed in each.matches] if self._distinct else []

    def _given(self, number: int, others: Sequence[Solved]) -> Problem:
        """The problem of one sitting: nobody whom one met, byes counted, times used up."""
        problem = self._problem
        out = np.array([row for each in others for row in each.out], np.int64)
        barriers = list(problem.barriers)
        if pairs := [pair for each in others for pair in each.pairs()]:
            barriers.append(pairs_barrier(-1, "numbers", pairs, HARD))
        free = self._free(others)
        if problem.spec.slots:
            barriers = [barrier for barrier in barriers if barrier.also != "slots"]
            barriers.append(barrier_of(-1, "slots", nothing_shared(masks_of(list(free))), HARD))
        met = [set(placed.rows) for each in others for placed in each.matches]
        return replace(
            problem,
            spec=replace(problem.spec, sittings=1),
            barriers=tuple(barriers),
            together=tuple(t for t in problem.together if not any(set(t.rows) <= rows for rows in met)),
            free=free,
            byes=precedence(problem.byes, np.bincount(out, minlength=problem.n)),
            locked=tuple(placed for placed in problem.locked if placed.sitting == number),
            kept=tuple(placed for placed in problem.kept if placed.sitting == number),
        )

    def _free(self, others: Sequence[Solved]) -> np.ndarray:
        """(n, slots) who is free when, other matches and, for pairs, crowded times left out."""
        problem, free = self._problem, self._problem.free.copy()
        taken = [placed for placed in self._elsewhere(others) if placed.slot >= 0]
        for placed in taken:
            free[list(placed.rows), placed.slot] = False
        if problem.spec.kind == "pairs" and problem.spec.places and taken:
            used = np.bincount([placed.slot for placed in taken], minlength=free.shape[1])
            needed = -(-problem.n // (2 * problem.spec.places))
            open_ = np.argsort(used, kind="stable")[: max(needed, int((used == 0).sum()))]
            free[:, np.setdiff1d(np.arange(free.shape[1]), open_)] = False
        return free


def _missing(solved: Sequence[Solved]) -> int:
    return sum(each.missing for each in solved)


def _explain(problem: Problem, solved: Sequence[Solved]) -> Collision:
    """For those who are left out of some sitting. Rules whose absence helps are found by doing without them."""
    out = sorted({row for each in solved if each.missing for row in each.out})
    rules, cures = [], []
    for i in (i for i, rule in enumerate(problem.spec.rules) if rule.firm):
        if problem.n > TRIED or problem.clock.left < (1 - SEARCH) / 2 * problem.spec.seconds:
            break
        spec = replace(problem.spec, seconds=problem.clock.left / 4)
        missing = _missing(solve_all(compile_round(spec, problem.people, frozenset([i])), lambda share: None, ruins=0))
        rules += [i] if missing < _missing(solved) else []
        cures += [i] if missing == 0 else []
    also: tuple[Also, ...] = () if rules and solved[0].missing else ("numbers",)
    return Collision(rules=tuple(rules), also=also, members=tuple(problem.ids[row] for row in out), cures=tuple(cures))


def _judge(problem: Problem, found: Found) -> None:
    found.random = random_mean(problem, np.arange(problem.n))
    if problem.spec.kind == "groups" and (mean := mean_and_worst(problem, found.matches)[0]) == mean:
        found.bound = mean / (bound_on_mean(problem) or 1.0)
