"""The mean of all members' centroids, which vectors are compared without.

Every line of chat moves the mean a little, and adding all centroids up anew costs as much as there are members. Vectors
have unit length, so a cosine without a mean that is off by `NEAR` differs by no more than twice that; until then the
mean stays where it is.
"""

from __future__ import annotations

import numpy as np

from models.community.columns import FrozenBlocks

NEAR = 1e-4
# People of whom views need not be those of a build from scratch to the last bit. Of fewer that costs nothing.
MANY = 4096


class Centre:
    """Follows the interests of members. Not safe for concurrent use; the arrays that it gives never change."""

    def __init__(self) -> None:
        self._mean: np.ndarray | None = None

    def of(self, interests: FrozenBlocks, people: int) -> np.ndarray:
        """(d,) float32 the mean of the centroids of so many `people`, nearly."""
        people = max(people, 1)
        if self._mean is None or np.linalg.norm(interests.total[0] / people - self._mean) > NEAR:
            total = interests.total[0] if people > MANY else interests.sum(0)
            self._mean = np.asarray(total / people, np.float32)
        return self._mean
