"""Who stands in the newest lists of each community: in memory only, and only so that it can be measured."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from models.community.view import Community
from models.domain.records import CONSENT_LEVEL
from models.health.windows import gini

LISTS = 1_000  # of a community, the newest


class Exposure(NamedTuple):
    """Of the members who may be shown: how unequally they are (Gini, 0..1), and the share who are at all."""

    gini: float
    seen: float


class Shown:
    """The newest `LISTS` of every community, without those who are gone. For any thread."""

    def __init__(self) -> None:
        self._lists: defaultdict[str, deque[Sequence[str]]] = defaultdict(partial(deque, maxlen=LISTS))
        self._gone: defaultdict[str, set[str]] = defaultdict(set)  # whom a view may have yet
        self._departures = 0
        self._lock = threading.Lock()

    def since(self) -> int:
        """When an answer begins, to be given to `note`: asked for before its view is."""
        return self._departures

    def note(self, since: int, community: str, ids: Sequence[str]) -> None:
        """These members were answered. Nothing is noted where anybody departed since: it may be one of them, or it may
        have been their community, and the answer is of a view from before."""
        with self._lock:
            if since != self._departures:
                return
            if gone := self._gone.get(community):
                ids = [id for id in ids if id not in gone]
            if ids:
                self._lists[community].append(ids)

    def exposure(self, community: str, view: Community) -> Exposure | None:
        """None where nobody was answered, or may be."""
        with self._lock:
            lists = list(self._lists.get(community, ()))
            if gone := self._gone.pop(community, None):
                self._gone[community] = gone & view.row.keys()
        may = [id for id, one in zip(view.ids, view.members, strict=True) if one and CONSENT_LEVEL[one.consent] > 0]
        if not lists or not may:
            return None
        counts = Counter(id for ids in lists for id in ids)
        amounts = np.array([counts[id] for id in may], np.float64)
        return Exposure(gini(amounts), float((amounts > 0).mean())) if amounts.any() else None

    def forget(self, community: str, gone: Collection[str], *, seen: bool = True) -> None:
        """These members were erased; whether the view has `seen` that."""
        with self._lock:
            self._departures += 1
            if not seen:
                self._gone[community].update(gone)
            if lists := self._lists.get(community):
                kept = [[id for id in ids if id not in gone] for ids in lists]
                self._lists[community] = deque(filter(None, kept), maxlen=LISTS)

    def drop(self, community: str) -> None:
        """The community was deleted, and there is no view of it any more."""
        with self._lock:
            self._departures += 1
            self._lists.pop(community, None)
            self._gone.pop(community, None)
