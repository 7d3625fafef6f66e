"""A logistic regression: the chance that a claim is true, from a few columns and their products."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Logistic:
    """`weights` (F,), `bias`, and (F, F) weights of `products` of two columns."""

    weights: np.ndarray
    bias: float
    products: np.ndarray

    def chance(self, columns: np.ndarray) -> np.ndarray:
        """(...) float32 chances of (..., F) columns."""
        return np.asarray(1 / (1 + np.exp(-self.logit(columns))), np.float32)

    def logit(self, columns: np.ndarray) -> np.ndarray:
        """(...) float32 log-odds of (..., F) columns."""
        of_products = np.einsum("...f,...f->...", columns @ self.products, columns)
        return np.asarray(np.clip(columns @ self.weights + self.bias + of_products, -30, 30), np.float32)
