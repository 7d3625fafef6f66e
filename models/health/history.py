"""What health is measured from: who did what when and with whom, as columns in time order. No text is kept.

What counts as dealing with each other is decided by `models.community.event_log`, as for recommendations. Words of
rooms that are not open to the whole community are not read; that something was said there counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.domain.records import InvitationSource, Micros
from models.health.threads import Threads


@dataclass(frozen=True, slots=True)
class Act:
    """An invitation that stands: who was brought together, when, by which round, introduction or proposal (`ref`)."""

    id: str
    source: InvitationSource
    ref: str
    members: tuple[str, ...]
    time: Micros


@dataclass(frozen=True, slots=True)
class People:
    """N members; row i is `ids[i]`. Kinds of value are columns in the order of `VALUE_KINDS` without the first."""

    ids: tuple[str, ...]
    row: dict[str, int]
    names: tuple[str, ...]  # as people call them
    exists: np.ndarray  # (N,) bool: on record, and not only named by others
    consent: np.ndarray  # (N,) int8, CONSENT_LEVEL
    paused_until: np.ndarray  # (N,) int64 microseconds, 0 when not paused
    offers: np.ndarray  # (N, 4) bool: states an offer of this kind
    seeks: np.ndarray  # (N, 4) bool


@dataclass(frozen=True, slots=True)
class Messages:
    """E messages by time; those at the same time as they came."""

    author: np.ndarray  # (E,) int32
    time: np.ndarray  # (E,) int64 microseconds
    channel: np.ndarray  # (E,) int32
    question: np.ndarray  # (E,) bool: asks something, in a room that everybody may read
    directed: np.ndarray  # (E,) bool: replies to or mentions somebody
    replies: np.ndarray  # (E,) int64 row of the message that each replies to, -1 for none
    thanks: (
        np.ndarray
    )  # (E,) bool: thanks for something; like `solved` and `courteous` in a room that everybody may read
    solved: np.ndarray  # (E,) bool: says that what was wrong is right now
    courteous: np.ndarray  # (E,) bool: welcomes or wishes well
    threads: Threads


@dataclass(frozen=True, slots=True)
class Contacts:
    """C contacts by time, in whatever room. `kind` is one of REPLY, PROJECT, DECLARED, OUTCOME of
    `models.community.event_log`."""

    source: np.ndarray  # (C,) int32
    target: np.ndarray  # (C,) int32
    time: np.ndarray  # (C,) int64 microseconds, 0 where a declared tie has none
    kind: np.ndarray  # (C,) int8
    open: np.ndarray  # (C,) bool: everybody may see it, so it may be told of
    event: np.ndarray  # (C,) int64 row of the message that says it, -1 for none


@dataclass(frozen=True, slots=True)
class Outcomes:
    """O outcomes by time. `kind` and `value` are places in OUTCOME_KINDS and VALUE_KINDS."""

    source: np.ndarray  # (O,) int32
    target: np.ndarray  # (O,) int32
    time: np.ndarray  # (O,) int64 microseconds
    kind: np.ndarray  # (O,) int8
    value: np.ndarray  # (O,) int8


@dataclass(frozen=True, slots=True)
class History:
    """A community's whole past. `doing` are rows and times of everything said or done, by time."""

    people: People
    channels: tuple[str, ...]
    channel_names: tuple[str, ...]
    messages: Messages
    answers: (
        np.ndarray
    )  # (E,) int64 row of the message that first answers each, -1 for none; see models.health.answering
    contacts: Contacts
    thanked: tuple[tuple[int, int], ...]  # (row of a message that thanks, row of the member whom it thanks by name)
    outcomes: Outcomes
    doing_member: np.ndarray  # (D,) int32
    doing_time: np.ndarray  # (D,) int64 microseconds
    apart: frozenset[tuple[int, int]]  # rows, both ways: blocked, or refused one another
    acts: tuple[Act, ...]
    begin: Micros  # of what is on record
    as_of: Micros  # the community's clock
