"""The mean of all members' centroids, which vectors are compared without.

Every line of chat moves the mean a little, and adding all centroids up anew costs as much as there are members. Vectors
have unit length, so a cosine without a mean that is off by `NEAR` differs by no more than twice that; until then the
mean stays where it is.
"""

from __future__ import annotations

import numpy as np

from models.community.packed import FrozenVectors

NEAR = 1e-4


class Centre:
    """Follows the interests of members. Not safe for concurrent use; the arrays that it gives never change."""

    def __init__(self) -> None:
        self._mean: np.ndarray | None = None

    def of(self, interests: FrozenVectors, people: int) -> np.ndarray:
        """(d,) float32 the mean of the centroids of so many `people`, nearly."""
        people = max(people, 1)
        if self._mean is None or np.linalg.norm(interests.total_of_first / people - self._mean) > NEAR:
            self._mean = np.asarray(interests.sum_of_first() / people, np.float32)
        return self._mean
