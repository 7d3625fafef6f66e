"""How near the interests of candidates come to what is asked: compiled, and without the interpreter's lock."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.arrays.compiled import compiled
from models.arrays.dots import dots
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
    vectors, places = view.interests.where(candidates)
    parts, wholes = [query.vectors[query.first :] for query in queries], [query.vectors[:1] for query in queries]
    _best(view.mean, vectors, places, slice(1, None), parts, found[0::2])
    _best(view.mean, vectors, places, slice(1), wholes, found[1::2])
    return dict(zip(NAMES, found, strict=True))


def _best(
    mean: np.ndarray,
    vectors: np.ndarray,
    places: np.ndarray,
    which: slice,
    asked: Sequence[np.ndarray],
    out: np.ndarray,
) -> None:
    """The best cosine, and the best centred one (2, B, n), of those `which` stand in n places of `vectors` (places, m),
    quantized, with what each of B queries asks (k, d)."""
    if not any(map(len, asked)):
        return
    there = vectors["scale"][places, which] > 0
    at, slot = np.nonzero(there)
    rows = places[at] * vectors.shape[1] + slot + (which.start or 0)
    beside = np.vstack([*asked, mean]).astype(np.float32, copy=False)
    alike = dots(vectors.reshape(-1), rows, beside)
    ends, of = (np.cumsum([0, *sizes]) for sizes in (there.sum(1), map(len, asked)))
    _nearest(alike, ends, of, beside[:-1] @ mean, float(mean @ mean), out)


@compiled()
def _nearest(alike, ends, of, asked_mean, square, out):  # type: ignore[no-untyped-def]
    least, square = out.dtype.type(1e-6), out.dtype.type(square)
    own = 1 / np.sqrt(np.maximum(1 - 2 * asked_mean + square, least))
    for i in range(len(ends) - 1):
        for row in range(ends[i], ends[i + 1]):
            theirs = alike[row, -1]
            beside = 1 / np.sqrt(max(1 - 2 * theirs + square, least))
            for query in range(len(of) - 1):
                best = centred = out.dtype.type(0)
                for j in range(of[query], of[query + 1]):
                    if alike[row, j] != 0:  # a vector that is not there is like nothing
                        best = max(best, alike[row, j])
                        centred = max(centred, (alike[row, j] - theirs - asked_mean[j] + square) * own[j] * beside)
                out[0, query, i] = max(out[0, query, i], best)
                out[1, query, i] = max(out[1, query, i], centred)
