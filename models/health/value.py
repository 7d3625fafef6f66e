"""Figures of value: who helps whom with what, and what is offered and sought."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import cast

import numpy as np

from models.health.history import History
from models.health.windows import Measured, Windows, named, shares
from models.records import DAY, OUTCOME_KINDS, VALUE_KINDS, ValueKind

KINDS = cast("tuple[ValueKind, ...]", VALUE_KINDS)
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
    """Of the members who said or did something in a window, the share whom somebody helped in the 30 days to its end.

    Help is an outcome "helped": its source helped its target. Not known before the first such outcome. Unit: share of
    members, 0 to 1. Higher is better. Source: the generalized exchange of Faraj and Johnson, "Network Exchange Patterns
    in Online Communities", Organization Science 22 (2011). Points to active members who state what they seek and were
    not helped (how many kinds of value they seek).
    """
    outcomes, people = history.outcomes, history.people
    size = len(people.ids)
    rows = np.flatnonzero(outcomes.kind == HELPED)
    times = outcomes.time[rows]
    values, counts = np.full(windows.count, np.nan), np.zeros(windows.count, np.int64)
    waiting = np.zeros(size)
    for at, doing in enumerate(windows.slices(history.doing_time)):
        end = windows.edges[at + 1]
        active = np.bincount(history.doing_member[doing], minlength=size) > 0
        if not len(times) or times[0] >= end:
            continue
        got = np.zeros(size, bool)
        got[outcomes.target[rows[(times >= end - MONTH) & (times < end)]]] = True
        counts[at] = active.sum()
        values[at] = shares(np.array([(active & got).sum()]), counts[at : at + 1])[0]
        waiting = np.where(active & ~got, people.seeks.sum(1), 0)
    return Measured(values, counts, named("member", people.ids, waiting, 1))


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
