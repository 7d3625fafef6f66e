"""Figures of value: who helps whom with what, and what is offered and sought."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from models.domain.records import DAY, OUTCOME_KINDS, VALUE_KINDS, ValueKind
from models.health.gratitude import told_help
from models.health.history import History
from models.health.windows import Measured, Windows, named, shares

KINDS = VALUE_KINDS
HELPED = OUTCOME_KINDS.index("helped")
MONTH = 30 * DAY
GIFTS = 20  # told of, the newest first


@dataclass(frozen=True, slots=True)
class Flow:
    """One kind of value: how many members offer and seek it, and in the 30 days to the clock how often it was given, by
    how many, to how many."""

    kind: ValueKind
    offering: int
    seeking: int
    given: int
    givers: int
    receivers: int


@dataclass(frozen=True, slots=True)
class Gift:
    """Who gave which kind of value to whom (ids), how often in the 30 days to the clock."""

    giver: str
    receiver: str
    kind: ValueKind
    times: int


def helped(history: History, windows: Windows) -> Measured:
    """Of the members who said or did something in a window, the share of whom an outcome says that somebody helped them
    in the 30 days to its end.

    An outcome "helped": its source helped its target. Without any in those days it is not known, for nobody recorded
    help. Unit: share of members, 0 to 1. Higher is better. Source: the generalized exchange of Faraj and Johnson,
    "Network Exchange Patterns in Online Communities", Organization Science 22 (2011). Points to active members who
    state what they seek and were not helped (how many kinds of value they seek).
    """
    outcomes, people = history.outcomes, history.people
    rows = np.flatnonzero(outcomes.kind == HELPED)
    values, counts, waiting = _reached(history, windows, outcomes.target[rows], outcomes.time[rows])
    ends = windows.edges[1:]
    before, by = np.searchsorted(outcomes.time[rows], [ends - MONTH, ends])
    recorded = by > before
    values[~recorded] = np.nan
    seeking = people.seeks.sum(1) * waiting * recorded[-1]
    return Measured(values, counts, named("member", people.ids, seeking, 1))


def thanked(history: History, windows: Windows) -> Measured:
    """Of the members who said or did something in a window, the share whose own words in the 30 days to its end tell
    that somebody helped them: thanks, or that an answer worked (see `models.health.gratitude`).

    Unit: share of members, 0 to 1. Higher is better. Source: Danescu-Niculescu-Mizil et al., "A computational approach
    to politeness", ACL 2013, for gratitude as a marker in words. Points to those who were thanked most in the 30 days
    to the clock (how often).
    """
    told = told_help(history)
    values, counts, _ = _reached(history, windows, told.helped, told.time)
    lately = told.helper[told.time > history.as_of - MONTH]
    often = np.bincount(lately, minlength=len(history.people.ids))
    return Measured(values, counts, named("member", history.people.ids, often, 1))


def _reached(
    history: History, windows: Windows, who: np.ndarray, time: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(W,) share of the active whom help reached in the 30 days to the end of each window; (W,) how many were active;
    (N,) bool who was active in the last window and not reached. `who` are rows, `time` their times, sorted."""
    size = len(history.people.ids)
    hits, counts = np.zeros(windows.count), np.zeros(windows.count, np.int64)
    waiting = np.zeros(size, bool)
    for at, doing in enumerate(windows.slices(history.doing_time)):
        end = windows.edges[at + 1]
        active = np.bincount(history.doing_member[doing], minlength=size) > 0
        got = np.zeros(size, bool)
        got[who[(time >= end - MONTH) & (time < end)]] = True
        hits[at], counts[at] = (active & got).sum(), active.sum()
        waiting = active & ~got
    return shares(hits, counts), counts, waiting


def flows(history: History) -> tuple[Flow, ...]:
    """Every kind of value, in the order of `VALUE_KINDS`."""
    outcomes, people = history.outcomes, history.people
    recent = _recent(history)
    found = []
    for column, kind in enumerate(KINDS[1:]):
        rows = recent[outcomes.value[recent] == column + 1]
        found.append(
            Flow(
                kind=kind,
                offering=int(people.offers[:, column].sum()),
                seeking=int(people.seeks[:, column].sum()),
                given=len(rows),
                givers=len(np.unique(outcomes.source[rows])),
                receivers=len(np.unique(outcomes.target[rows])),
            )
        )
    return tuple(found)


def gifts(history: History) -> tuple[Gift, ...]:
    """Who gave what to whom, the most frequent first."""
    outcomes, ids = history.outcomes, history.people.ids
    counted = Counter(
        (ids[outcomes.source[row]], ids[outcomes.target[row]], KINDS[outcomes.value[row]]) for row in _recent(history)
    )
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Gift(giver, receiver, kind, times) for (giver, receiver, kind), times in ranked[:GIFTS])


def _recent(history: History) -> np.ndarray:
    outcomes = history.outcomes
    return np.flatnonzero((outcomes.kind == HELPED) & (outcomes.time > history.as_of - MONTH))
