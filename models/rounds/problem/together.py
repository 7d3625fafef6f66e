"""Whether those have met whom firm rules have together."""

from __future__ import annotations

from collections.abc import Sequence

from models.rounds.problem.problem import HARD, Also, Placed, Problem
from models.rounds.spec.requests import Collision


def not_together(problem: Problem, matches: Sequence[Placed], otherwise: Also) -> list[Collision]:
    """A conflict for each firm rule whose people no match holds, though nothing else forbade that."""
    return [
        Collision(
            rules=(each.rule,),
            also=(otherwise,),
            members=tuple(problem.ids[row] for row in each.rows),
            cures=(each.rule,),
        )
        for each in problem.together
        if each.level == HARD and not any(set(each.rows) <= set(placed.rows) for placed in matches)
    ]
