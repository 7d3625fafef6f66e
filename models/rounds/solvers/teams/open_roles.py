"""Which parts of teams nobody plays yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from models.rounds.spec.requests import Team


def sought(team: Team, played: Sequence[str]) -> list[str]:
    """Names of the roles that are open, once for each person who is missing, given the roles that are `played`."""
    missing = Counter({role.name: 0 for role in team.roles})
    for role in team.roles:
        missing[role.name] += role.count
    missing.subtract(role for role in played if role in missing)
    return [name for name, count in missing.items() for _ in range(max(count, 0))]
