"""What is settled before anything is solved: matches that are locked, and people who have to meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from models.rounds.problem.problem import HARD, Also, Break, Placed, Problem, TogetherOf
from models.rounds.problem.slots import seats
from models.rounds.spec.requests import Collision


@dataclass(kw_only=True)
class Settled:
    """Matches that stand, the rows that are still open, and what could not be settled.

    `locked` are not touched any more; to `united` somebody may still be added.
    """

    locked: list[Placed] = field(default_factory=list)
    united: list[Placed] = field(default_factory=list)
    open: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    collisions: list[Collision] = field(default_factory=list)


def settle(problem: Problem, largest: int, without: frozenset[int] = frozenset()) -> Settled:
    """For matches of at most `largest`. Of rules `without` nothing is asked; those that are firm go first."""
    out = Settled()
    taken: set[int] = set()
    for placed in problem.locked:
        if why := refusal(problem, placed):
            out.collisions.append(why)
        elif taken.isdisjoint(placed.rows):
            out.locked.append(replace(placed, locked=True))
            taken |= set(placed.rows)
    if problem.spec.slots:
        _give_slots(problem, out, taken)
    together = [t for t in problem.together if t.rule not in without]
    for union in _unions(sorted(together, key=lambda t: t.level < HARD)):
        if any(set(union.rows) <= set(placed.rows) for placed in out.locked):
            continue
        why = _no_union(problem, union, largest, taken)
        if why is None:
            out.united.append(Placed(union.rows))
            taken |= set(union.rows)
        elif union.firm:
            out.collisions.append(why)
    out.open = np.array([row for row in range(problem.n) if row not in taken], np.int64)
    return out


def _give_slots(problem: Problem, out: Settled, taken: set[int]) -> None:
    """Locked matches keep their slot where it suits all of them, or get another; without one they cannot stand."""
    wanted = [p if p.slot >= 0 and problem.common_slots(p.rows)[p.slot] else replace(p, slot=-1) for p in out.locked]
    used = np.zeros(len(problem.spec.slots), np.int64)
    standing: dict[int, Placed] = {}
    for i, placed in enumerate(wanted):
        if placed.slot >= 0 and (not problem.spec.places or used[placed.slot] < problem.spec.places):
            standing[i] = placed
            used[placed.slot] += 1
    homeless = [i for i in range(len(wanted)) if i not in standing]
    for i, slot in zip(homeless, seats(problem, [wanted[i].rows for i in homeless], used), strict=True):
        if slot >= 0:
            standing[i] = replace(wanted[i], slot=int(slot))
            continue
        members = tuple(problem.ids[row] for row in wanted[i].rows)
        out.collisions.append(Collision(rules=(), also=("locks", "places"), members=members))
        taken -= set(wanted[i].rows)
    out.locked = [standing[i] for i in sorted(standing)]


def refusal(problem: Problem, placed: Placed) -> Collision | None:
    """Why a locked match cannot stand: it breaks what is firm."""
    hard = [found for found in problem.breaks(placed.rows) if found.level == HARD]
    return collision_of(problem, hard, placed.rows, also_locks=True) if hard else None


def collision_of(
    problem: Problem, hard: Sequence[Break], rows: Sequence[int], rules: Sequence[int] = (), also_locks: bool = False
) -> Collision:
    """That these breaks forbid what `rules` or a lock demand. Dropping a rule cures it when nothing else is broken."""
    broken = sorted({found.rule for found in hard if found.rule >= 0})
    also = {found.also for found in hard if found.also} | ({"locks"} if also_locks else set())
    alone = len(broken) == 1 and all(found.rule >= 0 for found in hard)
    demanding = list(rules) if len(set(rules)) == 1 else []
    return Collision(
        rules=tuple(sorted({*broken, *rules})),
        also=tuple(sorted(also)),  # type: ignore[arg-type]
        members=tuple(problem.ids[row] for row in rows),
        cures=tuple(sorted({*(broken if alone else []), *demanding})),
    )


def not_together(problem: Problem, matches: Sequence[Placed], otherwise: Also) -> list[Collision]:
    """Those who firmly have to meet and are in no match together: for what cannot be a rule, or else forbids it."""
    made = [set(placed.rows) for placed in matches]
    out = []
    for together in problem.together:
        if together.level < HARD or any(set(together.rows) <= match for match in made):
            continue
        hard = [found for found in problem.breaks(together.rows) if found.level == HARD]
        if hard:
            out.append(collision_of(problem, hard, together.rows, (together.rule,)))
        else:
            members = tuple(problem.ids[row] for row in together.rows)
            out.append(Collision(rules=(together.rule,), also=(otherwise,), members=members, cures=(together.rule,)))
    return out


@dataclass(frozen=True, slots=True)
class _Union:
    rules: tuple[int, ...]
    rows: tuple[int, ...]
    firm: bool


def _unions(together: Sequence[TogetherOf]) -> Iterator[_Union]:
    """People who have to meet, joined wherever two such rules share somebody; firm ones apart from the others."""
    for firm in (True, False):
        groups: list[tuple[set[int], set[int]]] = []
        for each in together:
            if (each.level == HARD) is not firm:
                continue
            rules, rows = {each.rule}, set(each.rows)
            for other in [g for g in groups if g[1] & rows]:
                groups.remove(other)
                rules, rows = rules | other[0], rows | other[1]
            groups.append((rules, rows))
        for rules, rows in groups:
            yield _Union(tuple(sorted(rules)), tuple(sorted(rows)), firm)


def _no_union(problem: Problem, union: _Union, largest: int, taken: set[int]) -> Collision | None:
    members = tuple(problem.ids[row] for row in union.rows)
    only = union.rules if len(union.rules) == 1 else ()
    if taken & set(union.rows):
        return Collision(rules=union.rules, also=("locks",), members=members, cures=only)
    if len(union.rows) > largest:
        return Collision(rules=union.rules, also=("size",), members=members, cures=only)
    hard = [found for found in problem.breaks(union.rows) if found.level == HARD]
    return collision_of(problem, hard, union.rows, union.rules) if hard else None
