"""What a list is worth to each person in it, and how the worst-off weigh in the whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

STEEP = 50.0  # the aversion at fairness 1: a person's worth counts e times as much for every 2 % that they fare worse


@dataclass(frozen=True, slots=True)
class Utility:
    """How the worths of people, means of their scores in 0..1, add up to the worth of a list: the sum of u(worth).

    With `aversion` a > 0, u(x) = (1 - exp(-a (x - base) / unit)) / (1 - exp(-a)), of constant absolute risk aversion
    (Pratt, "Risk aversion in the small and in the large", Econometrica 1964): the sum goes from the total (a = 0) to
    the worst-off first (large a), as in Kolm's measure of inequality. u(unit) - u(base) = 1 with `base` 0. Where a is
    large, a `base` near the least worth keeps the differences between the worst-off within float32.
    """

    aversion: float
    unit: float
    base: float = 0.0

    def __call__(self, worths: np.ndarray) -> np.ndarray:
        """float32 of the same shape, in place of `worths`, float32."""
        if self.base:
            worths -= np.float32(self.base)
        if self.aversion == 0:
            worths *= np.float32(1 / self.unit)
            return worths
        worths *= np.float32(-self.aversion / self.unit)
        np.expm1(worths, out=worths)
        worths *= np.float32(1 / np.expm1(-self.aversion))
        return worths

    @property
    def slope(self) -> float:
        """What a little more worth adds around a good match, in good matches: 1 with aversion 0, less above."""
        middle, good = self(np.array([0.5, 1.0], np.float32) * np.float32(self.unit))
        return float(2 * (good - middle))


def utility(fairness: float, unit: float) -> Utility:
    """For a fairness in 0..1; `unit` is what a good match is worth in this round, see `unit_of`."""
    return Utility(aversion=0.1 * STEEP * fairness / (1.1 - fairness), unit=unit)


def unit_of(score: np.ndarray | sp.csr_matrix) -> float:
    """Mean over people of their best score, a bound on the mean worth of any list; 1 where nobody has any."""
    if score.shape[0] == 0:
        return 1.0
    best = score.max(1)
    mean = float((best if isinstance(best, np.ndarray) else best.toarray()).mean())
    return mean if mean > 0 else 1.0
