"""What a feature is: a value of each candidate, how it becomes columns, and what learning has to know of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from models.community.view import Community
from models.features.query import Learnt, Query

# How a value becomes a column: its standing among the candidates, its share of the largest, or as it is.
Form: TypeAlias = Literal["%", "^", ""]
FORMS: tuple[Form, ...] = ("%", "^", "")
FeatureGroup: TypeAlias = Literal["activity", "graph", "rooms", "words", "text", "profile", "company"]
# Values closer than this share of the largest are equal: the order in which numbers are added up must not break ties.
NOISE = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A value, 0 where there is nothing, and its columns.

    `group` is what it tells of; activity is of one side alone, words count by how much of what is asked is known, and
    profiles are what people state of themselves. `top`: the least that counts as the largest ("^"). `opposite`: the
    feature that it is from the other side. `beyond`: it tells of people who share no acquaintance, too; `approximate`:
    it is found by an index that finds others now and then.
    """

    name: str
    meaning: str
    group: FeatureGroup
    forms: tuple[Form, ...] = ("%",)
    noise: float = NOISE
    top: float = 0.0
    opposite: str = ""
    beyond: bool = False
    approximate: bool = False


def stacked(arrays: Sequence[np.ndarray]) -> np.ndarray:
    """(B, ...) of as many arrays; of a single one a view, since copies of what a request compares are a part of it."""
    return np.asarray(arrays[0])[None] if len(arrays) == 1 else np.stack(arrays)


@dataclass(frozen=True, slots=True)
class Beside:
    """B queries beside candidates, rows (n,) of the view; None: everybody."""

    view: Community
    queries: Sequence[Query]
    candidates: np.ndarray | None
    learnt: Learnt

    @property
    def pick(self) -> slice | np.ndarray:
        """The candidates out of (N,)."""
        return slice(None) if self.candidates is None else self.candidates

    def each(self, value: Callable[[Query], np.ndarray]) -> np.ndarray:
        """(B, ...) of what is worked out for one query after the other."""
        return stacked([value(query) for query in self.queries])

    @property
    def rows(self) -> np.ndarray:
        """(n,) rows of the candidates."""
        return np.arange(self.view.size) if self.candidates is None else self.candidates


@dataclass(frozen=True, slots=True)
class Family:
    """Features that are worked out together: `values` gives (B, n) each, by name; (n,) of what is the same whoever
    asks."""

    features: Sequence[Feature]
    values: Callable[[Beside], Mapping[str, np.ndarray]]

    @property
    def names(self) -> tuple[str, ...]:
        """What its features are called."""
        return tuple(feature.name for feature in self.features)
