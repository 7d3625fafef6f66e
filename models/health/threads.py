"""Which messages belong together, and which one answers which.

An answer to a message is, whichever comes first and within 48 hours: a reply to it; a mention of its author by somebody
else in the same channel (it answers the last thing they said there); or the next message of somebody else in the same
thread. Where threads are mere sessions, stretches of talk that never overlap in a channel and know no long pause, the
next speaker answers only within ten minutes. Where hardly anybody declares threads, replies or mentions, sessions stand
in for threads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.community.timeline import NEAR_GAP, SESSION_GAP

ANSWER_GAP = 48 * 3_600_000_000  # microseconds
DECLARED_SHARE = 0.05  # of messages in a declared thread, replying or mentioning: below it, nobody declares
# Sessions go back to an earlier one in fewer of the changes of thread in a channel, and pause in fewer of the steps
# from one message to the next inside them.
RARELY = 0.02
PAUSE = 2 * SESSION_GAP


@dataclass(frozen=True, slots=True)
class Threads:
    """Of E messages by time: `thread` (E,) int64, -1 for none; `gap` (microseconds) in which the next one answers;
    `begun` (E,) bool: somebody else spoke in the thread no longer than `gap` before."""

    thread: np.ndarray
    gap: int
    begun: np.ndarray


def threads(
    author: np.ndarray, time: np.ndarray, channel: np.ndarray, declared: np.ndarray, directed: np.ndarray
) -> Threads:
    """Threads of E messages by time, given (E,) arrays; `declared` is -1 where a message names no thread."""
    if np.mean((declared >= 0) | directed) < DECLARED_SHARE if len(time) else False:
        thread, sessions = _sessions(time, channel), True
    else:
        thread, sessions = declared.astype(np.int64), _are_sessions(time, channel, declared)
    gap = NEAR_GAP if sessions else ANSWER_GAP
    return Threads(thread, gap, _spoken_before(thread, author, time, gap))


def next_by_another(thread: np.ndarray, author: np.ndarray, time: np.ndarray, gap: int) -> np.ndarray:
    """(E,) int64 place of the next message of somebody else in the same thread within `gap`, -1 for none; by time."""
    following = np.full(len(time), -1, np.int64)
    rows = np.flatnonzero(thread >= 0)
    if not len(rows):
        return following
    rows = rows[np.argsort(thread[rows], kind="stable")]  # by thread, then time
    t, a = thread[rows], author[rows]
    changes = np.flatnonzero((np.diff(t) != 0) | (np.diff(a) != 0))
    ends = np.append(changes, len(rows) - 1)  # last place of each run of one author in one thread
    after = ends[np.searchsorted(ends, np.arange(len(rows)))] + 1
    there = after < len(rows)
    at, after = np.flatnonzero(there), after[there]
    fits = (t[at] == t[after]) & (time[rows[after]] - time[rows[at]] <= gap)
    following[rows[at[fits]]] = rows[after[fits]]
    return following


def _spoken_before(thread: np.ndarray, author: np.ndarray, time: np.ndarray, gap: int) -> np.ndarray:
    back = slice(None, None, -1)
    before: np.ndarray = next_by_another(thread[back], author[back], -time[back], gap)[back] >= 0
    return before


def _sessions(time: np.ndarray, channel: np.ndarray) -> np.ndarray:
    by_channel = np.argsort(channel, kind="stable")
    begins = np.ones(len(time), bool)
    begins[1:] = (np.diff(channel[by_channel]) != 0) | (np.diff(time[by_channel]) > SESSION_GAP)
    thread = np.zeros(len(time), np.int64)
    thread[by_channel] = np.cumsum(begins) - 1
    return thread


def _are_sessions(time: np.ndarray, channel: np.ndarray, declared: np.ndarray) -> bool:
    rows = np.flatnonzero(declared >= 0)
    rows = rows[np.argsort(channel[rows], kind="stable")]
    same = (np.diff(channel[rows]) == 0) & (np.diff(declared[rows]) == 0)
    if not same.any():
        return False  # threads of one message each say nothing
    stretches = 1 + int((~same).sum())
    returns = stretches - len(np.unique(declared[rows]))
    pauses = int((np.diff(time[rows])[same] > PAUSE).sum())
    return returns < RARELY * stretches and pauses < RARELY * int(same.sum())
