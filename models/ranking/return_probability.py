"""How likely a member is to come back: a logistic regression on three numbers about their own activity.

Silence, amount and rhythm are what a buying-till-you-die model reads (Fader, Hardie and Lee, "Counting your customers
the easy way", Marketing Science 2005: recency, frequency, age). Time is measured against how long the community takes
for its newest eighth of events, so that a chat and a journal are treated alike.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from models.community.view import Community
from models.domain.records import DAY
from models.features.columns import by_name
from models.shipped import parts

COLUMNS = ("lately", "amount", "on_time")


@dataclass(frozen=True, slots=True)
class ReturnProbability:
    """Fitted numbers: an intercept, and a weight a column of `COLUMNS`."""

    intercept: float
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.weights) != len(COLUMNS) or not np.isfinite([self.intercept, *self.weights]).all():
            raise ValueError(f"presence needs {len(COLUMNS)} finite weights")

    def log_odds(self, view: Community) -> np.ndarray:
        """(N,) float32, worked out once a view."""
        return view.kept.get("return odds", lambda: self._log_odds(view), by=self)

    def _log_odds(self, view: Community) -> np.ndarray:
        return np.asarray(columns(view) @ np.array(self.weights, np.float32) + self.intercept, np.float32)

    def probability(self, view: Community) -> np.ndarray:
        """(N,) float32 in 0..1: does or says something within about the next fifth of the community's events."""
        return np.asarray(1 / (1 + np.exp(-self.log_odds(view))), np.float32)


@cache
def shipped() -> ReturnProbability:
    """What comes with Yiqi."""
    return from_json(json.loads(parts.read(parts.RETURN_PROBABILITY)))


def columns(view: Community) -> np.ndarray:
    """(N, 3) float32 of `COLUMNS`; who never did anything counts as one who did a first thing just now."""
    activity = view.activity
    times = np.maximum(activity.total, 1)
    idle = activity.total == 0
    silent = np.where(idle, 0, (view.as_of - activity.newest) / DAY)
    gap = np.where(idle, 0, (activity.newest - activity.oldest) / DAY) / np.maximum(times - 1, 1)
    span = max(activity.days.shape[1], 1)  # days of the newest eighth
    lately = -np.log((np.maximum(silent, 0) + 1) / span)
    on_time = -np.log1p(np.maximum(silent, 0) / (gap + 1))
    return np.stack([lately, np.log1p(times), on_time], 1).astype(np.float32)


def to_json(presence: ReturnProbability) -> dict[str, Any]:
    """Plain numbers for an artifact."""
    return {"intercept": presence.intercept, "weights": dict(zip(COLUMNS, presence.weights, strict=True))}


def from_json(data: Mapping[str, Any]) -> ReturnProbability:
    """What `to_json` gave, also of another version. Raises ValueError when it is not that."""
    try:
        return ReturnProbability(float(data["intercept"]), tuple(by_name(data["weights"], COLUMNS)))
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"no readable presence: {problem!r}") from problem
