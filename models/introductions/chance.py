"""How likely two people are to deal with each other within a week of being introduced, and how likely is enough.

A logistic regression on few columns. None depends on how a community's ranker scales its scores or on how much is said
in a community, so that it holds where it was never fitted: alone, a forum and a chat give much the same weights.
Fitted by `python -m tests.bench.introductions ARCHIVE ARCHIVE --fit FILE --ship` on 20 % to 70 % of their pasts;
docs/experiments/introductions.md says what it reaches on the last fifth.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from models.features.matrix import standing
from models.introductions.finding import Evidence
from models.introductions.requests import IntroductionKind
from models.shipped import parts

COLUMNS = (
    "place",  # of the other, by the ranker: for what was said and for who said it, the geometric mean; 1 for the first
    "away",  # log(1 + hours since the other last said something)
    "strength",  # of the evidence, 0..1
)
# Below, nobody is introduced; chosen on the pasts that it was fitted on, each by numbers of the other's. Profiles have
# no past to learn from: there only the fit of offer and seek counts, and how surely somebody knows what is asked.
BAR: dict[IntroductionKind, float] = {"answer": 0.12, "shared_interest": 0.10, "same_idea": 0.08}
LEAST_FIT = 0.35  # of an offer and a seek
HOUR = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Chance:
    """Fitted numbers: a weight a column of `COLUMNS`, and an intercept. A higher place and stronger evidence never
    make a pair less likely: who falls short with the best of both need not be looked at."""

    weights: tuple[float, ...]
    intercept: float

    def __post_init__(self) -> None:
        if len(self.weights) != len(COLUMNS) or not np.isfinite([self.intercept, *self.weights]).all():
            raise ValueError(f"chance needs {len(COLUMNS)} finite weights")
        if min(self.weights[COLUMNS.index("place")], self.weights[COLUMNS.index("strength")]) < 0:
            raise ValueError("place and strength must not speak against a pair")

    def of(self, matrix: np.ndarray) -> np.ndarray:
        """(n,) 0..1 from (n, columns)."""
        logits = matrix @ np.array(self.weights, np.float32) + self.intercept
        return np.asarray(1 / (1 + np.exp(-logits)))


@cache
def shipped() -> Chance:
    """What comes with Yiqi."""
    return from_json(parts.read(parts.INTRODUCTIONS).decode())


def columns(place: np.ndarray, hours_away: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """(n, columns) float32; all are (n,)."""
    return np.stack([place, np.log1p(hours_away), strength], axis=1).astype(np.float32)


def places(logits: np.ndarray) -> np.ndarray:
    """(n,) the place of each by its logit: 1 for the first, a half for the one with ten before them."""
    return standing(np.exp(logits.astype(np.float64)), np.ones(len(logits)))


def enough(chances: np.ndarray, evidence: Sequence[Evidence]) -> np.ndarray:
    """(n,) bool: whether each reaches the bar of its kind, or needs none."""
    bars = [0.0 if one.proven else BAR[one.kind] for one in evidence]
    return np.asarray(chances >= np.array(bars))


def to_json(chance: Chance) -> str:
    """Readable JSON."""
    weights = dict(zip(COLUMNS, chance.weights, strict=True))
    return json.dumps({"intercept": chance.intercept, "weights": weights}, indent=1) + "\n"


def from_json(text: str) -> Chance:
    """What `to_json` gave. Raises ValueError when it is not that."""
    try:
        data = json.loads(text)
        return Chance(tuple(float(data["weights"][name]) for name in COLUMNS), float(data["intercept"]))
    except (KeyError, TypeError) as problem:
        raise ValueError(f"no readable chance: {problem!r}") from problem
