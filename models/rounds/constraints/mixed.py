"""What people who meet differ in. For matches of more than two, `models.rounds.problem` counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from models.domain.fields import Within
from models.rounds.constraints.constraint import Attribute, Constraint
from models.rounds.facts.codes import coded
from models.rounds.facts.facts import Barred, Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed(Constraint):
    """At most `most` people of one match share a value of this attribute; pairs differ. No value is like no other."""

    name = "mixed"

    attribute: Attribute
    most: Annotated[int, Within(0, 1000)] = 1

    def barred(self, people: Facts) -> Barred | None:
        """Two with the same value, where one of a kind is the most."""
        if self.most != 1:
            return None
        codes = coded(people.values(self.attribute))
        return lambda a, b: (codes[a] == codes[b]) & (codes[a] >= 0)
