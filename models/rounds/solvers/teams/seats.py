"""The seats of teams: who is in them, which part is played on each, and who may play it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from models.rounds.facts.codes import code_of
from models.rounds.problem.fairness import unit_of, utility
from models.rounds.problem.problem import Placed, Problem
from models.rounds.solvers.groups.local_search import Seats
from models.rounds.solvers.groups.sitting import FIRM, Sitting, costs, counted, levels_of
from models.rounds.spec.requests import Role, Team

EMPTY = 400.0  # a role that nobody plays, in good matches: more than any rule that is not firm
CROWD = 3000  # so many candidates at most are looked at, those who fit some role best
FIT = 10.0  # the best fit to a role: more than any person's worth to the others, unless two fit it nearly alike
STAY = 12.0  # leaving a team of the list before
CALM = 8.0  # the largest aversion to search with


@dataclass(frozen=True, slots=True)
class Part:
    """One seat to be filled: a place in `RoundSpec.teams`, the role, and its column of `People.role_score`."""

    team: int
    role: Role
    column: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Open teams as `teams`, places in `RoundSpec.teams`; `people` (m,) rows, those already in first, candidates as
    often as they may join; `parts` by seat, None where there is no part; `seats` to search."""

    teams: tuple[int, ...]
    people: np.ndarray
    parts: tuple[Part | None, ...]
    seats: Seats


def parts_of(teams: Sequence[Team]) -> list[list[Part]]:
    """Every seat of every team, in the order of `People.role_score`."""
    found, column = [], 0
    for at, team in enumerate(teams):
        mine = []
        for role in team.roles:
            mine += [Part(at, role, column)] * role.count
            column += 1
        found.append(mine)
    return found


def layout_of(problem: Problem, closed: Sequence[Placed], refused: Sequence[str]) -> Layout | None:
    """Seats of all teams that are neither among the matches `closed` nor refused; None when there is none to fill."""
    spec = problem.spec
    shut = {*refused, *(placed.team for placed in closed)}
    parts = parts_of(spec.teams)
    teams = tuple(at for at, team in enumerate(spec.teams) if team.id not in shut and parts[at])
    if not teams:
        return None
    inside = [members_of(problem, spec.teams[at]) for at in teams]
    waiting = _candidates(problem, closed, len(teams))
    width = max(len(rows) + len(parts[at]) for at, rows in zip(teams, inside, strict=True))
    by_seat: list[Part | None] = []
    who: list[int] = []
    fixed: list[bool] = []
    seen = 0
    for at, rows in zip(teams, inside, strict=True):
        void = width - len(rows) - len(parts[at])
        by_seat += [*([None] * len(rows)), *parts[at], *([None] * void)]
        who += [*range(seen, seen + len(rows)), *([-1] * (len(parts[at]) + void))]
        fixed += [*([True] * len(rows)), *([False] * len(parts[at])), *([True] * void)]
        seen += len(rows)
    openings = sum(part is not None for part in by_seat)
    pool = -(-(len(waiting) + openings) // width)
    rest = pool * width - len(waiting)
    people = np.array([*(row for rows in inside for row in rows), *waiting], np.int64)
    start = np.array([*who, *range(seen, len(people)), *([-1] * rest)], np.int64)
    by_seat += [None] * (pool * width)
    stays = np.array([*fixed, *([False] * (pool * width))], bool)
    return Layout(teams, people, tuple(by_seat), _seats(problem, people, by_seat, start, stays, width, pool, seen))


def members_of(problem: Problem, team: Team) -> tuple[int, ...]:
    """Rows of who is in a team already."""
    return tuple(problem.row[member] for member in dict.fromkeys(team.members) if member in problem.row)


def _candidates(problem: Problem, closed: Sequence[Placed], teams: int) -> list[int]:
    """Rows that may join, once for each team that they still may; of very many, those who fit some role best."""
    spec = problem.spec
    joining = [problem.row[m] for m in spec.members if m in problem.row] if spec.members else list(range(problem.n))
    joined = np.zeros(problem.n, np.int64)
    for placed in closed:
        joined[[row for row, role in zip(placed.rows, placed.roles, strict=False) if role]] += 1
    times = np.minimum(spec.load - joined, teams)
    rows = np.array(sorted(row for row in joining if times[row] > 0), np.int64)
    if len(rows) * spec.load > CROWD:
        fit = fits(problem)[rows].max(1)
        rows = np.sort(rows[np.argsort(-fit, kind="stable")[: CROWD // spec.load]])
    return [row for row in rows.tolist() for _ in range(int(times[row]))]


def fits(problem: Problem) -> np.ndarray:
    """(n, columns) float32: how well each fits each role, 0 where nothing is known."""
    columns = sum(len(team.roles) for team in problem.spec.teams)
    known = problem.people.role_score
    return np.zeros((problem.n, max(columns, 1)), np.float32) if known is None else np.asarray(known, np.float32)


def may_play(problem: Problem, rows: Sequence[int], part: Part) -> np.ndarray:
    """(m,) bool: who has what a role asks for, and, where it is known what people showed, showed something for it."""
    role, known = part.role, problem.people.role_score
    shown = np.ones(len(rows), bool) if known is None else np.asarray(known)[list(rows), part.column] > 0
    if not role.attribute:
        return shown
    wanted = code_of(role.value)
    has = [code_of(problem.people.attributes[row].get(role.attribute, "")) == wanted for row in rows]
    return np.asarray(shown & np.array(has, bool))


def _seats(
    problem: Problem,
    people: np.ndarray,
    parts: Sequence[Part | None],
    start: np.ndarray,
    fixed: np.ndarray,
    width: int,
    pool: int,
    inside: int,
) -> Seats:
    sitting = Sitting(rows=people, target=0.0, byes=problem.byes)
    levels = levels_of(problem, sitting)
    levels[:inside, :inside] = 0  # who is in a team already is not for us to part
    among = problem.score[people][:, people]
    score = np.asarray(among if isinstance(among, np.ndarray) else among.toarray(), np.float32)
    kinds = {part.column: kind for kind, part in enumerate({p.column: p for p in parts if p}.values())}
    kind = np.array([kinds[part.column] if part else len(kinds) for part in parts])
    fare = _fares(problem, people, {p.column: p for p in parts if p})
    wanted = utility(problem.spec.fairness, unit_of(score))
    return Seats(
        score=score,
        cost=costs(problem, sitting, levels),
        seats=width,
        pool=pool,
        kind=kind,
        fare=fare,
        care=problem.care[people].astype(np.float32),
        counted=counted(problem, people, vacant=False),
        start=_assigned(start, fixed, kind, fare, inside),
        fixed=fixed,
        utility=replace(wanted, aversion=min(wanted.aversion, CALM)),
        movers=kind < len(kinds),
    )


def _fares(problem: Problem, people: np.ndarray, parts: dict[int, Part]) -> np.ndarray:
    """(roles + 1, m + 1) float32: how far each is from fitting a role as well as anybody, and what an empty one costs;
    the last row is of seats without a part."""
    before = {(placed.team, row) for placed in problem.kept for row in placed.rows}
    fit = fits(problem)[people]
    unit = max(float(fit.max(initial=0.0)), 1e-6)
    out = np.zeros((len(parts) + 1, len(people) + 1), np.float32)
    for kind, part in enumerate(parts.values()):
        team = problem.spec.teams[part.team].id
        kept = np.array([(team, row) in before for row in people.tolist()], bool)
        out[kind, :-1] = -FIT * fit[:, part.column] / unit - STAY * kept
        out[kind, :-1] += FIRM * ~may_play(problem, people.tolist(), part)
        out[kind, -1] = EMPTY
    return out


def _assigned(start: np.ndarray, fixed: np.ndarray, kind: np.ndarray, fare: np.ndarray, inside: int) -> np.ndarray:
    """The seats with those in them who fit best, role by role, whoever the others are."""
    seats = np.flatnonzero(~fixed & (kind < len(fare) - 1))
    people = np.arange(inside, fare.shape[1] - 1)
    price = fare[kind[seats]][:, people]
    at, chosen = linear_sum_assignment(price)
    out = start.copy()
    for seat, person in zip(seats[at], people[chosen], strict=True):
        if fare[kind[seat], person] < EMPTY:
            out[np.flatnonzero(out == person)[0]] = -1
            out[seat] = person
    return out
