"""Texts as points of a space of topics: what sets them apart is the thing they are about, and not how they are worded,
what they do with it, or in which language.

A linear projection of the encoder's vectors that keeps what tells topics apart and shrinks what varies within one
(linear discriminant analysis with shrunk within-class covariance; Hatch, Kajarekar and Stolcke, "Within-class
covariance normalization", 2006), and what the lexicon knows: inside words pull a text towards their activity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.arrays.unit import unit


@dataclass(frozen=True)
class Space:
    """`mean` (d,), `projection` (d, k), `activities` (A, k) unit rows: where the lexicon's activities lie.

    `small_talk` (k,) is where lines lie that are about nothing in particular. `pull`: how far inside words move a text
    towards their activities; 0 is not at all.
    """

    mean: np.ndarray
    projection: np.ndarray
    activities: np.ndarray
    small_talk: np.ndarray
    pull: float

    @property
    def size(self) -> int:
        """k."""
        return int(self.projection.shape[1])

    def project(self, vectors: np.ndarray) -> np.ndarray:
        """(n, k) float32 unit rows, or zero, of (n, d) vectors of the encoder."""
        return unit(np.where(np.abs(vectors).sum(1, keepdims=True) > 0, (vectors - self.mean) @ self.projection, 0))

    def pulled(self, points: np.ndarray, pointing: sp.csr_matrix) -> np.ndarray:
        """(n, k) points moved towards the activities that their texts point to, (n, A)."""
        if not self.pull or not pointing.nnz:
            return points
        return unit(points + self.pull * unit(np.asarray(pointing @ self.activities)))
