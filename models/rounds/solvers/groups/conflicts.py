"""Why some people are in no group: which rules collide, and which of them, dropped alone, would do.

Tried and not guessed: people are seated again without each demand, as long as time and their number allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.rounds.problem.conflicts import Demand, collision, minimal, obstacles_of
from models.rounds.problem.problem import HARD, Problem
from models.rounds.problem.sizes import natural_left
from models.rounds.solvers.groups.arrange import arrange
from models.rounds.solvers.groups.sitting import Effort, Sitting
from models.rounds.spec.requests import Collision

TRIED = 400  # up to so many people it is tried what would be without a rule
LEAST_TIME = 0.05  # share of the time that has to be left for trying


def explain_groups(problem: Problem, sitting: Sitting, out: Sequence[int]) -> list[Collision]:
    """For the rows `out`, who could not all be placed."""
    if len(sitting.rows) < problem.spec.size[0]:
        return [collision(problem, [], out, (), "size")]
    demands = _demands(problem, sitting)
    if len(sitting.rows) > TRIED:
        return [collision(problem, _in_the_way(problem, sitting, out) or demands, out, (), "size")]
    trial = _Trial(problem, sitting)
    now = trial.missing(demands)
    without = {d.rule: trial.missing([other for other in demands if other != d]) for d in demands if d.rule >= 0}
    enough = natural_left(problem, len(sitting.rows))
    cures = [rule for rule, left in without.items() if left <= enough]
    conflict = minimal(demands, lambda kept: trial.missing(kept) >= now)
    if trial.out_of_time:
        conflict = [*(d for d in demands if without.get(d.rule, now) < now), Demand(-1, "time_limit")]
    return [collision(problem, conflict, out, cures, "size")]


def _demands(problem: Problem, sitting: Sitting) -> list[Demand]:
    """All that could be dropped to see whether it matters: what is no rule first, then the firm rules."""
    found = {Demand(b.rule, b.also) for b in problem.barriers if b.rule < 0}
    if problem.spec.places:
        found.add(Demand(-1, "places"))
    found |= {Demand(i) for i, rule in enumerate(problem.spec.rules) if rule.firm}
    return sorted(found, key=lambda d: (d.rule, d.also or ""))


def _in_the_way(problem: Problem, sitting: Sitting, out: Sequence[int]) -> list[Demand]:
    """What bars those who are out from everybody, and quotas and mixtures, which may bar anybody."""
    barred = [bars for row in out[:100] for bars in obstacles_of(problem, row, sitting.rows) or []]
    counted = {quota.rule for quota in problem.quotas if quota.level == HARD}
    counted |= {mixture.rule for mixture in problem.mixtures if mixture.level == HARD}
    return list({demand for demand, _ in barred} | {Demand(rule) for rule in counted})


class _Trial:
    """Seats people with some demands alone."""

    def __init__(self, problem: Problem, sitting: Sitting) -> None:
        self._problem, self._sitting = problem, sitting
        self.out_of_time = False

    def missing(self, kept: Sequence[Demand]) -> int:
        """How many are in no group then; everybody once time is over."""
        if not self._go_on():
            return len(self._sitting.rows)
        effort = Effort(go_on=self._go_on, passes=0, tries=1)
        rng = np.random.default_rng(self._problem.spec.seed)
        return len(arrange(self._problem_with(kept), self._sitting_with(kept), rng, effort).out)

    def _go_on(self) -> bool:
        if self._problem.clock.left < LEAST_TIME * self._problem.spec.seconds:
            self.out_of_time = True
        return not self.out_of_time

    def _problem_with(self, kept: Sequence[Demand]) -> Problem:
        rules = {demand.rule for demand in kept if demand.rule >= 0}
        rules |= {i for i, rule in enumerate(self._problem.spec.rules) if not rule.firm}
        return replace(
            self._problem,
            barriers=tuple(b for b in self._problem.barriers if b.rule in rules or Demand(b.rule, b.also) in kept),
            quotas=tuple(quota for quota in self._problem.quotas if quota.rule in rules),
            mixtures=tuple(mixture for mixture in self._problem.mixtures if mixture.rule in rules),
            together=tuple(each for each in self._problem.together if each.rule in rules),
        )

    def _sitting_with(self, kept: Sequence[Demand]) -> Sitting:
        sitting = replace(self._sitting, kept=())
        if Demand(-1, "slots") not in kept:
            sitting = replace(sitting, free=None, room=None)
        elif Demand(-1, "places") not in kept and sitting.room is not None:
            sitting = replace(sitting, room=np.full_like(sitting.room, len(sitting.rows)))
        return sitting
