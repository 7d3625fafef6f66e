"""Who must not meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.rounds.constraints.constraint import Constraint, Many
from models.rounds.facts.facts import Barred, Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart(Constraint):
    """No two of these meet."""

    name = "apart"

    members: Many

    def barred(self, people: Facts) -> Barred:
        """Two of them."""
        named = set(self.members)
        chosen = np.array([id in named for id in people.ids], bool)
        return lambda a, b: chosen[a] & chosen[b]
