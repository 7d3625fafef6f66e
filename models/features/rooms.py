"""Where and when somebody is here."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from models.community.sparse import dense, row_of, times
from models.features.feature import Beside, Family, Feature
from models.features.query import Query


def _values(beside: Beside) -> dict[str, np.ndarray]:
    view, pick, activity = beside.view, beside.pick, beside.view.activity
    return {
        "channel": beside.each(lambda query: times(query.channel, activity.by_channel)[pick]),
        "channel_recent": beside.each(lambda query: _room(activity.recent_by_channel, query, view.size, pick)),
        "channel_answers": beside.each(lambda query: _room(activity.answers_by_channel, query, view.size, pick)),
        "rooms_now": beside.each(lambda query: times(query.rooms, activity.now_by_room)[pick]),
        "days": beside.each(lambda query: times(query.days, activity.by_day)[pick]),
        "hours": beside.each(lambda query: query.hours) @ activity.hours[pick].T,
    }


def _room(by_channel: sp.csr_matrix, query: Query, n: int, pick: slice | np.ndarray) -> np.ndarray:
    if query.room < 0 or query.room >= by_channel.shape[0]:
        return np.zeros(n, np.float32)[pick]
    return dense(row_of(by_channel, query.room))[pick]


FAMILY = Family(
    (
        Feature(name="channel", meaning="rooms in common", group="rooms"),
        Feature(name="channel_recent", meaning="messages in the room of the question lately", group="rooms"),
        Feature(name="channel_answers", meaning="answers in the room of the question", group="rooms"),
        Feature(name="rooms_now", meaning="rooms in common, by what is said there now", group="rooms"),
        Feature(name="days", meaning="days on which both were here", group="activity"),
        Feature(name="hours", meaning="hours at which both are here", group="activity"),
    ),
    _values,
)
