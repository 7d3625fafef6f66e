"""How near the interests of candidates come to what is asked: compiled, and without the interpreter's lock."""

from __future__ import annotations

import numpy as np

from models.arrays.compiled import compiled
from models.community.view import Community
from models.features.query import Query

NAMES = ("dense_best", "dense_centroid", "centred_best", "centred_centroid")


def nearness(view: Community, query: Query, candidates: np.ndarray) -> dict[str, np.ndarray]:
    """`NAMES` of the candidates in rows (n,), each (n,) float32, 0 where there is nothing.

    Interests are compared with interests, centroids with centroids; a goal is one text, and all its parts are compared
    with both. Centred ones are cosines once the members' mean is taken from both sides: some are near to whatever is
    asked, and what is common to all tells nothing.
    """
    found = np.zeros((len(candidates), len(NAMES)), np.float32)
    asked = np.ascontiguousarray(query.vectors, np.float32)
    if len(asked):
        mean, (interests, places) = view.mean, view.interests.where(candidates)
        _nearest(interests, places, asked, query.first, mean, asked @ mean, float(mean @ mean), found)
    return dict(zip(NAMES, found.T, strict=True))


# The order in which numbers are added up is free, so that several are added at once.
@compiled(fastmath=("reassoc", "contract"))
def _nearest(interests, places, asked, first, mean, asked_mean, square, out):  # type: ignore[no-untyped-def]
    zero, one = out.dtype.type(0), out.dtype.type(1)
    square = out.dtype.type(square)
    for i in range(len(places)):
        for a in range(interests.shape[1]):
            vector = interests[places[i], a]
            length, theirs = zero, zero
            for k in range(len(vector)):
                length += vector[k] * vector[k]
                theirs += vector[k] * mean[k]
            if length == 0:
                break  # the heaviest interests come first, and after the last one there is nothing
            beside = max(one - 2 * theirs + square, out.dtype.type(1e-6))
            for j in range(0 if a == 0 else first, 1 if a == 0 else len(asked)):
                other, alike = asked[j], zero
                for k in range(len(other)):
                    alike += vector[k] * other[k]
                if alike == 0:
                    continue  # a vector that is not there is like nothing
                of = max(one - 2 * asked_mean[j] + square, out.dtype.type(1e-6))
                centred = (alike - theirs - asked_mean[j] + square) / np.sqrt(beside * of)
                at = 1 if a == 0 else 0
                out[i, at] = max(out[i, at], alike)
                out[i, at + 2] = max(out[i, at + 2], centred)
