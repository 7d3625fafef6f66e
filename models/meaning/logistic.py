"""A logistic regression: the chance that a claim is true, from a few columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Logistic:
    """`weights` (F,) and `bias`."""

    weights: np.ndarray
    bias: float

    def chance(self, columns: np.ndarray) -> np.ndarray:
        """(...) float32 chances of (..., F) columns."""
        return np.asarray(1 / (1 + np.exp(-self.logit(columns))), np.float32)

    def logit(self, columns: np.ndarray) -> np.ndarray:
        """(...) float32 log-odds of (..., F) columns."""
        return np.asarray(np.clip(columns @ self.weights + self.bias, -30, 30), np.float32)
