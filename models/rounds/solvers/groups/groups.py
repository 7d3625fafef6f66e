"""Groups of a size range for everybody who can be placed, and why the others cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.rounds.problem.fixed import Settled, settle
from models.rounds.problem.problem import Found, Placed, Problem, Progress
from models.rounds.problem.sizes import natural_left, usual_size
from models.rounds.problem.together import not_together
from models.rounds.solvers.groups.arrange import arrange
from models.rounds.solvers.groups.conflicts import explain_groups
from models.rounds.solvers.groups.sitting import Arranged, Effort, Sitting
from models.rounds.solvers.pairs.quality import mean_and_worst
from models.rounds.spec.requests import Bye

RESERVE = 0.15  # share of the time that the search leaves to what comes after
COMPARED = 1500  # up to so many people the list with the largest total is looked for, too


def solve_groups(problem: Problem, progress: Progress) -> Found:
    """The list of groups, for one sitting."""
    problem, settled = settled_groups(problem)
    sitting = open_sitting(problem, settled)
    reserve = RESERVE * problem.spec.seconds
    effort = Effort(
        go_on=lambda: problem.clock.left > reserve,
        compare=len(sitting.rows) <= COMPARED,
        progress=lambda share: progress(0.9 * share),
    )
    arranged = arrange(problem, sitting, np.random.default_rng(problem.spec.seed), effort)
    found = Found(matches=[*settled.locked, *placed_of(arranged)], collisions=list(settled.collisions))
    found.byes = byes_of(problem, arranged.out)
    if len(arranged.out) > natural_left(problem, len(sitting.rows)):
        found.collisions += explain_groups(problem, sitting, arranged.out)
    found.collisions += not_together(problem, found.matches, "size")
    _judge(problem, arranged, found)
    progress(1.0)
    return found


def settled_groups(problem: Problem) -> tuple[Problem, Settled]:
    """What stands before anything is solved; and the problem without firm rules that cannot be kept."""
    locks = settle(replace(problem, together=()), problem.spec.size[1])
    # Those who have to meet are only a part of their group: others may bring what a quota asks for.
    parts = replace(problem, quotas=tuple(replace(q, least=0) for q in problem.quotas), locked=tuple(locks.locked))
    settled = settle(parts, problem.spec.size[1])
    settled.collisions = [*locks.collisions, *settled.collisions]
    impossible = {rule for collision in settled.collisions for rule in collision.rules}
    together = tuple(each for each in problem.together if each.rule not in impossible)
    return replace(problem, together=together), settled


def open_sitting(problem: Problem, settled: Settled) -> Sitting:
    """Everybody who is in no locked match, in the slots that those leave."""
    locked = {row for placed in settled.locked for row in placed.rows}
    rows = np.array([row for row in range(problem.n) if row not in locked], np.int64)
    open_ = set(rows.tolist())
    kept = [tuple(row for row in placed.rows if row in open_) for placed in problem.kept]
    kept = [group for group in kept if len(group) > 1]
    before = {frozenset(match.members) for match in problem.people.previous}
    whole = [group for group in kept if frozenset(problem.ids[row] for row in group) in before]
    free = room = None
    if problem.spec.slots:
        used = np.array([placed.slot for placed in settled.locked if placed.slot >= 0], np.int64)
        places = problem.spec.places or problem.n
        free, room = problem.free, np.maximum(places - np.bincount(used, minlength=len(problem.spec.slots)), 0)
    target = _size_to_keep(problem, len(rows), kept) if kept else usual_size(problem)
    return Sitting(rows=rows, target=target, byes=problem.byes, free=free, room=room, kept=kept, whole=whole)


def _size_to_keep(problem: Problem, people: int, kept: Sequence[tuple[int, ...]]) -> float:
    """The mean size with as many groups as need no others' people: those that may stay, and what the rest can form."""
    low = problem.spec.size[0]
    staying = [len(rows) for rows in kept if len(rows) >= low]
    return people / max(len(staying) + (people - sum(staying)) // low, 1)


def placed_of(arranged: Arranged, sitting: int = 0) -> list[Placed]:
    """The groups as matches."""
    return [Placed(tuple(sorted(rows)), sitting=sitting, slot=slot) for rows, slot in arranged.groups]


def byes_of(problem: Problem, out: Sequence[int], sitting: int = 0) -> list[Bye]:
    """For those whom counting alone leaves over; who is left for other reasons is named with these by `plan_of`."""
    if len(out) > natural_left(problem, problem.n - sum(len(placed.rows) for placed in problem.locked)):
        return []
    return [Bye(member=problem.ids[row], sitting=sitting, why="odd_number") for row in sorted(out)]


def _judge(problem: Problem, arranged: Arranged, found: Found) -> None:
    found.random = arranged.random
    mean, worst = mean_and_worst(problem, found.matches)
    found.best, found.best_worst = (mean, worst) if not arranged.best > mean else (arranged.best, arranged.best_worst)
    most = bound_on_mean(problem)
    found.bound = mean / most if most > 0 and mean == mean else 1.0


def bound_on_mean(problem: Problem) -> float:
    """No list has a larger mean worth: as if everybody sat with those who are worth most to them."""
    most = max(problem.spec.size[0] - 1, 1)
    best = []
    for start in range(0, problem.n, 500):
        rows = problem.score[start : start + 500]
        dense = rows if isinstance(rows, np.ndarray) else rows.toarray()
        count = min(most, dense.shape[1])
        best.append(np.partition(dense, -count, axis=1)[:, -count:].mean(1))
    return float(np.concatenate(best).mean()) if best else 0.0
