"""One sitting of groups: what is to be arranged, what came of it, and what breaking each rule costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from models.rounds.problem.problem import HARD, Problem
from models.rounds.solvers.groups.local_search import Counted

# Costs, in good matches; the worth of an exchange is a few of them. They say what gives way first: sitting out costs
# more than any rule that is not firm, and breaking a firm rule more than sitting out.
SOFT = 8.0  # a rule that is not firm, and 2 more for each level
BYE = 400.0  # sitting out, and `AGAIN` more for each time before
AGAIN = 20.0
FIRM = 2000.0
KEPT = 1.5  # parting two who are together in the list before; twice that where nobody of the group is gone

Group: TypeAlias = tuple[tuple[int, ...], int]  # rows, and the slot or -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """What is to be arranged: `rows` (m,) of a problem, in groups of about `target`. `free` (n, slots)
    bool and `room` (slots,) int, how many groups a slot holds, or no slots. `byes` (n,) so far. `kept`: groups to keep
    as far as possible, above all those from which nobody is gone, `whole`."""

    rows: np.ndarray
    target: float
    byes: np.ndarray
    free: np.ndarray | None = None
    room: np.ndarray | None = None
    kept: Sequence[tuple[int, ...]] = ()
    whole: Sequence[tuple[int, ...]] = ()


@dataclass(slots=True)
class Arranged:
    """Groups, and who sits out: `unavoidable` of them by counting alone. Mean and worst worth: of groups that only keep
    the rules, and of those with the largest total, NaN where not asked for."""

    groups: list[Group]
    out: list[int]
    unavoidable: int
    random: float = float("nan")
    best: float = float("nan")
    best_worst: float = float("nan")


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try: `passes` of the search for worth as a share of the usual, 0 only to see whether rules can hold;
    `tries`: how often seats that keep the rules are looked for; `compare`: find the largest total, too. `go_on` is
    asked before every step."""

    go_on: Callable[[], bool]
    passes: float = 1.0
    tries: int = 3  # each twice as long as the one before
    compare: bool = False
    progress: Callable[[float], None] = lambda share: None


def levels_of(problem: Problem, sitting: Sitting) -> np.ndarray:
    """(m, m) int8 levels among the people of a sitting, diagonal 0."""
    rows = sitting.rows
    levels = problem.levels(rows[:, None], rows[None, :], matches_of=3 if problem.spec.size[1] > 2 else 2)
    np.fill_diagonal(levels, 0)
    return levels


def cost_of(level: int) -> float:
    """What breaking a rule of a level costs."""
    return FIRM if level == HARD else SOFT + 2 * level


def costs(problem: Problem, sitting: Sitting, levels: np.ndarray) -> np.ndarray | None:
    """(m, m) float32 of `Seats.cost`, None where no two cost anything."""
    table = np.array([0.0, *(cost_of(level) for level in range(1, HARD + 1))], np.float32)
    cost = table[levels]
    place = np.full(problem.n, -1, np.int64)
    place[sitting.rows] = np.arange(len(sitting.rows))
    together = [(each.rows, cost_of(each.level)) for each in problem.together]
    for rows, gain in [*together, *((rows, KEPT) for rows in (*sitting.kept, *sitting.whole))]:
        at = place[list(rows)]
        at = at[at >= 0]
        cost[np.ix_(at, at)] -= gain
    np.fill_diagonal(cost, 0)
    return cost if cost.any() else None


def fares(sitting: Sitting) -> np.ndarray:
    """(slots + 1, m + 1) float32 of `Seats.fare`: who is not free at each time, and in the last row who sits out."""
    free = np.ones((len(sitting.rows), 1), bool) if sitting.free is None else sitting.free[sitting.rows]
    out = np.zeros((free.shape[1] + 1, len(sitting.rows) + 1), np.float32)
    out[:-1, :-1] = FIRM * ~free.T
    byes = sitting.byes[sitting.rows]
    out[-1, :-1] = BYE + AGAIN * (byes - byes.min())
    return out


def counted(problem: Problem, rows: np.ndarray, vacant: bool) -> tuple[Counted, ...]:
    """Rules on how many of a sort a group has; on its size, too, where seats may stay `vacant`."""
    low, high = problem.spec.size
    out = [Counted(np.zeros(len(rows), np.int64), np.array([low]), np.array([high]), FIRM)] if vacant else []
    for quota in problem.quotas:
        codes = np.where(quota.has[rows], 0, -1)
        out.append(Counted(codes, np.array([quota.least]), np.array([quota.most]), cost_of(quota.level)))
    for mixture in problem.mixtures:
        found, codes, counts = np.unique(mixture.codes[rows], return_inverse=True, return_counts=True)
        many = (counts > mixture.most) & (found >= 0)
        if mixture.most > 1 and many.any():  # "no two alike" is a level of pairs
            number = np.where(many, np.cumsum(many) - 1, -1)
            most = np.full(int(many.sum()), mixture.most)
            out.append(Counted(number[codes], np.zeros_like(most), most, cost_of(mixture.level)))
    return tuple(out)
