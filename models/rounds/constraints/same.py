"""What people who meet have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.rounds.constraints.constraint import Attribute, Constraint
from models.rounds.facts.codes import coded
from models.rounds.facts.facts import Barred, Facts
from models.rounds.facts.masks import masks_of, nothing_shared

_WITH_WORDS_OF_THEIR_OWN = ("languages", "place", "time_zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Same(Constraint):
    """People who meet have this in common: an attribute, or "languages" (at least one), "place", or "time_zone".

    Somebody without a value meets anybody.
    """

    name = "same"

    attribute: Attribute

    def barred(self, people: Facts) -> Barred:
        """Two whose values are known and differ, or who have no language in common."""
        if self.attribute == "languages":
            known = sorted(set[str]().union(*people.languages))
            spoken = masks_of([np.array([tag in tags for tag in known], bool) for tags in people.languages])
            return nothing_shared(spoken, unknown_fits=True)
        codes = coded(people.values(self.attribute))
        return lambda a, b: (codes[a] != codes[b]) & (codes[a] >= 0) & (codes[b] >= 0)

    def message(self) -> str:
        """By what it is that people share."""
        if self.attribute in _WITH_WORDS_OF_THEIR_OWN:
            return f"rule.same.{self.attribute}"
        return "rule.same.attribute"
