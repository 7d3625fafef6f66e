"""What became of earlier proposals, told of new ones: who put a theme aside or took it up wants its neighbours less or
more, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays.unit import unit
from models.community.view import Community
from models.proposals.requests import Earlier
from models.ranking.pipeline import TextEncoder
from models.themes.places import Spot

# Centred cosines of a theme with the title of an earlier proposal: from where it is a neighbour, and the same.
NEIGHBOUR, SAME = 0.25, 0.6
MOST = 200  # earlier proposals, the newest ones


@dataclass(frozen=True, slots=True)
class Taste:
    """Of E earlier proposals: (E, d) centred unit vectors of what they were about, and (E, N) int8 marks: 1 for who
    took it up, -1 for who did not want it; `everybody` (E,) -1 for what was put aside for all."""

    vectors: np.ndarray
    marks: np.ndarray
    everybody: np.ndarray

    def of(self, spot: Spot) -> np.ndarray:
        """(N,) float32 -1 to 1: how members took what was near to a place."""
        near = self._near(spot)
        return np.asarray(np.clip(near @ self.marks, -1, 1), np.float32)

    def unwanted(self, spot: Spot) -> float:
        """0 to 1: how near a place is to what was put aside for all."""
        return float(np.max(self._near(spot) * -self.everybody, initial=0))

    def _near(self, spot: Spot) -> np.ndarray:
        like = self.vectors @ spot.vector
        return np.asarray(np.clip((like - NEIGHBOUR) / (SAME - NEIGHBOUR), 0, 1))


def taste(view: Community, earlier: Sequence[Earlier], encode: TextEncoder) -> Taste:
    """From what was sent or put aside before."""
    told = [one for one in earlier[-MOST:] if one.accepted_by or one.declined_by or one.dismissed_by]
    marks = np.zeros((len(told), view.size), np.int8)
    for i, one in enumerate(told):
        for members, mark in ((one.accepted_by, 1), ((*one.declined_by, *one.dismissed_by), -1)):
            marks[i, [view.row[member] for member in members if member in view.row]] = mark
    everybody = np.array([-int("" in one.dismissed_by) for one in told], np.int8)
    if not told:
        return Taste(np.zeros((0, len(view.mean)), np.float32), marks, everybody)
    return Taste(unit(encode([one.subject or one.title for one in told]) - view.mean), marks, everybody)
