"""Figures of voice and exposure: who talks, whether anybody is talked with, and who is seen."""

from __future__ import annotations

import numpy as np

from models.domain.records import OUTCOME_KINDS
from models.health.history import History
from models.health.windows import Measured, Pointer, Windows, gini, named, share_by_window

BROADCASTS = 5  # one-way messages in a window from which on somebody is pointed to ...
MOSTLY = 0.8  # ... if so large a share of all that they said went one way
LOUDEST = 3


def one_way(history: History) -> np.ndarray:
    """(E,) bool: messages that address nobody, come into no talk, and are not answered."""
    messages = history.messages
    lonely: np.ndarray = ~messages.directed & ~messages.threads.begun & (history.answers < 0)
    return lonely


def broadcasting(history: History, windows: Windows) -> Measured:
    """The share of messages that go one way: they reply to and mention nobody, come into no thread in which somebody
    else spoke, and nobody answers them.

    Unit: share of messages, 0 to 1. Lower is better: a lecture is no community. Source: the inverse of interactivity in
    Rafaeli and Sudweeks, "Networked Interactivity", JCMC 2 (1997), which tells one-way from reactive messages. Points
    to members of whose messages in the last window at least 80 % and at least 5 went one way (how many did).
    """
    messages = history.messages
    lonely = one_way(history)
    place = windows.of(messages.time)
    values, counts = share_by_window(place, lonely, windows.count)
    size = len(history.people.ids)
    last = place == windows.count - 1
    said = np.bincount(messages.author[last], minlength=size)
    aired = np.bincount(messages.author[last & lonely], minlength=size)
    aired[aired < MOSTLY * said] = 0
    return Measured(values, counts, named("member", history.people.ids, aired, BROADCASTS))


def voice(history: History, windows: Windows) -> Measured:
    """How unequally the messages of a window are spread over those who spoke in it.

    Unit: Gini coefficient, 0 (all say the same amount) to 1 (one says all). Lower is better. Source: Gini, "Variabilità
    e mutabilità" (1912). Points to the three loudest of the last window (their share of its messages).
    """
    messages = history.messages
    values, counts = np.full(windows.count, np.nan), np.zeros(windows.count, np.int64)
    amount = np.zeros(len(history.people.ids))
    for at, part in enumerate(windows.slices(messages.time)):
        amount = np.bincount(messages.author[part], minlength=len(history.people.ids)).astype(np.float64)
        counts[at] = np.count_nonzero(amount)
        values[at] = gini(amount[amount > 0])
    total = max(amount.sum(), 1)
    ids = history.people.ids
    found = (Pointer("member", ids[row], float(amount[row] / total)) for row in loudest(amount, ids))
    return Measured(values, counts, tuple(found))


def loudest(amount: np.ndarray, ids: tuple[str, ...]) -> list[int]:
    """The rows of the three who said most, ties by id."""
    spoke = np.flatnonzero(amount > 0).tolist()
    return sorted(spoke, key=lambda row: (-amount[row], ids[row]))[:LOUDEST]


def exposure(history: History, windows: Windows) -> Measured:
    """How unequally members are shown to others: in lists reported as shown, in rounds, introductions and proposals.

    Over all members on record whose consent allows showing them; who was never shown counts as 0. Not known where
    nothing was shown in a window. Unit: Gini coefficient, 0 to 1. Lower is better. Source: Gini (1912); for exposure in
    lists Singh and Joachims, "Fairness of Exposure in Rankings", KDD 2018. Points to those shown most in the last
    window (how often).
    """
    people, outcomes = history.people, history.outcomes
    may_be_shown = people.exists & (people.consent > 0)
    acted = [(act.time, people.row[m]) for act in history.acts for m in act.members if m in people.row]
    shown = outcomes.kind == OUTCOME_KINDS.index("shown")
    time = np.concatenate([outcomes.time[shown], np.array([t for t, _ in acted], np.int64)])
    member = np.concatenate([outcomes.target[shown], np.array([m for _, m in acted], np.int64)])
    place = windows.of(time)
    values, counts = np.full(windows.count, np.nan), np.zeros(windows.count, np.int64)
    amount = np.zeros(len(people.ids))
    for at in range(windows.count):
        amount = np.bincount(member[place == at], minlength=len(people.ids)).astype(np.float64)
        values[at], counts[at] = gini(amount[may_be_shown]), int(amount.sum())
    return Measured(values, counts, named("member", people.ids, amount, 2))
