"""What each member showed of what they can do, want, and want none of: at most `MOST` pieces of evidence a member.

A piece is something they state, or a passage of theirs in a room open to everybody. Asking is not knowing: a question
is evidence of wanting; an answer takes its topic from what it answers; small talk, advertisements and empty answers are
evidence of nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays.unit import unit
from models.meaning.acts import ABLE, ACT, ACTS, WANTING

MOST = 12  # pieces a member, of these
MOST_STATED = 7  # at most from the profile
ABLE_AT, WANTING_AT, REFUSES_AT, ACTIVITY_AT, SOURCE_AT = range(5)  # what follows the k coordinates of a piece
MORE = 5
NOTHING = -1_000_000.0  # the source of a place that holds no piece
LEAST = 0.25  # of what a piece shows, below which it is left out
OWN = 0.5  # what an answer's own words say of its topic, against 1 for those of the question
REMARKED = 0.4  # what an opinion shows of knowing, against 1 for telling of one's own doing
# What is stated, as evidence of being able and of wanting.
STATED = {"profile": (0.9, 0.0), "aims": (0.4, 0.6), "offers": (1.0, 0.0), "seeks": (0.0, 1.0)}

_ABLE = [ACT[a] for a in ABLE]
_WANTING = [ACT[a] for a in WANTING]


@dataclass(frozen=True, slots=True)
class Statement:
    """Something stated: its place among the member's facets, kind, weight, and (k + A + 1,) reading."""

    place: int
    kind: str
    weight: float
    reading: np.ndarray


@dataclass(frozen=True, slots=True)
class Passage:
    """Something said: its number, time and (k + A + 1,) reading, and the reading of what it answers, if anything."""

    number: int
    time: int
    reading: np.ndarray
    asked: np.ndarray | None


def pieces(statements: Iterable[Statement], passages: Sequence[Passage], size: int) -> np.ndarray:
    """(MOST, size + MORE) float32 pieces of one member, strongest first; `size` is k."""
    stated = [piece for one in statements if (piece := _stated(one, size)) is not None][:MOST_STATED]
    newest_first = sorted(passages, key=lambda one: (-one.time, one.number))
    said = sorted(
        (piece for one in newest_first if (piece := _said(one, size)) is not None), key=lambda p: -_strength(p)
    )
    out = np.zeros((MOST, size + MORE), np.float32)
    out[:, size + SOURCE_AT] = NOTHING
    for row, piece in enumerate((*stated, *said)[:MOST]):
        out[row] = piece
    return out


def _strength(piece: np.ndarray) -> float:
    return round(float(piece[-MORE : ACTIVITY_AT - MORE].max()), 1)


def _stated(one: Statement, size: int) -> np.ndarray | None:
    point, acts, activity = one.reading[:size], one.reading[size:-1], one.reading[-1]
    if one.kind not in STATED or not point.any():
        return None
    able, wanting = STATED[one.kind]
    refuses = float(acts[ACT["refusal"]]) if one.kind == "profile" else 0.0
    able *= 1 - refuses
    return np.concatenate([point, [one.weight * able, one.weight * wanting, refuses, activity, -1 - one.place]])


def _said(one: Passage, size: int) -> np.ndarray | None:
    point, acts, activity = one.reading[:size], one.reading[size:-1], one.reading[-1]
    able = float(able_of(acts[None])[0])
    wanting, refuses = float(acts[_WANTING].sum()), float(acts[ACT["refusal"]])
    if one.asked is not None:
        point = unit((one.asked[:size] + OWN * point)[None])[0]
        activity = answered(one.asked[-1], activity)
    if max(able, wanting, refuses) < LEAST or not point.any():
        return None
    return np.concatenate([point, [able, wanting, refuses, activity, one.number]])


def answered(asked: np.ndarray, own: np.ndarray) -> np.ndarray:
    """(n,) the activities that answers are about: that of what they answer, or where it tells none their own."""
    return np.where(asked > 0, asked, own)


def able_sources(pieces: np.ndarray) -> list[int]:
    """Of one member's pieces the sources of those that show ability: a passage, or -1 - the place of a facet."""
    able = pieces[:, -MORE + ABLE_AT] >= LEAST
    return [int(source) for source in pieces[able, -1] if source > NOTHING]


def able_of(acts: np.ndarray) -> np.ndarray:
    """(n,) float32 what each of (n, A) acts shows of being able or knowing."""
    shows = np.zeros(len(ACTS), np.float32)
    shows[_ABLE] = 1
    shows[ACT["remark"]] = REMARKED
    return np.asarray(acts @ shows, np.float32)
