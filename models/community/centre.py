"""The mean of all members' centroids, which vectors are compared without.

Every line of chat moves the mean a little, and adding all centroids up anew costs as much as there are members. Vectors
have unit length, so a cosine without a mean that is off by `NEAR` differs by no more than twice that; until then the
mean stays where it is.
"""

from __future__ import annotations

import numpy as np

from models.community.byte_vectors import FrozenByteVectors

NEAR = 1e-4
# People of whom views need not be those of a build from scratch to the last bit. Of fewer that costs nothing.
MANY = 4096


class Centre:
    """Follows the centroids (d,) of members. Not safe for concurrent use; the arrays that it gives never change."""

    def __init__(self, dimension: int, *, exact: bool = False) -> None:
        """`exact`: the mean never stays where it was."""
        self._exact = exact
        self.total = np.zeros(dimension)  # of all centroids
        self._mean: np.ndarray | None = None

    def moved(self, before: np.ndarray, after: np.ndarray) -> None:
        """Where the centroid of a member was, and where it is."""
        self.total += np.subtract(after, before, dtype=np.float64)

    def of(self, interests: FrozenByteVectors, people: int) -> np.ndarray:
        """(d,) float32 the mean of the centroids, the first of the `interests` of each, of so many `people`, nearly."""
        people = max(people, 1)
        if self._exact or self._mean is None or np.linalg.norm(self.total / people - self._mean) > NEAR:
            total = interests.sum(0) if self._exact or people <= MANY else self.total
            self._mean = np.asarray(total / people, np.float32)
        return self._mean
