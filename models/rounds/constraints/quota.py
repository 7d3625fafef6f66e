"""How many of a kind are in every match. It is about whole matches: `models.rounds.problem` counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from models.domain.fields import Within
from models.domain.records import Scalar
from models.rounds.constraints.constraint import Attribute, Constraint
from models.rounds.facts.codes import code_of
from models.rounds.facts.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota(Constraint):
    """Every match has between `least` and `most` people whose attribute has this value."""

    name = "quota"

    attribute: Attribute
    value: Scalar
    least: Annotated[int, Within(0, 1000)] = 1
    most: Annotated[int | None, Within(0, 1000)] = None

    def having(self, people: Facts) -> np.ndarray:
        """(n,) bool: who counts."""
        return np.array([value == code_of(self.value) for value in people.values(self.attribute)], bool)

    def flaw(self) -> str:
        """Bounds that leave no number."""
        if self.most is not None and self.least > self.most:
            return f"least {self.least} above most {self.most}"
        return ""

    def message(self) -> str:
        """By which bounds there are."""
        if self.most is None:
            return "rule.quota.at_least"
        return "rule.quota.exactly" if self.most == self.least else "rule.quota.between"
