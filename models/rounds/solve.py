"""From what an organizer asks for to a list: the one entry into `models.rounds`."""

from __future__ import annotations

from collections.abc import Callable

from models.rounds.plan import plan_of
from models.rounds.problem.compile import compile_round
from models.rounds.problem.problem import Found, People, Problem, Progress
from models.rounds.spec.requests import Plan, RoundSpec


def solve(spec: RoundSpec, people: People, progress: Progress = lambda share: None) -> Plan:
    """The list for a request: pure, the same for the same seed, and there within about `spec.seconds`.

    Raises ValueError when the request makes no sense whoever takes part (two sides are wanted and not two are given).
    """
    problem = compile_round(spec, people)
    return plan_of(problem, _solver(spec)(problem, progress))


def _solver(spec: RoundSpec) -> Callable[[Problem, Progress], Found]:
    """Solvers are loaded when needed: each brings libraries of its own."""
    if spec.kind == "sides":
        from models.rounds.solvers.bipartite.bipartite import solve_sides

        return solve_sides
    if spec.kind == "teams":
        from models.rounds.solvers.teams.teams import solve_teams

        return solve_teams
    if spec.sittings > 1:
        from models.rounds.solvers.sittings.sittings import solve_sittings

        return solve_sittings
    if spec.kind == "groups":
        from models.rounds.solvers.groups.groups import solve_groups

        return solve_groups
    from models.rounds.solvers.pairs.pairs import solve_pairs

    return solve_pairs
