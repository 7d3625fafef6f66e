"""Figures of ties: are they mutual, do they last, and who has none."""

from __future__ import annotations

import numpy as np

from models.community.event_log import DECLARED, PROJECT, REPLY
from models.domain.records import DAY, Micros
from models.health.history import Contacts, History
from models.health.windows import Measured, Windows, named, share_by_window, shares

MEMORY = 90 * DAY  # how long before the end of a window a contact still counts against isolation
SPOKE = 2  # messages in that time that make silence around somebody tell
FOUNDING = 30 * DAY  # who or what is first seen so early may be older than the record
UNRETURNED = 5  # people addressed in a window without any of them ever turning to one


def reciprocity(history: History, windows: Windows) -> Measured:
    """Of the pairs in which one replied to or mentioned the other in a window, the share in which both did.

    Unit: share of pairs, 0 to 1. Higher is better: people deal with each other. Source: Wasserman and Faust, "Social
    Network Analysis" (1994), section 13.1, mutual among non-null dyads. Points to members who turned to at least
    `UNRETURNED` people in the open, none of whom turned to them (the number of these people).
    """
    contacts = history.contacts
    values, counts = np.full(windows.count, np.nan), np.zeros(windows.count, np.int64)
    keys = np.zeros(0, np.int64)
    size = len(history.people.ids)
    for at, part in enumerate(windows.slices(contacts.time)):
        keys = np.unique(_directed(contacts, part, size))
        mutual = np.isin(keys // size + keys % size * size, keys).sum() / 2 if size else 0
        counts[at] = len(keys) - mutual
        values[at] = mutual / counts[at] if counts[at] else np.nan
    return Measured(values, counts, named("member", history.people.ids, _unreturned(history, windows), UNRETURNED))


def _directed(contacts: Contacts, part: slice, size: int, only_open: bool = False) -> np.ndarray:
    rows = contacts.kind[part] == REPLY
    if only_open:
        rows &= contacts.open[part]
    keys: np.ndarray = contacts.source[part][rows].astype(np.int64) * size + contacts.target[part][rows]
    return keys


def _unreturned(history: History, windows: Windows) -> np.ndarray:
    """(N,) people a member turned to in the last window, where nobody at all turned to them; else 0."""
    size = len(history.people.ids)
    part = windows.slices(history.contacts.time)[-1]
    keys = np.unique(_directed(history.contacts, part, size, only_open=True))
    if not len(keys):
        return np.zeros(size)
    turned = np.bincount(keys // size, minlength=size)
    turned[keys % size] = 0
    return turned


def survival_30(history: History, windows: Windows) -> Measured:
    """Of the pairs that first dealt with each other in a window, the share that did so again 30 to 60 days later.

    Dealing with each other is a reply, a mention or a shared project. Told once the 60 days are over; pairs of the
    first 30 days on record may be older and are left out. Unit: share of pairs, 0 to 1. Higher is better. Source: Burt,
    "Decay functions", Social Networks 22 (2000), here with the same horizon for every cohort.
    """
    return _survival(history, windows, 30 * DAY)


def survival_90(history: History, windows: Windows) -> Measured:
    """Of the pairs that first dealt with each other in a window, the share that did so again 90 to 180 days later.

    As `survival_30`, told once the 180 days are over. Unit: share of pairs, 0 to 1. Higher is better. Source: Burt,
    "Decay functions", Social Networks 22 (2000).
    """
    return _survival(history, windows, 90 * DAY)


def _survival(history: History, windows: Windows, later: Micros) -> Measured:
    contacts = history.contacts
    rows = np.isin(contacts.kind, (REPLY, PROJECT))
    a, b, time = contacts.source[rows].astype(np.int64), contacts.target[rows], contacts.time[rows]
    size = max(len(history.people.ids), 1)
    _, first, pair = np.unique(np.minimum(a, b) * size + np.maximum(a, b), return_index=True, return_inverse=True)
    age = time - time[first][pair]
    again = np.zeros(len(first), bool)
    again[pair[(age >= later) & (age <= 2 * later)]] = True
    begun = time[first]
    told = (begun >= history.begin + FOUNDING) & (begun + 2 * later <= windows.as_of)
    return Measured(*share_by_window(np.where(told, windows.of(begun), -1), again, windows.count))


def isolated(history: History, windows: Windows) -> Measured:
    """Of the members who spoke lately, the share with whom nobody deals.

    Who spoke lately said at least 2 things in the 90 days to the end of a window. Nobody deals with who, in that time,
    was neither answered nor replied to or mentioned, addressed nobody, shared no project and reported no encounter; a
    declared tie counts for good. Unit: share of members, 0 to 1. Lower is better. Source: isolates as in Wasserman and
    Faust (1994), section 4.2, over a sliding window. Points to the isolated (their messages in the 90 days).
    """
    messages, contacts = history.messages, history.contacts
    size = len(history.people.ids)
    answered = history.answers >= 0
    declared = contacts.kind == DECLARED
    values, counts = np.full(windows.count, np.nan), np.zeros(windows.count, np.int64)
    alone = np.zeros(size)
    spans = zip(windows.slices(messages.time, MEMORY), windows.slices(contacts.time, MEMORY), strict=True)
    for at, (said, dealt) in enumerate(spans):
        amount = np.bincount(messages.author[said], minlength=size)
        met = np.bincount(messages.author[said][answered[said]], minlength=size) > 0
        met[contacts.source[dealt]] = met[contacts.target[dealt]] = True
        met[contacts.source[declared]] = met[contacts.target[declared]] = True
        spoke = amount >= SPOKE
        counts[at] = spoke.sum()
        alone = np.where(spoke & ~met, amount, 0)
        values[at] = shares(np.array([np.count_nonzero(alone)]), counts[at : at + 1])[0]
    return Measured(values, counts, named("member", history.people.ids, alone, 1))
