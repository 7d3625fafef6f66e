"""Who has to share a match. It is about whole matches: `models.rounds.problem` holds it."""

from __future__ import annotations

from dataclasses import dataclass

from models.rounds.constraints.constraint import Constraint, Few


@dataclass(frozen=True, slots=True, kw_only=True)
class Together(Constraint):
    """All of these meet in one match."""

    name = "together"

    members: Few
