"""The mean of all members' centroids, which vectors are compared without, and everybody's products with it.

Every line of chat moves the mean a little, and with it the products of all members. Vectors have unit length, so a
cosine without a mean that is off by `NEAR` differs by no more than twice that; until then the mean stays where it is.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from models.community.columns import FrozenBlocks

NEAR = 1e-4


class Centre:
    """Follows the interests of members. Not safe for concurrent use; the arrays that it gives never change."""

    def __init__(self) -> None:
        self._mean: np.ndarray | None = None
        self._products = np.zeros((0, 0), np.float32)

    def of(self, interests: FrozenBlocks, people: int, changed: Collection[int]) -> tuple[np.ndarray, np.ndarray]:
        """(d,) float32 the mean of the centroids of so many `people`, and (N, 1 + INTERESTS) float32 products with it.

        `changed`: the rows that differ from what was given before.
        """
        people = max(people, 1)
        moved = self._mean is None or np.linalg.norm(interests.total[0] / people - self._mean) > NEAR
        if self._mean is None or moved or len(interests) != len(self._products):
            self._mean = np.asarray(interests.sum(0) / people, np.float32)
            self._products = interests.dot(self._mean[None])[:, :, 0]
        elif changed:
            rows = np.array(sorted(changed), np.int64)
            self._products = self._products.copy()
            self._products[rows] = interests.dot(self._mean[None], rows)[:, :, 0]
        return self._mean, self._products
