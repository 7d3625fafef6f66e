"""Of each candidate the piece of evidence that comes nearest to each of a member's: compiled, and without the
interpreter's lock."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.arrays.compiled import compiled
from models.arrays.dots import dot
from models.community.evidence import ABLE_AT, ACTIVITY_AT, LEAST, MORE, NOTHING, REFUSES_AT, SOURCE_AT, WANTING_AT
from models.community.view import Community
from models.meaning.columns import DIGITS

WANTS_NONE = 0.3  # chance of a refusal, from which a piece is taken for one
COPIED = 0.995  # likeness of two lines that say the same, word by word
UNLIKE = -1.0  # likeness to a piece that shows nothing
_STEPS = 10**DIGITS
_ABLER = 1e-4  # what being able adds to a likeness: less than the smallest difference between two


class Nearest(NamedTuple):
    """(n, m) float32 each, of n candidates beside m pieces: how alike the nearest is, how able it shows somebody to be,
    its activity, how near to small talk it lies, and its source."""

    alike: np.ndarray
    able: np.ndarray
    activity: np.ndarray
    small_talk: np.ndarray
    source: np.ndarray


def nearest_pieces(view: Community, mine: np.ndarray, rows: np.ndarray, small_talk: np.ndarray) -> Nearest:
    """The nearest of the candidates in `rows` (n,) to pieces (m, k + MORE), beside the point (k,) of small talk.

    Of equally alike ones the abler, since the order in which numbers are added up must not break ties. What two say in
    the very same words is a formula, or copied, and counts as unlike.
    """
    out = np.empty((len(Nearest._fields), len(rows), len(mine)), np.float32)
    _find(*view.pieces.where(rows), np.ascontiguousarray(mine), np.asarray(small_talk, np.float32), out)
    return Nearest(*out)


def shows(pieces: np.ndarray) -> np.ndarray:
    """(...) bool: which of (..., k + MORE) pieces are about something somebody does or wants."""
    more = pieces[..., -MORE:]
    return np.asarray(_shows(more[..., ABLE_AT], more[..., WANTING_AT], more[..., REFUSES_AT], more[..., SOURCE_AT]))


def ability(pieces: np.ndarray) -> np.ndarray:
    """(...) float32 of (..., k + MORE) pieces. Wanting something is half an interest in it; an aim, which is both, a
    whole one."""
    return np.asarray(_ability(pieces[..., -MORE + ABLE_AT], pieces[..., -MORE + WANTING_AT]), np.float32)


# These two are for numbers and for arrays of them.
@compiled()
def _shows(able, wanting, refuses, source):  # type: ignore[no-untyped-def]
    return (np.maximum(able, wanting) >= LEAST) & (refuses < WANTS_NONE) & (source > NOTHING)


@compiled()
def _ability(able, wanting):  # type: ignore[no-untyped-def]
    return np.minimum(np.maximum(able + wanting * (0.5 + able), 0.0), 1.0)


@compiled()
def _find(pieces, places, mine, small_talk, out):  # type: ignore[no-untyped-def]
    k, most = len(small_talk), pieces.shape[1]
    shown, able = np.empty(most, np.bool_), np.empty(most, np.float32)
    for i in range(len(places)):
        theirs = pieces[places[i]]
        for a in range(most):
            more = theirs[a, k:]
            able[a] = _ability(more[ABLE_AT], more[WANTING_AT])
            shown[a] = _shows(more[ABLE_AT], more[WANTING_AT], more[REFUSES_AT], more[SOURCE_AT])
        for j in range(len(mine)):
            nearest, likeness, highest = 0, UNLIKE, -np.inf
            for a in range(most):
                alike = dot(theirs[a], mine[j, :k]) if shown[a] else UNLIKE
                if alike > COPIED and theirs[a, k + SOURCE_AT] >= 0 and mine[j, k + SOURCE_AT] >= 0:
                    alike = UNLIKE
                score = np.rint(alike * _STEPS) / _STEPS + able[a] * _ABLER
                if score > highest:
                    nearest, likeness, highest = a, alike, score
            found = theirs[nearest]
            out[0, i, j], out[1, i, j] = likeness, able[nearest]
            out[2, i, j], out[3, i, j] = found[k + ACTIVITY_AT], dot(found, small_talk)
            out[4, i, j] = found[k + SOURCE_AT]
