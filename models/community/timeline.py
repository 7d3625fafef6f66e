"""What the order of messages tells: sessions, who spoke right after whom, who answered first.

Worked out afresh from the live rows of an event log, so that a message which came late, was edited or deleted leaves
the same traces as if it had come in its place, or never.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.community.event_log import EventLog
from models.domain.records import DAY

SESSION_GAP = 45 * 60 * 1_000_000  # silence that ends a session where no threads are declared
HOUR = DAY // 24
NEAR_GAP = 10 * 60 * 1_000_000  # within this, the next speaker is probably answering


@dataclass(frozen=True, slots=True)
class Timeline:
    """Rows of events (rows of the event log) in three relations. E events, L live messages."""

    thread: np.ndarray  # (E,) int64: declared threads even, sessions odd; -1 for projects and the dead
    threads: int  # above all of these numbers
    near_event: np.ndarray  # event whose author spoke within NEAR_GAP after ...
    near_member: np.ndarray  # ... this member (row)
    answer_event: np.ndarray  # first message of another than who began the thread, one a thread
    anew: np.ndarray  # (E,) float32 what each event counts: 1, and less for lines of a flood


def timeline(event_log: EventLog) -> Timeline:
    """The relations between live messages; equal times keep the order in which they came."""
    member, channel = event_log.event_member.values, event_log.event_channel.values
    rows = np.flatnonzero((member >= 0) & (channel >= 0))
    time = event_log.event_time.values
    rows = rows[np.lexsort((time[rows], channel[rows]))]
    thread = np.full(len(member), -1, np.int64)
    thread[rows], threads = _threads(event_log, rows)
    near_event, near_member = near(member[rows], time[rows], channel[rows])
    first = answers(rows, thread[rows], time[rows], member[rows])
    return Timeline(thread, threads, rows[near_event], near_member, first, _said_anew(event_log))


def _said_anew(event_log: EventLog) -> np.ndarray:
    """(events,) float32 what each event counts: 1, and of a line that somebody said k times within an hour 1 / k²:
    whoever floods a room does not do more than others."""
    member, words = event_log.event_member.values, event_log.event_words.values
    hour = event_log.event_time.values // HOUR
    weight = np.ones(len(member), np.float32)
    spoken = np.flatnonzero((words != 0) & (member >= 0))
    if len(spoken):
        order = spoken[np.lexsort((hour[spoken], words[spoken], member[spoken]))]
        same = [np.diff(values[order]) == 0 for values in (member, words, hour)]
        group = np.cumsum(np.append(True, ~np.logical_and.reduce(same))) - 1
        weight[order] = 1 / np.bincount(group)[group].astype(np.float32) ** 2
    return weight


def _threads(event_log: EventLog, rows: np.ndarray) -> tuple[np.ndarray, int]:
    """The thread or session of each row, rows being sorted by channel and time; and what is above all numbers."""
    thread = 2 * event_log.event_thread.values[rows].astype(np.int64)
    loose = np.flatnonzero(thread < 0)
    channel, time = event_log.event_channel.values[rows[loose]], event_log.event_time.values[rows[loose]]
    begins = np.ones(len(loose), bool)
    begins[1:] = (channel[1:] != channel[:-1]) | (np.diff(time) > SESSION_GAP)
    thread[loose] = 2 * np.cumsum(begins) - 1
    return thread, int(thread.max(initial=-1)) + 1


def near(member: np.ndarray, time: np.ndarray, channel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(places, members): each message with the previous speaker, the first of a run also with the one before that."""
    if not len(member):
        return np.zeros(0, np.int64), np.zeros(0, np.int32)
    begins = np.ones(len(member), bool)
    begins[1:] = (member[1:] != member[:-1]) | (channel[1:] != channel[:-1])
    run = np.cumsum(begins) - 1
    first = np.flatnonzero(begins)
    end = np.append(first[1:] - 1, len(member) - 1)  # last place of each run
    places, members = [], []
    for back, candidates in ((1, np.arange(len(member))), (2, first)):
        candidates = candidates[run[candidates] >= back]
        before = end[run[candidates] - back]
        answers = (
            (channel[before] == channel[candidates])
            & (member[before] != member[candidates])
            & (time[candidates] - time[before] <= NEAR_GAP)
        )
        places.append(candidates[answers])
        members.append(member[before[answers]])
    return np.concatenate(places), np.concatenate(members)


def answers(rows: np.ndarray, thread: np.ndarray, time: np.ndarray, member: np.ndarray) -> np.ndarray:
    """The first message of another than who began it, one a thread; `rows` (n,) with what is known of each."""
    at = np.lexsort((rows, time, thread))
    rows, thread, member = rows[at], thread[at], member[at]
    _, first, place = np.unique(thread, return_index=True, return_inverse=True)
    by_others = np.flatnonzero(member != member[first][place])
    _, earliest = np.unique(thread[by_others], return_index=True)
    found: np.ndarray = rows[by_others[earliest]]
    return found
