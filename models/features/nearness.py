"""How near the interests of candidates come to what is asked: compiled, and without the interpreter's lock."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.arrays.compiled import compiled
from models.arrays.dots import dots
from models.arrays.quantized import rows_of
from models.community.view import Community
from models.features.query import Query

NAMES = ("dense_best", "dense_centroid", "centred_best", "centred_centroid")


def nearness(view: Community, queries: Sequence[Query], candidates: np.ndarray) -> dict[str, np.ndarray]:
    """`NAMES` of the candidates in rows (n,), each (B, n) float32, 0 where there is nothing.

    Interests are compared with interests, centroids with centroids; a goal is one text, and all its parts are compared
    with both. Centred ones are cosines once the members' mean is taken from both sides: some are near to whatever is
    asked, and what is common to all tells nothing.
    """
    found = np.zeros((len(NAMES), len(queries), len(candidates)), np.float32)
    asked = np.concatenate([query.vectors for query in queries]).astype(np.float32, copy=False)
    if len(asked):
        mean, (interests, places) = view.mean, view.interests.where(candidates)
        scales = interests["scale"][places]
        there = scales > 0
        # Those of all candidates one after the other, without the places where there is none.
        at, which = np.nonzero(there)
        rows, ends = places[at] * interests.shape[1] + which, np.append(0, np.cumsum(there.sum(1)))
        alike = dots(rows_of(interests), rows, np.vstack([asked, mean])) * scales[there][:, None]
        of = np.cumsum([0, *(len(query.vectors) for query in queries)])
        first = np.array([query.first for query in queries])
        _nearest(alike, ends, of, first, asked @ mean, float(mean @ mean), found)
    return dict(zip(NAMES, found, strict=True))


@compiled()
def _nearest(alike, ends, of, first, asked_mean, square, out):  # type: ignore[no-untyped-def]
    least, square = out.dtype.type(1e-6), out.dtype.type(square)
    own = 1 / np.sqrt(np.maximum(1 - 2 * asked_mean + square, least))
    for i in range(len(ends) - 1):
        for row in range(ends[i], ends[i + 1]):
            theirs = alike[row, -1]
            beside = 1 / np.sqrt(max(1 - 2 * theirs + square, least))
            whole = 1 if row == ends[i] else 0
            for query in range(len(first)):
                begins = of[query] if whole else of[query] + first[query]
                best = centred = out.dtype.type(0)
                for j in range(begins, min(of[query] + 1, of[query + 1]) if whole else of[query + 1]):
                    if alike[row, j] != 0:  # a vector that is not there is like nothing
                        best = max(best, alike[row, j])
                        centred = max(centred, (alike[row, j] - theirs - asked_mean[j] + square) * own[j] * beside)
                out[whole, query, i] = max(out[whole, query, i], best)
                out[2 + whole, query, i] = max(out[2 + whole, query, i], centred)
