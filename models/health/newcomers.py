"""Figures of those who have just come, and of those who first asked and now answer."""

from __future__ import annotations

import numpy as np

from models.community.event_log import REPLY
from models.domain.records import DAY
from models.health.history import History
from models.health.threads import ANSWER_GAP
from models.health.ties import FOUNDING
from models.health.windows import Measured, Windows, named, share_by_window

STAY = 30 * DAY
LEARN = 90 * DAY
NEVER = np.iinfo(np.int64).max


def newcomers_answered(history: History, windows: Windows) -> Measured:
    """Of the members who first spoke in a window, the share answered, replied to or mentioned within 48 hours.

    Told once the 48 hours are over; who spoke in the first 30 days on record may not be new and is left out.
    Unit: share of members, 0 to 1. Higher is better. Source: Joyce and Kraut, "Predicting Continued Participation in
    Newsgroups", JCMC 11 (2006): who is answered comes back. Points to the newcomers of the last window who were not
    answered (days since they spoke).
    """
    first, welcomed = _first_said(history), _welcomed(history)
    told = _new(history, first) & (first <= windows.as_of - ANSWER_GAP)
    place = np.where(told, windows.of(first), -1)
    waiting = (place == windows.count - 1) & ~welcomed
    days = np.where(waiting, (windows.as_of - np.where(waiting, first, 0)) / DAY, 0)
    return Measured(
        *share_by_window(place, welcomed, windows.count), named("member", history.people.ids, days, np.nextafter(0, 1))
    )


def newcomers_stay(history: History, windows: Windows) -> Measured:
    """Of the members who first spoke in a window, the share who said or did something 30 to 60 days later.

    Told once the 60 days are over; who spoke in the first 30 days on record is left out.
    Unit: share of members, 0 to 1. Higher is better. Source: Kraut and Resnick, "Building Successful Online
    Communities" (2012), chapter 5.
    """
    first = _first_said(history)
    told = _new(history, first) & (first <= windows.as_of - 2 * STAY)
    return Measured(*share_by_window(np.where(told, windows.of(first), -1), stayed(history, first), windows.count))


def stayed(history: History, first: np.ndarray) -> np.ndarray:
    """(N,) bool: said or did something 30 to 60 days after `first` (N,) microseconds."""
    age = history.doing_time - first[history.doing_member]
    found = np.zeros(len(first), bool)
    found[history.doing_member[(age >= STAY) & (age <= 2 * STAY)]] = True
    return found


def askers_answer(history: History, windows: Windows) -> Measured:
    """Of the members who first asked in a window, having answered nobody, the share who answered within 90 days.

    Asking is putting an open question, answering is being the first to answer somebody's. Told once the 90 days are
    over; who asked in the first 30 days on record is left out. Unit: share of members, 0 to 1. Higher is better.
    Source: Preece and Shneiderman, "The Reader-to-Leader Framework", AIS Transactions on Human-Computer Interaction 1
    (2009).
    """
    messages = history.messages
    size = len(history.people.ids)
    asking = open_questions(history)
    asked = _earliest(messages.author[asking], messages.time[asking], size)
    answers = history.answers[asking]
    answers = answers[answers >= 0]
    who, when = messages.author[answers], messages.time[answers]
    before = _earliest(who, when, size) <= asked
    after = when - asked[who]
    learnt = np.zeros(size, bool)
    learnt[who[(after > 0) & (after <= LEARN)]] = True
    told = _new(history, asked) & ~before & (asked <= windows.as_of - LEARN)
    return Measured(*share_by_window(np.where(told, windows.of(asked), -1), learnt, windows.count))


def open_questions(history: History) -> np.ndarray:
    """Rows of messages that ask everybody: a question in a room open to all, replying to and mentioning nobody."""
    return np.flatnonzero(history.messages.question & ~history.messages.directed)


def _first_said(history: History) -> np.ndarray:
    return _earliest(history.messages.author, history.messages.time, len(history.people.ids))


def _welcomed(history: History) -> np.ndarray:
    """(N,) bool: within 48 hours of their first message somebody answered, replied to or mentioned them."""
    messages, contacts = history.messages, history.contacts
    first = _first_said(history)
    found = np.zeros(len(first), bool)
    answer = history.answers
    rows = np.flatnonzero(answer >= 0)
    soon = messages.time[answer[rows]] - ANSWER_GAP <= first[messages.author[rows]]
    found[messages.author[rows[soon]]] = True
    rows = np.flatnonzero(contacts.kind == REPLY)
    target, time = contacts.target[rows], contacts.time[rows]
    soon = (time >= first[target]) & (time - ANSWER_GAP <= first[target])
    found[target[soon]] = True
    return found


def _new(history: History, first: np.ndarray) -> np.ndarray:
    return (first < NEVER) & (first >= history.begin + FOUNDING)


def _earliest(member: np.ndarray, time: np.ndarray, size: int) -> np.ndarray:
    first = np.full(size, NEVER, np.int64)
    np.minimum.at(first, member, time)
    return first
