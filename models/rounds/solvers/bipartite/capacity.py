"""Two sides before anything is solved: who stands where, what their loads leave open, and pairs that stand already."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.rounds.problem.fixed import collision_of, refusal
from models.rounds.problem.problem import HARD, Also, Placed, Problem
from models.rounds.solvers.bipartite.min_cost_flow import Loads
from models.rounds.spec.requests import Collision


def side_of(problem: Problem) -> np.ndarray:
    """(n,) 0 or 1; the second side stands behind the first."""
    first = sum(member in problem.row for member in dict.fromkeys(problem.spec.sides[0].members))
    return (np.arange(problem.n) >= first).astype(np.int64)


def loads_of(problem: Problem, matches: list[Placed]) -> Loads:
    """What is left of everybody's load once these matches stand."""
    side = side_of(problem)
    least = np.array([s.least for s in problem.spec.sides])[side]
    most = np.array([s.most for s in problem.spec.sides])[side]
    used = np.bincount(np.array([r for p in matches for r in p.rows], np.int64), minlength=problem.n)
    return Loads(least=np.maximum(least - used, 0), most=np.maximum(most - used, 0), first=used == 0)


def lacking(problem: Problem, matches: list[Placed]) -> tuple[int, int]:
    loads = loads_of(problem, matches)
    return int(loads.least.sum()), int((loads.first & (loads.most > 0)).sum())


def spread(problem: Problem, matches: list[Placed]) -> int:
    """By how many matches two people of one side differ at most."""
    made = np.bincount(np.array([row for placed in matches for row in placed.rows], np.int64), minlength=problem.n)
    side = side_of(problem)
    return max((int(np.ptp(made[side == one])) for one in (0, 1) if (side == one).any()), default=0)


def levelled(problem: Problem, matches: int, slack: int) -> Problem:
    """The problem with loads by which so many matches are spread evenly over each side, give or take `slack`."""
    sides = []
    for number, side in enumerate(problem.spec.sides):
        people = max(int((side_of(problem) == number).sum()), 1)
        most = min(side.most, max(-(-matches // people) + slack, side.least))
        sides.append(replace(side, least=min(max(matches // people - slack, side.least), most), most=most))
    return replace(problem, spec=replace(problem.spec, sides=tuple(sides)))


def unmet(problem: Problem, matches: list[Placed]) -> tuple[list[int], list[int]]:
    """Rows without any match, and rows without one or with fewer than they must have."""
    loads = loads_of(problem, matches)
    could = np.array([side.most for side in problem.spec.sides])[side_of(problem)] > 0
    left = np.flatnonzero(loads.first)
    return left.tolist(), np.flatnonzero((loads.first & could) | (loads.least > 0)).tolist()


def fixed_pairs(problem: Problem) -> tuple[list[Placed], list[Collision]]:
    """Pairs that are locked or have to be, as far as rules and loads allow."""
    fixed: list[Placed] = []
    collisions: list[Collision] = []
    side = side_of(problem)
    for placed in problem.locked:
        if why := refusal(problem, placed):
            collisions.append(why)
        elif _fits(problem, fixed, placed):
            fixed.append(replace(placed, rows=_in_order(placed.rows, side), locked=True))
        else:
            members = tuple(problem.ids[row] for row in placed.rows)
            collisions.append(Collision(rules=(), also=("load", "locks"), members=members))
    for together in problem.together:
        if together.level < HARD or any(set(together.rows) == set(placed.rows) for placed in fixed):
            continue
        members = tuple(problem.ids[row] for row in together.rows)
        hard = [found for found in problem.breaks(together.rows) if found.level == HARD]
        if len(together.rows) > 2:
            collisions.append(
                Collision(rules=(together.rule,), also=("size",), members=members, cures=(together.rule,))
            )
        elif hard:
            collisions.append(collision_of(problem, hard, together.rows, (together.rule,)))
        elif not _fits(problem, fixed, Placed(together.rows)):
            collisions.append(
                Collision(rules=(together.rule,), also=("load",), members=members, cures=(together.rule,))
            )
        else:
            fixed.append(Placed(_in_order(together.rows, side)))
    return _in_slots(problem, fixed, collisions), collisions


def _fits(problem: Problem, fixed: list[Placed], placed: Placed) -> bool:
    if any(set(placed.rows) == set(other.rows) for other in fixed):
        return False
    return bool((loads_of(problem, fixed).most[list(placed.rows)] > 0).all())


def _in_order(rows: tuple[int, ...], side: np.ndarray) -> tuple[int, ...]:
    return tuple(sorted(rows, key=lambda row: (side[row], row)))


def _in_slots(problem: Problem, fixed: list[Placed], collisions: list[Collision]) -> list[Placed]:
    """Fixed pairs with a slot each in which both are free and nobody is twice; those that find none are told."""
    if not problem.spec.slots:
        return [replace(placed, slot=-1) for placed in fixed]
    out: list[Placed] = []
    for placed in sorted(fixed, key=lambda p: (p.slot < 0, problem.common_slots(p.rows).sum())):
        room = problem.common_slots(placed.rows)
        for other in out:
            room[other.slot] &= set(other.rows).isdisjoint(placed.rows)
        if problem.spec.places:
            room &= np.bincount([p.slot for p in out], minlength=len(room)) < problem.spec.places
        choice = [placed.slot, *np.flatnonzero(room)] if placed.slot >= 0 else list(np.flatnonzero(room))
        slot = next((int(s) for s in choice if room[s]), -1)
        if slot >= 0:
            out.append(replace(placed, slot=slot))
            continue
        members = tuple(problem.ids[row] for row in placed.rows)
        rules = tuple(t.rule for t in problem.together if t.level == HARD and set(t.rows) == set(placed.rows))
        also: tuple[Also, ...] = ("locks", "slots") if placed.locked else ("slots",)
        collisions.append(Collision(rules=rules, also=also, members=members, cures=rules if len(rules) == 1 else ()))
    return out
