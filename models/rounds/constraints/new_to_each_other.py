"""Whether people who meet know each other already."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.rounds.constraints.constraint import Constraint
from models.rounds.facts.facts import Barred, Facts
from models.rounds.facts.pairs import levels_of_pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToEachOther(Constraint):
    """People who meet have not dealt with each other: no words between them, no project, no declared tie.

    With `off`, the contrary: acquaintances may meet just as well. Not `firm`, it gives way before any other rule.
    """

    name = "new_to_each_other"

    off: bool = False
    firm: bool = False

    def barred(self, people: Facts) -> Barred | None:
        """Two who have dealt with each other."""
        if self.off or people.acquainted is None:
            return None
        pairs = np.transpose(sp.triu(people.acquainted, 1).nonzero())
        levels = levels_of_pairs(pairs, 1)
        return (lambda a, b: levels(a, b) > 0) if len(pairs) else None

    def message(self) -> str:
        """By which of the two is asked for."""
        return "rule.known_may_meet" if self.off else "rule.new_to_each_other"
