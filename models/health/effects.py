"""Did it help? What arranged meetings brought in 30 days, beside similar members who were left alone.

Each member who was brought together with others is compared with the one most like them just before: as active, with as
many contacts, as long here, and in no arranged meeting 30 days before or after. That is matching on what is known, not
an experiment: who is likelier to say yes may be likelier to stay, too. Source: Stuart, "Matching Methods for Causal
Inference", Statistical Science 25 (2010): nearest neighbours on standardised covariates, with replacement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.community.event_log import PROJECT, REPLY
from models.domain.records import DAY, InvitationSource, Micros
from models.health.history import Act, History
from models.health.windows import LEAST

AFTER = 30 * DAY
BEFORE = 90 * DAY
DRAWS = 500
TOLD = 20  # effects, the newest

Outcome = Literal["still_here", "new_ties"]


@dataclass(frozen=True, slots=True)
class Effect:
    """What one round, or the introductions or proposals of one month, brought.

    `still_here`: share of the members who said or did something in the 30 days after; `new_ties`: people with whom a
    member first dealt in them, by replies, mentions and projects. `value` of the `members` concerned, `beside` of those
    matched with them, both means; `low` and `high` bound the difference (95 %, bootstrap over the matched pairs).
    """

    source: InvitationSource
    ref: str
    time: Micros
    members: int
    outcome: Outcome
    value: float
    beside: float
    low: float
    high: float


def effects(history: History) -> tuple[Effect, ...]:
    """Of everything arranged at least 30 days before the clock, the newest first; nothing where too few compare."""
    arranged: defaultdict[tuple[str, str], list[Act]] = defaultdict(list)
    for act in history.acts:
        if act.time + AFTER <= history.as_of:
            month = "" if act.source == "round" else str((history.as_of - act.time) // AFTER)
            arranged[act.source, act.ref if act.source == "round" else month].append(act)
    newest = sorted(arranged.values(), key=lambda acts: (-acts[0].time, acts[0].id))
    return tuple(effect for acts in newest[:TOLD] for effect in _effects(history, acts))


def _effects(history: History, acts: Sequence[Act]) -> list[Effect]:
    row = history.people.row
    when = acts[0].time
    joined = np.array(sorted({row[m] for act in acts for m in act.members if m in row}), np.int64)
    alone = _left_alone(history, acts)
    if len(joined) < LEAST or len(alone) < LEAST:
        return []
    traits = _traits(history, when)
    twin = alone[_nearest(traits[joined], traits[alone])]
    found = []
    for outcome, values in (("still_here", _still_here(history, when)), ("new_ties", _new_ties(history, when))):
        low, high = _interval(values[joined] - values[twin])
        ref = acts[0].ref if acts[0].source == "round" else ""
        value, beside = float(values[joined].mean()), float(values[twin].mean())
        found.append(Effect(acts[0].source, ref, when, len(joined), outcome, value, beside, low, high))  # type: ignore[arg-type]
    return found


def _left_alone(history: History, acts: Sequence[Act]) -> np.ndarray:
    """Rows of members on record, active in the 90 days before, and in nothing arranged around the same time."""
    when = acts[0].time
    busy = {m for act in history.acts if abs(act.time - when) <= AFTER for m in act.members}
    busy |= {m for act in acts for m in act.members}
    low, high = np.searchsorted(history.doing_time, [when - BEFORE, when])
    active = np.bincount(history.doing_member[low:high], minlength=len(history.people.ids)) > 0
    free = np.array([id not in busy for id in history.people.ids], bool)
    return np.flatnonzero(history.people.exists & active & free)


def _traits(history: History, when: Micros) -> np.ndarray:
    """(N, 4) what members were like before: doings in 30 and 90 days, people dealt with in 90, days here; as logs."""
    size = len(history.people.ids)
    month, quarter = (_doings(history, when - span, when) for span in (AFTER, BEFORE))
    dealt = np.bincount(_dealt(history, when - BEFORE, when) // size, minlength=size)
    first = np.full(size, when, np.int64)
    np.minimum.at(first, history.doing_member, history.doing_time)
    traits = np.log1p(np.stack([month, quarter, dealt, (when - first) / DAY], 1))
    spread: np.ndarray = traits / np.maximum(traits.std(0), 1e-9)
    return spread


def _nearest(of: np.ndarray, among: np.ndarray) -> np.ndarray:
    return np.array([int(((among - one) ** 2).sum(1).argmin()) for one in of], np.int64)


def _doings(history: History, begin: Micros, end: Micros) -> np.ndarray:
    low, high = np.searchsorted(history.doing_time, [begin, end])
    return np.bincount(history.doing_member[low:high], minlength=len(history.people.ids))


def _dealt(history: History, begin: Micros, end: Micros) -> np.ndarray:
    """Keys member * N + other of everybody's partners by replies, mentions and projects, both ways, each once."""
    contacts, size = history.contacts, len(history.people.ids)
    rows = np.isin(contacts.kind, (REPLY, PROJECT)) & (contacts.time >= begin) & (contacts.time < end)
    source, target = contacts.source[rows].astype(np.int64), contacts.target[rows].astype(np.int64)
    return np.unique(np.concatenate([source * size + target, target * size + source]))


def _still_here(history: History, when: Micros) -> np.ndarray:
    return (_doings(history, when + 1, when + AFTER + 1) > 0).astype(np.float64)


def _new_ties(history: History, when: Micros) -> np.ndarray:
    size = len(history.people.ids)
    after, before = _dealt(history, when + 1, when + AFTER + 1), _dealt(history, 0, when + 1)
    return np.bincount(np.setdiff1d(after, before) // size, minlength=size).astype(np.float64)


def _interval(differences: np.ndarray) -> tuple[float, float]:
    drawn = np.random.default_rng(0).integers(len(differences), size=(DRAWS, len(differences)))
    low, high = np.quantile(differences[drawn].mean(1), [0.025, 0.975])
    return float(low), float(high)
