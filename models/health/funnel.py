"""What becomes of introductions: talked, met, built together, still together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from models.community.event_log import REPLY
from models.domain.records import DAY, OUTCOME_KINDS, Micros
from models.health.history import History
from models.health.windows import Measured, Windows, share_by_window

TALK = 30 * DAY
STEPS = ("introduced", "talked", "met", "built_together", "still_together")
# The step that an outcome shows; help shows that they talked at least.
STEP_OF = {"talked": 1, "met": 2, "helped": 1, "built_together": 3, "still_together": 4}
ACCEPTED = OUTCOME_KINDS.index("accepted")


@dataclass(frozen=True, slots=True)
class Introduced:
    """P pairs once introduced: rows a < b, when first, how far they came since (places in STEPS), and when they first
    dealt with each other after it (microseconds; far in the future for never)."""

    a: np.ndarray
    b: np.ndarray
    time: np.ndarray
    step: np.ndarray
    talked: np.ndarray


def introductions_talked(history: History, windows: Windows) -> Measured:
    """Of the pairs introduced in a window, the share who talked within 30 days.

    Introduced is who was brought together in a round, an introduction or a proposal, or of whom one accepted the other
    as recommended. Talked is who said so (talked, met, helped or more), or replied to or mentioned one another. Told
    once the 30 days are over. Unit: share of pairs, 0 to 1. Higher is better. Source: the chain of outcomes in
    docs/learning.md.
    """
    pairs = introduced(history)
    told = pairs.time <= windows.as_of - TALK
    soon = pairs.talked <= pairs.time + TALK
    return Measured(*share_by_window(np.where(told, windows.of(pairs.time), -1), soon, windows.count))


def funnel(history: History, windows: Windows) -> np.ndarray:
    """(W, len(STEPS)) int64: of the pairs introduced in each window, how many came so far by now, or further."""
    pairs = introduced(history)
    place = windows.of(pairs.time)
    steps = [np.bincount(place[(place >= 0) & (pairs.step >= s)], minlength=windows.count) for s in range(len(STEPS))]
    return np.stack(steps, 1)


def introduced(history: History) -> Introduced:
    """Every pair that was introduced, by rows."""
    first: dict[tuple[int, int], Micros] = {}
    for pair, time in _introductions(history):
        first[pair] = min(time, first.get(pair, time))
    step, talked = dict.fromkeys(first, 0), dict.fromkeys(first, np.iinfo(np.int64).max)
    for pair, time, reached in _events(history, first):
        if pair in first and time >= first[pair]:
            step[pair] = max(step[pair], reached)
            talked[pair] = min(talked[pair], time)
    ordered = sorted(first)
    rows = np.array(ordered, np.int64).reshape(-1, 2)
    columns = [np.array([of[pair] for pair in ordered], np.int64) for of in (first, step, talked)]
    return Introduced(rows[:, 0], rows[:, 1], columns[0], columns[1], columns[2])


def _introductions(history: History) -> Iterator[tuple[tuple[int, int], Micros]]:
    row = history.people.row
    for act in history.acts:
        here = sorted(row[member] for member in act.members if member in row)
        yield from ((pair, act.time) for pair in combinations(here, 2))
    outcomes = history.outcomes
    for at in np.flatnonzero(outcomes.kind == ACCEPTED).tolist():
        yield _pair(outcomes.source[at], outcomes.target[at]), int(outcomes.time[at])


def _events(history: History, wanted: Iterable[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], Micros, int]]:
    """(pair, time, step) of everything that shows how far two people came; of talk, only that of `wanted` pairs."""
    outcomes, contacts = history.outcomes, history.contacts
    for kind, step in STEP_OF.items():
        for at in np.flatnonzero(outcomes.kind == OUTCOME_KINDS.index(kind)).tolist():
            yield _pair(outcomes.source[at], outcomes.target[at]), int(outcomes.time[at]), step
    pairs = np.array(sorted(wanted), np.int64).reshape(-1, 2)
    size = len(history.people.ids)
    low, high = np.minimum(contacts.source, contacts.target), np.maximum(contacts.source, contacts.target)
    known = np.isin(low.astype(np.int64) * size + high, pairs[:, 0] * size + pairs[:, 1])
    for at in np.flatnonzero((contacts.kind == REPLY) & known).tolist():
        yield _pair(contacts.source[at], contacts.target[at]), int(contacts.time[at]), 1


def _pair(a: int, b: int) -> tuple[int, int]:
    return (int(min(a, b)), int(max(a, b)))
