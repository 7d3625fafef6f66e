"""What the search leaves broken is taken apart, and whoever is free then is seated wherever rules allow."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from models.rounds.problem.problem import HARD, Problem
from models.rounds.solvers.groups.sitting import Group, Sitting

CHAINED = 20  # up to so many who are left, it is tried whether others could make room for them


class Mender:
    """Knows whether groups of a sitting may stand. `levels` (m, m) int8 are those of its people."""

    def __init__(self, problem: Problem, sitting: Sitting, levels: np.ndarray) -> None:
        self._problem, self._sitting = problem, sitting
        self._hard = levels == HARD
        self._place = {row: i for i, row in enumerate(sitting.rows.tolist())}
        self._bound = _bound(problem, self._place)

    def mend(self, groups: Sequence[Group], out: Sequence[int]) -> tuple[list[Group], list[int]]:
        """Groups that break no firm rule, and who sits out.

        From a broken group leave those who are most in the way, until the rest may stay, or else all. Whoever is out is
        offered every group with room, and at last new groups among themselves.
        """
        made = [group for group in groups if self.proper(group)]
        free = list(out)
        for rows, slot in groups:
            if rows and not self.proper((rows, slot)):
                rest = self._shrunk(rows, slot)
                made += [(rest, slot)] if rest else []
                free += [row for row in rows if row not in rest]
        waiting = self._inserted(made, self._units(free))
        waiting = [unit for unit in waiting if len(waiting) > CHAINED or not self._chained(made, unit)]
        return made, self._regrouped(made, waiting)

    def proper(self, group: Group) -> bool:
        """Whether it breaks no firm rule."""
        low, high = self._problem.spec.size
        return low <= len(group[0]) <= high and self._faults(*group) == 0

    def _faults(self, rows: Sequence[int], slot: int) -> int:
        """How much is firmly wrong with a group, its size aside."""
        at, here = [self._place[row] for row in rows], set(rows)
        faults = int(self._hard[np.ix_(at, at)].sum())
        if slot >= 0 and self._sitting.free is not None:
            faults += int((~self._sitting.free[list(rows), slot]).sum())
        for quota in self._problem.quotas:
            if quota.level == HARD:
                had = int(quota.has[list(rows)].sum())
                faults += max(quota.least - had, had - quota.most, 0)
        for mixture in self._problem.mixtures:
            codes = mixture.codes[list(rows)]
            if mixture.level == HARD and (codes >= 0).any():
                faults += int(np.maximum(np.bincount(codes[codes >= 0]) - mixture.most, 0).sum())
        return faults + sum(1 for unit in self._bound if here & unit and not unit <= here)

    def _shrunk(self, rows: tuple[int, ...], slot: int) -> tuple[int, ...]:
        """Without those in the way; () when too few are left."""
        while len(rows) > self._problem.spec.size[0]:
            rows = min((_without(rows, row) for row in rows), key=lambda left: self._faults(left, slot))
            if self.proper((rows, slot)):
                return rows
        return ()

    def _units(self, rows: Sequence[int]) -> list[tuple[int, ...]]:
        """People who have to be seated together, and everybody else alone; whoever sat out most first."""
        left, units = set(rows), []
        for row in sorted(left, key=lambda row: (-int(self._sitting.byes[row]), row)):
            unit = next((unit for unit in self._bound if row in unit), frozenset([row]))
            if row in left:
                left -= unit
                units.append(tuple(sorted(unit & set(rows))))
        return units

    def _inserted(self, made: list[Group], units: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """Those whom no group can take; the others go where they are worth most."""
        left = []
        for unit in units:
            fits = [i for i, (rows, slot) in enumerate(made) if self.proper(((*rows, *unit), slot))]
            if fits:
                best = max(fits, key=lambda i: float(self._problem.worths((*made[i][0], *unit)).mean()))
                made[best] = ((*made[best][0], *unit), made[best][1])
            else:
                left.append(unit)
        return left

    def _chained(self, made: list[Group], unit: tuple[int, ...]) -> bool:
        """Whether it took the place of somebody for whom there was another."""
        for i, (rows, slot) in enumerate(made):
            for row in rows:
                left = (*_without(rows, row), *unit)
                if not self.proper((left, slot)):
                    continue
                for j, (others, when) in enumerate(made):
                    if j != i and self.proper(((*others, row), when)):
                        made[i], made[j] = (left, slot), ((*others, row), when)
                        return True
        return False

    def _regrouped(self, made: list[Group], units: list[tuple[int, ...]]) -> list[int]:
        """New groups of those who are left, as long as there are any; returns who still is."""
        while (group := self._new_group(made, units)) is not None:
            made.append(group)
            units = [unit for unit in units if not set(unit) & set(group[0])]
        return [row for unit in units for row in unit]

    def _new_group(self, made: list[Group], units: list[tuple[int, ...]]) -> Group | None:
        low, high = self._problem.spec.size
        if sum(len(unit) for unit in units) < low:
            return None
        for slot in self._open_slots(made):
            for seed in units:
                rows = seed
                for unit in (unit for unit in units if unit != seed):
                    if self.proper((rows, slot)) or len(rows) + len(unit) > high:
                        continue
                    if self._meet((*rows, *unit), slot):
                        rows = (*rows, *unit)
                if self.proper((rows, slot)):
                    return rows, slot
        return None

    def _meet(self, rows: tuple[int, ...], slot: int) -> bool:
        """Whether these could begin a group: nobody is barred, everybody is free."""
        if slot >= 0 and self._sitting.free is not None and not self._sitting.free[list(rows), slot].all():
            return False
        return not any(self._hard[self._place[a], self._place[b]] for a, b in combinations(rows, 2))

    def _open_slots(self, made: list[Group]) -> list[int]:
        if self._sitting.room is None:
            return [-1]
        used = np.bincount([slot for _, slot in made], minlength=len(self._sitting.room))
        return [int(slot) for slot in np.flatnonzero(self._sitting.room > used)]


def _without(rows: tuple[int, ...], row: int) -> tuple[int, ...]:
    return tuple(other for other in rows if other != row)


def _bound(problem: Problem, place: dict[int, int]) -> list[frozenset[int]]:
    """People whom firm rules have together, as far as they are here."""
    merged: list[frozenset[int]] = []
    for rule in problem.together:
        if rule.level == HARD:
            mine = frozenset(row for row in rule.rows if row in place)
            touched = [unit for unit in merged if unit & mine]
            merged = [unit for unit in merged if not unit & mine] + [mine.union(*touched)]
    return [unit for unit in merged if len(unit) > 1]
