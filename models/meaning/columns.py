"""The columns from which the three judgements are made; the same for fitting and for serving."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.arrays.compiled import compiled
from models.meaning.statements import FLAG, Statements

MEETS = (
    "alike", "alike_squared", "plain_alike", "words", "same_script", "language_differs", "language_same",
    "place_differs", "rivals", "learner_offers", "partner_taught", "lends_or_teaches", "money_or_advice",
    "children_differ", "general", "standout", "same_activity", "activities_alike", "activities_told",
)  # fmt: skip
KNOWS = (
    "alike", "alike_squared", "able", "stated", "words", "words_alike", "standout", "others", "small_talk",
    "same_activity", "activities_alike", "activities_told",
)  # fmt: skip
SHARED = (*KNOWS[:3], "both_stated", *KNOWS[4:])
DIGITS = 3  # likenesses that differ by less are equal: the order in which numbers are added up must not break ties
GRID = 200  # steps from a likeness of -1 to 1
UNLIKE = 20  # people who have nothing to do with what is compared, beside those that there are
QUANTILE = 0.9  # what stands out does so from this quantile of all others


def rivals(columns: np.ndarray) -> np.ndarray:
    """(p,) bool: pairs of `met` of which the one looks for those who take what both offer. They are no match."""
    return np.asarray(columns[:, MEETS.index("rivals")] > 0)


def standout(best: np.ndarray) -> np.ndarray:
    """How far each of (n, ...) likenesses lies above what nine in ten of the n reach, and of some who have nothing to
    do with it: of few people everybody would be usual."""
    unlike = np.zeros((UNLIKE, *best.shape[1:]), np.float32)
    return np.asarray(best - np.quantile(np.concatenate([best, unlike]), QUANTILE, axis=0), np.float32)


def others(best: np.ndarray) -> np.ndarray:
    """(n, ...) log of one more than how many of the n are more alike, on axis 0; half of those that are as alike count.

    Counted on a grid with linear weights, so that the order in which numbers were added up cannot show.
    """
    flat = np.ascontiguousarray(best.reshape(len(best), -1).T, np.float32)
    more = np.empty(flat.shape, np.float32)
    _count_more_alike(flat, more)
    return np.asarray(np.log1p(more).T.reshape(best.shape), np.float32)


@compiled()
def _count_more_alike(likenesses, out):  # type: ignore[no-untyped-def]
    for likeness, more in zip(likenesses, out):  # noqa: B905
        place = np.minimum(np.maximum((likeness + 1) * (GRID / 2), 0), GRID - 1e-3)
        mass = np.zeros(GRID + 1)
        for at in place:
            low = int(at)
            mass[low] += 1 - (at - low)
            mass[low + 1] += at - low
        above = len(place) - np.cumsum(mass) + mass / 2
        for i, at in enumerate(place):
            low = int(at)
            more[i] = max((1 - (at - low)) * above[low] + (at - low) * above[low + 1] - 0.5, 0)


@dataclass(frozen=True, slots=True)
class Activities:
    """Which activities of the lexicon two texts point to: whether it is the same, how alike they are, 0..1, and whether
    both point to one at all. All (...,) float32."""

    same: np.ndarray
    alike: np.ndarray
    told: np.ndarray


def activities(one: np.ndarray, other: np.ndarray, likeness: np.ndarray) -> Activities:
    """Of activities (...,), counted from 1, 0 for none, by their (L + 1, L + 1) likeness."""
    one, other = np.broadcast_arrays(one.astype(np.int64), other.astype(np.int64))
    told = (one > 0) & (other > 0)
    return Activities((told & (one == other)).astype(np.float32), likeness[one, other] * told, told.astype(np.float32))


def known(
    alike: np.ndarray,
    able: np.ndarray,
    stated: np.ndarray,
    words: np.ndarray,
    above: np.ndarray,
    more: np.ndarray,
    small_talk: np.ndarray,
    of: Activities,
) -> np.ndarray:
    """(..., len(KNOWS)) columns, for `KNOWS` and `SHARED` alike, from arrays that broadcast."""
    alike = np.maximum(alike, 0)
    found = (alike, alike**2, able, stated, words, words * alike, above, more, small_talk, of.same, of.alike, of.told)
    out = np.empty((*np.broadcast_shapes(*(np.shape(one) for one in found)), len(found)), np.float32)
    for at, one in enumerate(found):
        out[..., at] = one
    return out


def met(
    offers: Statements,
    seeks: Statements,
    pairs: np.ndarray,
    alike: np.ndarray,
    plain: np.ndarray,
    above: np.ndarray,
    of: Activities,
) -> np.ndarray:
    """(p, len(MEETS)) columns of (p, 2) `pairs` of an offer and a seek, with their (p,) likenesses in the space of
    topics and between plain vectors, how far the offer stands out, and their activities."""
    o, s = pairs[:, 0], pairs[:, 1]
    offered, sought = offers.flags[o], seeks.flags[s]

    def flag(flags: np.ndarray, name: str) -> np.ndarray:
        return np.asarray(flags[:, FLAG[name]])

    clash, same, elsewhere, words = (np.zeros(len(pairs), np.float32) for _ in range(4))
    for at, (i, j) in enumerate(pairs.tolist()):
        if offers.languages[i] and seeks.languages[j]:
            clash[at] = not offers.languages[i] & seeks.languages[j]
            same[at] = offers.languages[i] == seeks.languages[j]
        if offers.places[i] and seeks.places[j]:
            elsewhere[at] = not offers.places[i] & seeks.places[j]
        least = min(len(offers.words[i]), len(seeks.words[j]))
        words[at] = len(offers.words[i] & seeks.words[j]) / least if least else 0.0
    rooms = flag(offered, "room") | flag(sought, "room")
    alike = np.maximum(alike, 0)
    return np.stack(
        [
            alike,
            alike**2,
            np.maximum(plain, 0),
            words,
            offers.chinese[o] == seeks.chinese[s],
            clash,
            same,
            elsewhere * rooms,
            flag(sought, "clients") & ~flag(offered, "clients") & ~flag(sought, "learns"),
            flag(offered, "learns") & ~flag(offered, "teaches"),
            flag(sought, "partner") & flag(offered, "teaches") & ~flag(offered, "partner"),
            (flag(offered, "has") ^ flag(sought, "has")) & (flag(offered, "teaches") | flag(sought, "learns")),
            flag(offered, "outcome") ^ flag(sought, "outcome"),
            flag(offered, "children") ^ flag(sought, "children"),
            offers.general[o] | seeks.general[s],
            above,
            of.same,
            of.alike,
            of.told,
        ],
        -1,
    ).astype(np.float32)
