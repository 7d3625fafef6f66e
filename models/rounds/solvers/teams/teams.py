"""People for the roles of projects: who fits the part, and whom the others in the team are worth most to.

Roles are seats of unequal sorts in the search of `seating`. Who is in a team already sits in it for good, everybody
else waits in a pool. The search starts from the best fit of people to roles (an assignment) and exchanges from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.rounds.problem.fixed import collision_of
from models.rounds.problem.problem import HARD, Break, Found, Placed, Problem, Progress
from models.rounds.problem.together import not_together
from models.rounds.solvers.groups.local_search import Table
from models.rounds.solvers.teams.seats import Layout, Part, fits, layout_of, may_play, members_of, parts_of
from models.rounds.spec.requests import Collision

PASSES = 60
HOT, TEPID, WARM, COLD = 800.0, 1.0, 0.15, 0.03
RESERVE = 0.2  # share of the time that the search leaves to what comes after
OFFERED = 50  # so many who fit best are offered a role that the search left empty
ROLE = 0.5  # share of the fit to one's role in what a team is worth to somebody


@dataclass(frozen=True, slots=True)
class _Team:
    """A team in the making: a place in `RoundSpec.teams`, rows of who was there, and who plays which part."""

    at: int
    inside: tuple[int, ...]
    cast: tuple[tuple[int, Part], ...]
    slot: int = -1

    @property
    def rows(self) -> tuple[int, ...]:
        """Everybody."""
        return (*self.inside, *(row for row, _ in self.cast))

    def without(self, row: int) -> _Team:
        """The team when somebody does not join."""
        return replace(self, cast=tuple((other, part) for other, part in self.cast if other != row))


def solve_teams(problem: Problem, progress: Progress) -> Found:
    """Teams with as many roles filled as can be; a team that nobody joins is no match."""
    found = Found()
    closed, refused = _standing(problem, found)
    layout = layout_of(problem, closed, refused)
    if layout is not None:
        teams = _timed(
            problem, _refilled(problem, _cleared(problem, _search(problem, layout, progress)), closed), closed
        )
        found.collisions += _unfilled(problem, teams)
        found.matches = [_placed(problem, team) for team in teams if team.cast]
    found.matches += closed
    found.collisions += not_together(problem, found.matches, "roles")
    progress(1.0)
    return found


def _standing(problem: Problem, found: Found) -> tuple[list[Placed], list[str]]:
    """Locked teams, and the ids of teams whose own people must not meet; what is refused goes to `found`."""
    closed, refused = [], []
    for placed in problem.locked:
        if hard := _hard(problem, placed.rows):
            found.collisions.append(collision_of(problem, hard, placed.rows, also_locks=True))
        else:
            closed.append(replace(placed, locked=True, worths=_worths(problem, placed)))
    lenient = replace(problem, quotas=tuple(replace(quota, least=0) for quota in problem.quotas))
    for team in problem.spec.teams:
        rows = members_of(problem, team)
        if hard := _hard(lenient, rows):
            found.collisions.append(collision_of(problem, hard, rows))
            refused.append(team.id)
    return closed, refused


def _hard(problem: Problem, rows: Sequence[int]) -> list[Break]:
    return [broken for broken in problem.breaks(rows) if broken.level == HARD] if rows else []


def _search(problem: Problem, layout: Layout, progress: Progress) -> list[_Team]:
    table, rng = Table(layout.seats), np.random.default_rng(problem.spec.seed)

    def goes_on() -> bool:
        return problem.clock.left > RESERVE * problem.spec.seconds

    if not problem.kept:
        if layout.seats.cost is not None or layout.seats.counted:
            table.anneal(rng, np.geomspace(HOT, TEPID, PASSES // 2), goes_on)
        progress(0.3)
        table.anneal(rng, np.geomspace(WARM, COLD, PASSES), goes_on)
    table.descend(rng, goes_on)
    progress(0.8)
    width = layout.seats.seats
    return [
        _team(problem, layout, at, [(s, int(table.who[s])) for s in range(i * width, (i + 1) * width)])
        for i, at in enumerate(layout.teams)
    ]


def _team(problem: Problem, layout: Layout, at: int, seated: Sequence[tuple[int, int]]) -> _Team:
    cast = [(int(layout.people[i]), part) for seat, i in seated if i >= 0 and (part := layout.parts[seat]) is not None]
    able = tuple((row, part) for row, part in cast if may_play(problem, [row], part)[0])
    return _Team(at, members_of(problem, problem.spec.teams[at]), able)


def _cleared(problem: Problem, teams: Sequence[_Team]) -> list[_Team]:
    """Teams that break nothing firm: those most in the way do not join."""
    out = []
    for team in teams:
        while team.cast and (_hard(problem, team.rows) or len(set(team.rows)) < len(team.rows)):
            smaller = [team.without(row) for row, _ in team.cast]
            team = min(
                smaller, key=lambda t: (sum(len(b.rows) for b in _hard(problem, t.rows)), _shortfall(problem, t))
            )
        out.append(team)
    return out


def _shortfall(problem: Problem, team: _Team) -> float:
    """How much worse a team is, the fewer fit well."""
    fit = fits(problem)
    return -sum(float(fit[row, part.column]) for row, part in team.cast)


def _refilled(problem: Problem, teams: list[_Team], closed: Sequence[Placed]) -> list[_Team]:
    """Roles left empty go to the best who may still join and with whom nothing firm breaks."""
    spec, fit = problem.spec, fits(problem)
    joined = np.zeros(problem.n, np.int64)
    for placed in closed:
        joined[[row for row, role in zip(placed.rows, placed.roles, strict=False) if role]] += 1
    for team in teams:
        joined[[row for row, _ in team.cast]] += 1
    joining = [problem.row[m] for m in spec.members if m in problem.row] if spec.members else list(range(problem.n))
    for i, team in enumerate(teams):
        for part in _open_parts(problem, team):
            best = sorted((row for row in joining if joined[row] < spec.load), key=lambda row: -fit[row, part.column])
            able = [row for row in best if row not in team.rows and may_play(problem, [row], part)[0]]
            for row in able[:OFFERED]:
                larger = replace(team, cast=(*team.cast, (row, part)))
                if not _hard(problem, larger.rows):
                    teams[i] = team = larger
                    joined[row] += 1
                    break
    return teams


def _open_parts(problem: Problem, team: _Team) -> list[Part]:
    parts = parts_of(problem.spec.teams)[team.at]
    for _, part in team.cast:
        parts.remove(part)
    return parts


def _timed(problem: Problem, teams: Sequence[_Team], closed: Sequence[Placed]) -> list[_Team]:
    """Every team at the least used time when all in it are free and none is elsewhere; without any, nobody joins."""
    if not problem.spec.slots:
        return list(teams)
    used = np.zeros(len(problem.spec.slots), np.int64)
    free = problem.free.copy()
    out = list(teams)

    def take(rows: Sequence[int], slot: int) -> None:
        used[slot] += 1
        free[list(rows), slot] = False

    for placed in closed:
        if placed.slot >= 0:
            take(placed.rows, placed.slot)
    meeting = [i for i, team in enumerate(teams) if team.cast]
    for i in sorted(meeting, key=lambda i: int(free[list(teams[i].rows)].all(0).sum())):
        fine = free[list(teams[i].rows)].all(0) & (used < (problem.spec.places or len(teams) + 1))
        if fine.any():
            slot = int(np.where(fine, used, len(teams) + 1).argmin())
            take(teams[i].rows, slot)
            out[i] = replace(teams[i], slot=slot)
        else:
            out[i] = replace(teams[i], cast=())
    return out


def _placed(problem: Problem, team: _Team) -> Placed:
    roles = (*("" for _ in team.inside), *(part.role.name for _, part in team.cast))
    found = Placed(team.rows, slot=team.slot, team=problem.spec.teams[team.at].id, roles=roles)
    return replace(found, worths=_worths(problem, found))


def _worths(problem: Problem, placed: Placed) -> tuple[float, ...]:
    """What the team is worth to each: the others, and how well the role fits; one alone has only the role."""
    at = next((i for i, team in enumerate(problem.spec.teams) if team.id == placed.team), None)
    column = {part.role.name: part.column for part in parts_of(problem.spec.teams)[at]} if at is not None else {}
    fit, others = fits(problem), problem.worths(placed.rows)
    out = []
    for row, role, worth in zip(placed.rows, placed.roles or [""] * len(placed.rows), others, strict=True):
        share = (ROLE if len(placed.rows) > 1 else 1.0) if role in column else 0.0
        out.append(float((1 - share) * worth + share * (fit[row, column[role]] if share else 0.0)))
    return tuple(out)


def _unfilled(problem: Problem, teams: Sequence[_Team]) -> list[Collision]:
    """A conflict for each team with an empty role: what bars those who could play it from the others in the team."""
    found = []
    for team in teams:
        if not (empty := _open_parts(problem, team)):
            continue
        rules = sorted({rule for part in empty for rule in _in_the_way(problem, team, part)})
        members = tuple(problem.ids[row] for row in team.rows)
        found.append(Collision(rules=tuple(rules), also=("roles",), members=members, cures=tuple(rules)))
    return found


def _in_the_way(problem: Problem, team: _Team, part: Part) -> set[int]:
    """Firm rules that alone keep somebody from a role whom nothing else does."""
    able = np.flatnonzero(may_play(problem, range(problem.n), part))
    rules = set()
    for row in [row for row in able.tolist() if row not in team.rows][:OFFERED]:
        hard = _hard(problem, [*team.rows, row])
        if len({(broken.rule, broken.also) for broken in hard}) == 1 and hard[0].rule >= 0:
            rules.add(hard[0].rule)
    return rules
