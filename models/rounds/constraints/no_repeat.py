"""How soon people may meet again. It gives way step by step: `models.rounds.problem.repeats` holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from models.domain.fields import Within
from models.rounds.constraints.constraint import Constraint


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRepeat(Constraint):
    """Nobody meets again within so many days, or within so many of the last rounds (0 asks for nothing).

    Relaxed step by step, the longest ago first, only where there is no other way, and reported; never when `firm`.
    """

    name = "no_repeat"

    days: Annotated[int, Within(0, 100_000)] = 0
    rounds: Annotated[int, Within(0, 100_000)] = 0
    firm: bool = False
