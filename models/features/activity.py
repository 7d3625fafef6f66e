"""How active somebody is: what does not depend on who asks."""

from __future__ import annotations

import numpy as np

from models.community.running import HALF_LIVES
from models.community.view import Community
from models.features.feature import Beside, Family, Feature

_MEANINGS = {
    "recent": "messages lately",
    **{f"active_{h:.0f}d": f"messages, each worth half after {h:.0f} days" for h in HALF_LIVES},
    "total": "messages ever",
    "last_seen": "when they were last here",
    "degree": "how many they have dealt with",
    "trend": "more than before",
    "new_contacts": "whom they dealt with for the first time lately",
    "newness": "when they were first here",
    "answers": "questions of others that they answered",
}
ACTIVITY = tuple(_MEANINGS)


def raw_activity(view: Community, pick: slice | np.ndarray | int) -> dict[str, np.ndarray]:
    """The values of the family for the picked rows: what does not depend on who asks."""
    activity, ties = view.activity, view.ties
    return {
        "recent": activity.recent[pick],
        **{f"active_{h:.0f}d": activity.decayed[pick, i] for i, h in enumerate(HALF_LIVES)},
        "total": activity.total[pick],
        "last_seen": (activity.newest[pick] / 8.64e10).astype(np.float32),
        "degree": ties.degree[pick],
        "trend": activity.trend[pick],
        "new_contacts": ties.new_contacts[pick],
        "newness": (activity.oldest[pick] / 8.64e10).astype(np.float32),
        "answers": activity.answers_total[pick],
    }


def _values(beside: Beside) -> dict[str, np.ndarray]:
    return raw_activity(beside.view, beside.pick)


FAMILY = Family([Feature(name=n, meaning=m, group="activity", noise=0.0) for n, m in _MEANINGS.items()], _values)
