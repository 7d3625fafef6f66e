"""Who stands in the newest lists of each community: in memory only, and only so that it can be measured."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Sequence
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
    """The newest `LISTS` of every community. For any thread."""

    def __init__(self) -> None:
        self._lists: defaultdict[str, deque[Sequence[str]]] = defaultdict(partial(deque, maxlen=LISTS))

    def note(self, community: str, ids: Sequence[str]) -> None:
        """These members were answered."""
        if ids:
            self._lists[community].append(ids)

    def exposure(self, community: str, view: Community) -> Exposure | None:
        """None where nobody was answered, or may be. Who was erased since counts no more."""
        lists = list(self._lists.get(community, ()))
        may = [id for id, one in zip(view.ids, view.members, strict=True) if one and CONSENT_LEVEL[one.consent] > 0]
        if not lists or not may:
            return None
        counts = Counter(id for ids in lists for id in ids)
        amounts = np.array([counts[id] for id in may], np.float64)
        return Exposure(gini(amounts), float((amounts > 0).mean())) if amounts.any() else None

    def drop(self, community: str) -> None:
        """The community was deleted."""
        self._lists.pop(community, None)
